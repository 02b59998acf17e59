"""The command line as a whole: its commands, its exit codes, and what a user is told when something is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest
from conftest import Run

from slatewatch import __version__
from slatewatch.cli import COMMANDS, slatewatch
from slatewatch.errors import BadInput, StoreError


def test_help_names_every_command(run: Run) -> None:
    ran = run("--help")
    assert ran.code == 0
    for name, _, line in COMMANDS:
        assert f"  {name} " in ran.out
        assert line.split()[0] in ran.out


@pytest.mark.parametrize("name", [name for name, _, _ in COMMANDS])
def test_every_command_has_help_with_an_example(name: str, run: Run) -> None:
    ran = run(name, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert f"slatewatch {name}" in ran.out[ran.out.index("Example") :]


def test_version(run: Run) -> None:
    assert run("--version").out.strip().endswith(__version__)


@pytest.mark.parametrize(
    "args",
    [
        ["no-such-command"],
        ["read"],
        ["read", "--no-such-option", "x"],
        ["read", "--min-sure", "2", "x"],
        ["read", "--min-sure", "much", "x"],
        ["evaluate"],
        ["evaluate", "no/such/folder"],
        ["evaluate", "--kind", "rumour", "."],
        ["evaluate", "--show", "-1", "."],
    ],
)
def test_wrong_usage_is_2_and_says_what_is_right(args: list[str], run: Run) -> None:
    ran = run(*args)
    assert (ran.code, ran.out) == (2, "")
    assert "Error:" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (BadInput("say\x1b[2J this"), 2, "slatewatch: say [2J this\n"),
        (StoreError("the store\nis busy"), 1, "slatewatch: the store is busy\n"),
        (KeyboardInterrupt(), 130, "slatewatch: interrupted\n"),
    ],
)
def test_each_error_is_one_line(
    error: BaseException, code: int, told: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise error

    monkeypatch.setattr(slatewatch, "get_command", lambda ctx, name: click.Command(name, callback=fail))
    ran = run("read")
    assert (ran.code, ran.out) == (code, "")
    assert ran.err.lstrip() == told


def test_what_should_not_happen_is_one_line_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(slatewatch, "get_command", lambda ctx, name: click.Command(name, callback=fail))
    ran = run("read")
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert "ZeroDivisionError" in ran.err
    monkeypatch.setenv("SLATEWATCH_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        run("read")


def test_a_reader_that_leaves_causes_no_traceback(tmp_path: Path) -> None:
    for place in range(300):
        article = {"id": str(place), "title": "Nothing", "text": "Nothing is said here. " * 300}
        (tmp_path / f"{place}.json").write_text(json.dumps(article), "utf-8")
    # find_claims is left out: this test is about the pipe.
    code = (
        "import sys, slatewatch.claims\nslatewatch.claims.find_claims = lambda article: []\n"
        "from slatewatch.cli import main\nsys.exit(main(['read', sys.argv[1]]))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as reading:
        assert reading.stdout is not None
        assert reading.stderr is not None
        reading.stdout.readline()
        reading.stdout.close()
        assert reading.stderr.read() == b""
        reading.wait()
