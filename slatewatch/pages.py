"""Sources -> pages: a file, a folder of them, a URL, or standard input, as bytes with where they were found.

Nothing here looks into a page further than telling JSON Lines from the rest, and nothing heavy is imported before a URL
has to be fetched.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from .errors import UnreadablePage
from .model import Page

#: The longest page, in bytes after decompression. The front page of a large outlet has two million.
LONGEST = 20_000_000
#: What counts as an article in a folder, by the end of its name.
ENDINGS = (".html", ".htm", ".xhtml", ".txt", ".json", ".jsonl")
#: A line of a JSON Lines file, and the type that marks its pages as parts of a file.
LINE_TYPE = "application/jsonl"

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")


def read_pages(
    source: str, *, allow_private: bool = False, stdin: BinaryIO | None = None
) -> Iterator[Page | UnreadablePage]:
    """Each page of a source, in the order of their names, or what is wrong with it and what to do.

    `source` is a file (`.jsonl`: a page a line), a folder (all below it), an http(s) URL, or `-`: `stdin`, which is
    standard input unless given. `allow_private` lets a URL lead to this machine or its network. Nothing is raised for
    what a source holds: one bad file in a folder does not stop the others.
    """
    if source == "-":
        yield from _read_stream(stdin or sys.stdin.buffer)
    elif scheme := _SCHEME.match(source):
        yield _read_url(source, scheme[1], allow_private)
    elif os.path.isdir(source):
        yield from _read_folder(source)
    else:
        yield from _read_file(source)


def _read_url(url: str, scheme: str, allow_private: bool) -> Page | UnreadablePage:
    if scheme.lower() not in ("http", "https"):
        return UnreadablePage(f"{url}: only http and https are read; save the page and name the file")
    from datetime import UTC, datetime

    from .fetching import fetch

    try:
        fetched = fetch(url, allow_private=allow_private, longest=LONGEST)
    except UnreadablePage as error:
        return error
    seen = datetime.now(UTC).isoformat(timespec="seconds")
    return Page(name=url, body=fetched.body, url=fetched.url, media_type=fetched.media_type, seen=seen)


def _read_folder(folder: str) -> Iterator[Page | UnreadablePage]:
    failures: list[OSError] = []
    paths = sorted(
        os.path.join(where, name)
        for where, folders, names in os.walk(folder, onerror=failures.append)
        for name in names
        if name.lower().endswith(ENDINGS) and not name.startswith(".")
    )
    for failure in failures:
        yield UnreadablePage(f"{failure.filename}: {_reason(failure)}")
    if not paths and not failures:
        endings = ", ".join(ENDINGS)
        yield UnreadablePage(f"{folder}: no article in this folder; an article's name ends in one of {endings}")
    for path in paths:
        # A pipe or a device among the files would hold up all the others.
        if os.path.isfile(path) or not os.path.exists(path):
            yield from _read_file(path)


def _read_file(path: str) -> Iterator[Page | UnreadablePage]:
    try:
        with open(path, "rb") as file:
            if path.lower().endswith(".jsonl"):
                yield from _read_lines(path, _bounded_lines(file))
            else:
                yield _page(path, file.read(LONGEST + 1))
    except (OSError, ValueError) as error:
        yield UnreadablePage(f"{path}: {_reason(error)}")


def _read_stream(stream: BinaryIO) -> Iterator[Page | UnreadablePage]:
    """Standard input: JSON Lines come out line by line, as they arrive; anything else is one page."""
    try:
        first = stream.readline(LONGEST + 1)
        if _is_record(first):
            yield from _read_lines("-", _chain(first, _bounded_lines(stream)))
        else:
            yield _page("-", first + stream.read(max(0, LONGEST + 1 - len(first))))
    except (OSError, ValueError) as error:
        yield UnreadablePage(f"standard input: {_reason(error)}")


def _page(name: str, body: bytes, media_type: str | None = None) -> Page | UnreadablePage:
    if len(body) > LONGEST:
        said = "standard input" if name == "-" else name
        return UnreadablePage(
            f"{said}: longer than {LONGEST // 1_000_000} MB, no page of an article; split or leave out"
        )
    return Page(name=name, body=body, media_type=media_type)


def _read_lines(name: str, lines: Iterable[bytes]) -> Iterator[Page | UnreadablePage]:
    empty = True
    for number, line in enumerate(lines, 1):
        if line.strip():
            empty = False
            yield _page(f"{name}:{number}", line, LINE_TYPE)
    if empty:
        yield UnreadablePage(f"{name}: empty; JSON Lines hold an article a line")


def _bounded_lines(stream: BinaryIO) -> Iterator[bytes]:
    """Lines of at most `LONGEST` bytes and one more, which marks what is too long; its rest is passed over."""
    while line := stream.readline(LONGEST + 1):
        rest = line
        while len(rest) > LONGEST and not rest.endswith(b"\n"):
            rest = stream.readline(LONGEST + 1)
        yield line


def _chain(first: bytes, rest: Iterable[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _is_record(line: bytes) -> bool:
    if not line.lstrip().startswith(b"{"):
        return False
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _reason(error: Exception) -> str:
    match error:
        case FileNotFoundError():
            return "no such file; check the path"
        case PermissionError():
            return "may not be read; check its permissions"
        case OSError():
            return f"cannot be read: {error.strerror or error}"
    # A path with a NUL in it.
    return f"cannot be read: {error}"


def stem(name: str) -> str:
    """What to call a page after its name: the file's name without folder and ending, `-7` added for line 7."""
    whole, _, line = name.rpartition(":") if re.search(r":\d+$", name) else (name, "", "")
    base = "stdin" if whole == "-" else Path(whole).stem
    return f"{base}-{line}" if line else base
