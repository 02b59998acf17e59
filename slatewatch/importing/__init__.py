"""Ids from elsewhere: IMDb's published tables, dumps of Wikidata, status words of IMDb and TMDB -> the store's records.

`lines` reads the files, `imdb` and `wikidata` make candidates of their rows, `linking` decides which of them are ours.
A link is made where nothing speaks against it and nobody else fits; a person's word (`given`) outweighs them all.
"""
