"""Who has reported a changed fact by now: a later outlet adds a source to an alert, and makes no other."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from slatewatch.names import SAME, compare_companies, compare_people, fold
from slatewatch.projects.dates import agree
from slatewatch.projects.who import SAME_COMPANY
from slatewatch.store import reading, snapshot, watches
from slatewatch.store.noted import matter

from .finding import Alert


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An outlet that states the fact, with its day and words."""

    outlet: str
    day: str
    quote: str
    article: str
    url: str | None


def sources(db: sqlite3.Connection, alert: Alert) -> tuple[Source, ...]:
    """The outlets that state an alert's fact, each once, the earliest first.

    None are left where an edit has taken the words away: nobody states it any more.
    """
    with snapshot(db):
        there = watches.claim_is_there(db, alert.article, alert.claim)
        found = [_own(alert)] if there else []
        if alert.project:
            until = _until(db, alert)
            rows = reading.evidence_of(db, "credit" if alert.after == "filled" else alert.kind, [alert.project])
            found += [_source(row) for row in rows if row["day"] < until and _says(row, alert)]
    first: dict[str, Source] = {}
    for source in sorted(found, key=lambda s: (s.day, s.article != alert.article, s.article)):
        first.setdefault(fold(source.outlet), source)
    return tuple(first.values())


def _own(alert: Alert) -> Source:
    return Source(
        outlet=alert.outlet or alert.article, day=alert.day, quote=alert.quote, article=alert.article, url=alert.url
    )


def _source(row: sqlite3.Row) -> Source:
    return Source(
        outlet=row["outlet"] or row["article"], day=row["day"], quote=row["quote"], article=row["article"],
        url=row["url"],
    )  # fmt: skip


def _until(db: sqlite3.Connection, alert: Alert) -> str:
    """The day on which the matter went on to something else."""
    lane = matter(alert.kind, alert.role, alert.value)
    later = [
        row["day"] for row in watches.steps_of(db, [alert.project or ""])
        if row["day"] > alert.day and matter(row["kind"], row["role"], row["value"]) == lane
    ]  # fmt: skip
    return min(later, default="9999")


def _says(row: sqlite3.Row, alert: Alert) -> bool:
    """Whether a claim of the alert's project and kind states its fact, on its day or later."""
    if row["role"] != alert.role or row["day"] < alert.day:
        return False
    value = row["value"] or ""
    if alert.kind == "open_role":
        return alert.after == "open" or row["modality"] == "attached"
    if alert.kind in {"credit", "company"}:
        return row["modality"] == alert.after and _same_name(alert.kind, value, alert.value)
    if alert.kind == "date":
        return agree(value, alert.after)
    return fold(value) == fold(alert.after if alert.kind in {"status", "format"} else alert.value)


def _same_name(kind: str, one: str, other: str) -> bool:
    if kind == "credit":
        return compare_people(one, other).score >= SAME
    return compare_companies(one, other).score >= SAME_COMPANY


def outlets(found: Iterable[Source]) -> list[str]:
    return [source.outlet for source in found]
