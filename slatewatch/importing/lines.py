"""Files of any size, line by line: plain, gzip or bzip2, or standard input."""

from __future__ import annotations

import bz2
import gzip
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from slatewatch.errors import BadInput

#: No line is longer, in bytes: the longest of Wikidata's items have a few million.
LONGEST = 64_000_000


def lines(name: str) -> Iterator[bytes]:
    """The lines of a file without their ends. Raises BadInput where it cannot be read, or its compression is broken."""
    try:
        with _opened(name) as file:
            while line := file.readline(LONGEST):
                yield line.rstrip(b"\r\n")
    except (OSError, EOFError, zlib.error) as error:
        said = getattr(error, "strerror", None) or error
        raise BadInput(f"{name} cannot be read: {said}; is it whole, and in the format its name says?") from error


def _opened(name: str) -> IO[bytes]:
    if name == "-":
        return sys.stdin.buffer
    path = Path(name)
    if path.suffix == ".gz":
        return cast("IO[bytes]", gzip.open(path, "rb"))
    return bz2.open(path, "rb") if path.suffix == ".bz2" else path.open("rb")
