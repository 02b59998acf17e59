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


#: (one article, another, what part of the first stands in the second, what part of the second stands in the first).
Alike = tuple[str, str, float, float]


def originals(tellings: Mapping[str, Telling], alike: Iterable[Alike]) -> dict[str, str]:
    """Copy -> the article whose words it passes on, at the beginning of the chain, whatever order they come in.

    The one that the other credits came first, else the earlier. A longer article that takes in all of a shorter,
    earlier one and says as much again is no copy.
    """
    parents: dict[str, list[Telling]] = {}
    for left, right, of_left, of_right in alike:
        if left not in tellings or right not in tellings:
            continue
        first, later = _in_order(tellings[left], tellings[right])
        if (of_left if later.id == left else of_right) >= COPY:
            parents.setdefault(later.id, []).append(first)
    found = {id_: _root(id_, parents) for id_ in parents}
    return {id_: root for id_, root in found.items() if root != id_}


def _in_order(a: Telling, b: Telling) -> tuple[Telling, Telling]:
    a_credits, b_credits = _credits(a, b), _credits(b, a)
    if a_credits != b_credits:
        return (b, a) if a_credits else (a, b)
    return (a, b) if a.moment <= b.moment else (b, a)


def _credits(one: Telling, other: Telling) -> bool:
    return bool(other.outlet) and fold(other.outlet or "") in {fold(name) for name in one.credits}


def _root(id_: str, parents: Mapping[str, Sequence[Telling]]) -> str:
    """The beginning of the chain. Credits may make a ring of it: then the earliest of the ring."""
    path: list[str] = []
    moments: dict[str, tuple[str, str, str]] = {}
    while id_ not in path:
        path.append(id_)
        if id_ not in parents:
            return id_
        first = min(parents[id_], key=lambda telling: telling.moment)
        id_ = first.id
        moments[id_] = first.moment
    return min(path[path.index(id_) :], key=moments.__getitem__)


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
