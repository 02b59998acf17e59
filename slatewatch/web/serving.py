"""Running the application: sockets, processes with uvicorn, and a word on standard error on where to look."""

from __future__ import annotations

import gc
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import ExitStack
from types import FrameType
from typing import Any

import uvicorn

from slatewatch.errors import BadInput
from slatewatch.store import open_store

from . import workers
from .app import make_app
from .rendering import environment
from .settings import Settings


def run(settings: Settings, *, host: str, port: int, told: bool, quiet: bool, count: int = 1) -> int:
    """Serve with `count` processes until interrupted. `told`: print the token that was made.

    Raises StoreError where there is no store to read, BadInput where the port cannot be had.
    """
    open_store(settings.store).close()
    try:
        listening = _listen(host, port, count)
    except (OSError, OverflowError, UnicodeError) as error:
        raise BadInput(
            f"{host} port {port} cannot be listened on: {error}; name another with --host or --port"
        ) from error
    with ExitStack() as open_:
        for one in listening:
            open_.enter_context(one)
        _say(settings, host, listening[0].getsockname()[1], told=told, quiet=quiet)
        # Compiled once for all processes.
        environment().compiled()
        _settle()
        if count > 1:
            return workers.run_all(listening, lambda one, when_over: _serve(settings, one, when_over))
        _serve(settings, listening[0], lambda stop: None)
    return 0


def _say(settings: Settings, host: str, port: int, *, told: bool, quiet: bool) -> None:
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{port}/"
    # The token is told even when quiet: without it nobody could write.
    lines = ([] if quiet else [f"slatewatch: {address} (Ctrl-C stops it)"]) + (
        [f"slatewatch: to write, sign in at {address}sign-in with the token {settings.token}"] if told else []
    )
    print(*lines, sep="\n", file=sys.stderr, flush=True)  # noqa: T201


class Server(uvicorn.Server):
    """Ends when it is asked to. Asked again, it still lets what is being answered come to its end, for a while."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.should_exit = True


def _serve(settings: Settings, listening: socket.socket, when_over: Callable[[Callable[[], None]], None]) -> None:
    """One process's part, until it is interrupted or over."""
    config = uvicorn.Config(
        make_app(settings),
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=int(workers.GRACE),
        limit_concurrency=200,
        h11_max_incomplete_event_size=32 * 1024,
        proxy_headers=False,
    )
    server = Server(config)

    def stop() -> None:
        server.should_exit = True

    when_over(stop)
    # Before uvicorn has its own: an interrupt in the middle of its start would be told as an error.
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, server.handle_exit)
    _settle()
    server.run(sockets=[listening])


def _settle() -> None:
    """What is here by now stays: looking through it again and again would only hold requests up."""
    gc.collect()
    gc.freeze()


def _listen(host: str, port: int, count: int) -> list[socket.socket]:
    """A socket for each process, all on the one port: the system deals out those who come."""
    family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    # Alone at first: a port that another server shares among its processes is taken too.
    found = [_bound(family, address, shared=False)]
    if count > 1:
        with found.pop() as alone:
            address = alone.getsockname()
        found += [_bound(family, address, shared=True) for _ in range(count)]
    # From here on nobody is refused: who asks before the server is up waits for it.
    for one in found:
        one.listen(128)
    return found


def _bound(family: int, address: Any, *, shared: bool) -> socket.socket:
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        made.bind(address)
    except BaseException:
        made.close()
        raise
    return made
