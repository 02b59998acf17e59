"""Rows of the store <-> the records of the model."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from slatewatch.model import Article, Claim, Decision, Mention, Report
from slatewatch.projects.mentions import reading_order

CLAIM_FIELDS = (
    "kind", "article", "quote", "start", "end", "project", "subject", "role", "value", "modality", "character",
    "creators", "year", "sure", "maker", "also",
)  # fmt: skip
#: Those that are JSON lists in the store, empty ones NULL.
LISTS = ("creators", "also")
CLAIM_COLUMNS = ", ".join(f"c.{name}" for name in CLAIM_FIELDS)
#: SQLite takes so many variables in one statement; askers go by parts of this size.
MANY = 500
MARKS = {length: ",".join("?" * length) for length in (*(1 << n for n in range(9)), MANY)}


def parts(values: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """(placeholders, values) for `IN (...)`, in parts that one statement can take.

    There are few lengths, the last value being said again to fill one: SQLite takes up a statement once for each text
    of it, and to take one up may cost more than to run it.
    """
    ordered = sorted(set(values))
    for at in range(0, len(ordered), MANY):
        part = ordered[at : at + MANY]
        length = min(MANY, 1 << (len(part) - 1).bit_length())
        yield MARKS[length], part + part[-1:] * (length - len(part))


def claim_row(claim: Claim, mention: str | None) -> tuple[Any, ...]:
    fields = [_list(getattr(claim, name)) if name in LISTS else getattr(claim, name) for name in CLAIM_FIELDS]
    return (claim.id, mention, *fields)


def claim_of(row: Sequence[Any]) -> Claim:
    fields = dict(zip(CLAIM_FIELDS, row[: len(CLAIM_FIELDS)], strict=True))
    for name in LISTS:
        fields[name] = tuple(json.loads(fields[name])) if fields[name] else ()
    return Claim(**fields)


def makers_of(row: sqlite3.Row) -> tuple[str, ...]:
    """The readers that made the claim of a row with `maker` and `also`."""
    also = row["also"]
    return (row["maker"], *json.loads(also)) if also else (row["maker"],)


def _list(values: Sequence[str]) -> str | None:
    return json.dumps(list(values), ensure_ascii=False) if values else None


def article_of(row: sqlite3.Row) -> Article:
    names = ("id", "title", "text", "url", "outlet", "author", "published", "modified", "language")
    return Article(**{name: row[name] for name in names}, seen=row["first_seen"])


def report_of_row(row: sqlite3.Row) -> Report:
    names = ("id", "day", "outlet", "clock", "published", "url", "title", "moved")
    return Report(**{name: row[name] for name in names})


def load_mentions(db: sqlite3.Connection, ids: Iterable[str]) -> list[Mention]:
    """The mentions of these ids with their claims, in no particular order. Unknown ids are passed over."""
    heads: list[sqlite3.Row] = []
    claims: dict[str, list[Claim]] = {}
    for marks, part in parts(ids):
        heads += db.execute(
            "SELECT m.id AS mention, m.title AS name, m.sources, m.near, m.beside, m.called, a.id, a.day, a.outlet, "
            f"a.clock, a.published, a.url, a.title, a.moved FROM mentions m "
            f"JOIN articles a ON a.id = m.article WHERE m.id IN ({marks})",
            part,
        ).fetchall()
        for row in db.execute(f"SELECT {CLAIM_COLUMNS}, c.mention FROM claims c WHERE c.mention IN ({marks})", part):
            claims.setdefault(row["mention"], []).append(claim_of(row))
    return [
        Mention(
            id=row["mention"], title=row["name"], report=report_of_row(row),
            claims=tuple(sorted(claims[row["mention"]], key=reading_order)),
            sources=tuple(json.loads(row["sources"])), near=tuple(json.loads(row["near"])),
            beside=tuple(json.loads(row["beside"])),
            called=tuple(json.loads(row["called"])),
        )
        for row in heads
    ]  # fmt: skip


def decision_of(row: sqlite3.Row) -> Decision:
    return Decision(**{name: row[name] for name in ("left", "right", "judgement", "by", "at", "why", "about")})
