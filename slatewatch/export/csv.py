"""CSV by RFC 4180: a heading, lists joined by "; ", formulas made harmless. Minds `table`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from slatewatch.model import Project
from slatewatch.spreadsheets import harmless

from .job import Job
from .tables import COLUMNS, ROWS, Row


def write(projects: Iterable[Project], job: Job) -> None:
    columns, rows_of = COLUMNS[job.options.table], ROWS[job.options.table]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([name for name, _ in columns])
    for project in projects:
        writer.writerows(map(_cells, rows_of(project)))
        job.out.write(text.getvalue().encode("utf-8", "replace"))
        text.seek(0)
        text.truncate()
    job.out.write(text.getvalue().encode("utf-8", "replace"))


def _cells(row: Row) -> list[str]:
    return [_cell(value) for value in row]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    # A number is ours and stays one; only text may come from a stranger.
    if isinstance(value, int):
        return str(value)
    return harmless("; ".join(value) if isinstance(value, list) else str(value))
