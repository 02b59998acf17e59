"""The command: it says where to look, serves, and stops; what cannot be is one line."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from conftest import ROOT, Run

from slatewatch.web.api import WRITINGS
from slatewatch.web.app import PAGES
from slatewatch.web.feeds import ROUTES as FEEDS
from slatewatch.web.operations import OPERATIONS


def started(*args: str, **settings: str) -> tuple[subprocess.Popen[str], str, list[str]]:
    """A server in a process of its own, its address, and the lines it printed."""
    command = [sys.executable, "-m", "slatewatch", *args]
    env = {**{k: v for k, v in os.environ.items() if k != "SLATEWATCH_TOKEN"}, **settings}
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=env)
    assert server.stderr is not None
    lines = [server.stderr.readline()]
    found = re.search(r"http://127\.0\.0\.1:\d+/", lines[0])
    assert found is not None, lines
    return server, found[0], lines


def stopped(server: subprocess.Popen[str]) -> str:
    server.send_signal(signal.SIGINT)
    _, rest = server.communicate(timeout=60)
    return rest


def test_it_serves_until_interrupted_and_tells_the_token_it_made(world: Path) -> None:
    server, address, _ = started("--db", str(world), "serve", "--port", "0")
    answer = httpx.get(f"{address}api/counts", timeout=60)
    assert server.stderr is not None
    told = server.stderr.readline()
    assert stopped(server) == ""
    assert server.returncode == 0
    assert answer.json()["data"]["articles"] == 73
    assert re.search(r"sign in at http\S+ with the token \S{20,}", told)


def test_a_token_that_was_given_is_not_told(world: Path) -> None:
    server, address, _ = started("--db", str(world), "serve", "--port", "0", SLATEWATCH_TOKEN="hush-hush")
    answer = httpx.post(f"{address}api/notes", json={}, headers={"authorization": "Bearer hush-hush"}, timeout=60)
    assert answer.status_code == 400
    assert "hush" not in stopped(server)


def test_a_store_that_is_not_there_is_one_line(run: Run, tmp_path: Path) -> None:
    ran = run("--db", tmp_path / "none.db", "serve")
    assert ran.code == 1
    assert "there is no store" in ran.err
    assert len(ran.err.splitlines()) == 1


@pytest.mark.parametrize("taken", ["port", "host"])
def test_what_cannot_be_listened_on_is_one_line(run: Run, world: Path, taken: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        where = ["--port", port] if taken == "port" else ["--host", "no-such-host.invalid"]
        ran = run("--db", world, "serve", *where)
    assert ran.code == 2
    assert "cannot be listened on" in ran.err
    assert len(ran.err.splitlines()) == 1


def test_every_route_is_documented() -> None:
    web, api = ((ROOT / "docs" / name).read_text("utf-8") for name in ("web.md", "api.md"))
    for route in PAGES:
        shown = re.sub(
            r"{name:path}", "NAME" if "people" in route.path or "companies" in route.path else "ID", route.path
        )
        assert f"`{shown}" in web, route.path
    for path in [operation.path.replace(":path", "") for operation in OPERATIONS] + [row[0] for row in WRITINGS]:
        assert f"`{path}`" in api, path
    for feed in FEEDS:
        assert feed.path.replace("{id}", "ID") in api, feed.path


def test_no_page_loads_the_model(world: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom starlette.testclient import TestClient\n"
        "from slatewatch.web.app import make_app\nfrom slatewatch.web.settings import Settings\n"
        "with TestClient(make_app(Settings(store=Path(sys.argv[1]))), base_url='http://127.0.0.1') as client:\n"
        "    for path in ('/', '/about', '/api/reader', '/articles/lantern-4', '/search?q=lantern'):\n"
        "        assert client.get(path).status_code == 200, path\n"
        "print(*sorted(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code, str(world)], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in ran.stdout.split()}
    assert "starlette" in loaded
    assert not loaded & {"onnxruntime", "tokenizers", "numpy"}
