"""Each cause is told from the others on one small pair of labels and claims."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import ROOT

from slatewatch.causes import CAUSES, causes, table
from slatewatch.model import Claim


def claim(**said: Any) -> Claim:
    fields = {
        "kind": "credit", "article": "a", "quote": "q", "start": 0, "end": 1, "project": "Harrow", "role": "director",
        "value": "Ada Bell", "modality": "attached",
    }  # fmt: skip
    return Claim(**{**fields, **said})


OTHER = claim(role="writer", value="Ben Oyelaran", start=900, end=901)


@pytest.mark.parametrize(
    ("label", "guess", "side", "cause"),
    [
        (None, claim(), "wrong", "false alarm"),
        (claim(kind="known_for", project=None, subject="Ada Bell", role=None, value="Tern"), claim(project="Tern"),
         "wrong", "released work taken for a project"),
        (claim(), claim(project="The Harrow Road"), "wrong", "title cut wrongly"),
        (claim(), claim(project="Blue Hour"), "wrong", "title is no project"),
        (claim(), claim(project="Blue Hour"), "missed", "title not found"),
        (claim(), claim(project="The Harrow Road"), "missed", "title cut wrongly"),
        (claim(), claim(modality="in_talks"), "wrong", "firmness"),
        (claim(), claim(modality="in_talks"), "missed", "firmness"),
        (claim(), claim(role="producer"), "wrong", "wrong role"),
        (claim(), claim(value="Bell"), "missed", "name cut or not joined"),
        (claim(kind="date", role="start", value="2016", modality=None),
         claim(kind="date", role="start", value="2017", modality=None), "missed", "date"),
        (claim(kind="status", role=None, value="script", modality=None),
         claim(kind="status", role=None, value="filming", modality=None), "wrong", "other value"),
        (claim(), claim(value="Cy Duarte", start=2, end=3), "missed", "list broken off"),
        (claim(), claim(value="Cy Duarte"), "wrong", "not stated"),
        (claim(), OTHER, "missed", "wording unseen"),
        (claim(kind="known_for", project=None, subject="Ada Bell", role=None, modality=None, value="Tern"),
         claim(kind="known_for", project=None, subject="Cy Duarte", role=None, modality=None, value="Tern"),
         "wrong", "subject"),
    ],
)  # fmt: skip
def test_a_difference_has_its_cause(label: Claim | None, guess: Claim, side: str, cause: str) -> None:
    counted = causes([label] if label else [], [guess])
    assert counted[side, cause] == 1


def test_a_fact_on_the_wrong_project() -> None:
    labels = [claim(), claim(project="Blue Hour", value="Cy Duarte")]
    counted = causes(labels, [claim(project="Blue Hour"), claim(project="Blue Hour", value="Cy Duarte")])
    assert counted["wrong", "right fact on the wrong project"] == 1


def test_the_document_explains_each_cause_in_the_same_words() -> None:
    said = (ROOT / "docs" / "errors.md").read_text("utf-8")
    assert [row for row in CAUSES if f"| {row[0]} | {row[1]} |" not in said] == []


def test_what_is_right_has_no_cause_and_every_cause_is_named() -> None:
    assert not causes([claim()], [claim()])
    named = {name for name, _ in CAUSES}
    assert {"false alarm", "firmness", "date"} <= named
    lines = table(causes([claim()], [claim(modality="exited")]))
    assert lines[1].split() == ["firmness", "1", "1"]
