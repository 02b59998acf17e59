"""The worked examples of the documents: their commands are run, one after the other, and print what the page says."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from conftest import ROOT, Run

from .test_mail import free_port

PAGES = ("for-assistants.md", "for-journalists.md")


class Inbox(Message):
    """Keeps the subjects of what comes in."""

    def __init__(self) -> None:
        super().__init__()
        self.subjects: list[str] = []

    def handle_message(self, message: object) -> None:
        self.subjects.append(str(message["Subject"]))  # type: ignore[index]


@pytest.fixture
def inbox() -> Iterator[tuple[int, Inbox]]:
    box, port = Inbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield port, box
    controller.stop()


def steps(page: str) -> list[tuple[str, list[str]]]:
    """(command, what it prints, line by line) of all console blocks of a page."""
    found: list[tuple[str, list[str]]] = []
    for block in re.findall(r"```console\n(.*?)```", (ROOT / "docs" / page).read_text("utf-8"), re.DOTALL):
        for line in block.rstrip("\n").split("\n"):
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return found


def fits(printed: list[str], said: list[str]) -> bool:
    """Whether lines are those of the page. `…` stands for anything, a line of its own for any lines."""
    pattern = "\n".join(".*" if line == "…" else re.escape(line).replace("…", "[^\n]*") for line in said)
    return re.fullmatch(pattern, "\n".join(printed), re.DOTALL) is not None


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_print_what_the_page_says(
    page: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inbox: tuple[int, Inbox]
) -> None:
    shutil.copytree(ROOT / "docs/examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    asked = steps(page)
    assert len(asked) >= 6
    for command, said in asked:
        words = shlex.split(command.replace("localhost:2525", f"127.0.0.1:{inbox[0]}"))
        assert words[0] == "slatewatch"
        ran = run(*words[1:])
        assert ran.code == 0, (command, ran.err)
        printed = [*ran.out.splitlines(), *ran.err.splitlines()]
        assert fits(printed, said), f"{command}\n" + "\n".join(printed)
    assert len(inbox[1].subjects) == (page == "for-assistants.md")


def test_a_line_that_is_wrong_is_found() -> None:
    assert fits(["1 change, 2026-01-01", "b"], ["1 change, …", "b"])
    assert fits(["a", "x", "y", "z"], ["a", "…", "z"])
    assert not fits(["1 change, 2026-01-01", "c"], ["1 change, …", "b"])
    assert not fits(["a", "b", "c"], ["a", "c"])
