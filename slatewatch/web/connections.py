"""Connections to the store: a few that can only read, kept open; one to write, opened for the moment it is needed."""

from __future__ import annotations

import os
import queue
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from slatewatch.errors import StoreError
from slatewatch.store import open_store

#: Pages that one connection keeps, in KiB: the file itself is mapped into memory besides.
CACHE_KIB = 2_048


class Connections:
    """At most `readers` connections to read with, opened when first needed. Waits for one where all are in use."""

    def __init__(self, store: Path, readers: int) -> None:
        self.store = store
        self._idle: queue.LifoQueue[tuple[int, sqlite3.Connection] | None] = queue.LifoQueue()
        self._watching: tuple[int, sqlite3.Connection] | None = None
        for _ in range(readers):
            self._idle.put(None)

    def state(self) -> tuple[int, int] | None:
        """What is another pair of numbers as soon as anything was written to the store; None where it cannot be told.

        Takes microseconds and waits for nobody. For one thread: the connection it asks is no reader's.
        """
        try:
            file = _identity(self.store)
            if self._watching is None or self._watching[0] != file:
                self._stop_watching()
                db = open_store(self.store)
                db.execute("PRAGMA busy_timeout = 0")
                db.execute("PRAGMA cache_size = 0")
                self._watching = (file, db)
            return file, self._watching[1].execute("PRAGMA data_version").fetchone()[0]
        except (StoreError, sqlite3.Error):
            return None

    def _stop_watching(self) -> None:
        if self._watching is not None:
            self._watching[1].close()
            self._watching = None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that cannot write. Raises StoreError where the store has gone or cannot be read."""
        kept = self._idle.get()
        try:
            file = _identity(self.store)
            if kept is None or kept[0] != file:
                # Another file now stands under this name: what was open is of the old one.
                if kept is not None:
                    kept[1].close()
                    kept = None
                db = open_store(self.store)
                db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
                kept = (file, db)
            yield kept[1]
        finally:
            self._idle.put(kept)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        with closing(open_store(self.store, write=True)) as db:
            yield db

    def close(self) -> None:
        """Close those that are idle."""
        self._stop_watching()
        while not self._idle.empty():
            kept = self._idle.get()
            if kept is not None:
                kept[1].close()


def _identity(store: Path) -> int:
    """What tells this file from another of its name; 0 where there is none, which open_store then says in words."""
    try:
        return os.stat(store).st_ino
    except OSError:
        return 0
