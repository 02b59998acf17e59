"""QuickStatements version 1, separated by tabs: statements for Wikidata, each with its references.

Only what is attached is exported, unless `weak` asks for what is less firm, which then says so (P1480). A statement
needs the items of both its ends: `ids` brings them, `create` makes new items for projects without one. A statement is
repeated for each further reference: QuickStatements joins equal ones. What has no property, no item or no reference is
left out and told. An exit is not exported: it ends a statement, and which one only Wikidata knows.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from slatewatch.model import Evidence, Project, Standing
from slatewatch.web.wording import plain

from .ids import ItemIds
from .job import Job, behind, web_address

WIKIDATA: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_name("wikidata.toml").read_text("utf-8"))
REFERENCES: dict[str, str] = WIKIDATA["references"]
#: References a statement at most, the earliest: who had it first is among them.
MOST = 3
#: Characters that Wikidata takes in one text.
LONGEST = 1500


def write(projects: Iterable[Project], job: Job) -> None:
    ids = ItemIds(job.db, job.options.ids)
    for project in projects:
        item = ids.project(project)
        lines = [line for standing in project.current for line in _statements(standing, project, ids, job)]
        if item is None and not job.options.create:
            job.leave_out("has no item of Wikidata: give it one with --ids, or make it with --create", project.title)
            continue
        if item is None:
            job.line("CREATE")
            job.line(f"LAST\tLen\t{text(project.title)}")
            job.line(f"LAST\tDen\t{text(_description(project))}")
        for line in lines:
            job.line(f"{item or 'LAST'}\t{line}")


def _description(project: Project) -> str:
    form = next((s.value for s in project.current if s.kind == "format"), "project")
    names = [s.value for s in project.current if s.role == "director" and s.modality == "attached"]
    return f"upcoming {plain(form)}" + (f" directed by {', '.join(names[:2])}" if names else "")


def _statements(standing: Standing, project: Project, ids: ItemIds, job: Job) -> Iterator[str]:
    """The lines of one value, without the item that they are about."""
    claim = _claim(standing, project, ids, job)
    if claim is None:
        return
    name = f"{standing.value} ({plain(standing.role or standing.kind)} of {project.title})"
    references = [r for r in (reference(said, ids, job) for said in behind(standing)) if r]
    if not references:
        job.leave_out("has no reference: none of its articles has an address", name)
    for one in references[:MOST]:
        yield "\t".join([*claim, *one])


def _claim(standing: Standing, project: Project, ids: ItemIds, job: Job) -> list[str] | None:
    """Property, value and qualifiers; None for what is not exported."""
    name = (standing.role if standing.kind not in {"based_on", "format", "location"} else None) or standing.kind
    if standing.kind == "based_on" and standing.role == "life":
        name = "life"
    prop = WIKIDATA["properties"].get(name)
    if standing.kind in {"credit", "company"}:
        if standing.modality in {"exited", "denied"}:
            return None
        if standing.modality != "attached" and not job.options.weak:
            job.leave_out("is not attached: --weak exports it with its firmness", f"{standing.value}, {project.title}")
            return None
    if prop is None:
        if standing.kind in {"credit", "company", "date"}:
            job.leave_out("has a role without a property of Wikidata", f"{standing.value} ({plain(name)})")
        return None
    value = _value(standing, project, ids, job)
    return [prop, value, *_qualifiers(standing, project)] if value else None


def _value(standing: Standing, project: Project, ids: ItemIds, job: Job) -> str | None:
    if standing.kind == "date":
        return date(standing.value)
    if standing.kind == "format":
        released = any(s.kind == "status" and s.value == "released" for s in project.current)
        classes = {**WIKIDATA["formats"], **(WIKIDATA["released"] if released else {})}
        found: str | None = classes.get(standing.value)
        return found
    kind = {"credit": "person", "company": "company", "location": "place"}.get(standing.kind, "work")
    kind = "person" if standing.role == "life" else kind
    item = ids.of(kind, standing.value)
    if item is None:
        job.leave_out("has no item of Wikidata: `slatewatch export names` lists them for --ids", standing.value)
    return item


def _qualifiers(standing: Standing, project: Project) -> Iterator[str]:
    if standing.character:
        yield WIKIDATA["qualifiers"]["character"]
        yield text(standing.character)
    spoken = {e.claim for conflict in project.conflicts for e in conflict.evidence}
    contradicted = any(e.claim in spoken for e in standing.evidence)
    firmness = WIKIDATA["firmness"].get("contradicted" if contradicted else standing.modality or "")
    if firmness and standing.kind in {"credit", "company"}:
        yield WIKIDATA["qualifiers"]["firmness"]
        yield firmness


def reference(said: Evidence, ids: ItemIds, job: Job) -> list[str]:
    """The parts of a reference to an article; empty where it has neither an address nor an outlet with an item."""
    article = job.article(said.article)
    outlet = ids.of("outlet", article.outlet) if article.outlet else None
    address = web_address(article.url)
    parts = {
        "stated_in": outlet,
        "url": text(address) if address else None,
        "title": f"{language(article.language)}:{text(article.title)}" if article.title.strip() else None,
        "published": date(article.published) if article.published else None,
        "retrieved": date(article.seen) if article.seen else None,
        "quote": f"{language(article.language)}:{text(said.quote)}" if len(said.quote) <= LONGEST else None,
    }
    if not parts["stated_in"] and not parts["url"]:
        return []
    return [word for name, value in parts.items() if value for word in (REFERENCES[name], value)]


def language(code: str | None) -> str:
    """Articles are English unless they say otherwise."""
    found = re.match(r"[a-z]{2,3}\b", (code or "en").lower())
    return found[0] if found else "en"


def text(value: str) -> str:
    """A text in quotation marks, without what would end a column, a command or the text."""
    clean = re.sub(r"\s*\|+\s*", " – ", value).replace("/*", "/ *").replace("*/", "* /")
    return f'"{" ".join(clean.split())[:LONGEST]}"'


def date(value: str) -> str | None:
    """A date with its precision: 11 a day, 10 a month, 9 a year. Quarters, halves and seasons become their year."""
    found = re.match(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", value)
    if not found:
        return None
    year, month, day = found.groups()
    return f"+{year}-{month or '00'}-{day or '00'}T00:00:00Z/{11 if day else 10 if month else 9}"
