"""What stands between the two looks: legal tags, and nothing legal that is likelier; where the second look looks."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from slatewatch.claims.mentions import best_tags, find_mentions
from slatewatch.claims.reader import AROUND, JUDGED, OPENING, UNLIKELY, Floats, Ints, Reading, judge_each, nearby
from slatewatch.claims.vocabulary import TAGS
from slatewatch.claims.words import read_words


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


def test_a_title_may_reach_over_the_end_of_what_is_read() -> None:
    words = read_words("Ana Lund will direct “The Long Way to the Sea” for Tidal.", 0, ())
    kept = words.tokens.index("Way")
    tags = np.zeros((kept, len(TAGS)), np.float32)
    tags[:, 0] = 2.0
    tags[kept - 2, TAGS.index("B-PROJECT")] = tags[kept - 1, TAGS.index("I-PROJECT")] = 9.0
    none = np.zeros((kept, 1), np.float32)
    found = find_mentions(words, Reading(kept, tags=tags, tie_from=none, tie_to=none, source=none, state=none))
    assert [(words.slice(m.first, m.last), m.edges is not None) for m in found] == [("The Long Way to the Sea", True)]


def marked(count: int, *mentions: int) -> Ints:
    """The marks of an article of so many words that names its project at some of them."""
    row = np.zeros(count, np.int64)
    row[list(mentions)] = 1
    return row


def test_a_short_article_is_judged_whole() -> None:
    row, state = marked(JUDGED, 3), np.arange(JUDGED + 2, dtype=np.float32)[:, None]
    none = np.zeros((JUDGED, 1), np.float32)
    reading = Reading(JUDGED, tags=none, tie_from=none, tie_to=none, source=none, state=state)
    (out,) = judge_each(reading, row[None], lambda x, marks: (x + 1000 * marks[:, None])[1:-1])
    assert out[:, 0].tolist() == (np.arange(1, JUDGED + 1) + 1000 * row).tolist()


def test_a_long_article_is_judged_where_it_names_the_project() -> None:
    near = nearby(marked(4000, 2000, 2010)).tolist()
    assert near == [*range(OPENING), *range(2000 - AROUND, 2010 + AROUND)]


@given(st.lists(st.integers(0, 3999), max_size=60))
def test_what_a_project_is_judged_over_is_bounded(mentions: list[int]) -> None:
    near = nearby(marked(4000, *mentions))
    assert len(near) <= JUDGED
    assert (np.diff(near) > 0).all()


def test_what_was_not_looked_at_is_unlikely_and_each_word_keeps_its_place() -> None:
    count, row = 4000, marked(4000, 100, 3000)
    state = np.arange(count + 2, dtype=np.float32)[:, None]
    none = np.zeros((count, 1), np.float32)
    reading = Reading(count, tags=none, tie_from=none, tie_to=none, source=none, state=state)

    def look(x: Floats, marks: Ints) -> Floats:
        assert len(x) == len(marks)
        assert (x[0, 0], x[-1, 0]) == (0, count + 1)
        return np.concatenate([x[1:-1], x[1:-1] * 0 + 7], 1)

    (out,) = judge_each(reading, row[None], look)
    near = nearby(row)
    assert out[near, 0].tolist() == (near + 1).tolist()
    apart = np.setdiff1d(np.arange(count), near)
    assert (out[apart, 0] == UNLIKELY).all()
    assert (out[:, 1] == 7).all()
