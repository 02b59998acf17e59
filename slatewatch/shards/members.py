"""A file of gzip members -> what each holds, unpacked in one go: most of the time of reading an archive is unpacking.

A member begins where its first bytes say so, and is whole where it unpacks to the length and the check sum of its last
eight bytes. Anything else ends the reading here: `records` then looks more carefully. What a glance at its beginning
tells to be of no use is not unpacked further.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from typing import BinaryIO

from ..pages import LONGEST

#: How a gzip member begins.
MEMBER = b"\x1f\x8b\x08"
#: The same with what may follow: flags, a time, how hard it was packed, the system. Packed bytes hold it by
#: chance once in 200 GB.
BEGINNING, BEGINNING_LENGTH = rb"\x1f\x8b\x08[\x00-\x1f].{4}[\x00\x02\x04][\x00-\x0d\xff]", 10
#: Bytes that are read at a time.
STRETCH = 1 << 22
#: What a record may hold beside its page: the lines of its head and of the answer's.
HEADS = 1 << 20
#: Bytes that are unpacked of each member first.
GLANCE = 4096
Places = Callable[[bytes], list[int]]


@dataclass(frozen=True, slots=True)
class Member:
    """Where a member begins and ends, in bytes of its file, how long it is unpacked, and what of it was."""

    start: int
    end: int
    length: int
    held: bytearray


def members(stream: BinaryIO, start: int, useless: Callable[[bytes], bool]) -> Iterator[Member]:
    """Each member from byte `start` on, to the first that is not whole; but for the beginning of what is `useless`.

    Ends where the file does as well, and at once where libdeflate is not installed.
    """
    if not _has_libdeflate():
        return
    places = _places()
    at, buffer = start, b""
    while True:
        stream.seek(at + len(buffer))
        part = stream.read(STRETCH)
        buffer += part
        found = places(buffer)
        if not part:
            found.append(len(buffer))
        if not found or found[0] != 0 or (len(found) == 1 and len(buffer) > LONGEST):
            return
        view = memoryview(buffer)
        for first, end in pairwise(found):
            held = _held(view[first:end], useless)
            if held is None:
                return
            yield Member(at + first, at + end, _length(view[first:end]), held)
        if not part:
            return
        at, buffer = at + found[-1], buffer[found[-1] :]


@cache
def _has_libdeflate() -> bool:
    return find_spec("deflate") is not None


def _length(member: memoryview) -> int:
    """How long a member says it is."""
    return int.from_bytes(member[-4:], "little")


def _held(member: memoryview, useless: Callable[[bytes], bool]) -> bytearray | None:
    """What a member holds, if it is plainly whole: no flags, no byte behind it, as long as it says, none too long."""
    from deflate import DeflateError, crc32, deflate_decompress

    length = _length(member)
    if len(member) < 18 or member[3] or length > LONGEST + HEADS:
        return None
    try:
        begins = zlib.decompressobj(-15).decompress(member[10 : 10 + GLANCE], GLANCE)
    except zlib.error:
        return None
    if len(begins) == GLANCE and useless(begins):
        return bytearray(begins)
    try:
        held = deflate_decompress(member[10:-8], length)
    except DeflateError:
        return None
    # The check sum behind all of it: were a second member in there, its own would stand in that place.
    return held if len(held) == length and crc32(held) == int.from_bytes(member[-8:-4], "little") else None


@cache
def _places() -> Places:
    """What tells where members may begin: hyperscan, which passes over packed bytes several times as fast, or `re`."""
    try:
        import hyperscan
    except ImportError:
        return lambda part: [found.start() for found in re.finditer(BEGINNING, part, re.DOTALL)]
    database = hyperscan.Database()
    database.compile(expressions=[BEGINNING], ids=[0], elements=1, flags=hyperscan.HS_FLAG_DOTALL)

    def by_hyperscan(part: bytes) -> list[int]:
        found: list[int] = []

        def add(_id: int, _from: int, end: int, _flags: int, _context: object) -> None:
            found.append(end - BEGINNING_LENGTH)

        database.scan(part, match_event_handler=add)
        return found

    return by_hyperscan
