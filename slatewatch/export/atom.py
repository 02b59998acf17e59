"""Atom by RFC 4287: an entry a change of a fact, the newest first. Minds `address`, where the feed will stand.

Ids are tag URIs that stay; a later report of the same fact is added to its entry's text and moves no date.
"""

from __future__ import annotations

from collections.abc import Iterable

from slatewatch.answers import browsing
from slatewatch.answers.records import ChangeRow
from slatewatch.model import Evidence, Project
from slatewatch.web import atom, links

from .job import Job, behind

#: Entries of a feed, at most: a reader asks for it again and again.
ENTRIES = 1000


def write(projects: Iterable[Project], job: Job) -> None:
    rows: list[tuple[ChangeRow, str]] = []
    titles: list[str] = []
    for project in projects:
        titles.append(project.title)
        made = browsing.changes_of(job.db, [project.id], limit=ENTRIES)
        until = job.options.as_of or "9999"
        rows += [(row, _since(project, row)) for row in made if row.change.day <= until]
    rows.sort(key=lambda pair: (pair[0].noted, pair[0].change.day, pair[0].change.id), reverse=True)
    one = titles[0] if len(titles) == 1 else None
    path = links.project(rows[0][0].project) if one and rows else None
    self_ = f"/feeds/project/{rows[0][0].project}.atom" if path else "/feeds/all.atom"
    entries = [
        atom.entry_of(row.project, row.title, row.change, links.project(row.project) or "/", row.noted, more)
        for row, more in rows[:ENTRIES]
    ]
    title = one or ("everything" if not job.named else f"{len(titles)} projects")
    job.out.write(atom.document(title, job.options.address, self_, path or "/", entries))


def _since(project: Project, row: ChangeRow) -> str:
    """Who else has said it: other articles for the same value, after the one that changed it."""
    change = row.change
    said: list[Evidence] = []
    for standing in project.current:
        if (standing.kind, standing.role, standing.value) == (change.kind, change.role, change.value):
            said += [e for e in behind(standing) if e.article != change.article and e.day >= change.day]
    others = dict.fromkeys(f"{e.outlet or e.article}, {e.day}" for e in said)
    return f"; also {'; '.join(others)}" if others else ""
