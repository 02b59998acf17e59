"""What the user names -> archive files: WARC files, folders, globs and paths files, on this machine or on S3.

An archive is called by its path or its `s3://` address throughout. S3 is read by obstore, loaded on its first use; its
settings come from the environment as for other programs (AWS_ACCESS_KEY_ID, AWS_REGION, AWS_ENDPOINT_URL ...). Without
a key nothing is signed, which public buckets like Common Crawl's take.
"""

from __future__ import annotations

import glob
import gzip
import io
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast

from ..errors import BadInput, UnusableArchive

#: How archive files end, and the lists of them that Common Crawl publishes.
ENDINGS = (".warc", ".warc.gz", ".warc.zst", ".warc.lz4", ".wet", ".wet.gz")
PATHS = (".paths", ".paths.gz")
#: Where the paths in Common Crawl's lists begin.
COMMON_CRAWL = "s3://commoncrawl/"
SHARD = ".shard.jsonl"
#: Bytes asked of S3 at a time.
STRETCH = 16_000_000


def archives(sources: Iterable[str], *, base: str = COMMON_CRAWL) -> list[str]:
    """Every archive file that the sources name, each once, in order; paths in lists begin at `base`.

    Raises BadInput where there is none, or where two would make shards of one name.
    """
    found = list(dict.fromkeys(archive for source in sources for archive in _of(source, base)))
    if not found:
        raise BadInput(f"no archive there: a name ends in one of {', '.join(ENDINGS + PATHS)}")
    twice = [name for name, count in Counter(map(shard_name, found)).items() if count > 1]
    if twice:
        raise BadInput(f"two archives would make {twice[0]}: give them in two runs, with another --to")
    return found


def shard_name(archive: str) -> str:
    """`news-7.warc.gz` -> `news-7.shard.jsonl`."""
    name = PurePosixPath(archive).name
    ending = max((e for e in ENDINGS if name.lower().endswith(e)), key=len, default="")
    return name[: len(name) - len(ending)] + SHARD


def _of(source: str, base: str) -> Iterator[str]:
    if source.lower().endswith(PATHS):
        yield from _listed(source, base)
    elif is_remote(source):
        yield from remote(source)
    elif os.path.isdir(source):
        yield from sorted(
            os.path.join(where, name)
            for where, _, names in os.walk(source)
            for name in names
            if name.lower().endswith(ENDINGS)
        )
    elif os.path.exists(source):
        yield source
    elif glob.has_magic(source):
        yield from sorted(path for path in glob.glob(source, recursive=True) if path.lower().endswith(ENDINGS))
    else:
        raise BadInput(f"{source}: no such file; check the path")


def _listed(source: str, base: str) -> Iterator[str]:
    """The lines of a paths file; those that are no address or path of their own begin at `base`."""
    with opened(source) as file:
        body = file.read()
    try:
        lines = (gzip.decompress(body) if source.lower().endswith(".gz") else body).decode().split()
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise BadInput(f"{source}: not a list of paths, one a line ({error})") from error
    for line in lines:
        yield line if is_remote(line) or line.startswith("/") else base.rstrip("/") + "/" + line


def is_remote(name: str) -> bool:
    """Whether a name is an address on S3."""
    return name.startswith("s3://")


def bucket(address: str) -> tuple[Any, str]:
    """(obstore's store of a bucket, path in it) of `s3://bucket/path`."""
    try:
        from obstore.store import S3Store
    except ImportError as error:
        raise BadInput("S3 needs the archives extra: pip install 'slatewatch[archives]'") from error
    name, _, path = address.removeprefix("s3://").partition("/")
    if not name:
        raise BadInput(f"{address}: name a bucket (s3://bucket/path)")
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    known = any(os.environ.get(key) for key in ("AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_PROFILE"))
    said: dict[str, Any] = {
        "region": os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1",
        "skip_signature": not known and not os.environ.get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"),
    }
    if endpoint:
        said |= {"endpoint": endpoint, "client_options": {"allow_http": endpoint.startswith("http://")}}
    return S3Store(name, **said), path


def remote(source: str, endings: tuple[str, ...] = ENDINGS) -> Iterator[str]:
    """An object on S3, or those below a prefix, or those that a glob fits, if their names end so."""
    if source.lower().endswith(endings) and not glob.has_magic(source):
        yield source
        return
    store, path = bucket(source)
    prefix = path.rstrip("/")
    while glob.has_magic(prefix):
        prefix = prefix.rpartition("/")[0]
    root = source[: len(source) - len(path)]
    names = (str(entry["path"]) for part in _asked(store.list(prefix or None), source) for entry in part)
    fits = (n for n in names if n.lower().endswith(endings) and (not glob.has_magic(path) or fnmatch(n, path)))
    yield from sorted(root + name for name in fits)


def _asked(parts: Iterable[Any], source: str) -> Iterator[Any]:
    try:
        yield from parts
    except Exception as error:
        raise UnusableArchive(f"{source}: S3 does not answer: {_short(error)}") from error


def opened(archive: str) -> BinaryIO:
    """The bytes of a file or of an object on S3, to read and seek. Raises UnusableArchive."""
    if not is_remote(archive):
        try:
            return open(archive, "rb")
        except OSError as error:
            raise UnusableArchive(f"{archive}: cannot be read: {error.strerror or error}") from error
    import obstore

    store, path = bucket(archive)
    try:
        reader = obstore.open_reader(store, path, buffer_size=STRETCH)
    except Exception as error:
        raise UnusableArchive(f"{archive}: cannot be read: {_short(error)}") from error
    return cast(BinaryIO, io.BufferedReader(_Remote(reader), STRETCH))


class _Remote(io.RawIOBase):
    """obstore's reader as Python's own kind of file."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            part = memoryview(self._reader.read(len(buffer)))
        except Exception as error:
            # No OSError: that would be taken for a broken record.
            raise UnusableArchive(f"S3 does not answer: {_short(error)}") from error
        buffer[: len(part)] = part
        return len(part)

    def seek(self, offset: int, whence: int = 0) -> int:
        return int(self._reader.seek(offset, whence))

    def tell(self) -> int:
        return int(self._reader.tell())


def put(address: str, body: bytes) -> None:
    """One object on S3, whole or not at all."""
    store, path = bucket(address)
    try:
        store.put(path, body)
    except Exception as error:
        raise UnusableArchive(f"{address}: cannot be written: {_short(error)}") from error


def exists(address: str) -> bool:
    """Whether a file, or an object on S3, is there."""
    if not is_remote(address):
        return Path(address).exists()
    store, path = bucket(address)
    try:
        store.head(path)
    except FileNotFoundError:
        return False
    except Exception as error:
        raise UnusableArchive(f"{address}: S3 does not answer: {_short(error)}") from error
    return True


def _short(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
