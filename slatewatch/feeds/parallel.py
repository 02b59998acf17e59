"""Jobs for many hosts at once, those of one host one after the other."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")
Done = TypeVar("Done")
#: Hosts asked at once, and results that may wait to be read: answers are large.
WORKERS, WAITING = 8, 16


def by_host(
    jobs: Iterable[Job], host: Callable[[Job], str], work: Callable[[Job], Result], *, workers: int = WORKERS
) -> Iterator[tuple[Job, Result]]:
    """Each job with its result, as they come; jobs of one host keep their order. What `work` raises is raised here.

    Where whoever asks stops early, no new job is begun.
    """
    lines: dict[str, list[Job]] = {}
    count = 0
    for job in jobs:
        lines.setdefault(host(job), []).append(job)
        count += 1
    waiting: queue.SimpleQueue[list[Job]] = queue.SimpleQueue()
    for line in sorted(lines.values(), key=len, reverse=True):
        waiting.put(line)
    done: queue.Queue[tuple[Job, Result] | Exception] = queue.Queue(WAITING)
    stop = threading.Event()

    def run() -> None:
        while not stop.is_set():
            try:
                line = waiting.get_nowait()
            except queue.Empty:
                return
            for job in line:
                if stop.is_set():
                    return
                _put(done, _result(job, work), stop)

    # Daemons: a host that never answers does not keep the program from ending.
    for _ in range(min(workers, len(lines))):
        threading.Thread(target=run, daemon=True).start()
    try:
        for _ in range(count):
            result = done.get()
            if isinstance(result, Exception):
                raise result
            yield result
    finally:
        stop.set()


def _result(job: Job, work: Callable[[Job], Result]) -> tuple[Job, Result] | Exception:
    # Whoever waits for it must hear of it: a thread that died without a word would be waited for for ever.
    try:
        return job, work(job)
    except Exception as error:  # noqa: BLE001
        return error


def _put(done: queue.Queue[Done], result: Done, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            done.put(result, timeout=0.5)
            return
        except queue.Full:
            continue
