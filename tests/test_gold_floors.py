"""What the reader once reached on articles that nobody has read, it still reaches."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest
from conftest import ROOT

from slatewatch.evaluate import Rate


@pytest.fixture
def floors() -> ModuleType:
    """The script that holds the floors."""
    loader = importlib.machinery.SourceFileLoader("floors", str(ROOT / "scripts" / "floors"))
    spec = importlib.util.spec_from_loader("floors", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def test_no_score_is_below_its_floor(floors: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    code = floors.main([])
    said = capsys.readouterr()
    assert code == 0, (
        f"\n{said.out}{said.err}\nWorse on purpose? scripts/floors --raise --allow-regression sets the floors anew."
    )


@pytest.fixture
def small(floors: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script over a folder of one article and scores that the test chooses."""
    (tmp_path / "one.json").write_text("{}", "utf-8")
    monkeypatch.setattr(floors, "GOLD", tmp_path)
    monkeypatch.setattr(floors, "FLOORS", tmp_path / "kept" / "floors.json")
    (tmp_path / "kept").mkdir()
    monkeypatch.setattr(floors, "measure", lambda: {"core F1": 0.5, "seed F1": 1.0, "date F1": 0.4})
    return floors


def kept(small: ModuleType) -> dict[str, float]:
    floors: dict[str, float] = json.loads(small.FLOORS.read_text("utf-8"))["floors"]
    return floors


def test_floors_go_up_alone_unless_allowed(small: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    assert small.main(["--raise"]) == 0
    assert kept(small) == {"core F1": 0.495, "seed F1": 1.0, "date F1": 0.37}
    monkeypatch.setattr(small, "measure", lambda: {"core F1": 0.4, "seed F1": 1.0, "date F1": 0.6})
    assert small.main([]) == 1, "core F1 is below its floor"
    assert small.main(["--raise"]) == 1, "and stays so"
    assert kept(small) == {"core F1": 0.495, "seed F1": 1.0, "date F1": 0.57}
    assert small.main(["--raise", "--allow-regression"]) == 0
    assert kept(small)["core F1"] == 0.395


def test_the_seed_has_no_slack(small: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    assert small.main(["--raise"]) == 0
    monkeypatch.setattr(small, "measure", lambda: {"seed F1": 0.999})
    assert small.main([]) == 1


def test_floors_belong_to_their_articles(small: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert small.main(["--raise"]) == 0
    (small.GOLD / "two.json").write_text("{}", "utf-8")
    assert small.main([]) == 1
    assert "have changed" in capsys.readouterr().err
    assert small.main(["--raise", "--allow-regression"]) == 0
    assert small.main([]) == 0


def test_a_rare_kind_is_held_on_the_articles_kept_apart_as_well(floors: ModuleType) -> None:
    few, many, more = Rate(1, 2, floors.RARE - 1), Rate(1, 2, floors.RARE), Rate(10, 20, 30)
    assert floors.of_kind(few, more) == Rate(11, 22, floors.RARE + 29)
    assert floors.of_kind(many, more) == many
