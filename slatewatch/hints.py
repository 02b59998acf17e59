"""What marks a stretch of an article: quotation marks in its words; italics, bold and links in its page."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, islice

from .markup import Block, Mark
from .model import Hint

_QUOTED = re.compile(
    r"“(?P<a>[^“”\n]{1,120})”|\"(?P<b>[^\"\n]{1,120})\""
    r"|‘(?P<c>(?:[^‘’\n]|’(?=\w)){1,100})’(?!\w)|(?<!\w)'(?P<d>(?:[^'\n]|'(?=\w)){1,100})'(?!\w)"
)
#: A body with more paragraphs than this that the page's lines do not hold was made of something else: give up.
MOST_MISSES = 200
#: Quoted stretches of one article; the longest real ones have a hundredth of it.
MOST_QUOTED = 20_000


def quoted(words: str) -> Iterator[Hint]:
    """What stands between quotation marks, without the marks; of a hostile text the first `MOST_QUOTED`."""
    for found in islice(_QUOTED.finditer(words), MOST_QUOTED):
        start, end = found.span(found.lastgroup or 0)
        yield Hint(kind="quoted", start=start, end=end)


def marked(paragraphs: Iterable[tuple[int, str]], lines: Sequence[Block]) -> Iterator[Hint]:
    """The marks of a page's lines, moved to where their words stand in the article.

    `paragraphs` are the article's, each with its place in `Article.words`. They are looked up in the lines by their
    characters but for white space, so it does not matter how the body was found.
    """
    stream, marks = _stream(lines)
    starts = [mark.start for mark in marks]
    after = misses = 0
    for offset, text in paragraphs:
        solid = "".join(text.split())
        at = stream.find(solid, after)
        at = stream.find(solid) if at < 0 else at
        if at < 0 or not solid:
            misses += 1
            if misses > MOST_MISSES:
                return
            continue
        after = end = at + len(solid)
        inside = marks[bisect_left(starts, at) : bisect_left(starts, end)]
        places = [place for place, character in enumerate(text) if not character.isspace()] if inside else []
        for mark in inside:
            first, last = mark.start - at, min(mark.end, end) - at - 1
            if mark.kind == "bold" and first == 0 and last == len(solid) - 1:
                # A heading or a lead: it sets nothing in the paragraph apart.
                continue
            yield Hint(kind=mark.kind, start=offset + places[first], end=offset + places[last] + 1)


def _stream(lines: Sequence[Block]) -> tuple[str, list[Mark]]:
    """All characters of the lines but white space, as one string, and their marks in places of that string."""
    solid = [line.text.replace(" ", "") for line in lines]
    bases = accumulate((len(text) for text in solid), initial=0)
    marks = [
        Mark(mark.kind, base + _solid_place(line.text, mark.start), base + _solid_place(line.text, mark.end))
        for line, base in zip(lines, bases, strict=False)
        for mark in line.marks
    ]
    return "".join(solid), sorted(marks, key=lambda mark: (mark.start, mark.end))


def _solid_place(text: str, place: int) -> int:
    return place - text.count(" ", 0, place)
