"""Many archive files -> as many shards, here or spread over processes and machines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from importlib.util import find_spec

import msgspec

from ..errors import BadInput
from .spreading import default_workers, spread
from .writing import Done, write_shard


def run_archives(
    archives: Sequence[str], to: str, *, workers: int | None = None, ray: str | None = None
) -> Iterator[Done]:
    """What became of each archive. On a cluster `archives` and `to` are read and written by its machines.

    Raises BadInput where what reads archives is not installed.
    """
    if find_spec("fastwarc") is None:
        raise BadInput("web archives need the archives extra: pip install 'slatewatch[archives]'")
    work = partial(_one, to=to)
    pieces = [archive.encode("utf-8", "surrogateescape") for archive in archives]
    for result in spread(work, pieces, workers=workers or default_workers(), ray=ray):
        yield msgspec.json.decode(result, type=Done)


def _one(archive: bytes, *, to: str) -> bytes:
    return msgspec.json.encode(write_shard(archive.decode("utf-8", "surrogateescape"), to))
