"""Which nouns of a labelled article stand for a project that has no title."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from slatewatch.claims.mentions import Mention
from slatewatch.claims.nouns import Noun, may_be_one, named_alike, noun_of
from slatewatch.claims.phrases import phrase_words
from slatewatch.claims.untitled import clear, telling
from slatewatch.claims.words import Words, tokenize

HEADS = set(phrase_words("untitled", "heads"))


def fold(token: str) -> str:
    """A token for comparison: case and the shape of apostrophes taken away."""
    return token.casefold().replace("’", "'")


def token_range(words: Words, quote: str) -> tuple[int, int]:
    """The tokens of a quote, (0, 0) where it is not found."""
    at = words.string.find(quote)
    if at < 0:
        return 0, 0
    end = at + len(quote)
    inside = [i for i, (a, b) in enumerate(zip(words.starts, words.ends, strict=True)) if a < end and b > at]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


def untitled_heads(words: Words, claims: list[dict[str, Any]], taken: set[int]) -> list[int]:
    """The nouns that stand for an untitled project.

    They are those with words before them that its label has too; where none has any, one in the quote of its format,
    else of anything said of it.
    """
    name = [token for token, _, _ in tokenize(claims[0]["project"])]
    heads = [fold(token) for token in name if fold(token) in HEADS]
    asked = Noun(heads[-1] if heads else "project", telling(name), clear(telling(name)))
    nouns = [i for i, t in enumerate(words.tokens) if fold(t) in HEADS and i not in taken]
    named = [i for i in nouns if means(asked, noun_of(words, Mention(i, i + 1, "UNTITLED")))]
    if named:
        return named
    ordered = sorted(claims, key=lambda c: (c["kind"] != "format", c["kind"] != "status"))
    for some in (set(heads), HEADS):
        for c in ordered:
            inside = set(range(*token_range(words, c["quote"])))
            found = [i for i in nouns if i in inside and fold(words.tokens[i]) in some]
            if found:
                return found[:1]
    return []


def means(label: Noun, noun: Noun) -> bool:
    """Whether a noun of the text stands for the project that a label calls so."""
    return may_be_one(label, noun) and named_alike(replace(label, headline=not noun.headline), noun)
