"""Several processes that serve one store. Each has a socket of its own on the one port, and all end with the first.

Reading shares nothing but the file, which SQLite lets any number of processes read while one writes. Writing opens the
store for its moment and waits for its turn there, whichever process it comes from.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from threading import Thread

log = logging.getLogger(__name__)

#: More than these help only a crowd, and each takes its own memory: whoever has one asks for more.
MOST = 4
#: Seconds that what is being answered may take to its end once the server stops.
GRACE = 5.0
#: One that ends within so many seconds of its start has not come up; after so many in a row none is tried again.
COMING_UP, TRIES = 5.0, 4
SIGNALS = (signal.SIGINT, signal.SIGTERM)
#: What runs in each process: given its socket, and a function that calls another one when it is time to stop.
Serve = Callable[[socket.socket, Callable[[Callable[[], None]], None]], None]


def can_share() -> bool:
    """Whether this system lets several processes listen on one port, each getting its part of those who come."""
    return sys.platform == "linux"


def usual() -> int:
    """As many as there are cores that this process may use, up to a limit."""
    return min(MOST, len(os.sched_getaffinity(0))) if sys.platform == "linux" else 1


def run_all(sockets: Sequence[socket.socket], serve: Serve) -> int:
    """A process for each socket until this one is interrupted or told to end; 1 where they do not come up."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # Nothing is ever written to it: that its other end has closed tells the processes to stop, whatever ended us.
    rope, held = os.pipe()
    fork = multiprocessing.get_context("fork")

    def start(n: int) -> BaseProcess:
        others = [one for one in sockets if one is not sockets[n]]
        process = fork.Process(target=_work, args=(sockets[n], others, (rope, held), serve))
        # Whom the signal meets before it can handle it would end with an error: it waits until then.
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        try:
            process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        return process

    working: list[BaseProcess] = []
    try:
        for n in range(len(sockets)):
            working.append(start(n))
        return _watch(working, start)
    except KeyboardInterrupt:
        return 0
    finally:
        os.close(held)
        _end(working)
        os.close(rope)


def _watch(working: list[BaseProcess], start: Callable[[int], BaseProcess]) -> int:
    """Puts another in the place of one that has ended. Returns where those that are started only end again."""
    began, early = [time.monotonic()] * len(working), 0
    while True:
        wait([process.sentinel for process in working])
        for n, process in enumerate(working):
            if process.exitcode is None:
                continue
            early = early + 1 if time.monotonic() - began[n] < COMING_UP else 0
            if early == TRIES:
                log.error("workers do not come up: the server stops")
                return 1
            log.warning("a worker has ended (%s); another takes its place", process.exitcode)
            working[n], began[n] = start(n), time.monotonic()


def _end(working: Sequence[BaseProcess]) -> None:
    """Waits for the processes; whoever does not end in time, or when it is asked for again, is ended."""
    until = time.monotonic() + GRACE + 3
    with suppress(KeyboardInterrupt):
        for process in working:
            process.join(max(0.0, until - time.monotonic()))
    for process in working:
        if process.exitcode is None:
            process.kill()
            process.join()


def _work(listening: socket.socket, others: Sequence[socket.socket], pipe: tuple[int, int], serve: Serve) -> None:
    # The rope tells; `serve` may heed them too once it can.
    for sign in SIGNALS:
        signal.signal(sign, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    rope, held = pipe
    os.close(held)
    for one in others:
        one.close()

    def when_over(stop: Callable[[], None]) -> None:
        def hold() -> None:
            os.read(rope, 1)
            stop()

        Thread(target=hold, daemon=True).start()

    try:
        serve(listening, when_over)
    except Exception as error:
        if os.environ.get("SLATEWATCH_DEBUG"):
            raise
        log.error("a worker failed: %s: %s", type(error).__name__, error)
        sys.exit(1)
