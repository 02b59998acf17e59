"""Every page and route under load: a server in a process of its own, so many requests at once from this one.

    python bench/web.py --store world.db                      2,000 requests, 20 at once, mixed over all routes
    python bench/web.py --store world.db --requests 20000     the same for longer: does memory stay flat?

Prints, for each route, the median and the 95th percentile in milliseconds, its weight, and errors; then the memory of
the server at the start and at the end. `bench/world.py --store` makes a store. The goal: 95 % of the answers in under
100 ms, no error, memory flat, a page's first load under 100 kB.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import signal
import sqlite3
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).parents[1]
TOO_LONG, TOO_HEAVY = 100.0, 100_000
#: All rows at once, whatever the store holds: shown, and no page that somebody waits for.
WHOLE = frozenset({"/open.csv"})


class Answers:
    """What came back of each route: milliseconds, bytes, statuses."""

    def __init__(self) -> None:
        self.ms: dict[str, list[float]] = defaultdict(list)
        self.bytes: dict[str, int] = defaultdict(int)
        self.bad: dict[str, list[int]] = defaultdict(list)


def some(db: sqlite3.Connection, query: str) -> list[str]:
    return [row[0] for row in db.execute(query) if row[0]]


def routes(store: Path) -> dict[str, Callable[[random.Random], str]]:
    """Route -> an address of it, another each time, of things that are in the store."""
    db = sqlite3.connect(f"{store.absolute().as_uri()}?mode=ro", uri=True)
    projects = some(db, "SELECT id FROM projects ORDER BY id LIMIT 5000")
    articles = some(db, "SELECT id FROM articles ORDER BY hash LIMIT 5000")
    people = some(db, "SELECT name FROM credits WHERE kind = 'credit' ORDER BY key LIMIT 5000")
    firms = some(db, "SELECT DISTINCT name FROM credits WHERE kind = 'company' LIMIT 2000")
    days = some(db, "SELECT DISTINCT day FROM articles ORDER BY day LIMIT 5000")
    words = [word for title in some(db, "SELECT title FROM projects LIMIT 3000") for word in title.split()]
    db.close()

    def of(path: str, things: list[str]) -> Callable[[random.Random], str]:
        return lambda rng: path + quote(rng.choice(things), safe="")

    def still(path: str) -> Callable[[random.Random], str]:
        return lambda rng: path

    return {
        "/": still("/"),
        "/?day=": of("/?day=", days),
        "/?role=director&day=": of("/?role=director&day=", days),
        "/?modality=exited&format=series": of("/?modality=exited&format=series&day=", days),
        "/?status=cancelled": of("/?status=cancelled&day=", days),
        "/projects": still("/projects"),
        "/projects?order=title": still("/projects?order=title&format=film"),
        "/projects/": of("/projects/", projects),
        "/projects/?as_of": lambda rng: f"/projects/{rng.choice(projects)}",
        "/articles/": of("/articles/", articles),
        "/open": still("/open"),
        "/open?order=oldest": still("/open?order=oldest"),
        "/open?role": lambda rng: f"/open?role=director&order={rng.choice(('news', 'title', 'confirmed'))}",
        "/open.csv": still("/open.csv"),
        "/people": still("/people"),
        "/people/": of("/people/", people),
        "/companies": still("/companies"),
        "/companies/": of("/companies/", firms),
        "/outlets": still("/outlets"),
        "/search": of("/search?q=", words),
        "/review": still("/review"),
        "/about": still("/about"),
        "/api/feed": still("/api/feed"),
        "/api/projects": still("/api/projects"),
        "/api/projects/": of("/api/projects/", projects),
        "/api/articles/": of("/api/articles/", articles),
        "/api/open": still("/api/open"),
        "/api/people": of("/api/people?q=", words),
        "/api/people/": of("/api/people/", people),
        "/api/companies/": of("/api/companies/", firms),
        "/api/find": of("/api/find?q=", words),
        "/api/changes": of("/api/changes?since=", days),
        "/api/counts": still("/api/counts"),
        "/api/outlets": still("/api/outlets"),
        "/api/review": still("/api/review"),
        "/api/doubts": still("/api/doubts"),
        "/feeds/all.atom": still("/feeds/all.atom"),
        "/feeds/project/": lambda rng: f"/feeds/project/{rng.choice(projects)}.atom",
        "/feeds/person": of("/feeds/person.atom?name=", people),
        "/feeds/role": still("/feeds/role.atom?role=director"),
        "/feeds/search": of("/feeds/search.atom?q=", words),
    }


async def ask(port: int, path: str, streams: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> tuple[int, int]:
    """Status and bytes of one answer, over a connection that is kept open."""
    reader, writer = streams
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    status = int(head.split(" ", 2)[1])
    length = re.search(r"content-length: (\d+)", head, re.I)
    if length:
        return status, len(await reader.readexactly(int(length[1])))
    size = 0
    while True:  # in chunks
        chunk = int(await reader.readuntil(b"\r\n"), 16)
        await reader.readexactly(chunk + 2)
        size += chunk
        if not chunk:
            return status, size


async def load(port: int, plan: list[tuple[str, str]], at_once: int) -> Answers:
    answers, waiting = Answers(), iter(plan)

    async def worker() -> None:
        streams = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
        for route, path in waiting:
            began = time.perf_counter()
            status, size = await ask(port, path, streams)
            answers.ms[route].append((time.perf_counter() - began) * 1000)
            answers.bytes[route] = max(answers.bytes[route], size)
            if status not in {200, 307}:
                answers.bad[route].append(status)
        streams[1].close()

    await asyncio.gather(*(worker() for _ in range(at_once)))
    return answers


def memory(pid: int) -> float:
    """Resident megabytes that are the process's own, the mapped store aside."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"RssAnon:\s+(\d+)", status)
    return int(found[1]) / 1024 if found else 0.0


def measure(port: int, pid: int, args: argparse.Namespace) -> bool:
    rng, named = random.Random(3), routes(args.store)
    asyncio.run(load(port, [(route, path(rng)) for route, path in named.items() for _ in range(3)], 4))
    before = memory(pid)
    plan = [
        (route, named[route](rng))
        for _ in range(args.requests // len(named) + 1)
        for route in named
        if route not in WHOLE
    ]
    rng.shuffle(plan)
    began = time.perf_counter()
    answers = asyncio.run(load(port, plan[: args.requests], args.at_once))
    spent = time.perf_counter() - began
    static = sum(path.stat().st_size for path in (ROOT / "slatewatch" / "static").iterdir())
    whole = asyncio.run(load(port, [(route, route) for route in sorted(WHOLE)], 1))
    fine = True
    print(f"{'route':36} {'n':>6} {'median ms':>10} {'95 % ms':>9} {'kB':>7}  errors")
    for route, ms in [*sorted(answers.ms.items()), *whole.ms.items()]:
        high = statistics.quantiles(ms, n=20)[-1] if len(ms) > 1 else ms[0]
        weight = max(answers.bytes[route], whole.bytes[route]) + (
            static if not route.startswith(("/api", "/feeds")) else 0
        )
        bad = answers.bad[route] + whole.bad[route]
        slow = route not in WHOLE and (high > TOO_LONG or (weight > TOO_HEAVY and not route.startswith("/api")))
        fine = fine and not bad and not slow
        print(
            f"{route:36} {len(ms):6} {statistics.median(ms):10.1f} {high:9.1f} {weight / 1000:7.1f}  "
            f"{bad[:3] or ''}{' !' if slow else ''}"
        )
    every = [one for ms in answers.ms.values() for one in ms]
    print(
        json.dumps(
            {
                "requests": len(every),
                "a_second": round(len(every) / spent, 1),
                "at_once": args.at_once,
                "p95_ms": round(statistics.quantiles(every, n=20)[-1], 1),
                "median_ms": round(statistics.median(every), 1),
                "errors": sum(map(len, answers.bad.values())),
                "memory_mb": [round(before, 1), round(memory(pid), 1)],
            }
        )
    )
    return fine


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--at-once", type=int, default=20)
    args = parser.parse_args()
    command = [
        sys.executable,
        "-m",
        "slatewatch",
        "--db",
        str(args.store),
        "serve",
        "--port",
        "0",
        "--rate",
        "0",
        "--read-only",
    ]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    try:
        assert server.stderr is not None
        line = server.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        if found is None:
            print(line, file=sys.stderr)
            return 1
        return 0 if measure(int(found[1]), server.pid, args) else 1
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)


if __name__ == "__main__":
    sys.exit(main())
