"""Every page and route under load: a server in a process of its own, so many requests at once from this one.

    python bench/web.py --store world.db                      2,000 requests, 20 at once, mixed over all routes
    python bench/web.py --store world.db --requests 20000     the same for longer: does memory stay flat?
    python bench/web.py --store world.db --fresh              nothing is taken from what the server keeps

Prints, for each route, the median and the 95th percentile in milliseconds, the weight of its answer and of a page's
first load (with style, script and icon), and errors; then the server's memory as the requests went by, and the
processor time that one took. `bench/world.py --store` makes a store. The goal: 95 % of the answers in under 100 ms, no
error, memory flat, a page's first load under 100 kB.
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
#: How often the memory is looked at.
LOOKS = 10

#: What addresses are made of: a question to the store that gives some of each.
THINGS = {
    "project": "SELECT id FROM projects ORDER BY id LIMIT 5000",
    "article": "SELECT id FROM articles ORDER BY hash LIMIT 5000",
    "person": "SELECT name FROM credits WHERE kind = 'credit' ORDER BY key LIMIT 5000",
    "company": "SELECT DISTINCT name FROM credits WHERE kind = 'company' LIMIT 2000",
    "day": "SELECT DISTINCT day FROM articles ORDER BY day LIMIT 5000",
    "title": "SELECT title FROM projects LIMIT 3000",
}
#: Orders that the grid of one role is asked for in.
ORDERS = ("news", "title", "confirmed")

#: The name of a route, and an address of it; in braces what is another one each time.
ROUTES = (
    ("/", "/"),
    ("/?day=", "/?day={day}"),
    ("/?role=director&day=", "/?role=director&day={day}"),
    ("/?modality=exited&format=series", "/?modality=exited&format=series&day={day}"),
    ("/?status=cancelled", "/?status=cancelled&day={day}"),
    ("/projects", "/projects"),
    ("/projects?order=title", "/projects?order=title&format=film"),
    ("/projects/", "/projects/{project}"),
    ("/projects/?as_of", "/projects/{project}?as_of=2030-01-01"),
    ("/articles/", "/articles/{article}"),
    ("/open", "/open"),
    ("/open?order=oldest", "/open?order=oldest"),
    ("/open?role", "/open?role=director&order={order}"),
    ("/open.csv", "/open.csv"),
    ("/people", "/people"),
    ("/people?q=", "/people?q={word}"),
    ("/people/", "/people/{person}"),
    ("/companies", "/companies"),
    ("/companies/", "/companies/{company}"),
    ("/outlets", "/outlets"),
    ("/search", "/search?q={word}"),
    ("/review", "/review"),
    ("/about", "/about"),
    ("/api/feed", "/api/feed"),
    ("/api/feed?day=", "/api/feed?day={day}"),
    ("/api/projects", "/api/projects"),
    ("/api/projects/", "/api/projects/{project}"),
    ("/api/articles/", "/api/articles/{article}"),
    ("/api/open", "/api/open"),
    ("/api/people", "/api/people?q={word}"),
    ("/api/people/", "/api/people/{person}"),
    ("/api/companies/", "/api/companies/{company}"),
    ("/api/find", "/api/find?q={word}"),
    ("/api/changes", "/api/changes?since={day}"),
    ("/api/counts", "/api/counts"),
    ("/api/outlets", "/api/outlets"),
    ("/api/review", "/api/review"),
    ("/api/doubts", "/api/doubts"),
    ("/feeds/all.atom", "/feeds/all.atom"),
    ("/feeds/project/", "/feeds/project/{project}.atom"),
    ("/feeds/person", "/feeds/person.atom?name={person}"),
    ("/feeds/role", "/feeds/role.atom?role=director"),
    ("/feeds/search", "/feeds/search.atom?q={word}"),
)


class Answers:
    """What came back of each route: milliseconds, bytes, statuses; and the server's megabytes meanwhile."""

    def __init__(self) -> None:
        self.ms: dict[str, list[float]] = defaultdict(list)
        self.bytes: dict[str, int] = defaultdict(int)
        self.bad: dict[str, list[int]] = defaultdict(list)
        self.memory: list[float] = []


def things(store: Path) -> dict[str, list[str]]:
    """What is in the store, by the names in ROUTES."""
    db = sqlite3.connect(f"{store.absolute().as_uri()}?mode=ro", uri=True)
    found = {name: [row[0] for row in db.execute(query) if row[0]] for name, query in THINGS.items()}
    db.close()
    words = [word for title in found.pop("title") for word in title.split()]
    return {**found, "word": words, "order": list(ORDERS)}


def routes(store: Path) -> dict[str, Callable[[random.Random], str]]:
    """Route -> an address of it, another each time, of things that are in the store."""
    known = things(store)

    def of(path: str) -> Callable[[random.Random], str]:
        return lambda rng: re.sub(r"\{(\w+)\}", lambda hit: quote(rng.choice(known[hit[1]]), safe=""), path)

    return {name: of(path) for name, path in ROUTES}


async def ask(
    port: int, path: str, streams: tuple[asyncio.StreamReader, asyncio.StreamWriter], more: str = ""
) -> tuple[int, int]:
    """Status and bytes of one answer, over a connection that is kept open. `more` are headers."""
    reader, writer = streams
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{more}\r\n".encode())
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


async def load(port: int, plan: list[tuple[str, str]], at_once: int, pid: int, more: str = "") -> Answers:
    """Ask for all of the plan (route, path), so many at once."""
    answers, waiting = Answers(), iter(enumerate(plan))
    look = max(1, len(plan) // LOOKS)

    async def worker() -> None:
        streams = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
        for n, (route, path) in waiting:
            began = time.perf_counter()
            status, size = await ask(port, path, streams, more)
            answers.ms[route].append((time.perf_counter() - began) * 1000)
            answers.bytes[route] = max(answers.bytes[route], size)
            if status not in {200, 307}:
                answers.bad[route].append(status)
            if n % look == 0:
                answers.memory.append(memory(pid))
        streams[1].close()

    await asyncio.gather(*(worker() for _ in range(at_once)))
    answers.memory.append(memory(pid))
    return answers


def memory(pid: int) -> float:
    """Resident megabytes that are the process's own, the mapped store aside."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"RssAnon:\s+(\d+)", status)
    return int(found[1]) / 1024 if found else 0.0


def processor(pid: int) -> float:
    """Seconds of processor time that the process has had: what other programs do at the same time does not count."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(port: int, pid: int, args: argparse.Namespace) -> bool:
    """Warm up, ask, print; whether all is as it should be."""
    rng, named = random.Random(3), routes(args.store)
    # With a cookie an answer may be somebody's own: the server makes it anew.
    more = "Cookie: anew=1\r\n" if args.fresh else ""
    asyncio.run(load(port, [(route, path(rng)) for route, path in named.items() for _ in range(3)], 4, pid, more))
    often = args.requests // len(named) + 1
    plan = [(route, path(rng)) for _ in range(often) for route, path in named.items() if route not in WHOLE]
    rng.shuffle(plan)
    began, used = time.perf_counter(), processor(pid)
    answers = asyncio.run(load(port, plan[: args.requests], args.at_once, pid, more))
    spent, used = time.perf_counter() - began, processor(pid) - used
    whole = asyncio.run(load(port, [(route, route) for route in sorted(WHOLE)], 1, pid, more))
    print(f"{'route':36} {'n':>6} {'median ms':>10} {'95 % ms':>9} {'kB':>7} {'first load kB':>13}  errors")
    # Every row is printed before anything is judged.
    rows = [row(of, route) for of in (answers, whole) for route in sorted(of.ms)]
    every = [one for ms in answers.ms.values() for one in ms]
    print(
        json.dumps(
            {
                "requests": len(every),
                "a_second": round(len(every) / spent, 1),
                "at_once": args.at_once,
                "p95_ms": high(every),
                "median_ms": round(statistics.median(every), 1),
                "processor_ms_each": round(used * 1000 / len(every), 2),
                "errors": sum(map(len, answers.bad.values())),
                "memory_mb": [round(one, 1) for one in answers.memory],
            }
        )
    )
    return all(rows)


def high(ms: list[float]) -> float:
    """The 95th percentile."""
    return round(statistics.quantiles(ms, n=20)[-1] if len(ms) > 1 else ms[0], 1)


def row(answers: Answers, route: str) -> bool:
    """Print what came of a route; whether it was quick, light and without errors."""
    ms, sent, bad = answers.ms[route], answers.bytes[route], answers.bad[route]
    page = not route.startswith(("/api", "/feeds")) and route not in WHOLE
    first = sent + sum(path.stat().st_size for path in (ROOT / "slatewatch" / "static").iterdir()) if page else 0
    slow = route not in WHOLE and (high(ms) > TOO_LONG or first > TOO_HEAVY)
    said = f"{first / 1000:13.1f}" if page else " " * 13
    print(
        f"{route:36} {len(ms):6} {statistics.median(ms):10.1f} {high(ms):9.1f} {sent / 1000:7.1f} {said}"
        f"  {bad[:3] or ''}{' !' if slow else ''}"
    )
    return not bad and not slow


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--at-once", type=int, default=20)
    parser.add_argument("--fresh", action="store_true", help="Have every answer made anew, none taken from those kept.")
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
