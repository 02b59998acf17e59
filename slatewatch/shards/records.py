"""An archive file -> its records, past any damage: a broken record costs that record alone, and is counted.

What is plainly one whole record in one gzip member is taken apart here, which is fast. All else FastWARC reads; where
it gives up, the next record that begins whole is looked for and reading goes on there.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from ..errors import UnusableArchive
from ..model import Page
from ..pages import LONGEST
from ..screen import other_language_said
from .members import MEMBER, Member, members

#: How a record begins in a plain file, behind the end of the one before.
PLAIN = b"\r\n\r\nWARC/1."
#: Bytes that are looked through at a time for where a record begins.
STRETCH = 1 << 20
#: Types of records: those that may hold pages, and the others that there are.
WANTED = ("response", "resource", "conversion")
PASSED_OVER = ("warcinfo", "request", "metadata", "revisit", "continuation")
#: After so many members in a row that were not plain the rest of a file is read carefully.
STALLS = 8
_ENCODED = re.compile(rb"\n(?:content|transfer)-encoding:", re.I)
TEXT_TYPES = ("html", "xhtml", "text/plain", "application/xhtml+xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record of an archive: where it begins, in bytes, and its page; None where it holds none. `lost`: broken."""

    offset: int
    page: Page | None = None
    lost: bool = False


def records(stream: BinaryIO, name: str, start: int = 0) -> Iterator[Record]:
    """The records from byte `start` on, where one begins. Raises UnusableArchive for what is no archive at all."""
    stream.seek(start)
    at, stalls = start, 0 if stream.read(len(MEMBER)) == MEMBER else STALLS
    while stalls < STALLS:
        stalls += 1
        for member in members(stream, at, _useless):
            found = _plain(member, name)
            if found is None:
                break
            yield from found
            at, stalls = member.end, 0
        for record in carefully(stream, name, at):
            if record.offset > at and not record.lost and stalls < STALLS and _begins(stream, record.offset):
                at = record.offset
                break
            yield record
        else:
            return
    yield from carefully(stream, name, at)


def _useless(begins: bytes) -> bool:
    """Whether a record begins like the answer with a page that says it is in another language, sent as it is."""
    place = other_language_said(begins)
    return place is not None and not _ENCODED.search(begins, 0, place)


def _plain(member: Member, name: str) -> tuple[Record, ...] | None:
    """The record that a member holds, if it is one to be had; None where that takes a closer look.

    Of one that was found useless the page is cut short: the screen needs no more of it to let it go.
    """
    held, offset, whole = member.held, member.start, member.length == len(member.held)
    end = held.find(b"\r\n\r\n")
    head = bytes(held[: max(end, 0)])
    try:
        fields = _fields(head, "utf-8")
    except UnicodeDecodeError:
        return None
    kind, said = fields.get("warc-type"), fields.get("content-length", "")
    plain = head.startswith(b"WARC/1.") and len(fields) == head.count(b"\r\n") == head.count(b"\n")
    if not plain or not said.isdigit() or end + 4 + int(said) + 4 != member.length:
        return None
    if whole and not held.endswith(b"\r\n\r\n"):
        return None
    if kind in PASSED_OVER:
        return ()
    media_type = fields.get("content-type", "")
    is_http = media_type.startswith("application/http")
    if kind not in WANTED or not fields.get("warc-target-uri") or is_http != (kind == "response"):
        return None
    if int(said) > LONGEST:
        return (Record(offset=offset),)
    del held[len(held) - 4 if whole else len(held) :], held[: end + 4]
    return (_page_of(fields, held, is_http=is_http, place=(name, offset)),)


def carefully(stream: BinaryIO, name: str, start: int) -> Iterator[Record]:
    """As `records`, by FastWARC alone, in any kind of file; of a lost record it may say that it began one earlier."""
    at, first, fresh = start, True, False
    while True:
        last = None
        try:
            for record in _read(stream, name, at):
                last = record
                yield record
        except (OSError, ValueError, EOFError) as error:
            # What failed right where a record was looked for is the one already counted.
            counted = (last is None and fresh) or (last is not None and last.lost)
            if last is None and first and start == 0 and not _begins(stream, 0):
                raise UnusableArchive(f"{name}: not a web archive ({_short(error)})") from error
            found = _next(stream, (last.offset if last else at) + 1)
            if not counted:
                yield Record(offset=last.offset if last else at, lost=True)
            if found is None:
                return
            at, first, fresh = found, False, True
            continue
        if _clipped(stream, last.offset if last else at) and not (last and last.lost):
            yield Record(offset=last.offset if last else at, lost=True)
        return


def _read(stream: BinaryIO, name: str, start: int) -> Iterator[Record]:
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    wanted = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
    stream.seek(start)
    packed = stream.read(3) == MEMBER
    stream.seek(start)
    for record in ArchiveIterator(stream, record_types=wanted, parse_http=False, fsspec_args=False):
        headers = record.headers
        said = headers.get("Content-Length") or ""
        if not said.isdigit() or not headers.get("WARC-Target-URI"):
            yield Record(offset=record.stream_pos, lost=True)
        elif int(said) > LONGEST:
            yield Record(offset=record.stream_pos)
        else:
            block = record.reader.read()
            if len(block) != int(said) or not (packed or _intact(block, headers.get("WARC-Block-Digest"))):
                yield Record(offset=record.stream_pos, lost=True)
            else:
                fields = {key.lower(): value for key, value in headers.items()}
                place = (name, int(record.stream_pos))
                yield _page_of(fields, bytearray(block), is_http=record.is_http, place=place)


def _intact(block: bytes, digest: str | None) -> bool:
    """Whether a block is what its digest says, where it has one of a kind we know. A gzip member has its own check."""
    kind, _, value = (digest or "").strip().partition(":")
    if kind.lower() != "sha1" or len(value) not in (32, 40):
        return True
    found = hashlib.sha1(block, usedforsecurity=False)
    return value.upper() in (base64.b32encode(found.digest()).decode(), found.hexdigest().upper())


def _page_of(fields: Mapping[str, str], block: bytearray, *, is_http: bool, place: tuple[str, int]) -> Record:
    """The page of a whole record, if it is one: an answer with status 200, HTML or plain text by its own word.

    `place` is the archive's name and where in it the record begins. What is left of the block is the page's body as it
    is: to copy it would cost as much as to look through it.
    """
    name, offset = place
    media_type: str | None = fields.get("content-type")
    if is_http:
        end = block.find(b"\r\n\r\n")
        head = bytes(block[: end if end >= 0 else len(block)])
        if head[9:12] != b"200":
            return Record(offset=offset)
        answer = _fields(head)
        media_type = answer.get("content-type")
        if {"content-encoding", "transfer-encoding"} & answer.keys():
            try:
                block = bytearray(_unpacked(bytes(block)))
            except (OSError, ValueError):
                return Record(offset=offset, lost=True)
        else:
            del block[: len(head) + 4]
    if len(block) > LONGEST or (media_type and not any(kind in media_type.lower() for kind in TEXT_TYPES)):
        return Record(offset=offset)
    url, seen = fields["warc-target-uri"].strip("<>"), fields.get("warc-date")
    body = cast(bytes, block)
    page = Page(name=url, body=body, url=url, media_type=media_type, seen=seen, archive=name, offset=offset)
    return Record(offset=offset, page=page)


def _fields(head: bytes, encoding: str = "latin-1") -> dict[str, str]:
    """The header lines of a record or an answer; names in small letters, the last of a name counts."""
    pairs = (line.partition(b":") for line in head.split(b"\r\n")[1:])
    return {key.strip().lower().decode(encoding): value.strip().decode(encoding) for key, _, value in pairs}


def _unpacked(block: bytes) -> bytes:
    """The body of an answer that was sent packed or in pieces, at most as long as a page may be, and a byte."""
    from fastwarc.warc import WarcRecord

    record = WarcRecord()
    record.init_headers(_response())
    record.is_http = True
    record.set_bytes_content(block)
    record.parse_http(auto_decode="all")
    return bytes(record.reader.read(LONGEST + 1))


def _response() -> Any:
    from fastwarc.warc import WarcRecordType

    return WarcRecordType.response


def _begins(stream: BinaryIO, offset: int) -> bool:
    """Whether a record begins there, packed or plain."""
    stream.seek(offset)
    head = stream.read(STRETCH >> 8)
    if not head.startswith(MEMBER):
        return head.startswith(b"WARC/1.")
    try:
        return zlib.decompressobj(31).decompress(head, 7) == b"WARC/1."
    except zlib.error:
        return False


def _next(stream: BinaryIO, after: int) -> int | None:
    """Where the next record begins at or after a byte; None if none does."""
    keep = len(PLAIN)
    at = after
    while True:
        stream.seek(at)
        part = stream.read(STRETCH)
        places = sorted(place for mark, skip in ((MEMBER, 0), (PLAIN, 4)) for place in _places(part, mark, skip))
        for place in places:
            if _begins(stream, at + place):
                return at + place
        if len(part) < STRETCH:
            return None
        at += STRETCH - keep


def _places(part: bytes, mark: bytes, skip: int) -> Iterator[int]:
    place = part.find(mark)
    while place >= 0:
        yield place + skip
        place = part.find(mark, place + 1)


def _clipped(stream: BinaryIO, offset: int) -> bool:
    """Whether a file of gzip members ends in the middle of one; `offset` is where one of its last begins."""
    end = stream.seek(0, os.SEEK_END)
    stream.seek(offset)
    if end == offset or stream.read(3) != MEMBER:
        return False
    stream.seek(offset)
    unpacker = zlib.decompressobj(31)
    while part := stream.read(STRETCH):
        while part:
            try:
                unpacker.decompress(part)
            except zlib.error:
                return True
            part = unpacker.unused_data
            if unpacker.eof:
                unpacker = zlib.decompressobj(31)
                if not part:
                    part = stream.read(STRETCH)
                    if not part:
                        return False
    return True


def _short(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
