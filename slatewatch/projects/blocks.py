"""Step 2 of merging, for many mentions at once: which can have to do with each other. No project is in two blocks.

The store finds the same blocks in its tables, one write at a time (`store/merging.py`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from slatewatch.model import Mention
from slatewatch.names import is_untitled

from .compare import SAME_TEAM, compare
from .profile import looked_up, profile_of, stored_keys

#: Two mentions with at least so many points may be one project: their groups are looked at together.
LINK = 1.0
#: How many keys two mentions share before they are compared; a title named beside one of them counts for two.
SHARED_KEYS = 2


def blocks(mentions: Iterable[Mention]) -> list[list[Mention]]:
    """The mentions in blocks that can be merged each by itself, in the order of their ids.

    Mentions of one title are in one block, and so are those that `compare` gives at least `LINK` points.
    """
    ordered = sorted(mentions, key=lambda m: m.id)
    root = list(range(len(ordered)))

    def find(n: int) -> int:
        while root[n] != n:
            root[n] = root[root[n]]
            n = root[n]
        return n

    def join(a: int, b: int) -> None:
        low, high = sorted((find(a), find(b)))
        root[high] = low

    index: dict[str, list[int]] = defaultdict(list)
    for n, mention in enumerate(ordered):
        keys = stored_keys(mention)
        for key in keys:
            if key.startswith("t:") and index[key]:
                join(n, index[key][0])
        for other in _met(mention, index):
            if find(n) != find(other) and _linked(mention, ordered[other]):
                join(n, other)
        for key in keys:
            index[key].append(n)
    found: dict[int, list[Mention]] = defaultdict(list)
    for n, mention in enumerate(ordered):
        found[find(n)].append(mention)
    return [found[n] for n in sorted(found)]


def _met(mention: Mention, index: dict[str, list[int]]) -> Sequence[int]:
    """The earlier mentions worth comparing with: they share two keys with it, or a title named beside it."""
    counts: Counter[int] = Counter()
    team: Counter[int] = Counter()
    titled = not is_untitled(mention.title)
    for key in sorted(set(looked_up(mention))):
        for other in index.get(key, ()):
            if titled and key[0] == "p":
                team[other] += 1
            else:
                counts[other] += 2 if key[0] in "tn" else 1
    found = {other for other, count in counts.items() if count >= SHARED_KEYS}
    return sorted(found | {other for other, count in team.items() if count >= SAME_TEAM})


def _linked(one: Mention, other: Mention) -> bool:
    return compare(profile_of([one]), profile_of([other])).score >= LINK
