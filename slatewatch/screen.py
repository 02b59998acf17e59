"""Is a page worth reading? Told from its bytes alone, at the speed of the disk, by the phrases of screen.toml.

News of projects is dense with the trade's phrases ("in talks", "to direct", "script by"). A page scores the weights of
the different phrases that stand within one window of its bytes, the best window counting; menus and lists of headlines
spread theirs too thin. hyperscan finds the phrases; where it is not installed `re` finds the same ones, slower.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

#: (where it ends, number of the phrase), in bytes.
Hit = tuple[int, int]
Scan = Callable[[bytes], list[Hit]]

#: What may stand before and after a phrase: not the marks of a tag or an attribute, else `<script` were a script.
_BEFORE, _AFTER = rb"[ \t\r\n>(\x22'\x80-\xff-]", rb"[ \t\r\n<.,;:)!?\x22'\x80-\xff-]"
_SPACE = rb"[ \t\r\n]+"


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """Phrases with their weights in hundredths, and the least score for each form that a page takes on its way.

    `window` and `text_window` are how much is looked at together, in bytes: of a page with its markup, and of text.
    """

    phrases: tuple[str, ...]
    weights: tuple[int, ...]
    window: int
    text_window: int
    least_bytes: int
    least_text: int
    least_article: int


@cache
def screen() -> Screen:
    """The screen of screen.toml."""
    said: dict[str, Any] = tomllib.loads((files(__package__) / "screen.toml").read_text("utf-8"))
    phrases: dict[str, int] = said.pop("phrases")
    return Screen(phrases=tuple(phrases), weights=tuple(phrases.values()), **said)


def score(hits: Sequence[Hit], weights: Sequence[int], window: int) -> int:
    """The most that the different phrases within `window` bytes add up to."""
    inside = [0] * len(weights)
    best = now = first = 0
    for end, phrase in hits:
        inside[phrase] += 1
        if inside[phrase] == 1:
            now += weights[phrase]
        while end - hits[first][0] > window:
            gone = hits[first][1]
            inside[gone] -= 1
            if not inside[gone]:
                now -= weights[gone]
            first += 1
        best = max(best, now)
    return best


def worth_reading(body: bytes) -> bool:
    """Whether the bytes of a page, markup and all, may be those of an article on a project."""
    with_ = screen()
    return score(scanner()(body), with_.weights, with_.window) >= with_.least_bytes


def text_score(text: str) -> int:
    """The score of a page's text, or of an article's."""
    with_ = screen()
    return score(scanner()(f" {text} ".encode("utf-8", "replace")), with_.weights, with_.text_window)


@cache
def scanner() -> Scan:
    """What finds the phrases of screen.toml."""
    phrases = screen().phrases
    try:
        return by_hyperscan(phrases)
    except ImportError:
        return by_expressions(phrases)


def by_hyperscan(phrases: Sequence[str]) -> Scan:
    """All phrases in one pass. Raises ImportError where hyperscan is not installed."""
    import hyperscan

    database = hyperscan.Database()
    database.compile(
        expressions=[_BEFORE + _words(phrase) + _AFTER for phrase in phrases],
        ids=list(range(len(phrases))),
        elements=len(phrases),
        flags=[hyperscan.HS_FLAG_CASELESS] * len(phrases),
    )

    def scan(body: bytes) -> list[Hit]:
        hits: set[Hit] = set()
        add = hits.add

        def found(phrase: int, _from: int, end: int, _flags: int, _context: object) -> None:
            add((end, phrase))

        database.scan(body, match_event_handler=found)
        return sorted(hits)

    return scan


def by_expressions(phrases: Sequence[str]) -> Scan:
    """The same with `re`, a phrase at a time, and only those whose longest word is there at all."""
    anchors = [max(phrase.split(), key=len).encode() for phrase in phrases]
    expressions = [
        re.compile(rb"(?<=" + _BEFORE + rb")" + _words(phrase) + rb"(?=" + _AFTER + rb")", re.IGNORECASE)
        for phrase in phrases
    ]

    def scan(body: bytes) -> list[Hit]:
        lower = body.lower()
        return sorted(
            (found.end() + 1, number)
            for number, anchor in enumerate(anchors)
            if anchor in lower
            for found in expressions[number].finditer(body)
        )

    return scan


def _words(phrase: str) -> bytes:
    return _SPACE.join(re.escape(word).encode() for word in phrase.split())
