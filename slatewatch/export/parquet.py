"""Parquet: typed columns, lists as lists, values as they are. Minds `table`. Needs pyarrow."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from typing import Any

from slatewatch.model import Project

from .job import Job
from .libraries import library
from .tables import COLUMNS, ROWS, Row

#: Rows that wait in memory before they are written as one group.
GROUP = 50_000


def write(projects: Iterable[Project], job: Job) -> None:
    pa: Any = library("pyarrow")
    pq: Any = library("pyarrow.parquet")
    kinds = {"text": pa.string(), "list": pa.list_(pa.string()), "integer": pa.int64(), "flag": pa.bool_()}
    schema = pa.schema([(name, kinds[kind]) for name, kind in COLUMNS[job.options.table]])
    # A pipe cannot be gone back in, which the format's writer may want.
    with tempfile.TemporaryFile() as file:
        with pq.ParquetWriter(file, schema, compression="zstd") as writer:
            rows: list[Row] = []
            for project in projects:
                rows.extend(ROWS[job.options.table](project))
                if len(rows) >= GROUP:
                    writer.write_table(_table(pa, schema, rows))
                    rows.clear()
            writer.write_table(_table(pa, schema, rows))
        file.seek(0)
        shutil.copyfileobj(file, job.out)


def _table(pa: Any, schema: Any, rows: list[Row]) -> Any:
    columns = zip(*rows, strict=True) if rows else ([] for _ in schema)
    return pa.table([pa.array(list(map(_plain, c)), f.type) for c, f in zip(columns, schema, strict=True)], schema)


def _plain(value: Any) -> Any:
    """Without halves of characters, which no UTF-8 can hold."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    return [_plain(part) for part in value] if isinstance(value, list) else value
