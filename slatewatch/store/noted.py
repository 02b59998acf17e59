"""When the store first learned of a step in a project's history, whatever the step is called by now.

A step's id is made of the claim that shows it. An edit of the article, an earlier article that comes later, or a merge
can show the same fact by another claim: it is then no news, and keeps the time at which it was.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from slatewatch.model import Change
from slatewatch.names import company_key, fold, person_key

STEPS = "SELECT id, project, kind, role, value, after, noted FROM changes WHERE project IN ({})"
Fact = tuple[str, str, str, str]
#: Kinds of which a project has one value at a time: what it was called by is no part of the matter.
SINGLE = frozenset({"status", "format", "date", "title", "project"})


def matter(kind: str, role: str | None, value: str) -> tuple[str, str, str]:
    """What a step is about: (kind, role, key of the person, company, part or work)."""
    if kind in SINGLE:
        return kind, role or "", ""
    key = {"credit": person_key, "company": company_key}.get(kind, fold)
    return kind, role or "", key(value)


def when_noted(changes: Iterable[Change], rows: Sequence[sqlite3.Row], homes: Iterable[str | None]) -> dict[str, str]:
    """Change id -> when it was noted, for those changes that `rows` (of STEPS) knew, by their ids or as facts.

    `homes` are the projects in which the mentions of this one were before: only their facts are its own.
    """
    steps, own = list(changes), set(homes)
    noted = {row["id"]: row["noted"] for row in rows}
    known = {step.id: noted[step.id] for step in steps if step.id in noted}
    left: dict[Fact, list[str]] = {}
    for row in sorted(rows, key=lambda r: (r["noted"], r["id"])):
        if row["project"] in own and row["id"] not in known:
            left.setdefault(_fact(row["kind"], row["role"], row["value"], row["after"]), []).append(row["noted"])
    for step in steps:
        times = left.get(_fact(step.kind, step.role, step.value, step.after))
        if step.id not in known and times:
            known[step.id] = times.pop(0)
    return known


def _fact(kind: str, role: str | None, value: str, after: str) -> Fact:
    return (*matter(kind, role, value), fold(after))
