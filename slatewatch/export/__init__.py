"""What is known, in the formats of the field: one module a format, each with `write(projects, job)`.

`FORMATS` is the registry; a module is imported on its first use, and with it the library of its format.
"""

from __future__ import annotations

import importlib
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, get_args

from slatewatch import answers
from slatewatch.errors import BadInput
from slatewatch.model import Project

from .job import Job, Options, Table

__all__ = ["FORMATS", "TABLES", "Format", "Job", "Options", "export", "format_named"]

TABLES: tuple[Table, ...] = get_args(Table)


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its name on the command line, its module, what it is in a line.

    `binary` output is never sent to a terminal; a `paper` is of named projects, not of the whole store.
    """

    name: str
    module: str
    what: str
    binary: bool = False
    paper: bool = False


FORMATS: tuple[Format, ...] = (
    Format("csv", "csv", "a table for spreadsheets"),
    Format("parquet", "parquet", "a table for analysis", binary=True),
    Format("jsonl", "jsonl", "whole records with all evidence, one line of JSON a project"),
    Format("jsonld", "jsonld", "schema.org: works, and claims with who had them first"),
    Format("quickstatements", "quickstatements", "statements for Wikidata, each with its references"),
    Format("mismatches", "mismatches", "where Wikidata says otherwise, for its Mismatch Finder"),
    Format("citations", "citations", "lines with citations for Wikipedia"),
    Format("names", "names", "the people, companies, works, places and outlets to be given Wikidata ids"),
    Format("atom", "atom", "a feed of what changed"),
    Format("html", "html", "a project on one page, to print", paper=True),
    Format("pdf", "pdf", "the same as PDF", binary=True, paper=True),
)


def format_named(name: str) -> Format:
    """Raises BadInput for a format that does not exist."""
    for one in FORMATS:
        if one.name == name:
            return one
    raise BadInput(f"there is no format {name!r}; there are {', '.join(one.name for one in FORMATS)}")


def export(
    db: sqlite3.Connection, name: str, out: BinaryIO, projects: Sequence[str] = (), options: Options | None = None
) -> Job:
    """Write projects, named by id or title (all, if none is named), to `out`. Returns the job, with what was left out.

    Raises BadInput for a format or project that does not exist, and for what the format needs and was not given.
    """
    form = format_named(name)
    if form.paper and not projects:
        raise BadInput(f"{name} is a page a project: name the projects, by id or title")
    job = Job(db=db, out=out, options=options or Options(), named=tuple(projects))
    importlib.import_module(f".{form.module}", __name__).write(_projects(job, projects), job)
    return job


def _projects(job: Job, names: Sequence[str]) -> Iterator[Project]:
    as_of = job.options.as_of
    if names:
        wanted = dict.fromkeys(answers.project_id(job.db, name) for name in names)
    elif as_of is None:
        yield from map(job.counted, answers.projects_whole(job.db))
        return
    else:
        rows = answers.projects(job.db, order="first", limit=10**9)
        wanted = dict.fromkeys(row.id for row in rows if row.first_day <= as_of)
    for id_ in wanted:
        yield job.counted(answers.project(job.db, id_, as_of=as_of).project)
