"""A store of the invented world, and what an export of it gives."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from makers import Read
from web.servers import WORLD, build

from slatewatch.export import Job, Options, export
from slatewatch.labelled import labelled
from slatewatch.store import open_store

Export = Callable[..., tuple[bytes, Job]]


@pytest.fixture(scope="session")
def slate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store's file. Not to be written to."""
    return build(tmp_path_factory.mktemp("slate") / "slate.db", list(labelled(str(WORLD))))


@pytest.fixture
def db(slate: Path) -> Iterator[sqlite3.Connection]:
    with_store = open_store(slate)
    yield with_store
    with_store.close()


def exported(db: sqlite3.Connection, name: str, *projects: str, **options: Any) -> tuple[bytes, Job]:
    """What an export writes, and its job."""
    out = io.BytesIO()
    job = export(db, name, out, projects, Options(**options))
    return out.getvalue(), job


@pytest.fixture
def export_of(db: sqlite3.Connection) -> Export:
    """`export_of("csv", "The Lantern Keepers")` from the invented world."""
    return lambda name, *projects, **options: exported(db, name, *projects, **options)


@pytest.fixture
def store_of(tmp_path: Path) -> Iterator[Callable[..., sqlite3.Connection]]:
    """A store of these articles alone."""
    opened: list[sqlite3.Connection] = []

    def made(*articles: Read) -> sqlite3.Connection:
        path = build(tmp_path / f"{len(opened)}.db", list(articles))
        opened.append(open_store(path))
        return opened[-1]

    yield made
    for one in opened:
        one.close()
