"""Files, folders and standard input: pages, or one line that says what to do."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from slatewatch import pages
from slatewatch.errors import UnreadablePage
from slatewatch.model import Page
from slatewatch.pages import LONGEST, read_pages, stem

RECORD = json.dumps({"id": "a", "title": "Marlow Plans Undertow", "text": "A film."}).encode()


def only(source: str | Path, stdin: bytes | None = None) -> Page | UnreadablePage:
    (found,) = read_pages(str(source), stdin=io.BytesIO(stdin) if stdin is not None else None)
    return found


def error(source: str | Path, stdin: bytes | None = None) -> str:
    found = only(source, stdin)
    assert isinstance(found, UnreadablePage)
    assert "\n" not in str(found)
    return str(found)


def bodies(source: str | Path, stdin: bytes | None = None) -> list[bytes]:
    found = list(read_pages(str(source), stdin=io.BytesIO(stdin) if stdin is not None else None))
    return [page.body for page in found if isinstance(page, Page)]


def test_importing_pages_loads_nothing_heavy() -> None:
    code = "import sys, slatewatch.pages, slatewatch.articles; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in ran.stdout.split()}
    assert not loaded & {"httpx", "trafilatura", "lxml", "resiliparse", "htmldate", "numpy"}


def test_a_file_is_a_page(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(b"<p>Undertow</p>")
    assert only(path) == Page(name=str(path), body=b"<p>Undertow</p>")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert error(tmp_path / "none.html") == f"{tmp_path}/none.html: no such file; check the path"
    assert "cannot be read" in error("a\0b")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(b"x")
    path.chmod(0)
    assert "permissions" in error(path)


def test_a_folder_is_read_in_order_and_down_to_its_leaves(tmp_path: Path) -> None:
    (tmp_path / "b" / "c").mkdir(parents=True)
    (tmp_path / ".hidden.html").write_bytes(b"not read")
    (tmp_path / "notes.pdf").write_bytes(b"not read")
    for name in ("z.txt", "a.HTML", "b/m.json", "b/c/k.htm", "b/l.xhtml"):
        (tmp_path / name).write_bytes(name.encode())
    (tmp_path / "n.jsonl").write_bytes(b"one\n\ntwo\n")
    assert bodies(tmp_path) == [b"a.HTML", b"b/c/k.htm", b"b/l.xhtml", b"b/m.json", b"one\n", b"two\n", b"z.txt"]


def test_a_folder_without_articles_says_what_an_article_is(tmp_path: Path) -> None:
    (tmp_path / "notes.pdf").write_bytes(b"%PDF")
    message = error(tmp_path)
    assert "no article in this folder" in message
    assert ".jsonl" in message


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"first")
    (tmp_path / "b.txt").symlink_to(tmp_path / "nowhere")
    with (tmp_path / "c.txt").open("wb") as big:
        big.truncate(LONGEST + 1)
    (tmp_path / "d.txt").write_bytes(b"last")
    found = list(read_pages(str(tmp_path)))
    assert [isinstance(one, UnreadablePage) for one in found] == [False, True, True, False]
    assert "b.txt: no such file" in str(found[1])
    assert "c.txt: longer than 20 MB" in str(found[2])


def test_a_pipe_in_a_folder_holds_nothing_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "q.txt").write_bytes(b"page")
    assert bodies(tmp_path) == [b"page"]


def test_a_huge_file_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "huge.html"
    with path.open("wb") as file:
        file.truncate(150_000_000)
    start = time.monotonic()
    assert "longer than 20 MB" in error(path)
    assert "longer than 20 MB" in error("/dev/zero")
    assert time.monotonic() - start < 2


def test_each_line_of_json_lines_is_a_page(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    path.write_bytes(RECORD + b"\n\n" + b"broken\n" + RECORD)
    found = list(read_pages(str(path)))
    assert [one.name for one in found if isinstance(one, Page)] == [f"{path}:1", f"{path}:3", f"{path}:4"]
    path.write_bytes(b"\n \n")
    assert "empty" in error(path)


def test_a_line_that_is_too_long_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "LONGEST", 100)
    path = tmp_path / "news.jsonl"
    path.write_bytes(b"one\n" + b"x" * 350 + b"\ntwo\n")
    found = list(read_pages(str(path)))
    assert [getattr(one, "body", None) for one in found] == [b"one\n", None, b"two\n"]


def test_standard_input_is_one_page_or_one_a_line() -> None:
    assert bodies("-", b"Title\n\nText of it.\n") == [b"Title\n\nText of it.\n"]
    assert bodies("-", b'{\n "title": "x"\n}') == [b'{\n "title": "x"\n}']
    assert bodies("-", RECORD + b"\n" + RECORD) == [RECORD + b"\n", RECORD]
    assert "longer than" in error("-", b"x" * (LONGEST + 1))


@pytest.mark.parametrize(
    ("name", "called"),
    [("a/000_abd.txt", "000_abd"), ("page.tar.html", "page.tar"), ("x/news.jsonl:7", "news-7"), ("-:2", "stdin-2"),
     ("noending", "noending")],
)  # fmt: skip
def test_a_page_is_called_after_its_file(name: str, called: str) -> None:
    assert stem(name) == called
