"""docs/store.md: the tables it names are the store's, and its five queries run."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from makers import article, said

from slatewatch.store import open_store
from slatewatch.store.adding import add_articles

H = "Harbour Lights"


@pytest.fixture
def doc(root: Path) -> str:
    return (root / "docs/store.md").read_text("utf-8")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    store = open_store(tmp_path / "slate.db", write=True)
    add_articles(store, [
        article("a", "2020-01-01", said(H, "director", "Ines Marrow", "exited"), said(H, "writer", "Otto Quill"),
                said(H, "cast", "Ada Vole"), said(H, "format", "film"), said(H, "open director")),
    ])  # fmt: skip
    yield store
    store.close()


def test_the_five_queries_run_and_find_something(doc: str, db: sqlite3.Connection) -> None:
    queries = re.findall(r"```sql\n(.*?)```", doc, re.DOTALL)
    assert len(queries) == 5
    for query in queries:
        assert db.execute(query).fetchall(), query


def test_every_table_is_described(doc: str, db: sqlite3.Connection) -> None:
    script = (Path(__file__).parents[1] / "slatewatch/store/schema.sql").read_text("utf-8")
    for name in re.findall(r"CREATE (?:VIRTUAL )?TABLE (\w+)", script):
        assert f"`{name}`" in doc, name
    for name in re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", doc, re.MULTILINE):
        for table in re.findall(r"\w+", name):
            db.execute(f"SELECT * FROM {table} LIMIT 1")
