"""A stand-in for S3 on loopback: objects in memory, whole and by range, listed by prefix, put."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, unquote, urlsplit


class _Bucket(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, objects: dict[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.objects = objects


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Bucket

    def answer(self, code: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(code)
        for name, value in {"ETag": '"x"', "Last-Modified": "Wed, 01 May 2024 00:00:00 GMT", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else body)

    def do_GET(self) -> None:
        split = urlsplit(self.path)
        name, objects = unquote(split.path).strip("/"), self.server.objects
        if "list-type" in (asked := parse_qs(split.query, keep_blank_values=True)):
            self.answer(200, _listed(objects, name, asked.get("prefix", [""])[0]))
        elif name not in objects:
            self.answer(404)
        elif wanted := re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", "")):
            body = objects[name]
            first, last = int(wanted[1]), min(int(wanted[2] or len(body)), len(body) - 1)
            self.answer(206, body[first : last + 1], Content_Range=f"bytes {first}-{last}/{len(body)}")
        elif self.command == "HEAD":
            self.answer(200, Content_Length=str(len(objects[name])))
        else:
            self.answer(200, objects[name])

    do_HEAD = do_GET

    def do_PUT(self) -> None:
        name = unquote(urlsplit(self.path).path).strip("/")
        self.server.objects[name] = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(200)

    def log_message(self, format: str, *args: object) -> None:
        pass


def _listed(objects: dict[str, bytes], bucket: str, prefix: str) -> bytes:
    """The objects of a bucket whose paths begin with the prefix, as S3 lists them."""
    found = "".join(
        f"<Contents><Key>{key[len(bucket) + 1 :]}</Key><Size>{len(body)}</Size><ETag>x</ETag>"
        "<LastModified>2024-05-01T00:00:00.000Z</LastModified></Contents>"
        for key, body in sorted(objects.items()) if key.startswith(f"{bucket}/{prefix}")
    )  # fmt: skip
    return f"<ListBucketResult><IsTruncated>false</IsTruncated>{found}</ListBucketResult>".encode()


@contextmanager
def s3(objects: dict[str, bytes]) -> Iterator[str]:
    """The address of a server of `bucket/path` -> bytes; what is put stands in `objects`."""
    server = _Bucket(objects)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
