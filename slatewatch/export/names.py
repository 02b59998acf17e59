"""The names that need an item of Wikidata before they can stand in a statement: what `--ids` takes, ids left blank.

Those that stand in most projects come first. Ids that `ids` has already are filled in.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator

from slatewatch.model import Project
from slatewatch.spreadsheets import harmless

from .ids import KEYS, ItemIds
from .job import Job

HEADING = ("kind", "name", "projects", "about", "id")
KINDS = tuple(KEYS)


def write(projects: Iterable[Project], job: Job) -> None:
    ids = ItemIds(job.db, job.options.ids)
    counts, names = Counter[tuple[str, str]](), dict[tuple[str, str], tuple[str, str, str | None]]()
    for project in projects:
        names["project", project.id] = (project.id, project.title, ids.project(project))
        counts["project", project.id] += 1
        for kind, name, about in dict.fromkeys(_named(project)):
            key = kind, KEYS[kind](name)
            counts[key] += 1
            names.setdefault(key, (name, about, ids.of(kind, name)))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADING)
    for key in sorted(names, key=lambda k: (KINDS.index(k[0]), -counts[k], k)):
        name, about, id_ = names[key]
        writer.writerow((key[0], harmless(name), counts[key], harmless(about), id_ or ""))
    job.out.write(text.getvalue().encode("utf-8", "replace"))


def _named(project: Project) -> Iterator[tuple[str, str, str]]:
    """(kind, name, one thing that says which) of everything in a project that has an item of its own."""
    for s in project.current:
        if s.kind in {"credit", "company"} and s.modality != "denied":
            yield "person" if s.kind == "credit" else "company", s.value, f"{s.role} of {project.title}"
        elif s.kind == "based_on":
            kind = "person" if s.role == "life" else "work"
            yield kind, s.value, f"{s.role} by {', '.join(s.creators)}" if s.creators else s.role or ""
        elif s.kind == "location":
            yield "place", s.value, f"location of {project.title}"
    for report in project.reports:
        if report.outlet:
            yield "outlet", report.outlet, ""
