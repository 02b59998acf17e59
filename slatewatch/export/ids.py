"""Wikidata's ids of projects, people, companies, works, places and outlets: those that the store knows of, and those of
a CSV file that the user brings, which outweigh them.

The file has the columns `kind`, `name` and `id` (others may stand beside them): what `slatewatch export names` writes,
with the ids filled in, by hand or with OpenRefine. A project goes by its id or title.
"""

from __future__ import annotations

import csv
import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from slatewatch.errors import BadInput
from slatewatch.model import Project
from slatewatch.names import company_key, fold, person_key, title_key
from slatewatch.store.items import items

KEYS: dict[str, Callable[[str], str]] = {
    "project": title_key, "person": person_key, "company": company_key, "work": title_key, "place": fold,
    "outlet": fold,
}  # fmt: skip


class ItemIds:
    """kind and name -> item, by the key that spellings of one name share. What the file says is looked at first."""

    def __init__(self, db: sqlite3.Connection, file: Path | None = None) -> None:
        brought = {(kind, KEYS[kind](name)): id_ for kind, name, id_ in (rows(file) if file else ())}
        known: dict[tuple[str, str], str] = {}
        for about, thing, item in items(db):
            # A work is kept by its kind and folded title.
            name = thing.partition(":")[2] or thing if about == "work" else thing
            known[about, KEYS[about](name)] = item
        self._both = (brought, known)

    def of(self, kind: str, *names: str) -> str | None:
        """The item of what goes by any of these names."""
        for ids in self._both:
            for name in names:
                found = ids.get((kind, KEYS[kind](name)))
                if found:
                    return found
        return None

    def project(self, project: Project) -> str | None:
        """The item of a project, by its id first: a title may be another project's too."""
        return self.of("project", project.id, *project.mentions, *project.titles)


def rows(file: Path) -> Iterator[tuple[str, str, str]]:
    """(kind, name, id) of each line that has an id. Raises BadInput for what is no such file."""
    for number, row in table(file, ("kind", "name", "id")):
        kind, name, id_ = (row[column].strip() for column in ("kind", "name", "id"))
        if not id_:
            continue
        # A cell that looked like a formula was written with a quote before it.
        name = name[1:] if re.match(r"'[=+\-@]", name) else name
        id_ = id_.rpartition("/")[2]
        if kind not in KEYS or not re.fullmatch(r"Q[1-9]\d*", id_):
            raise BadInput(
                f"{file}, line {number}: kind is one of {', '.join(KEYS)} and id an item like Q42, "
                f"not {kind[:40]!r} and {id_[:40]!r}"
            )
        yield kind, name, id_


def table(file: Path, needed: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """(line number, cells by column) of a CSV file with a heading that has at least these columns."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines, restval="")
            missing = [name for name in needed if name not in (reader.fieldnames or ())]
            if missing:
                raise BadInput(f"{file}: the heading lacks {', '.join(missing)}; it needs {', '.join(needed)}")
            for row in reader:
                yield reader.line_num, {name: value or "" for name, value in row.items() if isinstance(name, str)}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"{file}: cannot be read as CSV: {error}") from error
