"""`import slatewatch`: reading, asking, tables in notebooks as IPython shows them, frames."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
from IPython.core.interactiveshell import InteractiveShell
from lxml import html
from makers import article, said
from web.servers import WORLD, build

import slatewatch
from slatewatch import answers
from slatewatch.errors import BadInput, SlatewatchError, UnreadablePage
from slatewatch.labelled import labelled
from slatewatch.tabled import INNER_ROWS, LONGEST, ROWS

LANTERN = "The Lantern Keepers"
ODD = "<script>alert(1)</script>\u202e & \"co\" 'x'"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("api") / "slate.db", list(labelled(str(WORLD))))


@pytest.fixture
def db(store: Path) -> Iterator[Any]:
    opened = slatewatch.open_store(store)
    yield opened
    opened.close()


def test_every_name_that_is_offered_is_there() -> None:
    for name in slatewatch.__all__:
        assert getattr(slatewatch, name) is not None
    assert set(slatewatch.__all__) <= set(dir(slatewatch))


def test_importing_it_loads_nothing_heavy() -> None:
    code = "import sys, slatewatch; print(*{n.split('.')[0] for n in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"numpy", "onnxruntime", "polars", "pandas", "pyarrow", "msgspec", "sqlite3", "IPython"} & set(loaded)


def test_asking_a_store_loads_no_reader_and_no_frames() -> None:
    code = "import sys, slatewatch; slatewatch.answers, slatewatch.table; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"onnxruntime", "polars", "pandas"} & set(loaded)


# Reading.


def test_read_gives_articles_with_their_claims(no_model: None, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "A headline of some length\n\nAnd a text that is long enough to be read as an article."
    )
    (reading,) = slatewatch.read(tmp_path / "a.txt")
    assert reading.article.id == "a"
    assert [claim.kind for claim in reading.claims] == ["format"]
    assert len(slatewatch.read(tmp_path, min_sure=0.9)[0].claims) == 0
    assert reading.article.title in reading._repr_html_()


def test_one_bad_page_stops_nothing_and_is_warned_of(no_model: None, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "A headline of some length\n\nAnd a text that is long enough to be read as an article."
    )
    with pytest.warns(UserWarning, match=r"nowhere\.html"):
        found = slatewatch.read(tmp_path / "nowhere.html", tmp_path / "a.txt")
    assert len(found) == 1
    with pytest.raises(UnreadablePage, match=r"nowhere\.html"):
        slatewatch.read(tmp_path / "nowhere.html")


def test_the_model_reads_the_page_that_ships_with_it(root: Path) -> None:
    (reading,) = slatewatch.read(root / "slatewatch/demo/escaping-north-korea.html")
    frame = reading.claims.to_polars()
    assert "Rosalind Ross" in frame.filter(pl.col("role") == "writer")["value"].to_list()


# Tables.


def shell() -> Any:
    """The part of a notebook that asks how things look."""
    return InteractiveShell.instance()


def shown(thing: object) -> Any:
    """What a notebook shows of a thing, as HTML; None where it shows its text alone."""
    data, _ = shell().display_formatter.format(thing)
    return html.fromstring(data["text/html"]) if "text/html" in data else None


def test_a_record_is_shown_as_a_table(db: Any) -> None:
    page = answers.project(db, LANTERN)
    rows = {row.findtext("th"): row.find("td") for row in shown(page.project).xpath("./tr | ./tbody/tr")}
    assert rows["title"].text == LANTERN
    heads = [cell.text for cell in rows["current"].xpath(".//thead[1]/tr/th")]
    assert heads[:3] == ["kind", "role", "value"]
    for thing in (page, page.project.current[0], page.project.changes[0], answers.person(db, "Mira Solveig")):
        assert shown(thing).tag in {"table", "div"}


def test_a_list_of_records_is_shown_as_one_table(db: Any) -> None:
    rows = answers.projects(db)
    table = slatewatch.table(rows)
    cells = shown(table).xpath("//tbody/tr")
    assert len(cells) == len(rows)
    assert [head.text for head in shown(table).xpath("//thead/tr/th")][:2] == ["id", "title"]
    assert (table[0], len(table[1:3]), list(table)) == (rows[0], 2, rows)
    assert shown(slatewatch.table([])).text == "nothing"


def test_plain_lists_are_shown_too_when_asked_for(db: Any) -> None:
    rows = answers.projects(db)
    assert shown(rows) is None
    shell().extension_manager.load_extension("slatewatch")
    try:
        assert len(shown(rows).xpath("//tbody/tr")) == len(rows)
        assert len(shown(tuple(rows)).xpath("//tbody/tr")) == len(rows)
        assert shown([1, 2]) is None
        assert shown([]) is None
    finally:
        for kind in (list, tuple):
            shell().display_formatter.formatters["text/html"].pop(kind)


def test_a_text_is_never_markup(tmp_path: Path) -> None:
    opened = slatewatch.open_store(build(tmp_path / "odd.db", [article("a", "2020-01-01", said(ODD, "director", ODD))]))
    page = answers.project(opened, answers.projects(opened)[0].id)
    opened.close()
    for thing in (page, slatewatch.table([page.project]), page.project.current[0]):
        tree = shown(thing)
        assert not tree.xpath("//script | //img | //a | //@onerror")
        assert "<script>alert(1)</script>" in tree.text_content()
        assert "\u202e" not in tree.text_content()


def test_tables_are_bounded() -> None:
    claim = said("Harbour Lights", "director", "x" * 5000)
    (cell,) = [c for c in shown(claim).xpath("//td") if "xxx" in (c.text or "")][:1]
    assert len(cell.text) <= LONGEST
    many = shown(slatewatch.table([claim] * (ROWS + 5)))
    assert len(many.xpath("//tbody/tr")) == ROWS
    assert "and 5 more" in many.text_content()
    assert INNER_ROWS < ROWS


def test_what_is_no_record_makes_no_table() -> None:
    with pytest.raises(BadInput, match="not of int"):
        slatewatch.table([1])


# Frames.


def test_frames_have_a_row_a_record_and_a_column_a_field(db: Any) -> None:
    rows = answers.projects(db)
    names = [field.name for field in fields(rows[0])]
    polars, pandas = slatewatch.to_polars(rows), slatewatch.table(rows).to_pandas()
    assert polars.columns == list(pandas.columns) == names
    assert polars.height == len(pandas) == len(rows)
    assert polars.schema["articles"] == pl.Int64
    assert polars.schema["open_roles"] == pl.List(pl.String)
    assert polars["title"].to_list() == list(pandas["title"]) == [row.title for row in rows]
    assert isinstance(pandas, pd.DataFrame)


def test_records_within_records_become_columns_and_lists_stay_lists(db: Any) -> None:
    posts = answers.open_posts(db)
    frame = slatewatch.to_polars(posts)
    assert frame["project_title"].to_list() == [post.project.title for post in posts]
    assert frame["evidence_quote"].to_list() == [post.evidence.quote if post.evidence else None for post in posts]
    record = answers.project(db, LANTERN).project
    whole = slatewatch.to_polars(record.current)
    assert [len(said) for said in whole["evidence"].to_list()] == [len(s.evidence) for s in record.current]
    assert whole.schema["year"] == pl.Int64
    assert slatewatch.to_pandas(record.current)["year"].dtype == "Int64"


def test_nothing_makes_an_empty_frame() -> None:
    assert slatewatch.to_polars([]).height == 0
    assert len(slatewatch.to_pandas([])) == 0


def test_a_library_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(SlatewatchError, match="pip install polars"):
        slatewatch.to_polars([])
