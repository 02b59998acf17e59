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
OF_PROJECT = tuple((name, f"p_{name}") for name in ProjectRow.__dataclass_fields__)
OF_CHANGE = tuple(Change.__dataclass_fields__)
OF_EVIDENCE = ("claim", "article", "day", "quote", "start", "end", "outlet", "url", "modality")


@lru_cache(maxsize=4096)
def _listed(text: str) -> tuple[str, ...]:
    """A list of words in JSON: the same few stand in most rows."""
    return tuple(json.loads(text))


def project_row(row: sqlite3.Row) -> ProjectRow:
    fields: dict[str, Any] = {name: row[column] for name, column in OF_PROJECT}
    fields["titles"], fields["open_roles"] = _listed(fields["titles"]), _listed(fields["open_roles"])
    return ProjectRow(**fields)


def article_row(row: sqlite3.Row) -> ArticleRow:
    names = ("id", "title", "outlet", "url", "day", "published", "clock", "moved", "versions")
    fields: dict[str, Any] = {name: row[name] for name in names}
    fields["sources"] = tuple(json.loads(row["sources"]))
    fields["projects"] = tuple((id_, title) for id_, title in json.loads(row["projects"]))
    return ArticleRow(**fields)


def change_row(row: sqlite3.Row) -> ChangeRow:
    fields = {name: row[name] for name in OF_CHANGE}
    return ChangeRow(project=row["project"], title=row["p_title"], noted=row["noted"], change=Change(**fields))


def name_row(row: sqlite3.Row) -> NameRow:
    return NameRow(**{name: row[name] for name in NameRow.__dataclass_fields__})


def evidence(row: sqlite3.Row) -> Evidence:
    """Of a row of a claim (its id as `claim`) with its article's day, outlet and url."""
    return Evidence(**{name: row[name] for name in OF_EVIDENCE}, voice=row["outlet"], makers=makers_of(row))
