"""The labelled stories: claims of two dozen articles over years, merged, against what is true of their projects."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from slatewatch.answers.shapes import project_shape
from slatewatch.labelled import labelled
from slatewatch.names import Known, canonical, company_key, fold, is_untitled, person_key, same_title
from slatewatch.projects import merge_claims
from slatewatch.projects.mentions import mentions_of, renamings, report_of

KINDS = {"credit", "company", "status", "format", "based_on", "date"}
Shape = dict[str, Any]


@pytest.fixture(scope="module")
def truth(request: pytest.FixtureRequest) -> list[Shape]:
    path = Path(request.config.rootpath) / "gold/stories/dev.truth.json"
    return list(json.loads(path.read_text("utf-8"))["projects"])


@pytest.fixture(scope="module")
def found(request: pytest.FixtureRequest) -> list[Shape]:
    mentions, pairs = [], []
    for read in labelled(str(Path(request.config.rootpath) / "gold/stories/dev")):
        assert isinstance(read, tuple), read
        article, claims = read
        mentions += mentions_of(report_of(article, first_seen="2026-01-01"), claims, article.text)
        for about, old, new, _ in renamings(article, claims):
            key = person_key if about == "person" else company_key
            pairs.append((key(old), key(new)))
    return [project_shape(project) for project in merge_claims(mentions, known=Known(same=canonical(pairs)))]


def goes_by(shape: Shape, article: str, titles: list[str]) -> bool:
    return article in shape["articles"] and any(same_title(a, b) for a in shape["titles"] for b in titles)


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
