"""Mentions as the reader makes them, placed by their words, for the tests of what stands between its two looks."""

from __future__ import annotations

from slatewatch.claims.mentions import Mention
from slatewatch.claims.words import Words


def placed(words: Words, name: str, type_: str = "PROJECT", after: int = 0) -> Mention:
    """The first mention of a name, its tokens parted by spaces, at or after a token."""
    tokens = name.split()
    first = next(i for i in range(after, len(words.tokens)) if words.tokens[i : i + len(tokens)] == tokens)
    return Mention(first, first + len(tokens), type_)
