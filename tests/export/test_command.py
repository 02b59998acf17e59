"""`slatewatch export` as a command: files whole or not at all, what was left out, wrong usage in one line."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import pytest
from conftest import Run

from slatewatch.errors import SlatewatchError
from slatewatch.export import FORMATS, libraries
from slatewatch.export.libraries import library

LANTERN = "The Lantern Keepers"


@pytest.mark.parametrize("name", [form.name for form in FORMATS if form.name != "mismatches"])
def test_every_format_is_written_whole(run: Run, slate: Path, tmp_path: Path, name: str) -> None:
    target = tmp_path / f"out.{name}"
    ran = run("--db", slate, "export", name, LANTERN, "--to", target, "--json")
    assert ran.code == 0, ran.err
    (told,) = ran.lines
    assert (told["format"], told["projects"], told["file"]) == (name, 1, str(target))
    assert target.exists()
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_standard_output_gets_the_same(run: Run, slate: Path, tmp_path: Path) -> None:
    run("--db", slate, "export", "jsonl", "--to", tmp_path / "a.jsonl")
    ran = run("--db", slate, "export", "jsonl", "--to", "-")
    assert ran.out == (tmp_path / "a.jsonl").read_text("utf-8")
    assert all(json.loads(line)["title"] for line in ran.out.splitlines())


def test_what_is_left_out_is_told_on_standard_error(run: Run, slate: Path) -> None:
    ran = run("--db", slate, "export", "quickstatements", LANTERN)
    assert (ran.code, ran.out) == (0, "")
    assert f"left out: {LANTERN}: has no item of Wikidata" in ran.err
    assert run("-q", "--db", slate, "export", "quickstatements", LANTERN).err == ""


@pytest.mark.parametrize(
    ("args", "code", "why"),
    [
        (["excel"], 2, "there is no format 'excel'; there are csv"),
        (["csv", "No Such Film"], 2, "no project is called"),
        (["html"], 2, "name the projects"),
        (["mismatches"], 2, "--wikidata"),
        (["csv", "--json"], 2, "--to"),
        (["atom", "--address", "javascript:x"], 2, "--address is an address"),
        (["quickstatements", "--ids", "/no/such/file.csv"], 2, "cannot be read"),
        (["csv", "--to", "/no/such/folder/x.csv"], 1, "cannot be written"),
        (["csv", "--as-of", "soon"], 2, "is no day"),
    ],
)
def test_wrong_usage_is_one_line(run: Run, slate: Path, args: list[str], code: int, why: str) -> None:
    ran = run("--db", slate, "export", *args)
    assert ran.code == code
    assert why in ran.err
    assert "Traceback" not in ran.err
    assert ran.out == ""


def test_a_file_stays_when_the_new_one_fails(run: Run, slate: Path, tmp_path: Path) -> None:
    target = tmp_path / "kept.csv"
    target.write_text("before")
    assert run("--db", slate, "export", "csv", LANTERN, "No Such Film", "--to", target).code == 2
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("kept.csv", "before")]


def test_a_library_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(libraries, "importlib", type("Missing", (), {"import_module": staticmethod(missing)}))
    with pytest.raises(SlatewatchError, match=r"pip install 'slatewatch\[exports\]'"):
        library("pyarrow.parquet")
    assert importlib.import_module("json") is json
