"""Copies: which articles only pass on the words of an earlier one. A copy is no report of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from slatewatch.model import Mention, Report
from slatewatch.names import fold

#: An article is a copy when at least so large a part of its runs of words stands in an earlier one. Between labelled
#: articles, several of one story among them, it is never above 0.15; with one word in ten exchanged it is 0.73.
COPY = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What decides which of two articles of the same words came first. `credits` are the outlets that it credits."""

    id: str
    day: str
    published: str | None
    outlet: str | None
    credits: frozenset[str] = frozenset()

    @property
    def moment(self) -> tuple[str, str, str]:
        """Of one day, those whose time is known go first."""
        return (self.day, (self.published or "")[10:] or "~", self.id)


def original_of(copy: Telling, others: Iterable[tuple[Telling, float]]) -> tuple[Telling, float] | None:
    """The earliest article that a text was taken over from, with its part of it; None where it is nobody's copy.

    `others` are articles with what part of the text's runs stands in each. Of two articles the one that the other
    credits came first, else the earlier. A longer article that takes in all of a shorter, earlier one and says as much
    again is no copy of it.
    """
    found = [(one, part) for one, part in others if part >= COPY and in_order(one, copy)[0] is one]
    return min(found, key=lambda pair: pair[0].moment, default=None)


def roots(parents: Mapping[str, str]) -> dict[str, str]:
    """Copy -> the article at the beginning of its chain. `parents`: copy -> the article it was taken over from."""
    found = {id_: _root(id_, parents) for id_ in parents}
    return {id_: root for id_, root in found.items() if root != id_}


def _root(id_: str, parents: Mapping[str, str]) -> str:
    """Credits may make a ring of a chain: then it begins with the first of the ring by name."""
    path: list[str] = []
    while id_ in parents and id_ not in path:
        path.append(id_)
        id_ = parents[id_]
    return min(path[path.index(id_) :]) if id_ in path else id_


def in_order(a: Telling, b: Telling) -> tuple[Telling, Telling]:
    """Two articles of the same words, the one that came first in front."""
    a_credits, b_credits = _credits(a, b), _credits(b, a)
    if a_credits != b_credits:
        return (b, a) if a_credits else (a, b)
    return (a, b) if a.moment <= b.moment else (b, a)


def _credits(one: Telling, other: Telling) -> bool:
    return bool(other.outlet) and fold(other.outlet or "") in {fold(name) for name in one.credits}


def story(report: Report) -> str:
    """What copies and their original have in common: the original's id."""
    return report.copy_of or report.id


def without_copies(mentions: Sequence[Mention]) -> list[Mention]:
    """One mention for each report: the original's, or where that is not among them, the first of its copies.

    `mentions` are in the order of time, and so is what is given back.
    """
    there = {mention.report.id for mention in mentions}
    kept: list[Mention] = []
    stood_for: dict[str, str] = {}
    for mention in mentions:
        root = story(mention.report)
        if root not in there:
            root = stood_for.setdefault(root, mention.report.id)
        if root == mention.report.id:
            kept.append(mention)
    return kept
