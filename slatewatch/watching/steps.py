"""A project's history, day by day, with what held of it before and after each day."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from slatewatch.names import SAME, compare_companies, compare_people, fold
from slatewatch.projects.who import SAME_COMPANY
from slatewatch.store.noted import matter

Lane = tuple[str, str, str]
#: Lane -> what it says: the modality of a credit or company, `open` or `filled` of a post, else the value.
State = Mapping[Lane, str]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its row (a change with its quote, mention and outlet), its lane, the state around its day.

    `overtaken` says that the store had heard of a later state of the matter before it heard of this one.
    """

    row: sqlite3.Row
    lane: Lane
    start: State
    end: State
    overtaken: bool

    @property
    def keys(self) -> tuple[str, str]:
        """The key of the lane, and that of the name as this article writes it."""
        return self.lane[2], matter(self.row["kind"], self.row["role"], self.row["value"])[2]


def walk(rows: Sequence[sqlite3.Row]) -> list[Step]:
    """The steps of one project. `rows` are its changes, the oldest first."""
    state: dict[Lane, str] = {}
    placed: list[tuple[sqlite3.Row, Lane, State, State]] = []
    for _, day in groupby(rows, key=lambda row: str(row["day"])):
        start, taken = dict(state), list(_in_order(list(day), state))
        placed += [(row, lane, start, dict(state)) for row, lane in taken]
    latest: dict[Lane, str] = {}
    overtaken: list[bool] = []
    for row, lane, _, _ in reversed(placed):
        overtaken.append(latest.get(lane, "9999") < row["noted"])
        latest[lane] = min(latest.get(lane, "9999"), row["noted"])
    return [Step(*place, late) for place, late in zip(placed, reversed(overtaken), strict=True)]


def _in_order(rows: list[sqlite3.Row], state: dict[Lane, str]) -> Iterator[tuple[sqlite3.Row, Lane]]:
    """The steps of a day, each after the one that it goes on from; `state` is taken along."""
    while rows:
        row = next((r for r in rows if _follows(r, state)), rows[0])
        rows.remove(row)
        lane = _lane(row, state)
        state[lane] = row["after"]
        yield row, lane


def _follows(row: sqlite3.Row, state: State) -> bool:
    return bool(state.get(_lane(row, state)) == row["before"])


def _lane(row: sqlite3.Row, state: State) -> Lane:
    """The lane of a step: that of its name, or of another form of the name that stands as the step found it."""
    lane = matter(row["kind"], row["role"], row["value"])
    if lane in state or row["before"] is None:
        return lane
    compare, enough = (compare_people, SAME) if row["kind"] == "credit" else (compare_companies, SAME_COMPANY)
    if row["kind"] in {"credit", "company"}:
        for other, says in state.items():
            if other[:2] == lane[:2] and says == row["before"] and compare(other[2], lane[2]).score >= enough:
                return other
    return lane


def values(state: State, kind: str, role: str | None = None) -> Iterable[tuple[str, str]]:
    """(key, what is said) of the lanes of a kind, and of a role."""
    return [(lane[2], says) for lane, says in state.items() if lane[0] == kind and (role is None or lane[1] == role)]


def is_of_work(state: State, works: frozenset[str]) -> bool:
    """Whether a project is based on one of these works; a subtitle that one of them leaves out is no matter."""
    heads = {work.partition(":")[0] for work in works}
    return any(key in works or fold(said.partition(":")[0]) in heads for key, said in values(state, "based_on"))
