"""The labelled stories: claims of two dozen articles over years, merged, against what is true of their projects."""

from __future__ import annotations

from collections import Counter

import pytest

from slatewatch.claims import find_claims
from slatewatch.labelled import labelled
from slatewatch.names import fold, is_untitled
from training import stories
from training.stories import Shape, goes_by, merged, told

KINDS = stories.STATE


@pytest.fixture(scope="module")
def truth() -> list[Shape]:
    return stories.truth()


@pytest.fixture(scope="module")
def found() -> list[Shape]:
    read = list(labelled(str(stories.FOLDER)))
    assert all(isinstance(one, tuple) for one in read), read
    return merged(one for one in read if isinstance(one, tuple))


def counterpart(found: list[Shape], project: Shape) -> Shape:
    return max(found, key=lambda shape: sum(goes_by(shape, a, project["titles"]) for a in project["articles"]))


def f1(right: int, said: int, there: int) -> float:
    return 2 * right / (said + there)


def test_every_article_s_projects_are_told_from_each_other(truth: list[Shape], found: list[Shape]) -> None:
    homes: dict[str, Counter[str]] = {}
    for project in truth:
        fits = Counter(s["id"] for a in project["articles"] for s in found if goes_by(s, a, project["titles"]))
        # Where an article names two projects of alike titles, the one that this project has most articles in is meant.
        homes[project["key"]] = Counter(
            max((s["id"] for s in found if goes_by(s, a, project["titles"])), key=fits.__getitem__, default=a)
            for a in project["articles"]
        )
    alone = [key for key, home in homes.items() if len(home) == 1]
    assert len(alone) / len(homes) >= 0.98
    assert len({next(iter(homes[key])) for key in alone}) == len(alone)
    assert len(found) == len(truth)


def line(claim: Shape) -> tuple[object, ...]:
    return (claim["kind"], claim.get("role"), fold(claim["value"]), claim.get("modality"))


def test_the_state_after_the_last_article(truth: list[Shape], found: list[Shape]) -> None:
    right = said = there = 0
    for project in truth:
        mine = {line(c) for c in project["current"] if c["kind"] in KINDS}
        theirs = {line(c) for c in counterpart(found, project)["current"] if c["kind"] in KINDS}
        right, said, there = right + len(mine & theirs), said + len(theirs), there + len(mine)
    assert f1(right, said, there) >= 0.92


def test_open_roles_first_outlets_and_conflicts(truth: list[Shape], found: list[Shape]) -> None:
    right = said = there = firsts = named = clashes = known = 0
    for project in truth:
        shape = counterpart(found, project)
        mine, theirs = set(project["open_roles"]), set(shape["open_roles"])
        right, said, there = right + len(mine & theirs), said + len(theirs), there + len(mine)
        named += bool(project["first_outlet"])
        firsts += fold(project["first_outlet"] or "") == fold(shape["first"]["outlet"] or "")
        for conflict in project["conflicts"]:
            values = {fold(v) for v in conflict["values"]}
            known += 1
            clashes += any(
                c["role"] == conflict["role"] and len(values & {fold(v) for v in c["values"]}) >= 2
                for c in shape["conflicts"]
            )
    assert f1(right, said, there) >= 0.9
    assert firsts / named >= 0.9
    assert clashes / known >= 0.8


def test_the_stories_hold_what_makes_them_hard(truth: list[Shape]) -> None:
    titles = [fold(t) for p in truth for t in {fold(t) for t in p["titles"]}]
    assert max(Counter(titles).values()) >= 2, "no two projects share a title"
    assert any(is_untitled(t) for p in truth for t in p["titles"])


def test_what_scores_the_stories_sees_what_is_missing_and_what_is_mixed_up(truth: list[Shape]) -> None:
    as_true = [{**project, "id": project["key"]} for project in truth]
    whole = told(truth, as_true)
    assert (whole.precision, whole.recall, whole.state.f1) == (1, 1, 1)
    fewer = told(truth, as_true[1:])
    assert fewer.precision == 1
    assert fewer.recall < 1
    assert fewer.state.recall < 1
    one = {**as_true[0], "titles": [t for p in truth for t in p["titles"]],
           "articles": [a for p in truth for a in p["articles"]]}  # fmt: skip
    assert told(truth, [one]).precision < 0.7


def test_the_stories_merge_from_their_texts_alone() -> None:
    read = [one for one in labelled(str(stories.FOLDER)) if isinstance(one, tuple)]
    result = told(stories.truth(), merged((article, find_claims(article)) for article, _ in read))
    assert result.f1 >= 0.8
    assert result.state.f1 >= 0.6
