"""Shards -> articles with their claims, by their ids, the versions of one article by when they were seen."""

from __future__ import annotations

import glob
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..errors import BadInput, SlatewatchError, UnreadablePage
from ..labelled import parsed
from ..model import Article, Claim
from .sources import SHARD, is_remote, opened, remote

Read = tuple[Article, list[Claim]]


def is_shard(source: str) -> bool:
    """Whether a source is a shard, by its name, a folder of nothing but shards, or an address on S3."""
    if os.path.isdir(source):
        inside = [name for name in os.listdir(source) if name.endswith(".jsonl")]
        return bool(inside) and all(name.endswith(SHARD) for name in inside)
    return source.endswith(SHARD) or is_remote(source)


def shard_files(sources: Sequence[str]) -> list[str]:
    """The shards meant: files, folders of them, globs, `s3://` addresses. Raises BadInput where there is none."""
    found: list[str] = []
    for source in sources:
        if os.path.isdir(source):
            found += sorted(str(path) for path in Path(source).glob(f"*{SHARD}"))
        elif is_remote(source):
            found += remote(source, (SHARD,))
        elif os.path.exists(source):
            found.append(source)
        elif glob.has_magic(source):
            found += sorted(glob.glob(source))
        else:
            raise BadInput(f"{source}: no such shard; check the path")
    if not found:
        raise BadInput(f"no shard there: their names end in {SHARD}; `slatewatch archive` makes them")
    return list(dict.fromkeys(found))


def read_shards(shards: Sequence[str]) -> Iterator[Read | SlatewatchError]:
    """Each article of the shards with its claims, or what is wrong with a line.

    The lines are sorted by what they begin with, id and time, over all shards: in whatever shards an article stands,
    its versions come one after the other. Memory: some 200 bytes an article.
    """
    with tempfile.TemporaryDirectory() as scratch:
        places: list[tuple[bytes, str, int]] = []
        for number, shard in enumerate(shards):
            try:
                places += _places(_local(shard, number, scratch), shard)
            except (OSError, SlatewatchError) as error:
                yield error if isinstance(error, SlatewatchError) else UnreadablePage(f"{shard}: {error}")
        places.sort()
        for _, path, offset in places:
            # Opened each time: there may be more shards than a process may have open files.
            with open(path, "rb") as file:
                file.seek(offset)
                line = file.readline()
            yield parsed(f"{os.path.basename(path)}, byte {offset}", line)


def _local(shard: str, number: int, scratch: str) -> str:
    """The path of a shard; of one on S3, that of a copy."""
    if not is_remote(shard):
        return shard
    path = os.path.join(scratch, f"{number}-{os.path.basename(shard)}")
    with opened(shard) as there, open(path, "wb") as here:
        while part := there.read(1 << 20):
            here.write(part)
    return path


def _places(path: str, shard: str) -> list[tuple[bytes, str, int]]:
    """(how the line begins, path, its place) of each article of a shard. Raises UnreadablePage for another file."""
    with open(path, "rb") as file:
        first = file.readline()
        if not first.startswith(b'{"archive":'):
            raise UnreadablePage(f"{shard}: not a shard; `slatewatch archive` makes them")
        found, offset = [], len(first)
        for line in file:
            found.append((line.partition(b',"url":')[0][:400], path, offset))
            offset += len(line)
    return found
