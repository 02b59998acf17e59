"""A small generated world: merging finds its projects again, and the answers come at once."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest
from conftest import bench


@pytest.fixture(scope="module")
def world() -> ModuleType:
    return bench("world")


def test_a_world_of_a_thousand_projects_is_found_again(world: ModuleType, tmp_path: Path) -> None:
    result = world.measure(tmp_path / "world.db", 1000, 3)
    assert result["cluster_f1"] >= 0.98, result
    assert result["claims"] > 10 * 1000
    assert max(result["p95_ms"].values()) < 100, result


def test_the_score_tells_good_from_bad(world: ModuleType) -> None:
    truth = {"a": 1, "b": 1, "c": 2, "d": 2}
    assert world.cluster_f1(truth, dict.fromkeys("abcd", "x"))[0] == 0.5
    assert world.cluster_f1(truth, {m: m for m in "abcd"})[1] == 0.5
    assert world.cluster_f1(truth, {"a": "x", "b": "x", "c": "y", "d": "y"})[2] == 1.0


def test_the_world_is_the_same_for_the_same_seed_and_has_hard_cases(world: ModuleType) -> None:
    one, two = world.World(200, 1), world.World(200, 1)
    assert [a.id for a, _, _ in one.articles()] == [a.id for a, _, _ in two.articles()]
    titles = [made.titles[-1][1] for made in one.projects]
    assert len(set(titles)) < len(titles)
    assert any(len(made.titles) > 1 for made in one.projects)
