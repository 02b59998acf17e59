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
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, Literal

import msgspec

from .. import __version__
from ..errors import SlatewatchError, UnusableArchive
from ..lines import claim_fields
from ..model import Article, Claim, Page
from .readers import Spent, mark_of, read
from .records import records
from .sifting import sift
from .sources import exists, is_remote, opened, put, shard_name

if TYPE_CHECKING:
    from ..careful.reader import CarefulReader

#: What was found is put down after so many records, or seconds.
RECORDS, SECONDS = 2000, 2.0
#: What a line says of an article, in this order: lines sort by id, then by when the page was seen.
ARTICLE = ("id", "seen", "url", "title", "outlet", "author", "published", "modified", "language", "text")


@dataclass(slots=True, kw_only=True)
class Tally:
    """What became of an archive's records: `after_...` are the pages that a stage let through, `lost` broken ones.

    `unanswered` are articles that a language model should have read and could not; 0 where none was asked.
    """

    records: int = 0
    pages: int = 0
    after_bytes: int = 0
    after_text: int = 0
    after_article: int = 0
    articles: int = 0
    claims: int = 0
    lost: int = 0
    unanswered: int = 0

    def add(self, other: Tally) -> None:
        for name in COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))


COUNTS: tuple[str, ...] = tuple(one.name for one in fields(Tally))


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What became of an archive: `made` now, `there` already, or `failed` and why; `llm` is what a model did for it."""

    archive: str
    outcome: Literal["made", "there", "failed"]
    tally: Tally = field(default_factory=Tally)
    why: str = ""
    llm: Spent | None = None


@dataclass(frozen=True, slots=True)
class _Mark:
    """How far an archive was read, and what stood between here and the mark before."""

    at: int
    tally: Tally


def write_shard(archive: str, to: str, careful: CarefulReader | None = None) -> Done:
    """Make the shard of an archive in the folder, or below the S3 address, `to`. Nothing is raised for one archive.

    `careful` reads beside the built-in reader. A shard that other readers made is never taken for this one's.
    """
    target = f"{to.rstrip('/')}/{shard_name(archive)}" if is_remote(to) else str(Path(to) / shard_name(archive))
    try:
        if exists(target) and not (there := _made_before(target, careful)).unanswered:
            return Done(archive=archive, outcome="there", tally=there)
        tally = _to_remote(archive, target, careful) if is_remote(to) else _to_file(archive, Path(target), careful)
    except UnusableArchive as error:
        return Done(archive=archive, outcome="failed", why=str(error))
    except OSError as error:
        return Done(archive=archive, outcome="failed", why=f"{target}: cannot be written: {error.strerror or error}")
    return Done(archive=archive, outcome="made", tally=tally)


def articles_in(archive: str) -> Iterator[Article | SlatewatchError]:
    """The articles of an archive that the readers would be given, or what is wrong with it. Nothing is written."""
    try:
        for one in _sifted(archive, 0, deque()):
            if isinstance(one, Article):
                yield one
    except UnusableArchive as error:
        yield error
    except OSError as error:
        yield UnusableArchive(f"{archive}: cannot be read: {error.strerror or error}")


def _made_before(shard: str, careful: CarefulReader | None) -> Tally:
    """The tally in a shard's first line. Raises UnusableArchive where its claims are not those of these readers."""
    with opened(shard) as file:
        first = file.read(4096).partition(b"\n")[0]
    try:
        said = json.loads(first)
        # Shards older than the count of what no model answered have none of it.
        tally = Tally(**{name: int(said.get(name, 0) if name == "unanswered" else said[name]) for name in COUNTS})
        mark = said.get("llm")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnusableArchive(f"{shard}: not a shard; delete it to have it made anew") from error
    wanted = mark_of(careful)
    if mark != wanted:
        raise UnusableArchive(
            f"{shard}: was made {_by(mark)}, not {_by(wanted)}; delete it to have it made anew, or name another folder "
            "with --to"
        )
    return tally


def _by(mark: dict[str, Any] | None) -> str:
    """The readers of a shard, in words."""
    if mark is None:
        return "without a language model"
    return "with the model " + ", ".join(f"{mark[k]}" if k == "model" else f"{k} {mark[k]}" for k in mark)


def _to_file(archive: str, target: Path, careful: CarefulReader | None) -> Tally:
    part = target.with_name(target.name + ".part")
    with _locked(part) as journal:
        start, tally, lines = _taken_up(journal, _identity(archive, careful))
        for at, found in _found(archive, start, tally, careful):
            lines += found
            journal.write(b"".join(found) + _checkpoint(at, tally))
            journal.flush()
        sorted_part = target.with_name(target.name + ".sorted.part")
        with sorted_part.open("wb") as file:
            file.writelines(_shard_lines(archive, tally, lines, careful))
            file.flush()
            os.fsync(file.fileno())
        os.replace(sorted_part, target)
        part.unlink()
    return tally


def _to_remote(archive: str, target: str, careful: CarefulReader | None) -> Tally:
    tally, lines = Tally(), list[bytes]()
    for _, found in _found(archive, 0, tally, careful):
        lines += found
    put(target, b"".join(_shard_lines(archive, tally, lines, careful)))
    return tally


def _shard_lines(archive: str, tally: Tally, lines: Sequence[bytes], careful: CarefulReader | None) -> Iterator[bytes]:
    mark = mark_of(careful)
    head = {"archive": os.path.basename(archive), **asdict(tally)} | ({"llm": mark} if mark else {})
    yield msgspec.json.encode(head) + b"\n"
    yield from sorted(set(lines))


def _found(archive: str, start: int, tally: Tally, careful: CarefulReader | None) -> Iterator[tuple[int, list[bytes]]]:
    """(where the next record begins, lines found) every so often; `tally` then counts all before that place."""
    lines: list[bytes] = []
    pages: deque[Page] = deque()
    for one in read(_sifted(archive, start, pages), careful):
        if isinstance(one, _Mark):
            tally.add(one.tally)
            yield one.at, lines
            lines = []
            continue
        article, claims, answered = one
        page = pages.popleft()
        tally.unanswered += not answered
        if claims:
            tally.articles += 1
            tally.claims += len(claims)
            lines.append(line(article, claims, page))


def _sifted(archive: str, start: int, pages: deque[Page]) -> Iterator[Article | _Mark]:
    """The articles of an archive for the readers, each with its page put at the end of `pages`, and marks between."""
    since, began, at = Tally(), time.monotonic(), start
    with opened(archive) as stream:
        for record in records(stream, os.path.basename(archive), start):
            if record.offset > at and (since.records >= RECORDS or time.monotonic() - began > SECONDS):
                yield _Mark(record.offset, since)
                since, began = Tally(), time.monotonic()
            at = record.offset
            since.records += 1
            since.lost += record.lost
            if record.page and (article := _passed(record.page, since)):
                pages.append(record.page)
                yield article
        end = stream.seek(0, os.SEEK_END)
    yield _Mark(max(end, at), since)


def _passed(page: Page, tally: Tally) -> Article | None:
    """The article of a page that all screens let through."""
    sifted = sift(page)
    reached = ("bytes", "text", "article", "claims").index(sifted.reached)
    tally.pages += 1
    tally.after_bytes += reached >= 1
    tally.after_text += reached >= 2
    tally.after_article += reached >= 3
    return sifted.article if reached >= 3 else None


def line(article: Article, claims: Sequence[Claim], page: Page) -> bytes:
    """A shard's line: a labelled article (docs/claims.md) with how sure each claim is, and where the page stands."""
    said: dict[str, Any] = {name: getattr(article, name) for name in ARTICLE}
    said |= {"archive": page.archive, "offset": page.offset}
    said["claims"] = [claim_fields(c) | {"sure": c.sure, "maker": c.maker} for c in claims]
    try:
        return msgspec.json.encode(said) + b"\n"
    except UnicodeEncodeError:
        return json.dumps(said, separators=(",", ":")).encode() + b"\n"


def _identity(archive: str, careful: CarefulReader | None) -> dict[str, object]:
    """What a half-made shard is of: another file of that name, another slatewatch, or other readers begin anew."""
    size = None if is_remote(archive) else os.path.getsize(archive) if os.path.exists(archive) else None
    mark = mark_of(careful)
    return {"archive": archive, "size": size, "slatewatch": __version__} | ({"llm": mark} if mark else {})


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
