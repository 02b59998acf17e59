"""The bench asks every page and route that answers a GET, of things that are in the store."""

from __future__ import annotations

import random
from pathlib import Path
from types import ModuleType

import pytest
from conftest import bench
from starlette.routing import Route
from starlette.testclient import TestClient

from slatewatch.web.app import make_app
from slatewatch.web.settings import Settings

#: Asked by nothing that a generated store holds: another address of an article, and the feed of a watch.
LEFT_OUT = {"/articles", "/feeds/watch/{id}.atom"}


@pytest.fixture(scope="module")
def asking() -> ModuleType:
    return bench("web")


def test_every_route_is_asked(asking: ModuleType, world: Path) -> None:
    routes = [r for r in make_app(Settings(store=world)).routes if isinstance(r, Route) and "GET" in (r.methods or ())]
    asked = [path.partition("?")[0].replace("{", "").replace("}", "") for _, path in asking.ROUTES]
    missing = {r.path for r in routes if not any(r.path_regex.fullmatch(path) for path in asked)}
    assert missing == LEFT_OUT


def test_every_address_answers(asking: ModuleType, world: Path, client: TestClient) -> None:
    rng = random.Random(1)
    for name, path in asking.routes(world).items():
        answer = client.get(path(rng))
        assert answer.status_code in {200, 307}, (name, answer.text[:300])
