"""Is a page worth reading? Told from its bytes alone, at the speed of the disk, by the phrases of screen.toml.

News of projects is dense with the trade's phrases ("in talks", "to direct", "script by"). A page scores the weights of
the different phrases that stand within one window of its bytes, the best window counting; menus and lists of headlines
spread theirs too thin. hyperscan finds the phrases; where it is not installed Python finds the same ones, slower.

Bytes are looked through for phrases with a space on either side and for nothing else: markup and scripts hold few of
those, which makes the pass three times as fast as one for words between any marks. Where they lie close enough the
markup is taken out around that place, and the words that are left are scored as text is. A page that says of itself
that it is in another language than English is believed: only English is read, and it saves unpacking most of the web.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

#: (where it ends, number of the phrase), in bytes.
Hit = tuple[int, int]
Scan = Callable[[bytes], list[Hit]]

#: What may stand before and after a phrase: not the marks of a tag or an attribute, else `<script` were a script.
_BEFORE, _AFTER = rb"[ \t\r\n>(\x22'\x80-\xff-]", rb"[ \t\r\n<.,;:)!?\x22'\x80-\xff-]"
_BEFORE_SET, _AFTER_SET = (
    frozenset(n for n in range(256) if re.fullmatch(form, bytes([n]))) for form in (_BEFORE, _AFTER)
)
_UNEVEN = re.compile(rb"\s{2,}|[^\S ]")
_MARKUP = re.compile(rb"<[^<>]*>")
_LANGUAGE = re.compile(rb"<html\b[^<>]{0,600}?\slang\s*=\s*[\"']?([a-z]{2,3})[\"'\s>_-]", re.I)
#: English, and the codes of what is not said.
_NO_OTHER = (b"en", b"eng", b"und", b"mul", b"mis", b"zxx")
#: Bytes of a text that may be taken apart word by word, which is faster and takes forty times as much memory.
LONG = 1 << 16
#: Bytes of a page that are asked for its language.
BEGINS = 8192
#: Bytes before and behind the best window of bytes whose words are looked at with its own.
AROUND = 1500


@dataclass(frozen=True, slots=True, kw_only=True)
class Sieve:
    """Phrases with their weights in hundredths, how many bytes are looked at together, and the least score to pass.

    `lede` and `least_lede`: the same for the first bytes of an article; news says first what it is about. `near` and
    `least_near`: the same for the words around the best place of a page's bytes. `least_short`: the least score of a
    text of fewer than `short` characters, in which fewer phrases find room.
    """

    phrases: dict[str, int]
    window: int
    least: int
    lede: int = 0
    least_lede: int = 0
    near: int = 0
    least_near: int = 0
    short: int = 0
    least_short: int = 0

    @property
    def weights(self) -> tuple[int, ...]:
        return tuple(self.phrases.values())


@cache
def sieve(form: Literal["bytes", "text"]) -> Sieve:
    """The sieve of screen.toml for the bytes of a page, markup and all, or for text."""
    said: dict[str, Any] = tomllib.loads((files(__package__) / "screen.toml").read_text("utf-8"))
    return Sieve(**said[form])


def best(hits: Sequence[Hit], weights: Sequence[int], window: int, least: int = 0) -> tuple[int, int]:
    """The most that the different phrases within `window` bytes add up to, and where the first such window ends.

    Nothing, where all phrases together do not add up to `least`.
    """
    if sum(weights[phrase] for phrase in {phrase for _, phrase in hits}) < least:
        return 0, 0
    inside = [0] * len(weights)
    most = place = now = first = 0
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
        if now > most:
            most, place = now, end
    return most, place


def score(hits: Sequence[Hit], weights: Sequence[int], window: int) -> int:
    """The most that the different phrases within `window` bytes add up to."""
    return best(hits, weights, window)[0]


def passes_as_bytes(body: bytes) -> bool:
    """Whether the bytes of a page, markup and all, may be those of an article on a project."""
    if other_language_said(body[:BEGINS]) is not None:
        return False
    with_, scan, weights = _ready("bytes")
    most, place = best(scan(body), weights, with_.window, with_.least)
    return most >= with_.least and score_near(body, place) >= sieve("text").least_near


def other_language_said(begins: bytes) -> int | None:
    """Where a page says that it is in another language than English, in its first bytes; None if it does not.

    What is found in the first bytes of a page is found in more of them as well.
    """
    found = _LANGUAGE.search(begins)
    return found.start() if found and found[1].lower() not in _NO_OTHER else None


def score_near(body: bytes, place: int) -> int:
    """The score as text of the words around the end of a window of bytes, by a narrower window."""
    around = body[max(0, place - sieve("bytes").window - AROUND) : place + AROUND]
    with_, scan, weights = _ready("text")
    return best(scan(_MARKUP.sub(b" ", around).replace(b"&nbsp;", b" ")), weights, with_.near, with_.least_near)[0]


def passes_as_text(text: str) -> bool:
    """Whether the text of a page may be."""
    with_ = sieve("text")
    return _score("text", _framed(text)) >= (with_.least_short if len(text) < with_.short else with_.least)


def passes_as_article(words: str) -> bool:
    """Whether an article, of which we have title and text and nothing else, is one."""
    return begins_as_news(words) and passes_as_text(words)


def begins_as_news(words: str, before: int = 0) -> bool:
    """Whether an article says first that it is one; so many characters of something else may stand `before` it."""
    with_ = sieve("text")
    return len(words) < with_.short or _score("text", _framed(words)[: with_.lede + before]) >= with_.least_lede


def _framed(text: str) -> bytes:
    return f" {text} ".encode("utf-8", "replace")


def _score(form: Literal["bytes", "text"], body: bytes) -> int:
    with_, scan, weights = _ready(form)
    return score(scan(body), weights, with_.window)


@cache
def _ready(form: Literal["bytes", "text"]) -> tuple[Sieve, Scan, tuple[int, ...]]:
    with_ = sieve(form)
    return with_, scanner(tuple(with_.phrases), spaced=form == "bytes"), with_.weights


def scanner(phrases: Sequence[str], *, spaced: bool) -> Scan:
    """What finds phrases, as fast as it can here. `spaced`: those alone that have a space on either side."""
    try:
        return by_hyperscan(phrases, spaced=spaced)
    except ImportError:
        return by_finding(phrases) if spaced else by_expressions(phrases)


def by_hyperscan(phrases: Sequence[str], *, spaced: bool = False) -> Scan:
    """All phrases in one pass. Raises ImportError where hyperscan is not installed.

    What stands around a phrase is looked at where it is found: as a part of the pattern it takes a second to prepare.
    """
    import hyperscan

    database = hyperscan.Database()
    database.compile(
        expressions=[re.escape(f" {phrase} " if spaced else phrase).encode() for phrase in phrases],
        ids=list(range(len(phrases))),
        elements=len(phrases),
        flags=[hyperscan.HS_FLAG_CASELESS] * len(phrases),
    )
    lengths = [len(phrase) for phrase in phrases]

    def scan(body: bytes) -> list[Hit]:
        hits: set[Hit] = set()
        text = body if spaced else _even(body)

        def found(phrase: int, _from: int, end: int, _flags: int, _context: object) -> None:
            if spaced:
                hits.add((end, phrase))
                return
            start = end - lengths[phrase]
            if start > 0 and end < len(text) and text[end] in _AFTER_SET and text[start - 1] in _BEFORE_SET:
                hits.add((end + 1, phrase))

        database.scan(text, match_event_handler=found)
        return sorted(hits)

    return scan


def _even(body: bytes) -> bytes:
    """A text with one space between its words, and one at its ends where it has any there."""
    if len(body) > LONG:
        return _UNEVEN.sub(b" ", body)
    return b" " * body[:1].isspace() + b" ".join(body.split()) + b" " * body[-1:].isspace()


def by_finding(phrases: Sequence[str]) -> Scan:
    """Phrases with a space on either side by Python alone, a phrase at a time."""
    looked_for = [f" {phrase} ".encode() for phrase in phrases]

    def scan(body: bytes) -> list[Hit]:
        lower = bytes(body).lower()
        return sorted((end, n) for n, words in enumerate(looked_for) for end in _ends(lower, words))

    return scan


def _ends(body: bytes, words: bytes) -> Iterator[int]:
    """Where words end in a body; the space between two of them is of both."""
    place = body.find(words)
    while place >= 0:
        yield place + len(words)
        place = body.find(words, place + 1)


def by_expressions(phrases: Sequence[str]) -> Scan:
    """The same with `re`, a phrase at a time, and only those whose longest word is there at all."""
    anchors = [max(phrase.split(), key=len).encode() for phrase in phrases]
    expressions = [
        re.compile(rb"(?<=" + _BEFORE + rb")" + re.escape(phrase).encode() + rb"(?=" + _AFTER + rb")", re.IGNORECASE)
        for phrase in phrases
    ]

    def scan(body: bytes) -> list[Hit]:
        body = _even(body)
        lower = body.lower()
        return sorted(
            (found.end() + 1, number)
            for number, anchor in enumerate(anchors)
            if anchor in lower
            for found in expressions[number].finditer(body)
        )

    return scan
