"""What the commands over the store share: opening it, tables on a terminal, JSON and CSV."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import click

from ..spreadsheets import harmless
from ..terminal import printable

#: No cell of a table is longer: the rest is in --json.
CELL = 300


@contextmanager
def opened(settings: dict[str, object], *, write: bool = False) -> Iterator[sqlite3.Connection]:
    """The store that --db names, closed at the end."""
    from ..store import open_store

    with closing(open_store(str(settings["db"]), write=write)) as db:
        yield db


def echo_json(records: Iterable[Any]) -> None:
    """One line of JSON a record."""
    from ..answers.shapes import json_line

    for record in records:
        click.echo(json_line(record))


def echo_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = "", empty: str = "nothing"
) -> None:
    """A table on standard output; on standard error, what it means that there is none."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, title=printable(title) or None, title_justify="left", pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable("" if cell is None else str(cell), limit=CELL)) for cell in row))
    if table.row_count:
        Console(highlight=False).print(table)
    else:
        click.echo(f"slatewatch: {empty}", err=True)


def echo_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Comma-separated lines with a heading. What a spreadsheet would take for a formula gets a quote before it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([harmless("" if cell is None else str(cell)) for cell in row])
    click.echo(out.getvalue().encode(), nl=False)
