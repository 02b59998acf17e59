"""Running the application: a socket, uvicorn, and a word on standard error on where to look."""

from __future__ import annotations

import gc
import socket
import sys
from contextlib import suppress

import uvicorn

from slatewatch.errors import BadInput

from .app import make_app
from .settings import Settings


def run(settings: Settings, *, host: str, port: int, told: bool, quiet: bool) -> int:
    """Serve until interrupted. `told`: print the token that was made. Raises BadInput where the port cannot be had."""
    app = make_app(settings)
    try:
        listening = _listen(host, port)
    except (OSError, OverflowError, UnicodeError) as error:
        raise BadInput(
            f"{host} port {port} cannot be listened on: {error}; name another with --host or --port"
        ) from error
    with listening:
        shown = f"[{host}]" if ":" in host else host
        address = f"http://{shown}:{listening.getsockname()[1]}/"
        # The token is told even when quiet: without it nobody could write.
        lines = ([] if quiet else [f"slatewatch: {address} (Ctrl-C stops it)"]) + (
            [f"slatewatch: to write, sign in at {address}sign-in with the token {settings.token}"] if told else []
        )
        print(*lines, sep="\n", file=sys.stderr, flush=True)  # noqa: T201
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_keep_alive=30,
            limit_concurrency=200,
            h11_max_incomplete_event_size=32 * 1024,
            proxy_headers=False,
        )
        # What is here by now stays: looking through it again and again would only hold requests up.
        gc.collect()
        gc.freeze()
        # Ctrl-C is how it ends: uvicorn closes what is open, then hands the interrupt on.
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])
    return 0


def _listen(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        # From here on nobody is refused: who asks before the server is up waits for it.
        listening.listen(128)
    except BaseException:
        listening.close()
        raise
    return listening
