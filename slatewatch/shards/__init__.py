"""Web archives -> sorted shards of articles and claims, on one machine or many; shards -> projects.

`sources` finds archive files, `records` reads them past any damage, `sifting` lets through what is worth reading,
`writing` makes one shard of one archive, `spreading` does so with many at once, `loading` reads shards, `merging` makes
projects of them.
"""
