"""One archive file -> one sorted shard: articles and their claims, a line each, behind a line that counts the records.

While an archive is read, what was found stands in `<shard>.part` with how far that is; a run that was stopped goes on
there. The shard itself appears when it is whole, by renaming. On S3 it appears whole as well, but a stopped archive is
begun anew.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import IO, Any, BinaryIO, Literal

import msgspec

from .. import __version__
from ..errors import UnusableArchive
from ..lines import claim_fields
from ..model import Article, Claim, Page
from .records import records
from .sifting import sift
from .sources import exists, is_remote, opened, put, shard_name

#: What was found is put down after so many records, or seconds.
RECORDS, SECONDS = 2000, 2.0
#: What a line says of an article, in this order: lines sort by id, then by when the page was seen.
ARTICLE = ("id", "seen", "url", "title", "outlet", "author", "published", "modified", "language", "text")


@dataclass(slots=True, kw_only=True)
class Tally:
    """What became of an archive's records: `after_...` are the pages that a stage let through, `lost` broken ones."""

    records: int = 0
    pages: int = 0
    after_bytes: int = 0
    after_text: int = 0
    after_article: int = 0
    articles: int = 0
    claims: int = 0
    lost: int = 0

    def add(self, other: Tally) -> None:
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What became of an archive: `made` now, `there` already, or `failed` and why."""

    archive: str
    outcome: Literal["made", "there", "failed"]
    tally: Tally = field(default_factory=Tally)
    why: str = ""


def write_shard(archive: str, to: str) -> Done:
    """Make the shard of an archive in the folder, or below the S3 address, `to`. Nothing is raised for one archive."""
    target = f"{to.rstrip('/')}/{shard_name(archive)}" if is_remote(to) else str(Path(to) / shard_name(archive))
    try:
        if exists(target):
            return Done(archive=archive, outcome="there", tally=tally_of(target))
        tally = _to_remote(archive, target) if is_remote(to) else _to_file(archive, Path(target))
    except UnusableArchive as error:
        return Done(archive=archive, outcome="failed", why=str(error))
    except OSError as error:
        return Done(archive=archive, outcome="failed", why=f"{target}: cannot be written: {error.strerror or error}")
    return Done(archive=archive, outcome="made", tally=tally)


def tally_of(shard: str) -> Tally:
    """The tally in a shard's first line."""
    with opened(shard) as file:
        first = file.read(4096).partition(b"\n")[0]
    try:
        said = json.loads(first)
        return Tally(**{one.name: int(said[one.name]) for one in fields(Tally)})
    except (ValueError, KeyError, TypeError) as error:
        raise UnusableArchive(f"{shard}: not a shard; delete it to have it made anew") from error


def _to_file(archive: str, target: Path) -> Tally:
    part = target.with_name(target.name + ".part")
    with _locked(part) as journal:
        start, tally, lines = _taken_up(journal, _identity(archive))
        for at, found in _found(archive, start, tally):
            lines += found
            journal.write(b"".join(found) + _checkpoint(at, tally))
            journal.flush()
        sorted_part = target.with_name(target.name + ".sorted.part")
        with sorted_part.open("wb") as file:
            file.writelines(_shard_lines(archive, tally, lines))
            file.flush()
            os.fsync(file.fileno())
        os.replace(sorted_part, target)
        part.unlink()
    return tally


def _to_remote(archive: str, target: str) -> Tally:
    tally, lines = Tally(), list[bytes]()
    for _, found in _found(archive, 0, tally):
        lines += found
    put(target, b"".join(_shard_lines(archive, tally, lines)))
    return tally


def _shard_lines(archive: str, tally: Tally, lines: Sequence[bytes]) -> Iterator[bytes]:
    yield msgspec.json.encode({"archive": os.path.basename(archive), **asdict(tally)}) + b"\n"
    yield from sorted(set(lines))


def _found(archive: str, start: int, tally: Tally) -> Iterator[tuple[int, list[bytes]]]:
    """(where the next record begins, lines found) every so often; `tally` then counts all before that place."""
    lines: list[bytes] = []
    name, began, at = os.path.basename(archive), time.monotonic(), start
    since = 0
    with opened(archive) as stream:
        for record in records(stream, name, start):
            if record.offset > at and (since >= RECORDS or time.monotonic() - began > SECONDS):
                yield record.offset, lines
                lines, since, began = [], 0, time.monotonic()
            at = record.offset
            since += 1
            tally.records += 1
            tally.lost += record.lost
            if record.page:
                lines += _line_of(record.page, tally)
        end = stream.seek(0, os.SEEK_END)
    yield max(end, at), lines


def _line_of(page: Page, tally: Tally) -> list[bytes]:
    sifted = sift(page)
    reached = ("bytes", "text", "article", "claims").index(sifted.reached)
    tally.pages += 1
    tally.after_bytes += reached >= 1
    tally.after_text += reached >= 2
    tally.after_article += reached >= 3
    if not sifted.article or not sifted.claims:
        return []
    tally.articles += 1
    tally.claims += len(sifted.claims)
    return [line(sifted.article, sifted.claims, page)]


def line(article: Article, claims: Sequence[Claim], page: Page) -> bytes:
    """A shard's line: a labelled article (docs/claims.md) with how sure each claim is, and where the page stands."""
    said: dict[str, Any] = {name: getattr(article, name) for name in ARTICLE}
    said |= {"archive": page.archive, "offset": page.offset}
    said["claims"] = [claim_fields(c) | {"sure": c.sure, "maker": c.maker} for c in claims]
    try:
        return msgspec.json.encode(said) + b"\n"
    except UnicodeEncodeError:
        return json.dumps(said, separators=(",", ":")).encode() + b"\n"


def _identity(archive: str) -> dict[str, object]:
    """What a half-made shard is of: another file of that name, or another slatewatch, begins anew."""
    size = None if is_remote(archive) else os.path.getsize(archive) if os.path.exists(archive) else None
    return {"archive": archive, "size": size, "slatewatch": __version__}


def _checkpoint(at: int, tally: Tally) -> bytes:
    return msgspec.json.encode({"at": at, "tally": asdict(tally)}) + b"\n"


def _taken_up(journal: BinaryIO | IO[bytes], identity: dict[str, object]) -> tuple[int, Tally, list[bytes]]:
    """Where to go on, and what was found before; what stands behind the last mark of a journal is cut off."""
    start, tally, lines, pending = 0, Tally(), list[bytes](), list[bytes]()
    head = msgspec.json.encode(identity) + b"\n"
    journal.seek(0)
    keep = len(head)
    if journal.readline() == head:
        at = keep
        for one in journal:
            at += len(one)
            if not one.endswith(b"\n"):
                break
            if one.startswith(b'{"at":'):
                said = json.loads(one)
                start, tally, keep = said["at"], Tally(**said["tally"]), at
                lines += pending
                pending = []
            else:
                pending.append(one)
    else:
        journal.seek(0)
        journal.truncate()
        journal.write(head)
    journal.seek(keep)
    journal.truncate()
    return start, tally, lines


@contextlib.contextmanager
def _locked(part: Path) -> Iterator[IO[bytes]]:
    """The journal, for this process alone where the file system can say so."""
    part.parent.mkdir(parents=True, exist_ok=True)
    with open(part, "a+b") as made:
        made.flush()
    with open(part, "r+b") as journal:
        try:
            import fcntl

            fcntl.flock(journal, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UnusableArchive(f"{part}: another run is making this shard; wait for it") from error
        except (ImportError, OSError):
            pass
        yield journal
