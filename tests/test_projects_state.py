"""The state of a project: last word on each matter, open posts, dates, conflicts, who had it first, stages, history."""

from __future__ import annotations

import pytest
from makers import Read, article, mentions, said

from slatewatch.model import Project
from slatewatch.names import Known
from slatewatch.projects import project_of
from slatewatch.projects.dates import agree, span

H = "Harbour Lights"


def project(*articles: Read, as_of: str | None = None, today: str | None = None, known: Known | None = None) -> Project:
    return project_of(mentions(*articles), known or Known(), as_of=as_of, today=today)


def lines(found: Project) -> set[tuple[str, str, str | None]]:
    return {(s.role or s.kind, s.value, s.modality) for s in found.current}


def posts(found: Project) -> list[tuple[str, str | None, bool]]:
    return [(p.role, p.part, p.stated) for p in found.posts]


def test_the_last_word_on_a_person_counts_and_people_come_back() -> None:
    a = article("a", "2020-01-01", said(H, "director", "Ines Marrow", "in_talks"))
    b = article("b", "2020-03-01", said(H, "director", "Ines Marrow"))
    c = article("c", "2020-06-01", said(H, "director", "Ines Marrow", "exited"))
    d = article("d", "2021-06-01", said(H, "director", "Ines Marrow"))
    assert lines(project(a, b, c)) == {("director", "Ines Marrow", "exited")}
    back = project(d, c, b, a)
    assert lines(back) == {("director", "Ines Marrow", "attached")}
    assert (back.current[0].since, back.current[0].confirmed) == ("2021-06-01", "2021-06-01")
    assert [(c.before, c.after) for c in back.changes if c.kind == "credit"] == [
        (None, "in_talks"),
        ("in_talks", "attached"),
        ("attached", "exited"),
        ("exited", "attached"),
    ]


def test_as_of_shows_what_was_known_that_day() -> None:
    a = article("a", "2020-01-01", said(H, "director", "Ines Marrow"))
    b = article("b", "2021-01-01", said(H, "director", "Ines Marrow", "exited"))
    assert lines(project(a, b, as_of="2020-12-31")) == {("director", "Ines Marrow", "attached")}
    assert project(a, b, as_of="2020-12-31").id == project(a, b).id
    with pytest.raises(ValueError, match="nothing was said"):
        project(a, b, as_of="2019-12-31")


def test_forms_of_a_name_are_one_person_and_a_surname_is_not() -> None:
    a = article("a", "2020-01-01", said(H, "writer", "Rob Quill"), said(H, "producer", "Avi Quill"))
    b = article("b", "2020-02-01", said(H, "writer", "Robert Quill", "exited"), said(H, "producer", "Yari Quill"))
    assert lines(project(a, b)) == {
        ("writer", "Robert Quill", "exited"),
        ("producer", "Avi Quill", "attached"),
        ("producer", "Yari Quill", "attached"),
    }


def test_a_change_of_name_carries_the_credits_along() -> None:
    a = article("a", "2020-01-01", said(H, "director", "Jill Vale"))
    b = article("b", "2021-01-01", said(H, "director", "Joey Vale", "exited"))
    known = Known(same={"jill vale": "jill vale", "joey vale": "jill vale"})
    assert lines(project(a, b, known=known)) == {("director", "Joey Vale", "exited")}


def test_names_told_apart_stay_apart() -> None:
    a = article("a", "2020-01-01", said(H, "writer", "Rob Quill"))
    b = article("b", "2020-02-01", said(H, "writer", "Robert Quill"))
    assert len(lines(project(a, b, known=Known(apart=frozenset({("rob quill", "robert quill")}))))) == 2


def test_a_studio_that_changes_stands_as_exited_under_its_fullest_name() -> None:
    a = article("a", "2020-01-01", said(H, "studio", "Copper Gate Pictures"))
    b = article("b", "2020-02-01", said(H, "studio", "Copper Gate", "exited"), said(H, "studio", "Lantern Yard"))
    assert lines(project(a, b)) == {
        ("studio", "Copper Gate Pictures", "exited"),
        ("studio", "Lantern Yard", "attached"),
    }


def test_a_vaguer_format_takes_nothing_back_and_another_does() -> None:
    a = article("a", "2020-01-01", said(H, "format", "limited_series"))
    assert lines(project(a, article("b", "2020-02-01", said(H, "format", "series")))) == {
        ("format", "limited_series", None)
    }
    assert lines(project(a, article("b", "2020-02-01", said(H, "format", "film")))) == {("format", "film", None)}


def test_source_works_join_over_subtitle_and_vaguer_kind() -> None:
    a = article("a", "2020-01-01", said(H, "book", "Tides: A Life", creators=("Nell Ash",)))
    b = article("b", "2020-02-01", said(H, "memoir", "Tides", year=1999))
    (only,) = project(a, b).current
    assert (only.role, only.value, only.creators, only.year) == ("memoir", "Tides: A Life", ("Nell Ash",), 1999)


def test_a_repeat_of_another_outlet_confirms_nothing() -> None:
    a = article("a", "2020-01-01", said(H, "director", "Ines Marrow"), outlet="Gaffer Gazette")
    b = article(
        "b",
        "2020-01-05",
        said(H, "director", "Ines Marrow"),
        said(None, "source", "Gaffer Gazette"),
        outlet="Dolly Weekly",
    )
    (line,) = project(a, b).current
    assert (line.confirmed, line.outlet, line.voices, len(line.evidence)) == ("2020-01-01", "Gaffer Gazette", 1, 2)
    own = article("c", "2020-01-06", said(H, "director", "Ines Marrow"), outlet="Reel Ledger")
    (line,) = project(a, b, own).current
    assert (line.confirmed, line.outlet, line.voices) == ("2020-01-06", "Reel Ledger", 2)


OPEN = article("a", "2020-01-01", said(H, "open director"))


@pytest.mark.parametrize(
    ("state", "left"),
    [("attached", []), ("in_talks", [("director", None, True)]), ("interest", [("director", None, True)])],
)
def test_only_who_is_attached_fills_a_post(state: str, left: list[object]) -> None:
    assert posts(project(OPEN, article("b", "2020-02-01", said(H, "director", "Ines Marrow", state)))) == left


def test_a_post_is_open_when_its_last_holder_leaves_and_closed_by_the_next() -> None:
    a = article("a", "2020-01-01", said(H, "director", "Ines Marrow"), said(H, "director", "Uma Roe"))
    b = article("b", "2020-02-01", said(H, "director", "Ines Marrow", "exited"))
    c = article("c", "2020-03-01", said(H, "director", "Uma Roe", "exited"))
    d = article("d", "2020-04-01", said(H, "director", "Kit Moss"))
    assert posts(project(a, b)) == []
    assert posts(project(a, b, c)) == [("director", None, False)]
    assert posts(project(a, b, c, d)) == []
    steps = [(x.day, x.after) for x in project(a, b, c, d).changes if x.kind == "open_role"]
    assert steps == [("2020-03-01", "open"), ("2020-04-01", "filled")]


def test_a_director_replaced_long_ago_holds_no_post() -> None:
    a = article("a", "2015-01-01", said(H, "director", "Ines Marrow"))
    b = article("b", "2018-01-01", said(H, "director", "Uma Roe"))
    c = article("c", "2019-01-01", said(H, "director", "Uma Roe", "exited"))
    assert posts(project(a, b, c)) == [("director", None, False)]
    together = article("b", "2018-01-01", said(H, "director", "Uma Roe"), said(H, "director", "Ines Marrow"))
    assert posts(project(a, together, c)) == []


def test_a_later_word_that_the_director_stays_fills_the_post() -> None:
    a = article("a", "2019-06-01", said(H, "director", "Ines Marrow"))
    assert posts(project(a, OPEN, article("b", "2020-02-01", said(H, "director", "Ines Marrow")))) == []


def test_a_part_left_is_open_until_it_is_recast() -> None:
    a = article(
        "a", "2020-01-01", said(H, "cast", "Ada Vole", character="Nell"), said(H, "cast", "Cy Finch", character="Tom")
    )
    b = article("b", "2020-02-01", said(H, "cast", "Ada Vole", "exited"))
    assert posts(project(a, b)) == [("cast", "Nell", False)]
    other = article("c", "2020-03-01", said(H, "cast", "Jo Bray", character="Aunt May"))
    assert posts(project(a, b, other)) == [("cast", "Nell", False)]
    assert (
        posts(project(a, b, other, article("d", "2020-04-01", said(H, "cast", "Kit Moss", character="Nell Ash")))) == []
    )
    recast = article(
        "b", "2020-02-01", said(H, "cast", "Ada Vole", "exited"), said(H, "cast", "Kit Moss", character="Nell")
    )
    assert posts(project(a, recast)) == []


def test_an_exit_with_the_project_s_death_opens_nothing_and_what_was_open_stays() -> None:
    a = article("a", "2020-01-01", said(H, "director", "Ines Marrow"), said(H, "open cast"))
    b = article("b", "2020-02-01", said(H, "status", "cancelled"), said(H, "director", "Ines Marrow", "exited"))
    assert posts(project(a, b)) == [("cast", None, True)]


def test_a_shoot_fills_the_posts_that_it_cannot_begin_without() -> None:
    b = article("b", "2020-06-01", said(H, "status", "filming"))
    assert posts(project(OPEN, b)) == []
    assert (
        posts(project(OPEN, article("b", "2020-06-01", said(H, "status", "filming"), said(H, "open director")))) != []
    )


def dates(found: Project) -> dict[str | None, str]:
    return {s.role: s.value for s in found.current if s.kind == "date"}


def test_a_missed_date_is_dropped_and_a_slipped_one_replaced() -> None:
    a = article("a", "2020-01-01", said(H, "start", "2020-05"), said(H, "release", "2021-03"))
    assert dates(project(a)) == {"start": "2020-05", "release": "2021-03"}
    late = article("b", "2020-09-01", said(H, "status", "pre_production"), said(H, "start", "2021-02"))
    assert dates(project(a, late)) == {"start": "2021-02", "release": "2021-03"}
    assert dates(project(a, article("b", "2020-09-01", said(H, "status", "script")))) == {"release": "2021-03"}
    assert dates(project(a, article("b", "2020-03-01", said(H, "status", "cancelled")))) == {}
    assert dates(project(a, article("b", "2020-06-01", said(H, "status", "filming"))))["start"] == "2020-05"
    assert "start" not in dates(project(a, article("b", "2021-09-01", said(H, "status", "filming"))))


def test_a_date_told_after_it_passed_is_a_fact() -> None:
    a = article("a", "2020-03-01", said(H, "premiere", "2020-01"), said(H, "status", "completed"))
    b = article("b", "2020-09-01", said(H, "status", "completed"))
    assert dates(project(a, b)) == {"premiere": "2020-01"}


def test_a_coarser_date_that_agrees_takes_nothing_back() -> None:
    a = article("a", "2020-01-01", said(H, "release", "2021-03-05"))
    assert dates(project(a, article("b", "2020-02-01", said(H, "release", "2021-spring")))) == {"release": "2021-03-05"}
    assert dates(project(a, article("b", "2020-02-01", said(H, "release", "2022")))) == {"release": "2022"}


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2016", "2016-01-01", "2016-12-31"),
        ("2016-02", "2016-02-01", "2016-02-29"),
        ("2016-Q4", "2016-10-01", "2016-12-31"),
        ("2016-H1", "2016-01-01", "2016-06-30"),
        ("2016-autumn", "2016-09-01", "2016-11-30"),
        ("2016-06-31", "2016-06-30", "2016-06-30"),
    ],
)
def test_span(value: str, first: str, last: str) -> None:
    assert span(value) == (first, last)
    assert agree(value, value[:4])


def clashes(*articles: Read) -> list[tuple[str, tuple[str, ...]]]:
    return [(c.role, c.values) for c in project(*articles).conflicts]


def one(day: str, outlet: str, *claims: object) -> Read:
    return article(f"{outlet} {day}", day, *claims, outlet=outlet)  # type: ignore[arg-type]


M = "Ines Marrow"
CLASHES = [
    (said(H, "cast", M, "exited"), said(H, "cast", M), 2, ("cast", (f"{M}: exited", f"{M}: attached"))),
    (said(H, "director", M), said(H, "director", M, "in_talks"), 5, ("director", (f"{M}: attached", f"{M}: in_talks"))),
    (said(H, "director", M), said(H, "director", M, "denied"), 400, ("director", (f"{M}: attached", f"{M}: denied"))),
    (said(H, "director", M), said(H, "director", "Uma Roe"), 3, ("director", (M, "Uma Roe"))),
    (
        said(H, "network", "Channel Nine"),
        said(H, "network", "Copper Gate"),
        1,
        ("network", ("Channel Nine", "Copper Gate")),
    ),
    (
        said(H, "cast", M, character="Nell"),
        said(H, "cast", "Uma Roe", character="Nell Ash"),
        3,
        ("cast", (M, "Uma Roe")),
    ),
    (
        said(H, "status", "cancelled"),
        said(H, "status", "pre_production"),
        9,
        ("status", ("cancelled", "pre_production")),
    ),
    (said(H, "format", "film"), said(H, "format", "series"), 9, ("format", ("film", "series"))),
    (said(H, "novel", "Tides"), said(H, "play", "Tides"), 9, ("based_on", ("novel", "play"))),
    (said(H, "novel", "Tides"), said(H, "novel", "Ebb"), 9, ("based_on", ("Tides", "Ebb"))),
    (said(H, "release", "2021-03-05"), said(H, "release", "2021-04-09"), 1, ("release", ("2021-03-05", "2021-04-09"))),
]


@pytest.mark.parametrize(("first", "second", "days", "clash"), CLASHES)
def test_two_outlets_at_one_time_contradict_each_other(first: object, second: object, days: int, clash: object) -> None:
    from datetime import date, timedelta

    later = (date(2020, 1, 1) + timedelta(days=days)).isoformat()
    assert clashes(one("2020-01-01", "Reel Ledger", first), one(later, "Dolly Weekly", second)) == [clash]
    assert clashes(one("2020-01-01", "Reel Ledger", first), one(later, "Reel Ledger", second)) == []


HISTORY = [
    (said(H, "director", M, "in_talks"), said(H, "director", M), 2),
    (said(H, "director", M), said(H, "director", M, "exited"), 2),
    (said(H, "director", M, "exited"), said(H, "director", M), 300),
    (said(H, "director", M), said(H, "director", "Uma Roe"), 200),
    (said(H, "status", "pre_production"), said(H, "status", "filming"), 9),
    (said(H, "status", "cancelled"), said(H, "status", "script"), 400),
    (said(H, "format", "series"), said(H, "format", "limited_series"), 3),
    (said(H, "release", "2021-03-05"), said(H, "release", "2021-04-09"), 60),
    (said(H, "film", H, year=1985), said(H, "comic", H), 9),
    (said(H, "cast", M, "in_talks"), said(H, "cast", M, "denied"), 200),
]


@pytest.mark.parametrize(("first", "second", "days"), HISTORY)
def test_what_changes_with_time_is_history(first: object, second: object, days: int) -> None:
    from datetime import date, timedelta

    later = (date(2020, 1, 1) + timedelta(days=days)).isoformat()
    assert clashes(one("2020-01-01", "Reel Ledger", first), one(later, "Dolly Weekly", second)) == []


def test_an_article_that_knows_of_both_names_tells_of_a_change() -> None:
    a = one("2020-01-01", "Reel Ledger", said(H, "director", M))
    b = one("2020-01-09", "Dolly Weekly", said(H, "director", "Uma Roe"), said(H, "director", M, "exited"))
    assert clashes(a, b) == []


def test_who_had_it_first() -> None:
    a = article("a", "2020-01-01", said(H, "director", M), outlet="Reel Ledger")
    b = article(
        "b", "2020-01-01", said(H, "director", M), said(None, "source", "Gaffer Gazette"), outlet="Dolly Weekly"
    )
    early = project(a).first
    assert (early.outlet, early.published, early.clock) == ("Reel Ledger", "2020-01-01", "published")
    credited = project(a, b).first
    assert (credited.outlet, credited.clock, credited.article) == ("Gaffer Gazette", "credited", "b")
    later = article(
        "b", "2020-01-02", said(H, "director", M), said(None, "source", "Gaffer Gazette"), outlet="Dolly Weekly"
    )
    assert project(a, later).first.outlet == "Reel Ledger"
    undated = article("c", None, said(H, "director", M), outlet="Dolly Weekly")
    assert project(undated).first.clock == "first_seen"


def stages(*articles: Read, today: str = "2020-02-01") -> dict[str, str]:
    return {s.name: s.why for s in project(*articles, today=today).stages}


def test_stages_say_why() -> None:
    a = article(
        "a", "2020-01-01", said(H, "director", M), said(H, "financier", "Copper Gate"), said(H, "sales", "Dune Sales")
    )
    found = stages(a)
    assert set(found) == {"packaging", "financing", "pre-sales"}
    assert M in found["packaging"]
    assert "Copper Gate" in found["financing"]
    assert "dormant" in stages(a, today="2021-01-01")
    assert stages(a, article("b", "2020-01-15", said(H, "status", "released")), today="2022-01-01") == {}
    assert "packaging" not in stages(a, article("b", "2020-01-15", said(H, "cast", "Ada Vole")))


def test_titles_and_the_one_that_is_shown() -> None:
    a = article("a", "2020-01-01", said("untitled Marrow film", "director", M))
    b = article("b", "2020-02-01", said("Q: The Last Clerk", "director", M))
    c = article("c", "2020-03-01", said("Q", "director", M))
    found = project(a, b, c)
    assert found.title == "Q: The Last Clerk"
    assert found.titles == ("untitled Marrow film", "Q: The Last Clerk", "Q")
    assert [x.after for x in found.changes if x.kind == "title"] == ["Q: The Last Clerk", "Q"]
