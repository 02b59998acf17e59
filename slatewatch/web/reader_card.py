"""The card of the reader's model, as a record: what it learned from, and how it does on articles held back.

Read from the file that ships with the model; the model itself, and what runs it, are not loaded.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

CARD = Path(__file__).parents[1] / "claims" / "model" / "card.json"
#: The rate over credits, companies and the other kinds that a record of a project is made of.
CORE = "core"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How the reader does on one kind of claim, each share from 0 to 1. `labelled`: how many there were to be found."""

    kind: str
    precision: float
    recall: float
    f1: float
    labelled: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderCard:
    """`learned_from` are (folder of labelled articles, how many). The rest is of `articles` that were held back.

    `without_claims` of them state nothing; in `false_alarms` of those the reader found something. `rates` has the kinds
    with most labels first, `core` all those that make a project's record. What a card does not say is empty, or 0.
    """

    what: str
    made: str
    learned_from: tuple[tuple[str, int], ...]
    note: str
    articles: int
    without_claims: int
    false_alarms: int
    core: Rate | None
    rates: tuple[Rate, ...]


@cache
def reader_card(path: Path = CARD) -> ReaderCard | None:
    """The card, or None where the package came without one."""
    try:
        said = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    held = said.get("held_back", {})
    rates = [_rate(kind, rate) for kind, rate in held.get("rates", {}).items()]
    return ReaderCard(
        what=said.get("what", ""), made=said.get("made", ""), learned_from=tuple(said.get("learned_from", {}).items()),
        note=held.get("note", ""), articles=held.get("articles", 0), without_claims=held.get("without_claims", 0),
        false_alarms=held.get("false_alarms", 0), core=next((rate for rate in rates if rate.kind == CORE), None),
        rates=tuple(sorted((r for r in rates if r.kind != CORE), key=lambda r: (-r.labelled, r.kind))),
    )  # fmt: skip


def _rate(kind: str, said: Mapping[str, Any]) -> Rate:
    shares = {name: float(said.get(name, 0)) for name in ("precision", "recall", "f1")}
    return Rate(kind=kind, labelled=int(said.get("labelled", 0)), **shares)
