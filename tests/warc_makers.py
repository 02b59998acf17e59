"""Archives for tests: pages of an invented trade as records, packed or plain, and the damage done to them."""

from __future__ import annotations

import base64
import gzip
import hashlib
from collections.abc import Sequence

NEWS = (
    "<html lang=en><head><title>{who} to direct {title}</title></head><body><nav><a href=/>Home</a></nav><article>"
    "<h1>{who} to direct {title}</h1>"
    "<p>{who} is in talks to direct {title}, a feature film for Lantern Row Films from a screenplay by Joel Brandt. "
    "The film is based on the novel by Hanne Birkeland, and Tomas Reyl is attached to star.</p>"
    "<p>Producers are Ada Quist and Per Lomax of Velda Pictures. Filming is set to begin in Lisbon in the spring. "
    "Harbour Lights Sales is handling international rights to the drama.</p></article></body></html>"
)
OTHER = (
    "<html lang=en><head><title>How to water herbs</title></head><body><article><h1>How to water herbs, part {n}</h1>"
    + "<p>Herbs on a window sill want water in the morning, and less of it than most people think. Let the soil dry, "
    "turn the pot once a week, and cut the tops of the basil before it comes into flower.</p>"
    * 6
    + "</article></body></html>"
)
WHO = ("Ines Marlow", "Bertil Osk", "Carla Venn", "Dario Pell", "Esme Roake", "Filip Aune")
TITLES = ("Undertow", "The Glass Orchard", "Cold Harbour", "Night Ferry", "Paper Lions", "The Salt Road")


def news(n: int) -> bytes:
    return NEWS.format(who=WHO[n % 6], title=f"“{TITLES[n % 6]}”").encode()


def other(n: int) -> bytes:
    return OTHER.format(n=n).encode()


def record(url: str, body: bytes, *, head: bytes = b"Content-Type: text/html; charset=utf-8", status: bytes = b"200 OK",
           date: str = "2024-05-01T00:00:00Z") -> bytes:  # fmt: skip
    """A response record with its digest."""
    block = b"HTTP/1.1 " + status + b"\r\n" + head + b"\r\n\r\n" + body
    digest = base64.b32encode(hashlib.sha1(block).digest()).decode()
    lines = (
        "WARC/1.0", "WARC-Type: response", f"WARC-Record-ID: <urn:uuid:{hashlib.md5(url.encode()).hexdigest()}>",
        f"WARC-Date: {date}", f"WARC-Target-URI: {url}", f"WARC-Block-Digest: sha1:{digest}",
        "Content-Type: application/http; msgtype=response", f"Content-Length: {len(block)}", "", "",
    )  # fmt: skip
    return "\r\n".join(lines).encode() + block + b"\r\n\r\n"


def crawl(count: int, *, every: int = 5, start: int = 0) -> list[bytes]:
    """Records of pages, one in `every` of them news."""
    return [
        record(f"https://outlet.example/{n}", news(n // every) if n % every == 0 else other(n))
        for n in range(start, start + count)
    ]


def packed(records: Sequence[bytes]) -> list[bytes]:
    return [gzip.compress(one, mtime=0) for one in records]
