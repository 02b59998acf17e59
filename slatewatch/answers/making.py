"""Rows of the store -> records of answers."""

from __future__ import annotations

import json
import sqlite3
from functools import lru_cache
from typing import Any

from slatewatch.model import Change, Evidence
from slatewatch.store.rows import makers_of

from .records import ArticleRow, ChangeRow, NameRow, ProjectRow

#: Pages have hundreds of rows: what is the same for all of them is made once.
#: Rows of projects and changes begin with the fields of these records in their order (reading.PROJECT, reading.CHANGE).
OF_PROJECT = tuple(ProjectRow.__dataclass_fields__)
OF_CHANGE = tuple(Change.__dataclass_fields__)
OF_EVIDENCE = ("claim", "article", "day", "quote", "start", "end", "outlet", "url", "modality")


@lru_cache(maxsize=4096)
def _listed(text: str) -> tuple[str, ...]:
    """A list of words in JSON: the same few stand in most rows."""
    return tuple(json.loads(text))


def project_row(row: sqlite3.Row) -> ProjectRow:
    fields: dict[str, Any] = dict(zip(OF_PROJECT, row, strict=False))
    fields["titles"], fields["open_roles"] = _listed(fields["titles"]), _listed(fields["open_roles"])
    return ProjectRow(**fields)


def article_row(row: sqlite3.Row) -> ArticleRow:
    names = ("id", "title", "outlet", "url", "day", "published", "clock", "moved", "versions")
    fields: dict[str, Any] = {name: row[name] for name in names}
    fields["sources"] = tuple(json.loads(row["sources"]))
    fields["projects"] = tuple((id_, title) for id_, title in json.loads(row["projects"]))
    return ArticleRow(**fields)


def change_row(row: sqlite3.Row) -> ChangeRow:
    change = Change(**dict(zip(OF_CHANGE, row, strict=False)))
    return ChangeRow(project=row["project"], title=row["p_title"], noted=row["noted"], change=change)


def name_row(row: sqlite3.Row) -> NameRow:
    return NameRow(**{name: row[name] for name in NameRow.__dataclass_fields__})


def evidence(row: sqlite3.Row) -> Evidence:
    """Of a row of a claim (its id as `claim`) with its article's day, outlet and url."""
    return Evidence(**{name: row[name] for name in OF_EVIDENCE}, voice=row["outlet"], makers=makers_of(row))
