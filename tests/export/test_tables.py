"""CSV, Parquet and JSON Lines, read by other programs: DuckDB, polars, the csv module, msgspec."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Callable
from pathlib import Path

import duckdb
import msgspec
import polars as pl
import pytest

from slatewatch import answers
from slatewatch.export import TABLES
from slatewatch.export.job import Table
from slatewatch.export.tables import COLUMNS
from slatewatch.model import Project

from .conftest import Export, exported
from .hostile import NAME, TITLE, hostile

LANTERN = "The Lantern Keepers"


@pytest.mark.parametrize("table", TABLES)
def test_duckdb_and_polars_read_the_same_from_parquet_and_csv(table: Table, export_of: Export, tmp_path: Path) -> None:
    files = {}
    for name in ("parquet", "csv"):
        files[name] = tmp_path / f"{table}.{name}"
        files[name].write_bytes(export_of(name, table=table)[0])
    frame = pl.read_parquet(files["parquet"])
    assert frame.columns == [name for name, _ in COLUMNS[table]]
    assert frame.height > 5
    with duckdb.connect() as db:
        rows = db.execute("SELECT * FROM read_parquet(?)", [str(files["parquet"])]).fetchall()
        assert rows == [tuple(row) for row in frame.rows()]
        lines = db.execute("SELECT * FROM read_csv(?, all_varchar=true)", [str(files["csv"])]).fetchall()
    assert len(lines) == len(rows)
    # Where CSV has text, so has Parquet, and the same.
    texts = [at for at, (_, kind) in enumerate(COLUMNS[table]) if kind == "text"]
    assert [[line[at] for at in texts] for line in lines] == [[row[at] or None for at in texts] for row in rows]


def test_the_values_are_those_of_the_records(export_of: Export, db: sqlite3.Connection) -> None:
    body, job = export_of("parquet", LANTERN)
    frame = pl.read_parquet(io.BytesIO(body))
    record = answers.project(db, LANTERN).project
    directors = frame.filter((pl.col("role") == "director") & (pl.col("kind") == "credit"))
    assert set(directors.select("value", "modality").rows()) == {
        (s.value, s.modality) for s in record.current if s.role == "director"
    }
    assert set(frame.filter(pl.col("kind") == "open_role")["role"]) == {post.role for post in record.posts}
    assert frame.height == len(record.current) + len(record.posts)
    assert job.projects == 1


def test_every_quote_of_the_evidence_is_in_its_article(export_of: Export, db: sqlite3.Connection) -> None:
    frame = pl.read_parquet(io.BytesIO(export_of("parquet", table="evidence")[0]))
    for row in frame.rows(named=True):
        words = answers.article(db, row["article"]).article.words
        assert words[row["start"] : row["end"]] == row["quote"]


def test_json_lines_are_whole_records(export_of: Export, db: sqlite3.Connection) -> None:
    body, job = export_of("jsonl")
    read = [msgspec.json.decode(line, type=Project) for line in body.splitlines()]
    assert read == list(answers.projects_whole(db))
    assert job.projects == len(read) > 3


def test_as_of_a_day_nothing_later_is_told(export_of: Export) -> None:
    body, _ = export_of("parquet", table="evidence", as_of="2025-12-31")
    days = pl.read_parquet(io.BytesIO(body))["day"]
    assert max(days) <= "2025-12-31"
    assert len(days)
    assert export_of("jsonl", as_of="1999-01-01")[0] == b""


def test_a_formula_is_text_for_a_spreadsheet_and_itself_in_parquet(store_of: Callable[..., sqlite3.Connection]) -> None:
    db = store_of(hostile())
    rows = list(csv.DictReader(io.StringIO(exported(db, "csv")[0].decode())))
    assert {row["title"] for row in rows} == {f"'{TITLE}"}
    assert rows[0]["value"] == NAME
    assert next(r["quote"] for r in rows if r["kind"] == "open_role").startswith("'=cmd")
    assert set(pl.read_parquet(io.BytesIO(exported(db, "parquet")[0]))["title"]) == {TITLE}


def test_an_empty_store_gives_a_heading_and_no_rows(store_of: Callable[..., sqlite3.Connection]) -> None:
    db = store_of()
    assert exported(db, "csv")[0].decode().strip() == ",".join(name for name, _ in COLUMNS["values"])
    assert pl.read_parquet(io.BytesIO(exported(db, "parquet")[0])).shape == (0, len(COLUMNS["values"]))
    assert exported(db, "jsonl")[0] == b""
