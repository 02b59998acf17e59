"""The tables of the CSV and Parquet formats: their columns, and the rows that projects make."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal

from slatewatch.model import Evidence, Project

from .job import Table, behind

#: What a column holds: text, a list of texts, a whole number, true or false.
Kind = Literal["text", "list", "integer", "flag"]
Row = tuple[Any, ...]

COLUMNS: dict[Table, tuple[tuple[str, Kind], ...]] = {
    "values": (
        ("project", "text"), ("title", "text"), ("kind", "text"), ("role", "text"), ("value", "text"),
        ("modality", "text"), ("character", "text"), ("creators", "list"), ("year", "integer"), ("since", "text"),
        ("confirmed", "text"), ("outlet", "text"), ("voices", "integer"), ("why", "text"), ("quote", "text"),
        ("article", "text"), ("url", "text"),
    ),
    "evidence": (
        ("project", "text"), ("title", "text"), ("kind", "text"), ("role", "text"), ("value", "text"),
        ("modality", "text"), ("claim", "text"), ("article", "text"), ("day", "text"), ("outlet", "text"),
        ("voice", "text"), ("repeat", "flag"), ("quote", "text"), ("start", "integer"), ("end", "integer"),
        ("url", "text"),
    ),
    "changes": (
        ("project", "text"), ("title", "text"), ("id", "text"), ("day", "text"), ("kind", "text"), ("role", "text"),
        ("value", "text"), ("before", "text"), ("after", "text"), ("outlet", "text"), ("article", "text"),
        ("url", "text"), ("quote", "text"),
    ),
    "projects": (
        ("id", "text"), ("title", "text"), ("titles", "list"), ("format", "text"), ("status", "text"),
        ("first_outlet", "text"), ("first_published", "text"), ("first_clock", "text"), ("first_article", "text"),
        ("last_day", "text"), ("articles", "integer"), ("open_roles", "list"), ("conflicts", "integer"),
        ("stages", "list"),
    ),
}  # fmt: skip


def _values(project: Project) -> Iterator[Row]:
    for s in project.current:
        said = behind(s)
        quote, article, url = _words(said[-1] if said else None)
        yield (
            project.id, project.title, s.kind, s.role, s.value, s.modality, s.character, list(s.creators), s.year,
            s.since, s.confirmed, s.outlet, s.voices, None, quote, article, url,
        )  # fmt: skip
    for p in project.posts:
        quote, article, url = _words(p.evidence[0] if p.evidence else None)
        yield (
            project.id, project.title, "open_role", p.role, p.part, None, None, [], None,
            p.since, p.confirmed, p.outlet, None, p.why, quote, article, url,
        )  # fmt: skip


def _words(said: Evidence | None) -> tuple[str | None, str | None, str | None]:
    return (said.quote, said.article, said.url) if said else (None, None, None)


def _evidence(project: Project) -> Iterator[Row]:
    lines = [(s.kind, s.role, s.value, s.evidence) for s in project.current]
    lines += [("open_role", p.role, p.part or "", p.evidence) for p in project.posts]
    for kind, role, value, evidence in lines:
        for e in evidence:
            yield (
                project.id, project.title, kind, role, value, e.modality, e.claim, e.article, e.day, e.outlet,
                e.voice, e.repeat, e.quote, e.start, e.end, e.url,
            )  # fmt: skip


def _changes(project: Project) -> Iterator[Row]:
    for c in project.changes:
        yield (
            project.id, project.title, c.id, c.day, c.kind, c.role, c.value, c.before, c.after, c.outlet, c.article,
            c.url, c.quote,
        )  # fmt: skip


def _project(project: Project) -> Iterator[Row]:
    single = {s.kind: s.value for s in project.current if s.kind in {"format", "status"}}
    yield (
        project.id, project.title, list(project.titles), single.get("format"), single.get("status"),
        project.first.outlet, project.first.published, project.first.clock, project.first.article,
        max(r.day for r in project.reports), len(project.reports), sorted({p.role for p in project.posts}),
        len(project.conflicts), [stage.name for stage in project.stages],
    )  # fmt: skip


ROWS: dict[Table, Callable[[Project], Iterator[Row]]] = {
    "values": _values, "evidence": _evidence, "changes": _changes, "projects": _project,
}  # fmt: skip
