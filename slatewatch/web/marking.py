"""An article's words in pieces, each with the claims that quote it: what the page marks in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from slatewatch.answers.records import ArticlePage, PlacedClaim

#: Characters of an article on one page: a page stays light however long the article.
PART = 20_000
#: Claims listed beside it.
LISTED = 150


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words under the same claims. `begins` are the ids of those whose quote begins here."""

    words: str
    kind: str | None
    claim: str | None
    begins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """One part of an article: its headline and paragraphs in pieces, the claims in it by project."""

    title: list[Piece]
    paragraphs: list[list[Piece]]
    claims: list[tuple[str | None, str | None, list[PlacedClaim]]]
    more: bool


def marked(page: ArticlePage, part: int = 1) -> Marked:
    """The `part`-th part of the article, 1 the first; offsets count in title, blank line and text."""
    words, title = page.article.words, page.article.title
    body = len(title) + 2
    low, high = body + (part - 1) * PART, body + part * PART
    inside = [c for c in page.claims if (low <= c.claim.start < high) or (part == 1 and c.claim.start < body)]
    paragraphs = [
        pieces(words, low + at.start(), low + at.end(), inside) for at in re.finditer(r"[^\n]+", words[low:high])
    ]
    headline = pieces(words, 0, min(len(title), 1000), inside) if part == 1 else []
    return Marked(headline, paragraphs, _by_project(inside[:LISTED]), len(words) > high)


def pieces(words: str, low: int, high: int, claims: list[PlacedClaim]) -> list[Piece]:
    """`words[low:high]` cut wherever a quote begins or ends. Where quotes lie over each other the shortest colours."""
    here = [c.claim for c in claims if c.claim.start < high and c.claim.end > low]
    edges = {low, high, *(e for c in here for e in (c.start, c.end) if low < e < high)}
    cuts = sorted(edges)
    found = []
    for start, end in pairwise(cuts):
        over = sorted((c for c in here if c.start <= start and c.end >= end), key=lambda c: (c.end - c.start, c.id))
        begins = tuple(c.id for c in over if max(c.start, low) == start)
        found.append(Piece(words[start:end], over[0].kind if over else None, over[0].id if over else None, begins))
    return found


def _by_project(claims: list[PlacedClaim]) -> list[tuple[str | None, str | None, list[PlacedClaim]]]:
    found: dict[str | None, tuple[str | None, str | None, list[PlacedClaim]]] = {}
    for one in claims:
        found.setdefault(one.project, (one.project, one.title, []))[2].append(one)
    return sorted(found.values(), key=lambda group: group[0] is None)
