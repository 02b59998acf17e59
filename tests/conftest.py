"""What many tests need: the command line run inside this process, a store, a site, no model or a lone one."""

from __future__ import annotations

import importlib.util
import json
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest
from feed_server import Site, serving
from hypothesis import settings

from slatewatch.cli import main
from slatewatch.model import Claim
from slatewatch.store import open_store

ROOT = Path(__file__).parents[1]


def bench(name: str) -> ModuleType:
    """A file of `bench/` as a module: they are no package."""
    spec = importlib.util.spec_from_file_location(f"bench_{name}", ROOT / "bench" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[f"bench_{name}"] = module
    spec.loader.exec_module(module)
    return module


# No deadline: the first example pays for loading the model. Derandomized: a change is judged by the change alone.
settings.register_profile("check", deadline=None, derandomize=True, max_examples=40)
settings.load_profile("check")


@dataclass(frozen=True, slots=True)
class Ran:
    """What one command did."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, object]]:
        """Standard output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """`run("read", path)`: the command's exit code and what it printed."""

    def run_command(*args: str | Path) -> Ran:
        capsys.readouterr()
        code = main([str(arg) for arg in args])
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return run_command


@pytest.fixture
def root() -> Path:
    """The root of the repository."""
    return ROOT


@pytest.fixture
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that are not about the claims: every article states that its title is the title of a film."""

    def one_claim(article: object) -> list[Claim]:
        title, key = getattr(article, "title"), getattr(article, "id")  # noqa: B009
        return [
            Claim(
                kind="format", article=key, project=title, value="film", quote=title, start=0, end=len(title), sure=0.5
            )
        ]

    monkeypatch.setattr("slatewatch.claims.find_claims", one_claim)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A new store, open for writing."""
    store = open_store(tmp_path / "slate.db", write=True)
    yield store
    store.close()


@pytest.fixture
def site() -> Iterator[Site]:
    """A site on this machine that feeds and pages can be put on."""
    with serving() as made:
        yield made


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that ask a model's server: no answers of other runs, no key of this machine's user, no long waits."""
    monkeypatch.setenv("SLATEWATCH_CACHE", str(tmp_path / "answers"))
    monkeypatch.delenv("SLATEWATCH_LLM_KEY", raising=False)
    monkeypatch.setattr("slatewatch.careful.reader.FIRST_WAIT", 0.01)
