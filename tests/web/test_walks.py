"""Lists are gone through by an index, page by page, and filters leave nothing out."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from slatewatch import answers
from slatewatch.answers import browsing
from slatewatch.answers.overview import collaborators
from slatewatch.store import opening
from slatewatch.store.opening import open_store


@pytest.fixture
def db(world: Path) -> Iterator[sqlite3.Connection]:
    made = open_store(world)
    yield made
    made.close()


QUESTIONS: dict[str, Callable[[sqlite3.Connection], object]] = {
    "person": lambda db: answers.person(db, "Pia Dorran"),
    "company": lambda db: answers.company(db, "Quillfeather Pictures"),
    "works with": lambda db: collaborators(db, answers.person(db, "Pia Dorran")),
    "people": lambda db: browsing.names_after(db, "person", "m"),
    "companies": lambda db: browsing.names_after(db, "company", "m"),
    "project": lambda db: answers.project(db, "The Lantern Keepers"),
    "article": lambda db: answers.article(db, "lantern-4"),
    "feed": lambda db: browsing.browse(db, browsing.Wanted(), ("2026-01-01", "")),
    "feed by role": lambda db: browsing.browse(db, browsing.Wanted(role="director"), ("2026-01-01", "")),
    "feed by status": lambda db: browsing.browse(db, browsing.Wanted(status="filming", format="film")),
    "search": lambda db: answers.find(db, "lantern kee"),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_page_reads_a_whole_table(db: sqlite3.Connection, name: str) -> None:
    asked: list[str] = []
    db.set_trace_callback(asked.append)
    QUESTIONS[name](db)
    db.set_trace_callback(None)
    # The search's own bookkeeping is SQLite's.
    questions = {one for one in asked if one.startswith("SELECT") and not re.search(r"FROM 'main'|_words_", one)}
    assert questions
    for question in questions:
        steps = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {question}")]
        inner = {step.split()[1] for step in steps if step.startswith(("MATERIALIZE", "CO-ROUTINE"))}
        scans = [re.match(r"SCAN (\w+)(.*)", step) for step in steps]
        whole = [m[0] for m in scans if m and m[1] not in {*inner, "CONSTANT"} and not re.search("INDEX|VIRTUAL", m[2])]
        assert not whole, question
        assert not [step for step in steps if step.endswith("credits_by_key (kind=?)")], question


def everything(db: sqlite3.Connection, wanted: browsing.Wanted, limit: int) -> list[str]:
    """Ids of all that fits, page by page."""
    found: list[str] = []
    place: browsing.Place | None = browsing.END_OF_TIME
    while place is not None:
        page = browsing.browse(db, wanted, place, limit=limit)
        assert page.next != place
        place = page.next
        found += [item.article.id for item in page.items]
    return found


@pytest.mark.parametrize(
    "wanted",
    [
        browsing.Wanted(role="director"),
        browsing.Wanted(modality="exited"),
        browsing.Wanted(status="filming", role="cast"),
        browsing.Wanted(outlet="Backlot Gazette", format="film"),
        browsing.Wanted(role="editor"),
    ],
)
@pytest.mark.parametrize(("window", "limit"), [(600, 15), (12, 2), (11, 1), (40, 100)])
def test_a_filter_finds_all_that_fits_however_far_it_looks_at_a_time(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, wanted: browsing.Wanted, window: int, limit: int
) -> None:
    monkeypatch.setattr(browsing, "WINDOW", window)
    columns = {
        "role": "c.role",
        "modality": "c.after",
        "outlet": "a.outlet",
        "format": "p.format",
        "status": "p.status",
    }
    asked = wanted.asked()
    where = " AND ".join(f"{columns[name]} = ?" for name in asked)
    fits = db.execute(
        "SELECT DISTINCT c.article, c.day FROM changes c JOIN projects p ON p.id = c.project "
        f"JOIN articles a ON a.id = c.article WHERE {where} ORDER BY c.day DESC, c.article", [*asked.values()],
    ).fetchall()  # fmt: skip
    found = everything(db, wanted, limit)
    assert found == [row[0] for row in fits]


def test_a_store_of_before_is_brought_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "old.db"
    step = opening.MIGRATIONS.index(opening._order_walks)
    monkeypatch.setattr(opening, "MIGRATIONS", opening.MIGRATIONS[:step])
    open_store(path, write=True).close()
    monkeypatch.undo()
    db = open_store(path, write=True)
    made = {row[0]: row[1] for row in db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index'")}
    db.close()
    assert "kind, key" in made["credits_by_key"]
    assert "day DESC, article" in made["changes_by_day"]
    assert "claims_by_object" in made
