"""What stands between the two looks: legal tags, and nothing legal that is likelier."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from slatewatch.claims.mentions import best_tags
from slatewatch.claims.vocabulary import TAGS


def legal(tags: list[int]) -> bool:
    """Whether each inside follows the begin or inside of its type."""
    return all(
        not TAGS[now].startswith("I-") or TAGS[before][2:] == TAGS[now][2:]
        for before, now in zip([0, *tags], tags, strict=False)
    )


@given(st.integers(0, 2**32 - 1), st.integers(1, 30))
def test_tags_are_legal_and_nothing_legal_is_likelier(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(count, len(TAGS))).astype(np.float32) * 3
    tags = best_tags(scores)
    assert len(tags) == count
    assert legal(tags)
    reached = sum(scores[i, t] for i, t in enumerate(tags))
    for _ in range(40):
        other = list(tags)
        other[int(rng.integers(count))] = int(rng.integers(len(TAGS)))
        if legal(other):
            assert sum(scores[i, t] for i, t in enumerate(other)) <= reached + 1e-3
