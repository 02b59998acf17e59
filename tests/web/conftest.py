"""The stores, clients and the browser that many tests of the pages need."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from starlette.testclient import TestClient

from slatewatch.labelled import labelled

from .servers import ARGS, CHROMIUM, FILLERS, WORLD, build, client_of, filler, no_browser, serving


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of the invented world and the small articles. Not to be written to: `fresh` gives a copy."""
    articles = [*labelled(str(WORLD)), *map(filler, range(FILLERS))]
    return build(tmp_path_factory.mktemp("world") / "world.db", articles)


@pytest.fixture
def fresh(world: Path, tmp_path: Path) -> Path:
    """A copy of the world that a test may write to."""
    return Path(shutil.copy(world, tmp_path / "fresh.db"))


@pytest.fixture(scope="module")
def client(world: Path) -> Iterator[TestClient]:
    with client_of(world) as made:
        yield made


@pytest.fixture(scope="session")
def site(world: Path) -> Iterator[str]:
    with serving(world) as address:
        yield address


# For one module: while it runs its event loop fills the thread, and other tests of the process need their own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        no_browser(f"there is no {CHROMIUM}; scripts/browser installs it where it may (root on Debian)")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS, timeout=120_000)
        yield chromium
        chromium.close()
