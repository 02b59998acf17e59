"""Which mentions are one project: titles, retitles, remakes, rivals, sequels, decisions, in any order."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from makers import Read, article, mentions, said

from slatewatch.model import Decision, Judgement
from slatewatch.projects import merge_claims
from slatewatch.projects.cluster import cluster
from slatewatch.projects.compare import compare
from slatewatch.projects.mentions import mention_id, mentions_of, renamings, report_of
from slatewatch.projects.profile import profile_of

H = "Harbour Lights"


def groups(*articles: Read, decisions: tuple[Decision, ...] = ()) -> list[list[str]]:
    """Each project as the list of its mentions, `article:title`."""
    found = cluster(mentions(*articles), decisions)
    return sorted([f"{m.report.id}:{m.title}" for m in group] for group in found)


def film(id_: str, day: str, title: str, *people: str, studio: str = "Lantern Yard", kind: str = "film") -> Read:
    roles = ("director", "writer", "cast", "cast", "producer")
    credits = [said(title, role, name) for role, name in zip(roles, people, strict=False)]
    return article(id_, day, *credits, said(title, "studio", studio), said(title, "format", kind))


FIRST = film("a", "2020-01-01", H, "Ines Marrow", "Otto Quill", "Ada Vole", "Cy Finch", "Bo Tarn")


def test_one_title_and_one_team_are_one_project() -> None:
    assert len(groups(FIRST, film("b", "2021-03-01", "HARBOUR LIGHTS", "Ines Marrow", "Otto Quill"))) == 1


def test_a_thin_mention_in_passing_joins_its_title() -> None:
    assert len(groups(FIRST, article("b", "2020-05-01", said(H, "cast", "Ada Vole")))) == 1
    assert len(groups(FIRST, article("b", "2020-05-01", said(H, "release", "2021")))) == 1


def test_a_remake_years_later_is_another_project() -> None:
    remake = film("b", "2026-01-01", H, "Uma Roe", "Lev Sand", "Kit Moss", "Jo Bray", "Al Dune", studio="Copper Gate")
    assert len(groups(FIRST, remake)) == 2


def test_rivals_of_one_title_at_one_time_are_two() -> None:
    rival = film("b", "2020-02-01", H, "Uma Roe", "Lev Sand", "Kit Moss", "Jo Bray", "Al Dune", studio="Copper Gate")
    passing = article("c", "2020-03-01", said(H, "director", "Uma Roe"))
    assert groups(FIRST, rival, passing) == [[f"a:{H}"], [f"b:{H}", f"c:{H}"]]


def test_a_film_and_a_later_series_from_one_book_are_two() -> None:
    book = said(H, "novel", H, creators=("Nell Ash",))
    dead = article(
        "a",
        "2014-01-01",
        book,
        said(H, "format", "film"),
        said(H, "status", "cancelled"),
        said(H, "studio", "Copper Gate", "exited"),
        said(H, "director", "Uma Roe", "exited"),
    )
    show = article(
        "b",
        "2016-01-01",
        book,
        said(H, "format", "series"),
        said(H, "network", "Channel Nine"),
        said(H, "showrunner", "Ines Marrow"),
        said(H, "writer", "Otto Quill"),
    )
    assert len(groups(dead, show)) == 2


def test_a_sequel_is_not_its_predecessor() -> None:
    assert (
        len(groups(FIRST, film("b", "2021-01-01", f"{H} 2", "Ines Marrow", "Otto Quill", "Ada Vole", "Cy Finch"))) == 2
    )


def test_an_untitled_project_takes_its_title() -> None:
    untitled = film("u", "2019-10-01", "untitled Ada Quill biopic", "Ines Marrow", "Otto Quill")
    assert len(groups(untitled, film("t", "2020-06-01", "Ada Quill", "Ines Marrow", "Otto Quill", "Ada Vole"))) == 1


def test_untitled_projects_on_one_life_by_rivals_are_two() -> None:
    life = "Ada Quill"
    one = article(
        "a",
        "2020-01-01",
        said("untitled Ada Quill film", "studio", "Copper Gate"),
        said("untitled Ada Quill film", "life", life),
    )
    two = article(
        "b",
        "2020-02-01",
        said("untitled Quill biopic", "studio", "Lantern Yard"),
        said("untitled Quill biopic", "life", life),
        said("untitled Quill biopic", "director", "Uma Roe"),
    )
    assert len(groups(one, two)) == 2


def test_one_shared_person_does_not_join_an_untitled_project_to_another_title() -> None:
    assert (
        len(groups(FIRST, article("b", "2020-02-01", said("untitled Marrow thriller", "director", "Ines Marrow")))) == 2
    )


def test_an_alias_joins_two_titles() -> None:
    later = article("b", "2020-09-01", said("Beacon", "alias", H), said("Beacon", "director", "Ines Marrow"))
    assert len(groups(FIRST, later, article("c", "2020-10-01", said("Beacon", "cast", "Ada Vole")))) == 1


@pytest.mark.parametrize(
    "words",
    [
        "The film, formerly titled Harbour Lights, shoots in May",
        "It was developed under the working title “Harbour Lights”",
        "retitled from 'Harbour Lights' last week",
    ],
)
def test_a_change_of_title_told_in_the_text_joins_two_titles(words: str) -> None:
    later = article(
        "b", "2020-09-01", said("Beacon", "director", "Ines Marrow", words="Ines Marrow directs Beacon"), more=words
    )
    assert len(groups(FIRST, later)) == 1


def test_a_whole_team_under_another_title_is_one_project_and_half_of_it_is_not() -> None:
    team = ("Ines Marrow", "Otto Quill", "Ada Vole", "Cy Finch", "Bo Tarn")
    assert (
        compare(profile_of(mentions(FIRST)), profile_of(mentions(film("b", "2020-08-01", "Beacon", *team)))).score > 2.5
    )
    assert (
        compare(profile_of(mentions(FIRST)), profile_of(mentions(film("b", "2020-08-01", "Beacon", *team[:3])))).score
        < 2.5
    )


def test_a_short_title_joins_the_long_one_by_its_people() -> None:
    long = film("a", "2020-01-01", "Q: The Last Clerk", "Ines Marrow", "Otto Quill", "Ada Vole")
    assert len(groups(long, film("b", "2020-06-01", "Q", "Ines Marrow", "Otto Quill"))) == 1


def test_what_one_article_names_apart_is_apart() -> None:
    both = article(
        "b",
        "2020-05-01",
        said(H, "director", "Ines Marrow"),
        said(f"{H}: Dusk", "director", "Ines Marrow"),
        said(f"{H}: Dusk", "studio", "Lantern Yard"),
    )
    assert len(groups(FIRST, both)) == 2


def test_a_planned_film_named_beside_its_namesake_series_finds_the_film() -> None:
    dead = article(
        "a",
        "2014-01-01",
        said(H, "format", "film"),
        said(H, "status", "cancelled"),
        said(H, "studio", "Copper Gate", "exited"),
    )
    u = "untitled Copper Gate movie"
    show = article(
        "b",
        "2019-01-01",
        said(H, "format", "series"),
        said(H, "network", "Channel Nine"),
        said(H, "showrunner", "Ines Marrow"),
        said(H, "status", "greenlit"),
        said(u, "format", "film"),
        said(u, "studio", "Copper Gate", "exited"),
        said(u, "status", "cancelled"),
    )
    assert groups(dead, show) == [[f"a:{H}", f"b:{u}"], [f"b:{H}"]]


def decision(left: str, right: str, judgement: Judgement, at: str = "2026-01-01") -> Decision:
    return Decision(left=left, right=right, judgement=judgement, by="tester", at=at)


def test_decisions_outweigh_the_comparison_both_ways() -> None:
    other = film("b", "2020-03-01", "Beacon", "Uma Roe")
    a, b, c = mention_id("a", H), mention_id("b", "Beacon"), mention_id("c", H)
    assert len(groups(FIRST, other, decisions=(decision(a, b, "same"),))) == 1
    again = film("c", "2020-03-01", H, "Ines Marrow")
    assert len(groups(FIRST, again, decisions=(decision(a, c, "different"),))) == 2
    assert len(groups(FIRST, again, decisions=(decision(a, c, "different"), decision(a, c, "same", "2026-02-01")))) == 1


def test_told_apart_is_stronger_than_a_chain_of_sames() -> None:
    b, c = film("b", "2020-02-01", "Beacon"), film("c", "2020-03-01", "Cairn")
    ids = [mention_id("a", H), mention_id("b", "Beacon"), mention_id("c", "Cairn")]
    said_so = (
        decision(ids[0], ids[1], "same"),
        decision(ids[1], ids[2], "same"),
        decision(ids[0], ids[2], "different"),
    )
    assert all(not {f"a:{H}", "c:Cairn"} <= set(group) for group in groups(FIRST, b, c, decisions=said_so))


TITLES = (H, "Beacon", "untitled Marrow film", "Cairn: Dusk", "Cairn", f"{H} 2")
NAMES = ("Ines Marrow", "Otto Quill", "Ada Vole", "Cy Finch", "Rob Quill", "Robert Quill")


@st.composite
def worlds(draw: st.DrawFn) -> list[Read]:
    found = []
    for n in range(draw(st.integers(2, 9))):
        title = draw(st.sampled_from(TITLES))
        day = f"20{draw(st.integers(14, 22))}-0{draw(st.integers(1, 3))}-01"
        names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True))
        roles = ("director", "writer", "cast", "producer")
        states = st.sampled_from(("attached", "in_talks", "exited", "denied", "interest"))
        claims = [said(title, role, name, draw(states)) for role, name in zip(roles, names, strict=False)]
        claims.append(said(title, "status", draw(st.sampled_from(("script", "filming", "cancelled")))))
        if draw(st.booleans()):
            claims.append(said(draw(st.sampled_from(TITLES)), "alias", draw(st.sampled_from(TITLES))))
        outlet = draw(st.sampled_from(("Reel Ledger", "Slate Courier")))
        found.append(article(f"n{n}", day, *claims, outlet=outlet))
    return found


@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_reading_changes_nothing(world: list[Read], rng: random.Random) -> None:
    shuffled = [mention for read in rng.sample(world, len(world)) for mention in mentions(read)]
    rng.shuffle(shuffled)
    assert merge_claims(shuffled) == merge_claims(mentions(*world))


def test_renamings_are_read_from_the_text() -> None:
    made, claims = article(
        "a",
        "2021-01-01",
        said(H, "director", "Joey Vale"),
        said(H, "production", "Lantern Media"),
        more="Lantern Media, the former Lantern Films, pays. Vale, who was known professionally as Jill Vale, directs.",
    )
    found = {(about, old, new) for about, old, new, _ in renamings(made, claims)}
    assert found == {("company", "Lantern Films", "Lantern Media"), ("person", "Jill Vale", "Joey Vale")}


def test_credited_outlets_speak_for_the_leading_project() -> None:
    made, claims = article(
        "a",
        "2021-01-01",
        said(None, "source", "Gaffer Gazette"),
        said(H, "director", "Joey Vale"),
        said(H, "cast", "Ada Vole"),
        said("Beacon", "cast", "Ada Vole"),
        said(None, "source", "Dolly Weekly", words="Dolly Weekly broke the news"),
    )
    lead, aside = mentions_of(report_of(made, first_seen="2026-01-01"), claims)
    assert (lead.title, lead.sources) == (H, ("Dolly Weekly", "Gaffer Gazette"))
    assert (aside.title, aside.sources) == ("Beacon", ())
