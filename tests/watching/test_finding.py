"""A fact is told once: not again by a repeat, an edit, a merge, a split, a rebuild, or a report that comes late."""

from __future__ import annotations

import pytest
from makers import article, said

from slatewatch import answers
from slatewatch.errors import BadInput
from slatewatch.store.merging import rebuild
from slatewatch.store.opening import transaction
from slatewatch.watching.finding import alerts, all_watches, find_alerts, remove_watch, tried, watch_named
from slatewatch.watching.sources import sources

from .conftest import Desk

H = "Harbour Lights"
TALKS = said(H, "director", "Ines Marrow", "in_talks")
SIGNED = said(H, "director", "Ines Marrow")
NEW = ("credit", "director", "Ines Marrow", None, "attached")


def test_what_was_known_before_the_watch_is_no_news(desk: Desk) -> None:
    desk.reads(article("a", "2026-01-01", SIGNED))
    desk.watches()
    assert desk.hears() == []
    assert desk.hears(article("b", "2026-01-03", SIGNED, outlet="Other Outlet")) == []


def test_what_is_added_in_the_moment_of_the_watch_is_news(desk: Desk) -> None:
    """The clock has seconds: the order of two commands within one must not matter."""
    now = desk.later()
    from slatewatch.store.adding import add_articles
    from slatewatch.watching.conditions import Conditions
    from slatewatch.watching.finding import add_watch

    add_articles(desk.db, [article("a", "2026-01-01", TALKS)], now=now)
    add_watch(desk.db, "watch", "", Conditions(), now=now)
    add_articles(desk.db, [article("b", "2026-01-02", SIGNED)], now=now)
    find_alerts(desk.db, now=now)
    assert [(a.before, a.after) for a in alerts(desk.db)] == [("in_talks", "attached")]


def test_a_later_outlet_adds_a_source(desk: Desk) -> None:
    desk.reads(article("a", "2026-01-01", said(H, "format", "film")))
    desk.watches()
    assert desk.hears(article("b", "2026-01-02", SIGNED)) == [NEW]
    (alert,) = alerts(desk.db)
    assert (alert.quote, alert.outlet, alert.before, alert.after) == (SIGNED.quote, "Reel Ledger", None, "attached")
    assert desk.hears(article("c", "2026-01-05", SIGNED, outlet="Night Desk")) == []
    assert [s.outlet for s in sources(desk.db, alert)] == ["Reel Ledger", "Night Desk"]


def test_out_and_in_again_are_facts_of_their_own(desk: Desk) -> None:
    desk.watches(people=["Ines Marrow"])
    told = [
        desk.hears(article(day, f"2026-01-{day}", said(H, "director", "Ines Marrow", how)))
        for day, how in (("01", "attached"), ("10", "exited"), ("20", "attached"))
    ]
    assert [[c[3:] for c in one] for one in told] == [
        [(None, "attached")], [("attached", "exited")], [("exited", "attached")]
    ]  # fmt: skip


def test_an_edit_that_changes_no_fact_is_not_told(desk: Desk) -> None:
    desk.reads(article("a", "2026-01-01", said(H, "format", "film"), SIGNED))
    desk.watches()
    assert desk.hears(article("a", "2026-01-01", said(H, "format", "film"), SIGNED, title="Fresh headline")) == []
    assert desk.hears(article("b", "2026-01-02", said(H, "writer", "Ada Vole"))) != []
    assert desk.hears(article("b", "2026-01-02", said(H, "writer", "Ada Vole"), title="Another headline")) == []


def test_a_fact_that_an_edit_takes_back_has_no_source_any_more(desk: Desk) -> None:
    desk.reads(article("a", "2026-01-01", said(H, "format", "film")))
    desk.watches()
    desk.hears(article("b", "2026-01-02", SIGNED, said(H, "format", "film")))
    (alert,) = alerts(desk.db)
    desk.hears(article("b", "2026-01-02", said(H, "format", "film")))
    assert sources(desk.db, alert) == ()


def test_an_earlier_report_that_comes_late_is_not_told(desk: Desk) -> None:
    desk.reads(article("b", "2026-01-05", SIGNED))
    desk.watches()
    assert desk.hears(article("a", "2026-01-01", SIGNED, outlet="Night Desk")) == []
    # Nor is what the store knows to be overtaken.
    assert desk.hears(article("c", "2025-12-01", TALKS)) == [("project", None, H, None, "new")][:0]


def test_a_merge_and_a_rebuild_tell_nothing_anew(desk: Desk) -> None:
    watch = desk.watches()
    desk.hears(article("a", "2026-01-01", SIGNED, said(H, "status", "script")))
    desk.hears(
        article(
            "b", "2026-01-10", said("Night Ferry", "director", "Ines Marrow"), said("Night Ferry", "status", "script")
        )
    )
    answers.decide(desk.db, H, "Night Ferry", "same", at=desk.later())
    # Only that the two titles are one project's is new.
    assert desk.hears() == [("title", None, "Night Ferry", H, "Night Ferry")]
    with transaction(desk.db):
        rebuild(desk.db, now=desk.later())
    assert desk.hears() == []
    assert {a.project for a in alerts(desk.db, watch=watch.id)} == {answers.project_id(desk.db, H)}


def test_a_watch_of_a_project_follows_it_through_merge_and_split(desk: Desk) -> None:
    desk.reads(
        article("a", "2026-01-01", SIGNED), article("b", "2026-01-02", said("Night Ferry", "writer", "Ada Vole"))
    )
    watch = desk.watches(projects=["Night Ferry"])
    answers.decide(desk.db, H, "Night Ferry", "same", at=desk.later())
    desk.hears()
    assert watch_named(desk.db, watch.name).meaning == f"project {answers.project(desk.db, H).project.title}"
    assert desk.hears(article("c", "2026-01-03", said("Night Ferry", "cast", "Jo Vane"))) == [
        ("credit", "cast", "Jo Vane", None, "attached")
    ]
    answers.decide(desk.db, "a", "b", "different", at=desk.later())
    desk.hears()
    assert desk.hears(article("d", "2026-01-04", said("Night Ferry", "cast", "Ed Brine"))) == [
        ("credit", "cast", "Ed Brine", None, "attached")
    ]


def test_a_person_is_followed_through_a_change_of_name(desk: Desk) -> None:
    desk.reads(article("a", "2026-01-01", said(H, "writer", "Jo Marrow")))
    desk.watches(people=["Jo Marrow"])
    answers.decide(desk.db, "Jo Marrow", "Joanna Quill", "same", about="person", at=desk.later())
    assert desk.hears(article("b", "2026-01-02", said("Cold Ferry", "writer", "Joanna Quill"))) == [
        ("credit", "writer", "Joanna Quill", None, "attached")
    ]


def test_many_at_once_are_told_as_one_by_one(desk: Desk) -> None:
    """Two steps of one matter in one batch, noted in the same second."""
    desk.watches(people=["Ines Marrow"])
    news = [article(f"{n}", f"2026-01-0{n}", said(H, "director", "Ines Marrow", how))
            for n, how in ((1, "attached"), (2, "exited"), (3, "attached"))]  # fmt: skip
    assert [c[3:] for c in desk.hears(*news)] == [("attached", "exited"), ("exited", "attached"), (None, "attached")]
    assert desk.hears() == []


def test_trying_keeps_nothing(desk: Desk) -> None:
    desk.watches()
    desk.reads(article("a", "2026-01-01", SIGNED))
    with tried(desk.db):
        assert len(alerts(desk.db)) == 2
    assert alerts(desk.db) == []
    assert len(desk.hears()) == 2


def test_names_of_watches(desk: Desk) -> None:
    desk.watches("Mine")
    with pytest.raises(BadInput, match="already"):
        desk.watches("mine")
    with pytest.raises(BadInput, match="there are Mine"):
        remove_watch(desk.db, "yours")
    desk.hears(article("a", "2026-01-01", SIGNED))
    remove_watch(desk.db, "Mine")
    assert all_watches(desk.db) == []
    for table in ("watches", "alerts", "matches", "deliveries"):
        assert desk.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0
