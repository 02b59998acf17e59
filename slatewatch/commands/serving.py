"""`slatewatch serve`: the store in a browser."""

from __future__ import annotations

import click


@click.command("serve")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="The address to listen on; this machine alone, unless you say so.",
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="The port; 0 takes a free one."
)
@click.option(
    "--allow-host",
    "hosts",
    multiple=True,
    metavar="NAME",
    help="A name that browsers may call the server by (may be given again).",
)
@click.option(
    "--allow-origin",
    "origins",
    multiple=True,
    metavar="ORIGIN",
    help="An origin whose pages may read /reconcile, or * for any (may be given again).",
)
@click.option(
    "--token",
    envvar="SLATEWATCH_TOKEN",
    metavar="TOKEN",
    help="What opens writing (or SLATEWATCH_TOKEN); without it one is made and printed.",
)
@click.option("--read-only", is_flag=True, help="Nobody can write: no notes, no decisions.")
@click.option(
    "--rate",
    type=click.FloatRange(0),
    default=100.0,
    show_default=True,
    help="Requests a second from one address; 0 for no limit.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    metavar="N",
    help="Processes that answer; as many as there are cores, four at most, unless you say so.",
)
@click.pass_obj
def serve(
    settings: dict[str, object],
    host: str,
    port: int,
    hosts: tuple[str, ...],
    origins: tuple[str, ...],
    token: str | None,
    read_only: bool,
    rate: float,
    workers: int | None,
) -> int:
    """Web pages, a JSON API and Atom feeds of the store. Reading is open to whoever reaches it, writing takes a token.

    \b
    Examples:
      slatewatch serve
      slatewatch --db films.db serve --port 8080
      SLATEWATCH_TOKEN=… slatewatch serve --host 0.0.0.0 --allow-host slate.example
    """
    from pathlib import Path

    from slatewatch.errors import BadInput

    from ..web.serving import run
    from ..web.settings import Settings
    from ..web.workers import can_share, usual

    if workers and workers > 1 and not can_share():
        raise BadInput("several processes can share a port on Linux alone: leave --workers out")

    return run(
        Settings(
            store=Path(str(settings["db"])),
            token=None if read_only else token or new_token(),
            hosts=hosts,
            rate=rate,
            origins=origins,
        ),
        host=host,
        port=port,
        told=not read_only and not token,
        quiet=bool(settings["quiet"]),
        count=workers or usual(),
    )


def new_token() -> str:
    import secrets

    return secrets.token_urlsafe(24)
