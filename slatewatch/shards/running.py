"""Many archive files -> as many shards, here or spread over processes and machines."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Iterator, Sequence
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING

import msgspec

from ..errors import BadInput
from .readers import ModelRun, Spending, close, reader_of
from .spreading import default_workers, spread
from .writing import Done, write_shard

if TYPE_CHECKING:
    from ..careful.settings import ModelSettings


def run_archives(
    archives: Sequence[str],
    to: str,
    *,
    workers: int | None = None,
    ray: str | None = None,
    llm: ModelSettings | None = None,
) -> Iterator[Done]:
    """What became of each archive. On a cluster `archives` and `to` are read and written by its machines.

    With `llm` a language model reads too, asked by each process for itself: its budget, its questions at once and a
    minute are those of one process. Raises BadInput where what reads archives is not installed.
    """
    if find_spec("fastwarc") is None:
        raise BadInput("web archives need the archives extra: pip install 'slatewatch[archives]'")
    run = None if llm is None else ModelRun(llm, secrets.token_hex(8))
    work = partial(_one, to=to, run=run)
    pieces = [archive.encode("utf-8", "surrogateescape") for archive in archives]
    try:
        for result in spread(work, pieces, workers=workers or default_workers(), ray=ray):
            yield msgspec.json.decode(result, type=Done)
    finally:
        close(run)


def _one(archive: bytes, *, to: str, run: ModelRun | None) -> bytes:
    careful = reader_of(run)
    spending = Spending(careful) if careful else None
    done = write_shard(archive.decode("utf-8", "surrogateescape"), to, careful)
    return msgspec.json.encode(dataclasses.replace(done, llm=spending.spent()) if spending else done)
