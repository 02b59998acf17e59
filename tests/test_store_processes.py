"""Several processes on one store: killed at any moment, and two at once."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from makers import article, labelled, said
from test_store import dump

from slatewatch.store import open_store

#: How many kills: enough to meet every step now and then; set higher for a long run.
KILLS = int(os.environ.get("SLATEWATCH_KILLS", "8"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three hundred labelled articles on sixty projects."""
    rng = random.Random(5)
    made = tmp_path_factory.mktemp("articles")
    names = [f"Person {a}{b}" for a in "abcdefgh" for b in "klmnopqr"]
    for n in range(300):
        title = f"Film {n % 60} of Many"
        claims = [said(title, role, rng.choice(names)) for role in ("director", "writer", "cast")]
        claims += [
            said(title, "status", rng.choice(("script", "filming", "cancelled"))),
            said(title, "studio", f"House {n % 9}"),
        ]
        read = article(f"n{n}", f"20{10 + n // 30}-0{n % 9 + 1}-01", *claims, outlet=f"Outlet {n % 7}")
        (made / f"n{n}.json").write_text(json.dumps(labelled(read)))
    return made


def start(store: Path, *sources: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "slatewatch", "-q", "--db", str(store), "add", "--claims", *map(str, sources)]
    return subprocess.Popen(command, stderr=subprocess.PIPE)


def ended(process: subprocess.Popen[bytes]) -> None:
    _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err.decode()


@pytest.fixture(scope="module")
def undisturbed(folder: Path) -> tuple[dict[str, list[tuple[object, ...]]], float]:
    began = time.monotonic()
    ended(start(folder / "whole.db", folder))
    return read(folder / "whole.db"), time.monotonic() - began


def read(store: Path) -> dict[str, list[tuple[object, ...]]]:
    db = open_store(store)
    assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    found = dump(db)
    db.close()
    return found


def test_killed_at_any_moment_the_store_is_sound_and_a_second_run_completes_it(
    folder: Path, tmp_path: Path, undisturbed: tuple[dict[str, list[tuple[object, ...]]], float]
) -> None:
    whole, seconds = undisturbed
    rng = random.Random(11)
    store, met = tmp_path / "killed.db", 0
    for kill in range(KILLS):
        process = start(store, folder)
        time.sleep(rng.uniform(0.1, seconds))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        met += process.returncode == -signal.SIGKILL
        if store.exists() and store.stat().st_size:
            db = open_store(store, write=True)
            assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            db.close()
        if kill % 3 == 2:
            ended(start(store, folder))
            assert read(store) == whole
            store.unlink()
    ended(start(store, folder))
    assert read(store) == whole
    assert met, "no run was still going when it was to be killed"


def test_two_at_once_lose_and_double_nothing(
    folder: Path, tmp_path: Path, undisturbed: tuple[dict[str, list[tuple[object, ...]]], float]
) -> None:
    files = sorted(folder.glob("*.json"))
    one, two = start(tmp_path / "both.db", *files[:200]), start(tmp_path / "both.db", *files[100:])
    ended(one)
    ended(two)
    assert read(tmp_path / "both.db") == undisturbed[0]
