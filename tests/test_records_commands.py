"""The commands over the store: on a terminal, as JSON, as CSV, and when something is wrong."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from conftest import Run
from makers import article, labelled, said

from slatewatch.cli import COMMANDS, main

H = "Harbour Lights"
M = "Ines Marrow"
FIRST = article("one", "2020-01-01", said(H, "director", M), said(H, "studio", "Lantern Yard"), said(H, "open cast"))
SECOND = article(
    "two", "2020-02-01", said(H, "director", M, "exited"), said(H, "status", "script"), outlet="Dolly Weekly"
)
STRANGE = article(
    "odd", "2020-03-01", said("=1+1 \x1b[31mRed", "director", "Bo\u202eTarn"), said("=1+1 \x1b[31mRed", "open writer")
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "articles"
    made.mkdir()
    for read in (FIRST, SECOND, STRANGE):
        (made / f"{read[0].id}.json").write_text(json.dumps(labelled(read)))
    return made


@pytest.fixture
def store(folder: Path, tmp_path: Path) -> Path:
    path = tmp_path / "slate.db"
    assert main(["-q", "--db", str(path), "add", "--claims", str(folder)]) == 0
    return path


def test_add_says_what_came_of_it(run: Run, folder: Path, tmp_path: Path) -> None:
    first = run("--db", tmp_path / "s.db", "add", "--claims", folder)
    assert (first.code, first.out) == (0, "")
    assert "3 new" in first.err
    again = run("--db", tmp_path / "s.db", "add", "--claims", "--json", folder)
    assert again.lines == [{"new": 0, "edited": 0, "same": 3, "older": 0, "unreadable": 0}]


def test_one_bad_article_stops_nothing_and_is_named_at_the_end(run: Run, folder: Path, tmp_path: Path) -> None:
    (folder / "broken.json").write_text("{")
    (folder / "liar.json").write_text(
        json.dumps(
            {
                "id": "liar",
                "title": "T",
                "text": "t",
                "claims": [
                    {
                        "kind": "credit",
                        "project": H,
                        "role": "director",
                        "value": M,
                        "modality": "attached",
                        "quote": "not there",
                    }
                ],
            }
        )
    )
    ran = run("--db", tmp_path / "s.db", "add", "--claims", folder, tmp_path / "nowhere.json")
    assert ran.code == 1
    assert "3 new" in ran.err
    assert "broken.json: not a labelled article" in ran.err
    assert "liar.json: the quote is not in the article: 'not there'" in ran.err
    assert "nowhere.json: cannot be read" in ran.err
    assert "Traceback" not in ran.err


def test_add_reads_pages_like_read_does(run: Run, tmp_path: Path, no_model: None) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "a.json").write_text(
        json.dumps({"id": "a", "title": H, "text": "It is made. " * 30, "published": "2020-01-01"})
    )
    (pages / "b.json").write_text("{")
    ran = run("--db", tmp_path / "s.db", "add", pages)
    assert ran.code == 1
    assert "1 new" in ran.err
    assert [p["title"] for p in run("--db", tmp_path / "s.db", "projects", "--json").lines] == [H]


def test_projects_in_the_fixed_shape(run: Run, store: Path) -> None:
    shape = next(p for p in run("--db", store, "projects", "--json").lines if p["title"] == H)
    assert set(shape) == {"id", "title", "titles", "articles", "current", "open_roles", "first", "conflicts"}
    assert shape["articles"] == ["one", "two"]
    assert shape["open_roles"] == ["cast", "director"]
    assert shape["first"] == {"outlet": "Reel Ledger", "published": "2020-01-01", "clock": "published"}
    assert {"kind": "credit", "role": "director", "value": M, "modality": "exited"} in shape["current"]  # type: ignore[operator]


EVERY = (
    ("projects",),
    ("projects", "--status", "script"),
    ("show", H),
    ("show", H, "--as-of", "2020-01-15"),
    ("history", H),
    ("open",),
    ("open", "director"),
    ("people",),
    ("people", "marrow"),
    ("person", M),
    ("companies",),
    ("company", "Lantern Yard"),
    ("find", "harbour"),
    ("changes",),
    ("changes", "--since", "2020-01-01", "--by", "day"),
    ("review",),
)


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_every_command_has_a_table_and_json(run: Run, store: Path, words: tuple[str, ...]) -> None:
    table = run("--db", store, *words)
    assert table.code == 0
    assert table.out or "no pair is in doubt" in table.err
    assert not {"\x1b", "\u202e"} & set(table.out)
    as_json = run("--db", store, *words, "--json")
    assert as_json.code == 0
    assert as_json.lines or words[0] == "review"


def test_show_as_of(run: Run, store: Path) -> None:
    (page,) = run("--db", store, "show", H, "--as-of", "2020-01-15", "--json").lines
    directors = [s for s in page["project"]["current"] if s["role"] == "director"]  # type: ignore[index]
    assert [s["modality"] for s in directors] == ["attached"]


def test_the_grid_as_csv_is_safe_in_a_spreadsheet(run: Run, store: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run("--db", store, "open", "--csv").out)))
    assert {row["role"] for row in rows} == {"cast", "director", "writer"}
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    assert run("--db", store, "open", "--csv", "--json").code == 2


def test_decide_splits_joins_and_is_remembered(run: Run, store: Path) -> None:
    ran = run("--db", store, "decide", "one", "two", "different", "--by", "tester", "--why", "two films", "--json")
    assert ran.code == 0
    assert ran.lines[0]["judgement"] == "different"
    titles = [p["title"] for p in run("--db", store, "projects", "--json").lines]
    assert titles.count(H) == 2
    assert run("-q", "--db", store, "add", "--rebuild").code == 0
    assert [p["title"] for p in run("--db", store, "projects", "--json").lines].count(H) == 2
    assert run("--db", store, "decide", "one", "two", "same").code == 0
    assert [p["title"] for p in run("--db", store, "projects", "--json").lines].count(H) == 1
    assert run("--db", store, "decide", "one", "one", "same").code == 2


WRONG = (
    (("show", "Nothing"), 2, "no project is called"),
    (("person", "Nobody At All"), 2, "no person is called"),
    (("open", "grip"), 2, "no role"),
    (("show", H, "--as-of", "May"), 2, "is no day"),
    (("add",), 2, "SOURCE"),
    (("projects", "--status", "asleep"), 2, "no status"),
    (("find", "?"), 2, "no word"),
    (("decide", H, "x", "same"), 2, "no project"),
)


@pytest.mark.parametrize(("words", "code", "said_so"), WRONG)
def test_wrong_input_is_one_clear_line(run: Run, store: Path, words: tuple[str, ...], code: int, said_so: str) -> None:
    ran = run("--db", store, *words)
    assert ran.code == code
    assert said_so in ran.err
    assert ran.out == ""
    assert "Traceback" not in ran.err


def test_without_a_store_the_way_to_one_is_named(run: Run, tmp_path: Path) -> None:
    ran = run("--db", tmp_path / "none.db", "projects")
    assert (ran.code, ran.out) == (1, "")
    assert "`slatewatch add SOURCE...` makes one" in ran.err
    assert not (tmp_path / "none.db").exists()


def test_help_has_an_example_for_every_command(run: Run) -> None:
    for name, _, _ in COMMANDS:
        assert f"slatewatch {name}" in run(name, "--help").out.replace("slatewatch --db films.db ", "slatewatch "), name
