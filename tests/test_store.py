"""The store: what it keeps and refuses, and that reading twice, in another order or cut short does not show in it."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from makers import Read, article, said
from test_projects_identity import worlds

from slatewatch import answers
from slatewatch.errors import BadInput, StoreError
from slatewatch.model import COMPANY_ROLES, CREDIT_ROLES, FORMATS, KINDS, MODALITIES, SOURCE_WORKS, STATUSES
from slatewatch.store import open_store, transaction
from slatewatch.store.adding import add_articles
from slatewatch.store.merging import rebuild

H = "Harbour Lights"
M = "Ines Marrow"
A = article("a", "2020-01-01", said(H, "director", M), said(H, "studio", "Lantern Yard"))
B = article("b", "2020-02-01", said(H, "cast", "Ada Vole"), said("Beacon", "director", M), outlet="Dolly Weekly")

#: Columns that tell of the reading and not of what was read; tables that number their rows, or lead on from lost ids.
CLOCKS = {"first_seen", "noted", "n"}
LEFT_OUT = {"redirects"}


def dump(db: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Every table's rows, without what may differ between two readings of the same articles."""
    names = [
        row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%STRICT%'")
    ]
    found = {}
    for name in sorted(set(names) - LEFT_OUT):
        columns = [row[1] for row in db.execute(f"PRAGMA table_info({name})") if row[1] not in CLOCKS]
        found[name] = sorted((tuple(row) for row in db.execute(f"SELECT {', '.join(columns)} FROM {name}")), key=repr)
    return found


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    store = open_store(tmp_path / "slate.db", write=True)
    yield store
    store.close()


def add(db: sqlite3.Connection, *reads: Read, now: str = "2026-01-01T00:00:00") -> dict[str, int]:
    outcomes, bad = add_articles(db, reads, now=now)
    assert not bad
    return {str(outcome): n for outcome, n in outcomes.items()}


def test_the_schema_knows_the_vocabulary_and_no_other_word(db: sqlite3.Connection) -> None:
    sql = db.execute("SELECT sql FROM sqlite_master WHERE name = 'claims'").fetchone()[0]
    for word in {*KINDS, *CREDIT_ROLES, *COMPANY_ROLES, *SOURCE_WORKS, *STATUSES, *FORMATS, *MODALITIES}:
        assert f"'{word}'" in sql
    row = ("1", "a", "credit", "grip", M, "attached", "q", 0, 1, 1.0, "t")
    insert = "INSERT INTO claims (id, article, kind, role, value, modality, quote, start, end, sure, maker) VALUES "
    with pytest.raises(sqlite3.IntegrityError):
        db.execute(f"{insert} ({', '.join('?' * 11)})", row)
    db.execute(f"{insert} ({', '.join('?' * 11)})", (*row[:3], "crew", *row[4:]))


def test_reading_twice_changes_nothing(db: sqlite3.Connection) -> None:
    assert add(db, A, B) == {"new": 2}
    before = dump(db)
    assert add(db, A, B, now="2027-01-01T00:00:00") == {"same": 2}
    assert dump(db) == before


@given(worlds(), st.randoms(use_true_random=False))
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
def test_any_order_one_by_one_together_or_rebuilt_gives_the_same(
    tmp_path_factory: pytest.TempPathFactory, world: list[Read], rng: random.Random
) -> None:
    folder = tmp_path_factory.mktemp("stores")
    together, singly = open_store(folder / "together.db", write=True), open_store(folder / "singly.db", write=True)
    add(together, *world)
    for read in rng.sample(world, len(world)):
        add(singly, read)
    assert dump(singly) == dump(together)
    with transaction(singly):
        rebuild(singly, now="2027-01-01T00:00:00")
    assert dump(singly) == dump(together)
    together.close()
    singly.close()


def test_a_rebuild_keeps_when_changes_were_noted(db: sqlite3.Connection) -> None:
    add(db, A)
    with transaction(db):
        rebuild(db, now="2027-01-01T00:00:00")
    assert {row["noted"] for row in db.execute("SELECT noted FROM changes")} == {"2026-01-01T00:00:00"}


def test_an_edited_article_is_a_new_version_with_a_diff_and_its_claims_are_replaced(db: sqlite3.Connection) -> None:
    add(db, A)
    old_id = answers.project_id(db, H)
    edited = article("a", "2020-01-01", said(H, "director", "Uma Roe"), modified="2020-01-03")
    assert add(db, edited) == {"edited": 1}
    page = answers.article(db, "a")
    assert [v.diff is None for v in page.versions] == [True, False]
    assert f"-{A[0].text}" in (page.versions[1].diff or "")
    assert [c.claim.value for c in page.claims] == ["Uma Roe"]
    assert answers.project_id(db, old_id) == old_id
    assert add(db, A) == {"older": 1}
    assert [c.claim.value for c in answers.article(db, "a").claims] == ["Uma Roe"]
    assert answers.find(db, "lantern yard").quotes == ()


def test_two_versions_in_either_order_give_the_same(tmp_path: Path) -> None:
    old = article("a", "2020-01-01", said(H, "director", M), modified="2020-01-01")
    new = article("a", "2020-01-01", said(H, "director", "Uma Roe"), modified="2020-01-03")
    found = []
    for name, order in (("forth", (old, new)), ("back", (new, old))):
        store = open_store(tmp_path / f"{name}.db", write=True)
        for read in order:
            add(store, read)
        found.append([s.value for s in answers.project(store, H).project.current])
        store.close()
    assert found == [["Uma Roe"], ["Uma Roe"]]


def test_a_moved_publication_date_is_flagged_and_the_earlier_one_counts(db: sqlite3.Connection) -> None:
    add(db, A)
    later = article("a", "2020-03-09", said(H, "director", M), said(H, "studio", "Lantern Yard"))
    assert add(db, later) == {"edited": 1}
    first = answers.project(db, H).project.first
    assert (first.published, first.moved) == ("2020-01-01", "2020-03-09")
    assert add(db, later, A) == {"same": 2}


def test_two_files_of_one_name_are_two_articles_and_one_url_is_one(db: sqlite3.Connection) -> None:
    one = article("index", "2020-01-01", said(H, "director", M), title="One", url="https://reel.example/1")
    two = article("index", "2020-01-02", said("Beacon", "director", M), title="Two", url="https://reel.example/2")
    assert add(db, one, two) == {"new": 2}
    again = article("other", "2020-01-01", said(H, "director", M), title="One", url="https://reel.example/1")
    assert add(db, again) == {"same": 1}


def test_the_id_of_a_mention_that_an_edit_took_away_leads_on(db: sqlite3.Connection) -> None:
    add(db, A, article("c", "2020-03-01", said(H, "cast", "Cy Finch")))
    lost = answers.project_id(db, H)
    add(db, article("a", "2020-01-01", said("Beacon", "cast", "Jo Bray"), modified="2020-02-02"))
    page = answers.project(db, lost)
    assert (page.project.title, page.asked) == (H, lost)
    assert page.project.id != lost


def test_an_older_article_gives_the_project_another_id_and_the_old_one_leads_there(db: sqlite3.Connection) -> None:
    add(db, A)
    old = answers.project_id(db, H)
    add(db, article("z", "2019-12-01", said(H, "director", M)))
    new = answers.project_id(db, H)
    assert new != old
    assert answers.project_id(db, old) == new


def test_a_split_stays_split_whatever_comes_after(db: sqlite3.Connection) -> None:
    c = article("c", "2020-03-01", said(H, "director", M), outlet="Gaffer Gazette")
    add(db, A, c)
    assert answers.counts(db).projects == 1
    answers.decide(db, "a", "c", "different", by="tester", why="the second is a short")
    assert answers.counts(db).projects == 2
    add(db, article("d", "2020-04-01", said(H, "director", M), said(H, "studio", "Lantern Yard")))
    with transaction(db):
        rebuild(db, now="2027-01-01T00:00:00")
    projects = {answers.project_id(db, answers.mention_named(db, name)) for name in ("a", "c")}
    assert len(projects) == 2
    answers.decide(db, "a", "c", "same", by="tester")
    assert answers.counts(db).projects == 1
    assert [d.judgement for d in answers.decisions(db)] == ["different", "same"]


def test_a_decision_on_people_joins_and_parts_them(db: sqlite3.Connection) -> None:
    add(
        db,
        A,
        article("c", "2020-03-01", said(H, "director", "Ina Mar", "exited"), said(H, "writer", "Rob Quill")),
        article("d", "2020-03-02", said(H, "writer", "Robert Quill")),
    )
    answers.decide(db, M, "Ina Mar", "same", about="person", by="tester")
    assert {c.modality for c in answers.person(db, M).credits} == {"exited"}
    writers = [s for s in answers.project(db, H).project.current if s.role == "writer"]
    assert len(writers) == 1
    answers.decide(db, "Rob Quill", "Robert Quill", "different", about="person", by="tester")
    assert len([s for s in answers.project(db, H).project.current if s.role == "writer"]) == 2


def test_a_renaming_told_later_reaches_what_was_stored_before(db: sqlite3.Connection) -> None:
    add(db, article("a", "2020-01-01", said(H, "director", "Jill Vale")))
    add(
        db,
        article(
            "b",
            "2021-01-01",
            said(H, "director", "Joey Vale", "exited"),
            more="Vale, who was known professionally as Jill Vale, has left.",
        ),
    )
    assert [(s.value, s.modality) for s in answers.project(db, H).project.current] == [("Joey Vale", "exited")]
    assert answers.person(db, "Jill Vale").name == "Joey Vale"


BAD = [
    (said(H, "director", M, "hopeful"), "modality"),
    (said(H, "status", "sleeping"), "is none of"),
    (said(H, "release", "2016-13"), "no date"),
    (said(None, "director", M), "of what"),
    (said(H, "director"), "no value"),
]


@pytest.mark.parametrize(("claim", "trouble"), BAD)
def test_a_claim_outside_the_vocabulary_stops_its_article_alone(
    db: sqlite3.Connection, claim: Any, trouble: str
) -> None:
    outcomes, bad = add_articles(db, [A, article("x", "2020-01-01", claim), B])
    assert outcomes == {"new": 2}
    assert [trouble in str(error) and isinstance(error, BadInput) for error in bad] == [True]


def test_what_is_no_store_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="slatewatch add"):
        open_store(tmp_path / "none.db")
    text = tmp_path / "text.db"
    text.write_text("not a database at all, but long enough to have a header of sorts" * 20)
    for write in (False, True):
        with pytest.raises(StoreError, match="not a store"):
            open_store(text, write=write)
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE t (a)")
    other.close()
    with pytest.raises(StoreError, match="not a store"):
        open_store(tmp_path / "other.db", write=True)


def test_a_store_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    open_store(tmp_path / "s.db", write=True).close()
    raw = sqlite3.connect(tmp_path / "s.db")
    raw.execute("PRAGMA user_version = 99")
    raw.close()
    with pytest.raises(StoreError, match="newer"):
        open_store(tmp_path / "s.db", write=True)


def test_readers_see_a_whole_state_while_a_writer_is_at_work(db: sqlite3.Connection, tmp_path: Path) -> None:
    add(db, A)
    reader = open_store(tmp_path / "slate.db")
    db.execute("BEGIN IMMEDIATE")
    db.execute("DELETE FROM projects")
    assert answers.counts(reader).projects == 1
    db.execute("ROLLBACK")
    with pytest.raises(StoreError, match="may not be written"):
        add_articles(reader, [B])
    reader.close()


def test_a_full_disk_is_said_plainly_and_loses_nothing(db: sqlite3.Connection) -> None:
    reads = [
        article(f"f{n}", "2020-01-01", said(f"Film {n} of Many", "director", M), more="word " * 400) for n in range(300)
    ]
    add(db, *reads[:64])
    db.execute(f"PRAGMA max_page_count = {db.execute('PRAGMA page_count').fetchone()[0] + 40}")
    with pytest.raises(StoreError, match="disk is full: free some space"):
        add_articles(db, reads)
    assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert answers.counts(db).articles >= 64
    db.execute("PRAGMA max_page_count = 1000000")
    add(db, *reads)
    assert answers.counts(db).articles == 300


def test_lists_in_the_store_are_json(db: sqlite3.Connection) -> None:
    add(db, A, B)
    assert json.loads(db.execute("SELECT titles FROM projects WHERE title = 'Beacon'").fetchone()[0]) == ["Beacon"]
