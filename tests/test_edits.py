"""Edited articles: every version keeps its claims, and what an edit brought and dropped shows."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from conftest import Run
from makers import article, said
from test_store import add, dump

from slatewatch import answers
from slatewatch.answers.noting import rule
from slatewatch.model import Claim
from slatewatch.store import open_store

H = "Harbour Lights"
M = "Ines Marrow"
OLD = article("a", "2020-01-01", said(H, "director", M), said(H, "cast", "Ada Vole"), modified="2020-01-01")
NEW = article("a", "2020-01-01", said(H, "director", M, "in_talks"), said(H, "cast", "Ada Vole"), more="Corrected.",
              modified="2020-01-03")  # fmt: skip
LAST = article("a", "2020-01-01", said(H, "director", M, "in_talks"), more="Corrected again.", modified="2020-01-05")


def lines(claims: tuple[Claim, ...]) -> list[tuple[str | None, str | None]]:
    return [(claim.value, claim.modality) for claim in claims]


def test_each_version_shows_what_it_brought_and_dropped(db: sqlite3.Connection) -> None:
    add(db, OLD)
    assert answers.edits(db) == []
    add(db, NEW, now="2026-02-01T00:00:00")
    add(db, LAST, now="2026-03-01T00:00:00")
    first, second, third = answers.article(db, "a").versions
    assert (first.brought, first.dropped) == ((), ())
    assert (lines(second.brought), lines(second.dropped)) == ([(M, "in_talks")], [(M, "attached")])
    assert (lines(third.brought), lines(third.dropped)) == ([], [("Ada Vole", "attached")])
    assert [edit.version.hash for edit in answers.edits(db)] == [third.hash, second.hash]
    assert [edit.version.hash for edit in answers.edits(db, since="2026-02-15")] == [third.hash]
    assert len(answers.edits(db, limit=1)) == 1


def test_versions_in_any_order_tell_the_same(tmp_path: Path) -> None:
    found = []
    for name, order in (("forth", (OLD, NEW)), ("back", (NEW, OLD))):
        store = open_store(tmp_path / f"{name}.db", write=True)
        for read in order:
            add(store, read)
        found.append(dump(store)["version_claims"])
        assert lines(answers.article(store, "a").versions[1].dropped) == [(M, "attached")]
        store.close()
    assert found[0] == found[1]


def test_a_change_of_words_alone_changes_no_claim(db: sqlite3.Connection) -> None:
    add(db, OLD)
    add(db, article("a", "2020-01-01", said(H, "cast", "Ada Vole"), said(H, "director", M), modified="2020-01-02"))
    (edit,) = answers.edits(db)
    assert (edit.version.brought, edit.version.dropped) == ((), ())


def test_edits_of_a_project_are_those_of_its_articles(db: sqlite3.Connection, run: Run, tmp_path: Path) -> None:
    beacon = article("b", "2020-01-01", said("Beacon", "director", "Uma Roe"), modified="2020-01-01")
    add(db, OLD, beacon)
    add(db, NEW, article("b", "2020-01-01", said("Beacon", "director", "Uma Roe"), more="New.", modified="2020-01-02"))
    store = ("--db", tmp_path / "slate.db")
    assert {row["article"]["id"] for row in run(*store, "edits", "--json").lines} == {"a", "b"}  # type: ignore[index]
    table = run(*store, "edits", H)
    assert (table.code, "dropped" in table.out, "Corrected" in table.out) == (0, True, False)
    assert run(*store, "edits", "Nothing Known").code == 2
    assert "no article was edited" in run(*store, "edits", "--since", "2030-01-01").err


def test_a_ruling_holds_for_the_present_version(db: sqlite3.Connection) -> None:
    add(db, OLD)
    add(db, NEW)
    (claim,) = [c.claim for c in answers.article(db, "a").claims if c.claim.role == "director"]
    rule(db, "a", claim.id, "reject", by="tester")
    last = answers.article(db, "a").versions[-1]
    assert (last.brought, lines(last.dropped)) == ((), [(M, "attached")])
