"""The store is a plain SQLite file: DuckDB reads it as it stands."""

from __future__ import annotations

from pathlib import Path

import duckdb
from conftest import ROOT, Run
from duckdb_extensions import import_extension


def test_duckdb_reads_the_store(run: Run, tmp_path: Path) -> None:
    store = tmp_path / "slate.db"
    labelled = sorted((ROOT / "gold" / "stories" / "dev").glob("gambit-*.json"))
    assert run("--db", store, "add", "--claims", *labelled).code == 0
    import_extension("sqlite_scanner")
    with duckdb.connect() as db:
        db.execute("LOAD sqlite_scanner")
        db.execute(f"ATTACH '{store}' AS slate (TYPE sqlite, READ_ONLY)")
        articles = db.execute("SELECT count(*) FROM slate.articles").fetchone()
        kinds = {row[0] for row in db.execute("SELECT DISTINCT kind FROM slate.claims").fetchall()}
    assert articles == (len(labelled),)
    assert {"credit", "company", "status"} <= kinds
