"""The one-page brief: HTML as lxml reads it, PDF as pdftotext does."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from makers import article, said

from slatewatch import answers
from slatewatch.errors import BadInput
from slatewatch.export.brief import LINES

from .conftest import Export, exported
from .hostile import NAME, TITLE, hostile

LANTERN = "The Lantern Keepers"
NAMES = ("Андрей Звонкий", "Ξένια Φάρου", "Nguyễn Tấn Dũng", "Łucja Źdźbło", "محمد كريم", "नसीर शाह")


def pdf_text(body: bytes, tmp_path: Path) -> str:
    """What pdftotext reads, pages parted by form feeds."""
    if shutil.which("pdftotext") is None:
        why = "there is no pdftotext; scripts/pdftotext installs it where it may (root on Debian)"
        if os.environ.get("CI"):
            pytest.fail(f"CI needs it: {why}")
        pytest.skip(why)
    file = tmp_path / "brief.pdf"
    file.write_bytes(body)
    command = ["pdftotext", "-layout", "-enc", "UTF-8", str(file), "-"]
    return subprocess.run(command, capture_output=True, check=True, timeout=60).stdout.decode()


def words(text: str) -> str:
    return " ".join(text.split())


def test_the_page_says_what_is_known_and_leaves_the_rest_blank(export_of: Export, db: sqlite3.Connection) -> None:
    page = html.fromstring(export_of("html", LANTERN)[0])
    record = answers.project(db, LANTERN).project
    rows = {row.findtext("th"): row.find("td") for row in page.iter("tr")}
    assert list(rows) == [label for label, *_ in LINES if label not in {"Creator", "Showrunner"}]
    said = {name: words(cell.text_content()) for name, cell in rows.items()}
    for standing in record.current:
        if standing.role == "director":
            assert standing.value in said["Director"]
    assert "Teodor Valk left" in said["Director"]
    blank = [name for name, cell in rows.items() if cell.find_class("blank")]
    assert blank == [name for name, text in said.items() if not text] == ["Crew", "Production"]
    assert "composer" in words(page.text_content()).partition("Open posts")[2]
    assert not page.xpath("//script | //link | //img | //@src | //@href"), "it needs nothing else"


def test_a_series_has_a_showrunner_to_fill_in(export_of: Export) -> None:
    page = html.fromstring(export_of("html", "Harbour Nine")[0])
    assert "Showrunner" in [row.findtext("th") for row in page.iter("tr")]


def test_several_projects_are_several_pages(export_of: Export, tmp_path: Path) -> None:
    names = (LANTERN, "Harbour Nine")
    assert len(html.fromstring(export_of("html", *names)[0]).xpath("//article")) == 2
    pages = pdf_text(export_of("pdf", *names)[0], tmp_path).split("\f")
    assert [words(page).startswith(name) for page, name in zip(pages, names, strict=False)] == [True, True]
    assert pages[2:] == [""]


def test_the_pdf_says_what_the_page_says_on_one_sheet(export_of: Export, tmp_path: Path) -> None:
    body, job = export_of("pdf", LANTERN)
    text = pdf_text(body, tmp_path)
    assert text.count("\f") == 1
    page = html.fromstring(export_of("html", LANTERN)[0])
    shown = words(text)
    for value in page.xpath("//b"):
        assert words(value.text_content()) in shown, value.text_content()
    assert job.left_out == {}


def test_the_same_record_gives_the_same_file(export_of: Export) -> None:
    assert export_of("pdf", LANTERN)[0] == export_of("pdf", LANTERN)[0]


def test_a_project_with_very_much_to_it_is_one_sheet_still(
    store_of: Callable[..., sqlite3.Connection], tmp_path: Path
) -> None:
    roles = ("director", "writer", "producer", "cast", "composer", "studio", "production", "financier", "novel")
    claims = [
        said(LANTERN, role, f"{first} {'of the very long line ' * 3} {second} {role}")
        for role in roles
        for first, second in zip(("Ada", "Bela", "Cleo", "Dora", "Enno", "Fred", "Gus", "Hal"), "ZYXWVUTS", strict=True)
    ]
    director = said(LANTERN, "director", "Ines Marrow")
    articles = [
        article(f"a{n}", f"2020-01-{n + 1:02}", director, *(claims if n == 5 else ()),
                outlet=f"An Outlet With a Long Name {n}", title=f"A headline that goes on and on {n} " * 3)
        for n in range(12)
    ]  # fmt: skip
    body, _ = exported(store_of(*articles), "pdf", LANTERN)
    text = pdf_text(body, tmp_path)
    assert text.count("\f") == 1
    assert re.search(r"and \d+ more", text)


def test_names_in_other_scripts_are_written_in_them(
    store_of: Callable[..., sqlite3.Connection], tmp_path: Path
) -> None:
    parts = [said("Северный свет", "producer", name) for name in NAMES]
    body, job = exported(store_of(article("a", "2020-01-01", *parts)), "pdf", "Северный свет")
    text = words(pdf_text(body, tmp_path))
    assert job.left_out == {}
    assert "Северный свет" in text
    for name in NAMES[:4]:
        assert name in text
    # Letters that join and swap places come back in the order of the glyphs: that they are there at all is what counts.
    assert re.search("[\u0621-\u064a]{3}", text)
    assert re.search("[\u0900-\u097f]{3}", text)


def test_letters_that_no_font_has_are_told(
    store_of: Callable[..., sqlite3.Connection], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "slatewatch.export.fonts.FONTS", {"packages": ["fontpkg_noto_sans"], "folders": [], "files": []}
    )
    db = store_of(article("a", "2020-01-01", said("Harbour", "director", "山田")))
    body, job = exported(db, "pdf", "Harbour")
    assert "??" in pdf_text(body, tmp_path)
    assert set(*job.left_out.values()) == {"山", "田"}


def test_a_hostile_text_is_text(store_of: Callable[..., sqlite3.Connection], tmp_path: Path) -> None:
    db = store_of(hostile())
    project = answers.projects(db)[0].id
    page = html.fromstring(exported(db, "html", project)[0])
    assert not page.xpath("//script | //ref")
    assert words(page.findtext(".//h1")) == words(TITLE)
    assert words(NAME) in words(page.text_content())
    assert "alert(1)" in pdf_text(exported(db, "pdf", project)[0], tmp_path)


@pytest.mark.parametrize("name", ["html", "pdf"])
def test_a_page_is_of_named_projects(export_of: Export, name: str) -> None:
    with pytest.raises(BadInput, match="name the projects"):
        export_of(name)


def test_as_of_a_day_it_is_the_page_of_that_day(export_of: Export) -> None:
    page: Any = html.fromstring(export_of("html", LANTERN, as_of="2025-12-31")[0])
    text = words(page.text_content())
    assert "as of 31 Dec 2025" in text
    assert "Mira Solveig" not in text
