"""Step 4 of merging: mentions -> groups of mentions, one a project. The same groups in whatever order they come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from slatewatch.model import Decision, Mention
from slatewatch.names import NOTHING_KNOWN, Known

from .compare import JOIN, compare
from .profile import Profile, profile_of

#: Mentions with at least this many claims found groups first; thinner ones then find their place among them.
RICH = 4


class Bounds:
    """People's decisions on projects: which mentions belong together, and which may never."""

    def __init__(self, decisions: Iterable[Decision]) -> None:
        last: dict[tuple[str, str], Decision] = {}
        for decision in sorted(decisions, key=lambda d: (d.at, d.left, d.right, d.judgement)):
            left, right = sorted((decision.left, decision.right))
            last[left, right] = decision
        self.together = sorted(pair for pair, d in last.items() if d.judgement == "same")
        self.apart = {pair for pair, d in last.items() if d.judgement == "different"}

    def allow(self, left: Iterable[str], right: Iterable[str]) -> bool:
        if not self.apart:
            return True
        others = set(right)
        return not any((min(a, b), max(a, b)) in self.apart for a in left for b in others)


def cluster(
    mentions: Iterable[Mention], decisions: Iterable[Decision] = (), known: Known = NOTHING_KNOWN
) -> list[list[Mention]]:
    """Groups of mentions, each group and the list of them in the order of time.

    1. What a person has called the same starts as one group, unless that would join what a person has told apart.
    2. Rich mentions in the order of time, then thin ones: each joins the group it is most like, or founds its own.
    3. Groups that have grown alike are joined, the most alike first.
    """
    ordered = sorted(mentions, key=lambda m: (m.report.day, m.report.id, m.id))
    bounds = Bounds(decisions)
    groups = _decided(ordered, bounds, known)
    placed = {id_ for group in groups for id_ in group.mentions}
    loose = [m for m in ordered if m.id not in placed]
    for mention in sorted(loose, key=lambda m: len(m.claims) < RICH):
        _place(profile_of([mention], known), groups, bounds)
    _join_alike(groups, bounds)
    by_id = {m.id: m for m in ordered}
    rank = {m.id: n for n, m in enumerate(ordered)}
    return sorted(
        ([by_id[i] for i in sorted(group.mentions, key=rank.__getitem__)] for group in groups),
        key=lambda g: rank[g[0].id],
    )


def _decided(ordered: Sequence[Mention], bounds: Bounds, known: Known) -> list[Profile]:
    by_id = {m.id: m for m in ordered}
    members: dict[str, set[str]] = {}
    for left, right in bounds.together:
        if left in by_id and right in by_id:
            mine, theirs = members.get(left, {left}), members.get(right, {right})
            if bounds.allow(mine, theirs):
                union = mine | theirs
                members.update(dict.fromkeys(union, union))
    unique = {min(group): group for group in members.values()}
    return [profile_of((by_id[i] for i in sorted(unique[key])), known) for key in sorted(unique)]


def _place(lone: Profile, groups: list[Profile], bounds: Bounds) -> None:
    best, most = None, JOIN
    for group in groups:
        likeness = compare(lone, group)
        better = likeness.score >= most and (best is None or likeness.score > most)
        if better and bounds.allow(lone.mentions, group.mentions):
            best, most = group, likeness.score
    if best is None:
        groups.append(lone)
    else:
        best.join(lone)


def _join_alike(groups: list[Profile], bounds: Bounds) -> None:
    """Join the two most alike groups until none are alike enough. Scores of untouched pairs are kept."""
    if len(groups) < 2:
        return
    scores = {(a, b): _score(groups[a], groups[b], bounds) for a, b in combinations(range(len(groups)), 2)}
    alive = set(range(len(groups)))
    while scores:
        (a, b), most = max(scores.items(), key=lambda item: (item[1], -item[0][0], -item[0][1]))
        if most < JOIN:
            break
        groups[a].join(groups[b])
        alive.discard(b)
        scores = {pair: score for pair, score in scores.items() if b not in pair}
        for other in alive - {a}:
            pair = (min(a, other), max(a, other))
            scores[pair] = _score(groups[pair[0]], groups[pair[1]], bounds)
    groups[:] = [groups[n] for n in sorted(alive)]


def _score(a: Profile, b: Profile, bounds: Bounds) -> float:
    return compare(a, b).score if bounds.allow(a.mentions, b.mentions) else float("-inf")
