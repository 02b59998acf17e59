"""The questions: each answered with the words behind it, from a store open to read, without loading the reader."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator

import pytest
from makers import article, said

from slatewatch import answers
from slatewatch.answers.searching import match_of
from slatewatch.errors import BadInput
from slatewatch.model import Conflict, Post, Standing
from slatewatch.store import open_store
from slatewatch.store.adding import add_articles

H = "Harbour Lights"
M = "Ines Marrow"
ARTICLES = (
    article(
        "one",
        "2020-01-01",
        said(H, "director", M, "in_talks"),
        said(H, "studio", "Lantern Yard"),
        said(H, "open cast"),
        said(None, "source", "Gaffer Gazette"),
        said(None, "known_for", "Old Tides", subject=M),
        said(None, "affiliation", "Lantern Yard", subject="Bo Tarn"),
        outlet="Reel Ledger",
        url="https://reel.example/1",
    ),
    article(
        "two",
        "2020-03-01",
        said(H, "director", M),
        said(H, "status", "pre_production"),
        said("Beacon", "cast", M),
        outlet="Dolly Weekly",
    ),
    article("three", "2020-03-04", said(H, "director", M, "in_talks"), said(H, "format", "film"), outlet="Reel Ledger"),
    article(
        "four",
        "2026-01-01",
        said(H, "director", "Uma Roe"),
        said(H, "studio", "Copper Gate"),
        said(H, "writer", "Lev Sand"),
        said(H, "format", "series"),
        outlet="Clapper Courier",
    ),
)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path = tmp_path_factory.mktemp("answers") / "slate.db"
    writer = open_store(path, write=True)
    add_articles(writer, ARTICLES, now="2026-02-02T08:00:00")
    writer.close()
    store = open_store(path)
    yield store
    store.close()


def harbour(db: sqlite3.Connection) -> str:
    return next(row.id for row in answers.projects(db) if row.title == H and row.first_day == "2020-01-01")


def test_answers_load_no_reader_and_no_model() -> None:
    script = (
        "import sys, slatewatch.answers, slatewatch.store\n"
        "bad = [m for m in sys.modules if m.split('.')[0] in {'numpy', 'onnxruntime', 'trafilatura', 'rich'}"
        " or m.startswith('slatewatch.claims') or m == 'slatewatch.articles']\n"
        "print(bad)"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_a_project_page_has_evidence_for_every_value(db: sqlite3.Connection) -> None:
    page = answers.project(db, harbour(db), today="2020-06-01")
    record = page.project
    things: list[Standing | Post | Conflict] = [*record.current, *record.posts, *record.conflicts]
    for thing in things:
        assert thing.evidence
        for e in thing.evidence:
            source = next(a for a, _ in ARTICLES if a.id == e.article)
            assert source.words[e.start : e.end] == e.quote
            assert e.outlet == source.outlet
    assert [c.values for c in record.conflicts] == [(f"{M}: attached", f"{M}: in_talks")]
    assert [p.role for p in record.posts] == ["cast"]
    assert (record.first.outlet, record.first.clock) == ("Gaffer Gazette", "credited")
    assert [a.id for a in page.articles] == ["three", "two", "one"]
    assert page.articles[-1].sources == ("Gaffer Gazette",)
    assert [m.article for m in page.mentions] == ["one", "two", "three"]
    assert [title for _, title in page.articles[1].projects] == ["Beacon", H]


def test_as_of(db: sqlite3.Connection) -> None:
    page = answers.project(db, harbour(db), as_of="2020-02-01")
    assert [a.id for a in page.articles] == ["one"]
    assert {s.modality for s in page.project.current if s.role == "director"} == {"in_talks"}
    with pytest.raises(BadInput, match="first article is of 2020-01-01"):
        answers.project(db, harbour(db), as_of="2019-01-01")


def test_a_title_that_two_projects_share_asks_which(db: sqlite3.Connection) -> None:
    with pytest.raises(BadInput, match="2 projects are called"):
        answers.project_id(db, "harbour lights")
    with pytest.raises(BadInput, match="no project is called"):
        answers.project_id(db, "Nothing of the Kind")
    assert answers.project(db, "beacon").project.title == "Beacon"


def test_the_grid(db: sqlite3.Connection) -> None:
    (row,) = answers.open_posts(db)
    assert (row.project.title, row.role, row.stated, row.confirmed, row.outlet) == (
        H,
        "cast",
        True,
        "2020-01-01",
        "Reel Ledger",
    )
    assert row.people == ()
    assert row.companies == ("Lantern Yard",)
    assert row.evidence
    assert row.evidence.quote == f"{H} open cast"
    assert answers.open_posts(db, "director") == []
    assert answers.open_posts(db, since="2021-01-01") == []
    with pytest.raises(BadInput, match="no role 'grip'"):
        answers.open_posts(db, "grip")


def test_people_and_companies(db: sqlite3.Connection) -> None:
    page = answers.person(db, "INES MARROW")
    assert {(c.project.title, c.role, c.modality) for c in page.credits} == {
        (H, "director", "in_talks"),
        ("Beacon", "cast", "attached"),
    }
    assert all(c.evidence for c in page.credits)
    assert [(t.kind, t.value) for t in page.ties] == [("known_for", "Old Tides")]
    slate = answers.company(db, "lantern yard")
    assert [(c.project.title, c.role) for c in slate.credits] == [(H, "studio")]
    assert [t.value for t in slate.people] == ["Bo Tarn"]
    assert [n.name for n in answers.people(db, "mar")] == [M]
    assert {n.name for n in answers.companies(db)} == {"Lantern Yard", "Copper Gate"}
    with pytest.raises(BadInput, match="did you mean Ines Marrow"):
        answers.person(db, "Marrow")


def test_lists(db: sqlite3.Connection) -> None:
    assert [p.title for p in answers.projects(db, order="first")][-1] == H
    assert [p.format for p in answers.projects(db, format="series")] == ["series"]
    assert len(answers.projects(db, conflicting=True)) == 1
    assert [item.article.id for item in answers.feed(db)] == ["four", "three", "two", "one"]
    assert {c.change.kind for c in answers.feed(db)[-1].changes} >= {"project", "credit", "open_role"}
    assert [item.article.id for item in answers.feed(db, before="2020-02-01")] == ["one"]
    assert answers.changes(db, "2026-02-02")[0].noted == "2026-02-02T08:00:00"
    assert answers.changes(db, "2026-02-03") == []
    assert {c.change.article for c in answers.changes(db, "2026-01-01", by="day")} == {"four"}
    counts = answers.counts(db)
    assert (counts.articles, counts.projects, counts.open_posts, counts.last_day) == (4, 3, 1, "2026-01-01")
    firsts = {row.outlet: (row.firsts, row.credited, row.articles) for row in answers.outlets(db)}
    assert firsts["Gaffer Gazette"] == (1, 1, 0)
    assert firsts["Reel Ledger"] == (0, 0, 2)


def test_an_article_page_names_the_project_of_each_claim(db: sqlite3.Connection) -> None:
    page = answers.article(db, "two")
    assert [(c.claim.project, c.title) for c in page.claims] == [(H, H), (H, H), ("Beacon", "Beacon")]
    assert page.article.words[page.claims[0].claim.start : page.claims[0].claim.end] == page.claims[0].claim.quote
    assert page.row.clock == "published"
    with pytest.raises(BadInput, match="no article"):
        answers.article(db, "nine")


@pytest.mark.parametrize("typed", ['harbour "lights', "NEAR(a b)", "harbour* OR", "col:harbour", "^harbour", "li)ghts"])
def test_nothing_typed_is_an_operator(db: sqlite3.Connection, typed: str) -> None:
    found = answers.find(db, typed)
    assert len(found.projects) <= 2, "words, not operators: at most what the words find"


def test_find(db: sqlite3.Connection) -> None:
    found = answers.find(db, "harbour li")
    assert [p.title for p in found.projects] == [H, H]
    assert all("Harbour" in q.quote for q in found.quotes)
    assert [p.name for p in answers.find(db, "marr").people] == [M]
    assert [c.name for c in answers.find(db, "copper").companies] == ["Copper Gate"]
    with pytest.raises(BadInput, match="no word"):
        match_of("!?")
