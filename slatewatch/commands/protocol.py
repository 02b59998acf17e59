"""`slatewatch mcp`: the store as tools for assistants."""

from __future__ import annotations

import click


@click.command("mcp")
@click.pass_obj
def mcp(settings: dict[str, object]) -> None:
    """Serve the store to an assistant over the Model Context Protocol (standard input and output), to read alone.

    It needs the SDK: pip install 'slatewatch[mcp]'.

    \b
    Example:
      slatewatch mcp

    \b
    In the settings of a client:
      {"mcpServers": {"slatewatch": {"command": "slatewatch", "args": ["--db", "/path/to/slate.db", "mcp"]}}}
    """
    from ..tools import serve

    serve(str(settings["db"]))
