"""The bench asks every page and route that answers a GET, of things that are in the store."""

from __future__ import annotations

import importlib.util
import random
import sys
from pathlib import Path
from types import ModuleType

import pytest
from conftest import ROOT
from starlette.routing import Route
from starlette.testclient import TestClient

from slatewatch.web.app import make_app
from slatewatch.web.settings import Settings

#: Asked by nothing that a generated store holds: another address of an article, and the feed of a watch.
LEFT_OUT = {"/articles", "/feeds/watch/{id}.atom"}


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_web", ROOT / "bench" / "web.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["bench_web"] = module
    spec.loader.exec_module(module)
    return module


def test_every_route_is_asked(bench: ModuleType, world: Path) -> None:
    routes = [r for r in make_app(Settings(store=world)).routes if isinstance(r, Route) and "GET" in (r.methods or ())]
    asked = [path.partition("?")[0].replace("{", "").replace("}", "") for _, path in bench.ROUTES]
    missing = {r.path for r in routes if not any(r.path_regex.fullmatch(path) for path in asked)}
    assert missing == LEFT_OUT


def test_every_address_answers(bench: ModuleType, world: Path, client: TestClient) -> None:
    rng = random.Random(1)
    for name, path in bench.routes(world).items():
        answer = client.get(path(rng))
        assert answer.status_code in {200, 307}, (name, answer.text[:300])
