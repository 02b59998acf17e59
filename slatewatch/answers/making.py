"""Rows of the store -> records of answers."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from slatewatch.model import Change, Evidence
from slatewatch.store.rows import makers_of

from .records import ArticleRow, ChangeRow, NameRow, ProjectRow


def project_row(row: sqlite3.Row) -> ProjectRow:
    fields: dict[str, Any] = {name: row[f"p_{name}"] for name in ProjectRow.__dataclass_fields__}
    for name in ("titles", "open_roles"):
        fields[name] = tuple(json.loads(fields[name]))
    return ProjectRow(**fields)


def article_row(row: sqlite3.Row) -> ArticleRow:
    names = ("id", "title", "outlet", "url", "day", "published", "clock", "moved", "versions")
    fields: dict[str, Any] = {name: row[name] for name in names}
    fields["sources"] = tuple(json.loads(row["sources"]))
    fields["projects"] = tuple((id_, title) for id_, title in json.loads(row["projects"]))
    return ArticleRow(**fields)


def change_row(row: sqlite3.Row) -> ChangeRow:
    fields = {name: row[name] for name in Change.__dataclass_fields__}
    return ChangeRow(project=row["project"], title=row["p_title"], noted=row["noted"], change=Change(**fields))


def name_row(row: sqlite3.Row) -> NameRow:
    return NameRow(**{name: row[name] for name in NameRow.__dataclass_fields__})


def evidence(row: sqlite3.Row) -> Evidence:
    """Of a row of a claim (its id as `claim`) with its article's day, outlet and url."""
    names = ("claim", "article", "day", "quote", "start", "end", "outlet", "url", "modality")
    return Evidence(**{name: row[name] for name in names}, voice=row["outlet"], makers=makers_of(row))
