"""Ids and status words from small files in the formats that IMDb, Wikidata and TMDB publish, made for these tests."""

from __future__ import annotations

import bz2
import gzip
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from makers import article, labelled, said

from slatewatch import answers
from slatewatch.importing.imdb import NAMES, TITLES
from slatewatch.model import STATUSES
from slatewatch.statuses import ELSEWHERE, statuses_elsewhere, statuses_meant
from slatewatch.store import open_store

H, S = "Harbour Lights", "Salt Road"
NAME_ROWS = [
    ("nm0000001", "Ines Marrow", "1970", "\\N", "director,writer", "tt0000001,tt0000002"),
    ("nm0000002", "Otto Quill", "1900", "1961", "writer", "\\N"),
    ("nm0000003", "Otto Quill", "1980", "\\N", "writer,producer", "\\N"),
    ("nm0000004", "Ada Vole", "\\N", "\\N", "actress", "tt0000003"),
    ("nm0000005", "Ada Vole", "\\N", "\\N", "actress", "\\N"),
    ("nm0000006", "Jo Vane", "\\N", "\\N", "actress", "\\N"),
    ("nm0000007", "Jo Vane", "\\N", "\\N", "actor", "\\N"),
    ("nm0000008", "Ed Brine", "\\N", "\\N", "stunts", "\\N"),
    ("nm0000009", "Nobody Here", "\\N", "\\N", "actor", "\\N"),
]
TITLE_ROWS = [
    ("tt0000001", "movie", "The Long Tide", "The Long Tide", "0", "2011", "\\N", "100", "Drama"),
    ("tt0000003", "tvSeries", "Gull Rock", "Gull Rock", "0", "2015", "\\N", "50", "Drama"),
    ("tt0000010", "movie", "Harbour Lights", "Harbour Lights", "0", "1948", "\\N", "80", "Drama"),
    ("tt0000011", "movie", "Harbour Lights", "Harbour Lights", "0", "2027", "\\N", "\\N", "Drama"),
    ("tt0000012", "tvEpisode", "Harbour Lights", "Harbour Lights", "0", "2027", "\\N", "\\N", "Drama"),
    ("tt0000013", "tvSeries", "Salt Road", "Salt Road", "0", "2027", "\\N", "\\N", "Drama"),
    ("tt0000014", "tvMiniSeries", "Salt Road", "Salt Road", "0", "\\N", "\\N", "\\N", "Drama"),
    ("tt0000015", "movie", "The Harbour", "The Harbour", "0", "1962", "\\N", "90", "Drama"),
]


def tsv(path: Path, header: tuple[str, ...], rows: Sequence[tuple[str, ...]], more: str = "") -> Path:
    text = "\n".join("\t".join(row) for row in [header, *rows]) + "\n" + more
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def item(id_: str, label: str, kinds: list[str], aliases: tuple[str, ...] = (), **properties: str) -> dict[str, Any]:
    """An item in the shape of Wikidata's JSON dumps."""

    def snak(value: Any) -> dict[str, Any]:
        return {"mainsnak": {"snaktype": "value", "datavalue": {"value": value, "type": "x"}}, "rank": "normal"}

    times = {"P569", "P570", "P577"}
    claims: dict[str, list[Any]] = {"P31": [snak({"entity-type": "item", "id": kind}) for kind in kinds]}
    for name, value in properties.items():
        held = {"time": value} if name in times else {"id": value} if value.startswith("Q") else value
        claims[name] = [snak(held)]
    return {
        "type": "item", "id": id_, "labels": {"en": {"language": "en", "value": label}},
        "aliases": {"en": [{"language": "en", "value": a} for a in aliases]} if aliases else [], "claims": claims,
        "sitelinks": {},
    }  # fmt: skip


@pytest.fixture
def store(tmp_path: Path, run: Run) -> str:
    known = "Ada Vole (Gull Rock)"
    news = [
        article("h", "2026-01-01", said(H, "director", "Ines Marrow"), said(H, "writer", "Otto Quill"),
                said(H, "cast", "Ada Vole"), said(H, "cast", "Jo Vane"), said(H, "writer", "Ed Brine"),
                said(H, "format", "film"), said(H, "status", "filming"), said(H, "studio", "Lantern Yard"),
                said(H, "film", "The Harbour", year=1962),
                said(None, "known_for", "Gull Rock", subject="Ada Vole", words=known)),
        article("s", "2026-01-02", said(S, "showrunner", "Ines Marrow"), said(S, "format", "series")),
    ]  # fmt: skip
    for read in news:
        (tmp_path / f"{read[0].id}.json").write_text(json.dumps(labelled(read)), "utf-8")
    db = str(tmp_path / "slate.db")
    assert run("--db", db, "add", "--claims", *(tmp_path / f"{read[0].id}.json" for read in news)).code == 0
    return db


def ids(store: str, about: str, name: str) -> dict[str, str]:
    db = open_store(store)
    try:
        pages: dict[str, Callable[..., Any]] = {
            "person": answers.person, "company": answers.company, "project": answers.project
        }  # fmt: skip
        found = pages[about](db, name).ids
        return {one.scheme if one.about != "work" else f"work {one.scheme}": one.value for one in found}
    finally:
        db.close()


def test_people_and_works_of_imdb(store: str, tmp_path: Path, run: Run) -> None:
    names = tsv(tmp_path / "name.basics.tsv.gz", NAMES, NAME_ROWS, "broken line\n\xff\n")
    titles = tsv(tmp_path / "title.basics.tsv", TITLES, TITLE_ROWS)
    ran = run("--db", store, "import", "imdb", "--names", names, "--titles", titles)
    assert ran.code == 0, ran.err
    assert "linked 3 person, 0 company, 1 project, 1 work; 5 new ids, 2 fit several, 2 unreadable" in ran.err
    assert ids(store, "person", "Ines Marrow") == {"imdb": "nm0000001"}
    assert ids(store, "person", "Otto Quill") == {"imdb": "nm0000003"}, "the one who is alive"
    assert ids(store, "person", "Ada Vole") == {"imdb": "nm0000004"}, "the one known for Gull Rock"
    assert ids(store, "person", "Jo Vane") == {}, "two fit"
    assert ids(store, "person", "Ed Brine") == {}, "a stuntman is no writer"
    assert ids(store, "project", H) == {"imdb": "tt0000011", "work imdb": "tt0000015"}
    assert ids(store, "project", S) == {}, "two fit"
    again = run("--db", store, "import", "imdb", "--names", names, "--titles", titles)
    assert " 0 new ids" in again.err


def test_people_companies_and_works_of_wikidata(store: str, tmp_path: Path, run: Run) -> None:
    dump = [
        item("Q101", "Ines Marrow", ["Q5"], P106="Q2526255", P345="nm0000001", P4985="77"),
        item("Q102", "Lantern Yard Films", ["Q1762059"], aliases=("Lantern Yard",), P345="co0000005"),
        item("Q103", "Harbour Lights", ["Q11424"], P577="+2027-00-00T00:00:00Z", P4947="603"),
        item("Q104", "The Harbour", ["Q11424"], P577="+1962-05-01T00:00:00Z"),
        item("Q105", "Otto Quill", ["Q5"], P106="Q28389", P570="+1961-01-01T00:00:00Z"),
        item("Q106", "Somebody Else", ["Q5"]),
    ]
    lines = "[\n" + ",\n".join(json.dumps(one) for one in dump) + ',\n{"id": 5},\n{"broken\n]\n'
    path = tmp_path / "latest-all.json.bz2"
    path.write_bytes(bz2.compress(lines.encode()))
    ran = run("--db", store, "import", "wikidata", path, "--json")
    assert ran.code == 0, ran.err
    assert {(line["about"], line["name"]) for line in ran.lines} == {
        ("person", "Ines Marrow"), ("company", "Lantern Yard"), ("project", H), ("work", "The Harbour")
    }  # fmt: skip
    assert "2 unreadable" in ran.err
    assert ids(store, "person", "Ines Marrow") == {"imdb": "nm0000001", "tmdb": "person/77", "wikidata": "Q101"}
    assert ids(store, "company", "Lantern Yard") == {"imdb": "co0000005", "wikidata": "Q102"}
    assert ids(store, "project", H) == {"tmdb": "movie/603", "wikidata": "Q103", "work wikidata": "Q104"}
    assert ids(store, "person", "Otto Quill") == {}, "dead for sixty years"


def test_an_id_of_one_catalogue_settles_the_other(store: str, tmp_path: Path, run: Run) -> None:
    run("--db", store, "import", "id", "person", "Jo Vane", "imdb", "nm0000006")
    path = tmp_path / "dump.jsonl"
    path.write_text("\n".join(json.dumps(one) for one in (
        item("Q201", "Jo Vane", ["Q5"], P345="nm0000007"), item("Q202", "Jo Vane", ["Q5"], P345="nm0000006"),
    )), "utf-8")  # fmt: skip
    assert run("--db", store, "import", "wikidata", path).code == 0
    assert ids(store, "person", "Jo Vane") == {"imdb": "nm0000006", "wikidata": "Q202"}


def test_ids_outlive_rebuilds_edits_and_merges(store: str, tmp_path: Path, run: Run) -> None:
    run(
        "--db",
        store,
        "import",
        "imdb",
        "--names",
        tsv(tmp_path / "n.tsv", NAMES, NAME_ROWS),
        "--titles",
        tsv(tmp_path / "t.tsv", TITLES, TITLE_ROWS),
    )
    before = ids(store, "project", H), ids(store, "person", "Ines Marrow")
    assert run("--db", store, "add", "--rebuild").code == 0
    assert (ids(store, "project", H), ids(store, "person", "Ines Marrow")) == before
    other = article("x", "2025-12-01", said("Night Ferry", "writer", "Otto Quill"))
    (tmp_path / "x.json").write_text(json.dumps(labelled(other)), "utf-8")
    run("--db", store, "add", "--claims", tmp_path / "x.json")
    assert run("--db", store, "decide", H, "Night Ferry", "same").code == 0
    assert ids(store, "project", "Night Ferry") == before[0], "the merged project has another id, and the link"


def test_a_person_s_word_outweighs_an_import(store: str, tmp_path: Path, run: Run) -> None:
    names = tsv(tmp_path / "n.tsv", NAMES, NAME_ROWS)
    assert run("--db", store, "import", "id", "person", "Ines Marrow", "imdb", "none").code == 0
    assert run("--db", store, "import", "id", "person", "Otto Quill", "imdb", "nm0000777").code == 0
    run("--db", store, "import", "imdb", "--names", names)
    assert ids(store, "person", "Ines Marrow") == {}
    assert ids(store, "person", "Otto Quill") == {"imdb": "nm0000777"}
    for args in (
        ("person", "Ines Marrow", "imdb", "tt1 OR 1"),
        ("person", "Nobody", "imdb", "nm0000001"),
        ("project", H, "tmdb", "603"),
    ):
        ran = run("--db", store, "import", "id", *args)
        assert (ran.code, len(ran.err.splitlines())) == (2, 1)


def test_status_words_of_a_list(store: str, tmp_path: Path, run: Run) -> None:
    (tmp_path / "mine.csv").write_text(
        "Const,Title,Status\n,Harbour Lights,Post-production\n,Salt Road,optioned_property\n", "utf-8"
    )
    ran = run("--db", store, "import", "statuses", "--from", "imdb", tmp_path / "mine.csv")
    assert (ran.code, ran.err) == (0, "slatewatch: 2 statuses, 0 rows fit no project, 0 unreadable\n")
    run("--db", store, "import", "id", "project", S, "tmdb", "tv/99")
    rows = [
        {"id": 99, "name": "another name", "first_air_date": "", "status": "In Production"},
        {"id": 5, "title": "Nowhere", "status": "Planned"},
        {"id": 6, "title": H, "status": "Soonish"},
    ]
    (tmp_path / "tmdb.jsonl").write_text("\n".join([*map(json.dumps, rows), "[]", "{"]), "utf-8")
    ran = run("--db", store, "import", "statuses", "--from", "tmdb", tmp_path / "tmdb.jsonl")
    assert ran.code == 1
    assert "1 statuses, 2 rows fit no project, 2 unreadable" in ran.err
    assert "Soonish" in ran.err
    db = open_store(store)
    assert [(e.scheme, e.word, e.agrees) for e in answers.project(db, H).elsewhere] == [
        ("imdb", "Post-production", False)
    ]
    assert [(e.scheme, e.word, e.means) for e in answers.project(db, S).elsewhere] == [
        ("imdb", "optioned_property", ("optioned",)), ("tmdb", "In Production", ("filming",))
    ]  # fmt: skip
    assert answers.project(db, H).project.current, "our own status stays"
    db.close()
    shown = run("--db", store, "show", H).out
    assert "status at imdb" in shown


def test_a_list_of_another_project_of_the_title_is_refused(store: str, tmp_path: Path, run: Run) -> None:
    run("--db", store, "import", "id", "project", H, "imdb", "tt0000011")
    (tmp_path / "mine.csv").write_text("imdb_id,title,status\ntt0000010,Harbour Lights,released\n", "utf-8")
    assert run("--db", store, "import", "statuses", "--from", "imdb", tmp_path / "mine.csv").code == 1


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_of_ours_has_a_word_at_imdb_and_tmdb(status: str) -> None:
    for words in ELSEWHERE.values():
        assert any(status in means for means in words.values()), status
    assert statuses_meant(status) == (status,)


def test_words_of_imdb_and_tmdb_are_taken_where_a_status_is_asked_for(store: str, run: Run) -> None:
    assert run("--db", store, "projects", "--status", "In Production", "--json").lines[0]["title"] == H
    assert statuses_elsewhere("imdb", "Treatment/Outline") == ("treatment",)
    assert run("--db", store, "projects", "--status", "soonish").code == 2


@pytest.mark.parametrize(("name", "body"), [
    ("a.tsv", b"wrong\theader\n"), ("a.tsv", b""), ("a.tsv.gz", b"not gzip"), ("a.json.bz2", b"not bzip2"),
    ("a.tsv.gz", gzip.compress(b"x" * 100, mtime=0)[:20]),
])  # fmt: skip
def test_files_that_are_none_of_it(store: str, tmp_path: Path, run: Run, name: str, body: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(body)
    ran = run("--db", store, "import", "imdb", "--names", path)
    assert (ran.code, len(ran.err.splitlines())) == (2, 1), ran.err
    assert "a." in ran.err


def test_a_file_that_is_not_there(store: str, run: Run) -> None:
    for args in (("imdb", "--names", "/no/such"), ("wikidata", "/no/such"), ("statuses", "--from", "imdb", "/no/such")):
        ran = run("--db", store, "import", *args)
        assert (ran.code, len(ran.err.splitlines())) == (2, 1)


def test_ids_stand_in_the_pages(store: str, run: Run) -> None:
    from starlette.testclient import TestClient

    from slatewatch.web.app import make_app
    from slatewatch.web.settings import Settings

    run("--db", store, "import", "id", "person", "Ines Marrow", "imdb", "nm0000001")
    run("--db", store, "import", "id", "project", H, "wikidata", "Q103")
    with TestClient(make_app(Settings(store=Path(store), token=None)), base_url="http://localhost") as client:
        assert 'href="https://www.imdb.com/name/nm0000001/"' in client.get("/people/Ines%20Marrow").text
        assert 'href="https://www.wikidata.org/wiki/Q103"' in client.get(f"/projects/{H}").text
        assert client.get(f"/api/projects/{H}").json()["data"]["ids"][0]["value"] == "Q103"
