"""People and companies: lists of them, and everything on one."""

from __future__ import annotations

import sqlite3
from typing import Literal

from slatewatch.errors import BadInput
from slatewatch.model import Evidence
from slatewatch.names import company_key, fold, fullest, person_key
from slatewatch.store import reading, snapshot
from slatewatch.store.merging import names_around
from slatewatch.store.rows import decision_of

from .identifying import ids_of
from .making import evidence, name_row, project_row
from .records import CreditRow, NamePage, NameRow, TieRow
from .searching import match_of

About = Literal["person", "company"]
KIND = {"person": "credit", "company": "company"}
KEY = {"person": person_key, "company": company_key}


def people(db: sqlite3.Connection, query: str | None = None, *, limit: int = 100, offset: int = 0) -> list[NameRow]:
    """People on projects, by key, or those whose name holds the words of `query`."""
    return _names(db, "person", query, limit, offset)


def companies(db: sqlite3.Connection, query: str | None = None, *, limit: int = 100, offset: int = 0) -> list[NameRow]:
    """Companies on projects, by key, or those whose name holds the words of `query`."""
    return _names(db, "company", query, limit, offset)


def _names(db: sqlite3.Connection, about: About, query: str | None, limit: int, offset: int) -> list[NameRow]:
    with snapshot(db):
        if query is None:
            return [name_row(row) for row in reading.names(db, KIND[about], limit=limit, offset=offset)]
        entries = reading.entries(db, match_of(query), about, limit + offset)
        return named(db, about, [row["ref"] for row in entries])[offset : offset + limit]


def named(db: sqlite3.Connection, about: About, refs: list[str]) -> list[NameRow]:
    """People or companies by the keys of their names as written, in the order given."""
    known = names_around(db, refs)
    keys = list(dict.fromkeys(known.key(ref) for ref in refs))
    rows = {row["key"]: name_row(row) for row in reading.names_by_key(db, KIND[about], keys)}
    return [rows[key] for key in keys if key in rows]


def person(db: sqlite3.Connection, name: str) -> NamePage:
    """A person's parts in projects and what is said of them. Raises BadInput where nobody is called so."""
    return _page(db, "person", name)


def company(db: sqlite3.Connection, name: str) -> NamePage:
    """A company's slate: its parts in projects, its place, its people. Raises BadInput where none is called so."""
    return _page(db, "company", name)


def _page(db: sqlite3.Connection, about: About, name: str) -> NamePage:
    with snapshot(db):
        key = KEY[about](name)
        known = names_around(db, [key])
        keys = {key, known.key(key), *(k for k, root in known.same.items() if root == known.key(key))}
        credits = reading.credits_of(db, KIND[about], keys)
        spellings = reading.spellings(db, about, keys)
        if not credits and not spellings:
            near = [row["text"] for row in reading.entries(db, match_of(name), about, 5)]
            hint = f"did you mean {', '.join(near)}?" if near else "`slatewatch find` searches all names"
            raise BadInput(f"no {about} is called {name!r}: {hint}")
        projects = {row["p_id"] for row in credits}
        claims = [row for row in reading.evidence_of(db, KIND[about], projects) if KEY[about](row["value"]) in keys]
        ties = reading.ties(db, "subject", spellings)
        staff = reading.ties(db, "value", spellings) if about == "company" else []
        decided = [decision_of(row) for row in reading.decisions(db, about, keys)]
    shown = fullest([(row["confirmed"], row["name"]) for row in credits]) if credits else spellings[0]
    return NamePage(
        about=about, key=known.key(key), name=shown, names=tuple(spellings), credits=_credits(credits, claims),
        ties=_ties(ties, "value"), people=_ties([r for r in staff if r["kind"] == "affiliation"], "subject"),
        decisions=tuple(decided), ids=ids_of(db, about, {*keys, *(KEY[about](name) for name in spellings)}),
    )  # fmt: skip


def _credits(rows: list[sqlite3.Row], claims: list[sqlite3.Row]) -> tuple[CreditRow, ...]:
    said: dict[tuple[str, str], list[Evidence]] = {}
    for claim in claims:
        said.setdefault((claim["p_id"], claim["role"]), []).append(evidence(claim))
    return tuple(
        CreditRow(
            project=project_row(row), role=row["role"], modality=row["modality"], character=row["character"],
            since=row["since"], confirmed=row["confirmed"], outlet=row["outlet"], voices=row["voices"],
            evidence=tuple(said.get((row["p_id"], row["role"]), ())),
        )
        for row in rows
    )  # fmt: skip


def _ties(rows: list[sqlite3.Row], column: str) -> tuple[TieRow, ...]:
    found: dict[tuple[str, str], list[sqlite3.Row]] = {}
    for row in rows:
        found.setdefault((row["kind"], fold(row[column])), []).append(row)
    return tuple(
        TieRow(kind=kind, value=group[0][column], evidence=tuple(evidence(row) for row in group))
        for (kind, _), group in sorted(found.items())
    )
