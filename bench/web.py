"""Every page and route under load: a server in a process of its own, so many requests at once from this one.

    python bench/web.py --store world.db                      20,000 requests, 20 at once, mixed over all routes
    python bench/web.py --store world.db --requests 2000      the same for less long
    python bench/web.py --store world.db --fresh              nothing is taken from what the server keeps
    python bench/web.py --store world.db --workers 1          by one process, whatever the number of cores

Prints, for each route, the median and the 95th percentile in milliseconds, the weight of its answer and of a page's
first load (with style, script and icon), and errors; then the memory of the server's processes before, meanwhile and
after, the processor time that one answer took, and what is above the limits: 95 % of a route's answers in 100 ms, no
error, memory flat, a page's first load 100 kB. The spreadsheet of all open posts has no end that anybody waits for: of
it the first words count. `bench/world.py --store` makes a store.
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
#: All rows at once, whatever the store holds: asked for beside the others, and few times.
WHOLE = ("/open.csv",)
WHOLE_TIMES = 5
#: How often the memory is looked at; it is flat where it grows by no more than this after the first third.
LOOKS, GROWTH = 10, 1.05

#: What addresses are made of: a question to the store that gives some of each.
THINGS = {
    "project": "SELECT id FROM projects ORDER BY id LIMIT 5000",
    "article": "SELECT id FROM articles ORDER BY hash LIMIT 5000",
    "person": "SELECT name FROM credits WHERE kind = 'credit' ORDER BY key LIMIT 5000",
    "company": "SELECT DISTINCT name FROM credits WHERE kind = 'company' LIMIT 2000",
    "day": "SELECT DISTINCT day FROM articles ORDER BY day LIMIT 5000",
    "title": "SELECT title FROM projects LIMIT 3000",
    "outlet": "SELECT DISTINCT outlet FROM articles WHERE outlet IS NOT NULL LIMIT 200",
}
#: Orders that the grid of one role is asked for in.
ORDERS = ("news", "title", "confirmed")

#: The name of a route, and an address of it; in braces what is another one each time.
ROUTES = (
    ("/", "/"),
    ("/?day=", "/?day={day}"),
    ("/?outlet=", "/?outlet={outlet}&day={day}"),
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
    ("/companies?q=", "/companies?q={word}"),
    ("/companies/", "/companies/{company}"),
    ("/outlets", "/outlets"),
    ("/search", "/search?q={word}"),
    ("/review", "/review"),
    ("/about", "/about"),
    ("/sign-in", "/sign-in"),
    ("/api/", "/api/"),
    ("/api/openapi.json", "/api/openapi.json"),
    ("/api/feed", "/api/feed"),
    ("/api/feed?day=", "/api/feed?day={day}"),
    ("/api/projects", "/api/projects"),
    ("/api/projects/", "/api/projects/{project}"),
    ("/api/projects/changes", "/api/projects/{project}/changes"),
    ("/api/articles/", "/api/articles/{article}"),
    ("/api/open", "/api/open"),
    ("/api/people", "/api/people?q={word}"),
    ("/api/people/", "/api/people/{person}"),
    ("/api/companies", "/api/companies?q={word}"),
    ("/api/companies/", "/api/companies/{company}"),
    ("/api/find", "/api/find?q={word}"),
    ("/api/changes", "/api/changes?since={day}"),
    ("/api/edits", "/api/edits?project={project}"),
    ("/api/reader", "/api/reader"),
    ("/api/coverage", "/api/coverage"),
    ("/api/counts", "/api/counts"),
    ("/api/outlets", "/api/outlets"),
    ("/api/review", "/api/review"),
    ("/api/doubts", "/api/doubts"),
    ("/feeds/all.atom", "/feeds/all.atom"),
    ("/feeds/project/", "/feeds/project/{project}.atom"),
    ("/feeds/person", "/feeds/person.atom?name={person}"),
    ("/feeds/company", "/feeds/company.atom?name={company}"),
    ("/feeds/role", "/feeds/role.atom?role=director"),
    ("/feeds/search", "/feeds/search.atom?q={word}"),
    ("/reconcile", "/reconcile"),
    ("/reconcile?queries=", '/reconcile?queries=%7B"q0":%7B"query":"{word}"%7D%7D'),
    ("/reconcile/suggest/entity", "/reconcile/suggest/entity?prefix={word}"),
    ("/reconcile/suggest/type", "/reconcile/suggest/type?prefix=p"),
    ("/reconcile/suggest/property", "/reconcile/suggest/property?prefix=d"),
    ("/reconcile/properties", "/reconcile/properties?type=project"),
    ("/reconcile/view", "/reconcile/view?id=project:{project}"),
    ("/reconcile/preview", "/reconcile/preview?id=project:{project}"),
    ("/reconcile/flyout", "/reconcile/flyout?id=project:{project}"),
)


class Answers:
    """What came back of each route: milliseconds to its end and to its first bytes, bytes, bad statuses; and the
    server's megabytes meanwhile."""

    def __init__(self) -> None:
        self.ms: dict[str, list[float]] = defaultdict(list)
        self.first: dict[str, list[float]] = defaultdict(list)
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
) -> tuple[int, int, float]:
    """Status, bytes and moment of the first bytes of an answer, over a connection kept open. `more` are headers."""
    reader, writer = streams
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{more}\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    status = int(head.split(" ", 2)[1])
    length = re.search(r"content-length: (\d+)", head, re.I)
    first = time.perf_counter()
    if length:
        return status, len(await reader.readexactly(int(length[1]))), first
    size, chunks = 0, 0
    while True:  # in chunks, the first of them a heading
        chunk = int(await reader.readuntil(b"\r\n"), 16)
        await reader.readexactly(chunk + 2)
        size, chunks = size + chunk, chunks + 1
        if chunks == 2:
            first = time.perf_counter()
        if not chunk:
            return status, size, first


async def load(port: int, plan: list[tuple[str, str]], at_once: int, pid: int, more: str = "") -> Answers:
    """Ask for all of the plan (route, path), so many at once."""
    answers, waiting = Answers(), iter(enumerate(plan))
    look = max(1, len(plan) // LOOKS)

    async def worker() -> None:
        streams = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
        for n, (route, path) in waiting:
            began = time.perf_counter()
            status, size, first = await ask(port, path, streams, more)
            answers.ms[route].append((time.perf_counter() - began) * 1000)
            answers.first[route].append((first - began) * 1000)
            answers.bytes[route] = max(answers.bytes[route], size)
            if status not in {200, 307}:
                answers.bad[route].append(status)
            if n % look == 0:
                answers.memory.append(memory(pid))
        streams[1].close()

    await asyncio.gather(*(worker() for _ in range(at_once)))
    answers.memory.append(memory(pid))
    return answers


def processes(pid: int) -> list[int]:
    """The server's processes."""
    return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]


def memory(pid: int) -> float:
    """Megabytes that are the processes' own, what they share counted once, the mapped store aside."""
    kilobytes = 0
    for one in processes(pid):
        found = re.search(r"Pss_Anon:\s+(\d+)", Path(f"/proc/{one}/smaps_rollup").read_text())
        kilobytes += int(found[1]) if found else 0
    return kilobytes / 1024


def processor(pid: int) -> float:
    """Seconds of processor time that the processes have had: what other programs do meanwhile does not count."""
    ticks = 0
    for one in processes(pid):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def measure(port: int, pid: int, args: argparse.Namespace) -> bool:
    """Warm up, ask, print; whether all is as it should be."""
    rng, named = random.Random(3), routes(args.store)
    # With a cookie an answer may be somebody's own: the server makes it anew.
    more = "Cookie: anew=1\r\n" if args.fresh else ""
    # Over as many connections as later on, so that each process has been asked everything, its figures too.
    warm = [(route, path(rng)) for route, path in named.items() if route not in WHOLE for _ in range(args.at_once)]
    asyncio.run(load(port, warm, args.at_once, pid, more))
    often = args.requests // len(named) + 1
    plan = [(route, path(rng)) for _ in range(often) for route, path in named.items() if route not in WHOLE]
    rng.shuffle(plan)
    began, used = time.perf_counter(), processor(pid)
    answers = asyncio.run(load(port, plan[: args.requests], args.at_once, pid, more))
    spent, used = time.perf_counter() - began, processor(pid) - used
    whole = asyncio.run(load(port, [(route, route) for route in WHOLE] * WHOLE_TIMES, 1, pid, more))
    print(f"{'route':36} {'n':>6} {'median ms':>10} {'95 % ms':>9} {'kB':>7} {'first load kB':>13}  errors")
    # Every row is printed before anything is judged.
    above = [line for of in (answers, whole) for route in sorted(of.ms) for line in row(of, route)]
    held = answers.memory[len(answers.memory) // 3 :]
    if held[-1] > held[0] * GROWTH:
        above.append(f"memory: {held[0]:.1f} to {held[-1]:.1f} MB")
    every = [one for ms in answers.ms.values() for one in ms]
    print(
        json.dumps(
            {
                "requests": len(every),
                "workers": max(1, len(processes(pid)) - 1),
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
    print("above the limits: " + ("; ".join(above) or "nothing"))
    return not above


def high(ms: list[float]) -> float:
    """The 95th percentile."""
    return round(statistics.quantiles(ms, n=20)[-1] if len(ms) > 1 else ms[0], 1)


def row(answers: Answers, route: str) -> list[str]:
    """Print what came of a route; and what of it is above the limits."""
    ms, sent, bad = answers.ms[route], answers.bytes[route], answers.bad[route]
    page = not route.startswith(("/api", "/feeds", "/reconcile")) and route not in WHOLE
    first = sent + sum(path.stat().st_size for path in (ROOT / "slatewatch" / "static").iterdir()) if page else 0
    waited = high(answers.first[route] if route in WHOLE else ms)
    above = [f"{route}: {waited} ms"] if waited > TOO_LONG else []
    above += [f"{route}: {first / 1000:.1f} kB"] if first > TOO_HEAVY else []
    above += [f"{route}: {len(bad)} errors"] if bad else []
    said = f"{first / 1000:13.1f}" if page else " " * 13
    begun = f"  first words {waited} ms" if route in WHOLE else ""
    print(
        f"{route:36} {len(ms):6} {statistics.median(ms):10.1f} {high(ms):9.1f} {sent / 1000:7.1f} {said}"
        f"  {bad[:3] or ''}{begun}{' !' if above else ''}"
    )
    return above


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--at-once", type=int, default=20)
    parser.add_argument("--fresh", action="store_true", help="Have every answer made anew, none taken from those kept.")
    parser.add_argument("--workers", type=int, help="Processes of the server; as many as it takes by itself otherwise.")
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
        *(["--workers", str(args.workers)] if args.workers else []),
    ]
    server = subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "SLATEWATCH_TOKEN": "unused"},
    )
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
