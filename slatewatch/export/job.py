"""One export: where from, where to, how, and what had to be left out."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Literal
from urllib.parse import quote

from slatewatch import answers
from slatewatch.model import Article, Evidence, Project, Standing
from slatewatch.web.links import outside

Table = Literal["values", "evidence", "changes", "projects"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to export. Each format says in its module which of these it minds.

    `as_of` is an ISO day; `weak` adds what is less than attached; `create` makes new items of Wikidata; `ids` and
    `wikidata` are CSV files (see ids.py and mismatches.py); `address` is where the result will be published.
    """

    table: Table = "values"
    as_of: str | None = None
    weak: bool = False
    create: bool = False
    ids: Path | None = None
    wikidata: Path | None = None
    address: str = "http://127.0.0.1:8000"


@dataclass(slots=True, kw_only=True)
class Job:
    """`projects` counts those written or looked at; `left_out` has the things behind each reason, in order."""

    db: sqlite3.Connection
    out: BinaryIO
    options: Options
    named: tuple[str, ...] = ()
    projects: int = 0
    left_out: dict[str, dict[str, None]] = field(default_factory=dict)
    _articles: dict[str, Article] = field(default_factory=dict)

    def counted(self, project: Project) -> Project:
        self.projects += 1
        return project

    def leave_out(self, reason: str, thing: str) -> None:
        self.left_out.setdefault(reason, {})[thing] = None

    def line(self, text: str) -> None:
        """A line of text, in UTF-8."""
        self.out.write(f"{text}\n".encode("utf-8", "replace"))

    def article(self, id_: str) -> Article:
        """An article of the store, kept while the projects that speak of it are written."""
        if id_ not in self._articles:
            if len(self._articles) > 2000:
                self._articles.clear()
            self._articles[id_] = answers.article(self.db, id_).article
        return self._articles[id_]


def web_address(url: str | None) -> str | None:
    """An address of the web with nothing in it that any format would take for its own; None for any other."""
    found = outside(url)
    return quote(found, safe="/:?#@!$&()*+,;=%-._~") if found else None


def behind(standing: Standing) -> tuple[Evidence, ...]:
    """The words that show a value as it stands now, the earliest first, without reports that only pass it on."""
    said = [e for e in standing.evidence if e.modality == standing.modality]
    own = [e for e in said if not e.repeat] or said
    return tuple(sorted(own, key=lambda e: (e.day, e.article, e.start)))
