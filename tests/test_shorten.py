"""Paragraphs left out of articles in training take their facts along and nothing else."""

from __future__ import annotations

import random
from typing import Any

import pytest

from training.shorten import can_go, shortened

FIRST = "Jane Doe will direct “Winter Song” for Doe Films, a film about a choir."
SECOND = "Alan Pryce plays the tenor."
THIRD = "“Old Song” made her known."
PRYCE = {"kind": "credit", "project": "Winter Song", "role": "cast", "value": "Alan Pryce", "quote": "Alan Pryce plays"}


def article(*claims: dict[str, Any], paragraphs: tuple[str, ...] = (FIRST, SECOND, THIRD)) -> dict[str, Any]:
    return {"id": "x", "title": "Song of the choir", "text": "\n\n".join(paragraphs), "claims": list(claims)}


def test_a_paragraph_goes_with_its_facts() -> None:
    doe = {"kind": "credit", "project": "Winter Song", "value": "Jane Doe", "quote": "Jane Doe will direct"}
    whole = article(doe, PRYCE)
    assert [can_go(whole, n) for n in range(3)] == [False, True, True]
    seen = [shortened(whole, random.Random(n)) for n in range(30)]
    assert {len(a["claims"]) for a in seen} == {1, 2}
    assert {a["text"].count("\n\n") for a in seen} == {0, 1}
    assert all(c["quote"] in a["text"] for a in seen for c in a["claims"])
    assert whole == article(doe, PRYCE)


#: Shown in the headline, and of names that stand elsewhere: it never keeps a paragraph.
SHOWN = {"kind": "company", "project": "Winter Song", "value": "Doe Films", "quote": "Song of the choir"}


@pytest.mark.parametrize(
    ("claim", "goes"),
    [
        (PRYCE, True),
        (PRYCE | {"quote": "choir"}, False),  # shown elsewhere, named in full there alone
        ({"kind": "status", "project": "Winter Song", "value": "script", "quote": "plays the tenor"}, False),
    ],
)
def test_a_paragraph_that_others_lean_on_stays(claim: dict[str, Any], goes: bool) -> None:
    assert can_go(article(SHOWN, claim), 1) is goes


@pytest.mark.parametrize(
    ("value", "elsewhere", "goes"),
    [
        ("Alan Pryce", "Pryce's last part was small.", False),
        ("Alan Pryce", "The last part was small.", True),
        ("Tidal Pictures", "Tidal made it.", False),
        ("Tidal Pictures", "Moving pictures were new.", True),
    ],
)
def test_a_fact_that_is_told_twice_stays(value: str, elsewhere: str, goes: bool) -> None:
    told = PRYCE | {"value": value, "quote": "plays the tenor"}
    assert can_go(article(SHOWN, told, paragraphs=(FIRST, f"{value} plays the tenor.", elsewhere)), 1) is goes


def test_all_facts_never_go() -> None:
    assert not can_go(article(PRYCE), 1)


def test_a_single_paragraph_stays() -> None:
    alone = article(paragraphs=(SECOND,))
    assert shortened(alone, random.Random(1)) is alone
    assert shortened(article(), random.Random(1))["text"].count("\n\n") < 2
