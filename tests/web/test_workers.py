"""Several processes on one store: all answer, what one writes the others show, and none outlives the server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from conftest import Run

from slatewatch.web import workers

from .test_serve import started, stopped

pytestmark = pytest.mark.skipif(not workers.can_share(), reason="this system does not let processes share a port")

Server = tuple["subprocess.Popen[str]", str]


@pytest.fixture
def served(fresh: Path) -> Iterator[Server]:
    """A server of three processes, and its address."""
    server, address, _ = started("--db", str(fresh), "serve", "--port", "0", "--workers", "3", SLATEWATCH_TOKEN="hush")
    yield server, address
    if server.poll() is None:
        stopped(server)


def processes(server: subprocess.Popen[str]) -> list[int]:
    return [int(one) for one in Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()]


def until(true: Callable[[], bool]) -> bool:
    """Whether it becomes so within a minute."""
    end = time.monotonic() + 60
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    return true()


def gone(pid: int) -> bool:
    try:
        return "State:\tZ" in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return True


def counts(address: str) -> int:
    """One answer, over a connection of its own."""
    return httpx.get(f"{address}api/counts", timeout=60).status_code


def test_what_one_writes_all_show(served: Server) -> None:
    server, address = served
    assert until(lambda: len(processes(server)) == 3)
    project = httpx.get(f"{address}api/open", timeout=60).json()["data"][0]["project"]["id"]
    for n in range(6):
        said, headers = {"project": project, "text": f"note {n}"}, {"authorization": "Bearer hush"}
        assert httpx.post(f"{address}api/notes", json=said, headers=headers, timeout=60).status_code == 201
        for _ in range(6):
            row = httpx.get(f"{address}api/open", headers=headers, timeout=60).json()["data"][0]
            assert row["note"] == f"note {n}"


def test_a_process_that_dies_is_replaced(served: Server) -> None:
    server, address = served
    assert counts(address) == 200
    before = processes(server)
    os.kill(before[0], signal.SIGKILL)
    assert until(lambda: len(processes(server)) == 3 and before[0] not in processes(server))
    assert [counts(address) for _ in range(12)] == [200] * 12
    assert "another takes its place" in stopped(server)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_all_end_with_the_server(served: Server, how: signal.Signals) -> None:
    server, address = served
    assert counts(address) == 200
    there = processes(server)
    server.send_signal(how)
    _, rest = server.communicate(timeout=60)
    assert (server.returncode, rest) == (0, "")
    assert until(lambda: all(map(gone, there)))


def test_ctrl_c_reaches_them_all_at_once(fresh: Path) -> None:
    """A terminal interrupts every process of the command."""
    command = [sys.executable, "-m", "slatewatch", "--db", str(fresh), "serve", "--port", "0", "--workers", "2"]
    server = subprocess.Popen([*command, "--read-only"], stderr=subprocess.PIPE, text=True, start_new_session=True)
    assert server.stderr is not None
    address = server.stderr.readline().split()[1]
    assert counts(address) == 200
    os.killpg(server.pid, signal.SIGINT)
    _, rest = server.communicate(timeout=60)
    assert (server.returncode, rest) == (0, "")


def test_none_outlives_a_server_that_was_killed(served: Server) -> None:
    server, address = served
    assert counts(address) == 200
    there = processes(server)
    server.kill()
    # Their standard error is the server's: this waits for the last of them.
    server.communicate(timeout=60)
    assert until(lambda: all(map(gone, there)))


@pytest.mark.parametrize("count", ["1", "2"])
def test_their_port_is_taken(served: Server, run: Run, fresh: Path, count: str) -> None:
    _, address = served
    port = address.rsplit(":", 1)[1].strip("/")
    ran = run("--db", fresh, "serve", "--port", port, "--workers", count)
    assert ran.code == 2
    assert "cannot be listened on" in ran.err
    assert len(ran.err.splitlines()) == 1


def test_processes_that_cannot_work_end_the_server(capfd: pytest.CaptureFixture[str]) -> None:
    code = (
        "import socket\nfrom slatewatch.web.workers import run_all\n"
        "def fail(listening, when_over):\n    raise ValueError('no work today')\n"
        "with socket.socket() as one, socket.socket() as two:\n    raise SystemExit(run_all([one, two], fail))"
    )
    ran = subprocess.run([sys.executable, "-c", code], timeout=120, check=False)
    said = capfd.readouterr().err
    assert ran.returncode == 1
    assert "ValueError: no work today" in said
    assert "the server stops" in said
    assert "Traceback" not in said
