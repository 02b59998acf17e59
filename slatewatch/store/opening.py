"""Opening the store: one SQLite file, one writer at a time, any number of readers."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from slatewatch.errors import StoreError

#: In every store's header, so that no other program's file is taken for one: "slat".
APPLICATION = 0x736C6174
#: How long a writer waits for another, in seconds.
PATIENCE = 120.0
#: Statements that a connection keeps ready to run. Python keeps 128 otherwise, and the pages ask more than that.
STATEMENTS = 256
#: Pages of 4 KiB that may wait in the log before they go into the file: the more, the fewer are written twice.
CHECKPOINT = 8000


def _create(db: sqlite3.Connection, script: str = "schema.sql") -> None:
    for statement in _statements(Path(__file__).with_name(script).read_text("utf-8")):
        db.execute(statement)


def _add_notes(db: sqlite3.Connection) -> None:
    _create(db, "notes.sql")


def _add_copies(db: sqlite3.Connection) -> None:
    _create(db, "copies.sql")
    _create(db, "edits.sql")


def _add_feeds(db: sqlite3.Connection) -> None:
    _create(db, "feeds.sql")


def _add_watches(db: sqlite3.Connection) -> None:
    _create(db, "watches.sql")


def _add_identifiers(db: sqlite3.Connection) -> None:
    _create(db, "identifiers.sql")


def _add_makers(db: sqlite3.Connection) -> None:
    _create(db, "makers.sql")


def _order_walks(db: sqlite3.Connection) -> None:
    _create(db, "walks.sql")


#: Step n brings a store of version n to n + 1. Steps are added, never changed.
MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (
    _create, _add_notes, _add_copies, _add_feeds, _add_watches, _add_identifiers, _add_makers, _order_walks,
)  # fmt: skip


def open_store(path: str | Path, *, write: bool = False) -> sqlite3.Connection:
    """The store at `path`; made, or brought to this version, when opened to write. Rows come as sqlite3.Row.

    Raises StoreError where there is no store to read, where the file is not one, or where it cannot be opened.
    """
    file = Path(path)
    if not write and not file.exists():
        raise StoreError(f"there is no store at {file}: `slatewatch add SOURCE...` makes one, --db names another")
    try:
        db = _connect(file, write)
        with told(file):
            _check(db, file, write)
    except BaseException:
        if "db" in locals():
            db.close()
        raise
    return db


def _connect(file: Path, write: bool) -> sqlite3.Connection:
    mode = "rwc" if write else "ro"
    with told(file):
        uri = f"{file.absolute().as_uri()}?mode={mode}"
        db = sqlite3.connect(
            uri, uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=False,
            cached_statements=STATEMENTS,
        )  # fmt: skip
        db.row_factory = sqlite3.Row
    return db


def _check(db: sqlite3.Connection, file: Path, write: bool) -> None:
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("PRAGMA cache_size = -131072")
    db.execute("PRAGMA mmap_size = 4294967296")
    version = db.execute("PRAGMA user_version").fetchone()[0]
    application = db.execute("PRAGMA application_id").fetchone()[0]
    empty = version == 0 and db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    if application != APPLICATION and not (empty and application == 0):
        raise StoreError(f"{file} is not a store of slatewatch: name another file with --db")
    if version > len(MIGRATIONS):
        raise StoreError(f"{file} was made by a newer slatewatch (version {version}): install that one to read it")
    if write:
        _write_ahead(db)
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT}")
        if version < len(MIGRATIONS):
            _migrate(db)
    elif version < len(MIGRATIONS):
        raise StoreError(f"{file} is empty or of an older version: `slatewatch --db {file} add` brings it up to date")


def _write_ahead(db: sqlite3.Connection) -> None:
    """Set the journal to WAL. SQLite does not wait for another process that is doing the same, so this does."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)


def _migrate(db: sqlite3.Connection) -> None:
    with transaction(db):
        # Asked again under the lock: another process may have done it meanwhile.
        version = db.execute("PRAGMA user_version").fetchone()[0]
        for step in MIGRATIONS[version:]:
            step(db)
        db.execute(f"PRAGMA application_id = {APPLICATION}")
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _statements(script: str) -> Iterator[str]:
    """The statements of a script, one by one: executescript would end the transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """One transaction: all of it is kept, or nothing. Waits for another writer."""
    with told():
        db.execute("BEGIN IMMEDIATE")
        try:
            yield
            db.execute("COMMIT")
        except BaseException:
            # Where the disk was full SQLite may have rolled back already.
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise


@contextmanager
def snapshot(db: sqlite3.Connection) -> Iterator[None]:
    """Several questions answered from one moment's state of the store."""
    with told():
        if db.in_transaction:
            yield
            return
        db.execute("BEGIN")
        try:
            yield
        finally:
            if db.in_transaction:
                db.execute("ROLLBACK")


#: What SQLite says -> what to do about it.
TROUBLES = (
    ("is full", "the disk is full: free some space and run the same command again; what was stored before is kept"),
    ("is locked", "another program holds the store: wait until it is done, and run the same command again"),
    ("readonly", "the store may not be written to: change its permissions or name another file with --db"),
    ("unable to open", "the store cannot be opened: is its folder there, and may you read and write in it?"),
    ("not a database", "this file is not a store of slatewatch: name another file with --db"),
    ("malformed", "the store is damaged: restore a copy, or read the articles again into a new file"),
    ("disk i/o", "the disk could not be read or written: is it full, or gone? What was stored before is kept"),
)


@contextmanager
def told(file: Path | None = None) -> Iterator[None]:
    """Turns SQLite's errors into StoreError, in words that say what to do."""
    try:
        yield
    except sqlite3.Error as error:
        name = f"{file}: " if file else ""
        for sign, advice in TROUBLES:
            if sign in str(error).lower():
                raise StoreError(f"{name}{advice} ({error})") from error
        if isinstance(error, sqlite3.ProgrammingError | sqlite3.IntegrityError):
            raise
        raise StoreError(f"{name}the store cannot be used: {error}") from error
