"""What each kind of watch is for, and what it is not."""

from __future__ import annotations

import pytest
from makers import article, said

from .conftest import Desk

H, S = "Harbour Lights", "Salt Road"
MARROW = said(H, "director", "Ines Marrow")
GONE = said(H, "director", "Ines Marrow", "exited")


@pytest.fixture(autouse=True)
def known(desk: Desk) -> None:
    """A film at Netflix with a director, and a series elsewhere."""
    desk.reads(
        article("h1", "2026-01-01", MARROW, said(H, "studio", "Netflix"), said(H, "format", "film"),
                said(H, "novel", "The Harbour")),
        article("s1", "2026-01-02", said(S, "showrunner", "Otto Quill"), said(S, "format", "series"),
                said(S, "network", "Lantern Yard")),
    )  # fmt: skip


def test_a_director_open_at_netflix(desk: Desk) -> None:
    desk.watches(open=["director"], companies=["Netflix"])
    assert desk.hears(article("s2", "2026-02-01", said(S, "open director"))) == []
    assert desk.hears(article("h2", "2026-02-02", GONE)) == [("open_role", "director", "director", None, "open")]
    again = said(H, "studio", "Netflix"), said(H, "novel", "The Harbour")
    assert desk.hears(article("h3", "2026-02-03", said(H, "director", "Ada Vole"), *again)) == [
        ("open_role", "director", "director", "open", "filled")
    ]
    assert desk.hears(article("s3", "2026-02-04", said(S, "network", "Netflix"))) == [
        ("company", "network", "Netflix", None, "attached")
    ]


def test_a_person_wherever_they_come_and_go(desk: Desk) -> None:
    desk.watches(people=["Ines Marrow"])
    assert desk.hears(article("h2", "2026-02-01", GONE, said(H, "writer", "Ada Vole"))) == [
        ("credit", "director", "Ines Marrow", "attached", "exited")
    ]
    assert desk.hears(article("n1", "2026-02-02", said("New One", "writer", "Ines Marrow", "in_talks"))) == [
        ("credit", "writer", "Ines Marrow", None, "in_talks")
    ]


def test_a_person_in_a_role(desk: Desk) -> None:
    desk.watches(people=["Otto Quill"], roles=["director"])
    assert desk.hears(article("s2", "2026-02-01", said(S, "writer", "Otto Quill"))) == []
    assert desk.hears(article("s3", "2026-02-02", said(S, "director", "Otto Quill"))) == [
        ("credit", "director", "Otto Quill", None, "attached")
    ]


def test_a_role_at_a_company_is_that_of_anybody(desk: Desk) -> None:
    desk.watches(roles=["writer"], companies=["Netflix"])
    assert desk.hears(article("s2", "2026-02-01", said(S, "writer", "Ada Vole"))) == []
    assert desk.hears(article("h2", "2026-02-01", said(H, "writer", "Ada Vole"), said(H, "cast", "Jo Vane"))) == [
        ("credit", "writer", "Ada Vole", None, "attached")
    ]


def test_a_status_is_told_when_a_project_gets_there(desk: Desk) -> None:
    desk.watches(statuses=["filming"])
    assert desk.hears(article("h2", "2026-02-01", said(H, "status", "script"))) == []
    assert desk.hears(article("h3", "2026-02-02", said(H, "status", "filming"))) == [
        ("status", None, "filming", "script", "filming")
    ]
    assert desk.hears(article("h4", "2026-02-03", said(H, "status", "post_production"))) == []


def test_a_status_in_the_words_of_imdb_and_tmdb(desk: Desk) -> None:
    assert desk.watches("a", statuses=["optioned_property"]).conditions.statuses == ("optioned",)
    assert desk.watches("b", statuses=["In Production"]).conditions.statuses == ("filming",)
    assert desk.watches("c", statuses=["Planned"]).meaning.startswith("status pitch or optioned or treatment")


def test_a_source_work_under_its_short_title(desk: Desk) -> None:
    desk.watches(works=["The Harbour"])
    assert desk.hears(article("h2", "2026-02-01", said(H, "cast", "Jo Vane"))) == [
        ("credit", "cast", "Jo Vane", None, "attached")
    ]
    made = desk.hears(
        article(
            "o1",
            "2026-02-02",
            said("Night Tide", "novel", "The Harbour: A Life"),
            said("Night Tide", "writer", "Ada Vole"),
        )
    )
    assert ("project", None, "Night Tide", None, "new") in made
    assert desk.hears(article("s2", "2026-02-03", said(S, "cast", "Jo Vane"))) == []


def test_formats_and_firmness_narrow_down(desk: Desk) -> None:
    desk.watches(roles=["cast"], formats=["film"], modalities=["attached"])
    news = article(
        "x",
        "2026-02-01",
        said(H, "cast", "Jo Vane", "in_talks"),
        said(H, "cast", "Ada Vole"),
        said(S, "cast", "Ed Brine"),
    )
    assert desk.hears(news) == [("credit", "cast", "Ada Vole", None, "attached")]


def test_a_project_that_nobody_has_heard_of_yet(desk: Desk) -> None:
    watch = desk.watches(projects=["Cold Ferry"])
    assert watch.meaning == "project Cold Ferry"
    assert len(desk.hears(article("c1", "2026-02-01", said("Cold Ferry", "writer", "Ada Vole")))) == 2


def test_of_two_values_of_a_field_either_will_do(desk: Desk) -> None:
    desk.watches(people=["Ada Vole", "Jo Vane"])
    assert len(desk.hears(article("h2", "2026-02-01", said(H, "cast", "Jo Vane"), said(H, "writer", "Ada Vole")))) == 2


def test_two_watches_of_one_fact_are_one_alert(desk: Desk) -> None:
    one, two = desk.watches("one", people=["Ada Vole"]), desk.watches("two", roles=["writer"])
    news = article("h2", "2026-02-01", said(H, "writer", "Ada Vole"))
    assert desk.hears(news) == [("credit", "writer", "Ada Vole", None, "attached")]
    assert desk.hears(watch=one) == desk.hears(watch=two) == []
    from slatewatch.watching.finding import alerts

    assert [a.watches for a in alerts(desk.db)] == [("one", "two")]
