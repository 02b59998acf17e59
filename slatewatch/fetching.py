"""One URL -> bytes, without ever touching an address that is not public, and within bounds of size and time.

Each step of the way (the URL given, every redirect) is resolved first; all its addresses have to be public; the
connection goes to the very address that was checked, so a name that answers differently the second time gains nothing.
No proxy is used: it would resolve the name again.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from . import __version__
from .errors import UnreadablePage

if TYPE_CHECKING:
    import httpx

USER_AGENT = f"slatewatch/{__version__} (reads film and television news)"
MOST_REDIRECTS = 5
#: Seconds: for one answer of the network, and for the page as a whole.
PATIENCE, LONGEST_WAIT = 10.0, 30.0
PRIVATE_ADVICE = "save the page and name the file"
REDIRECTS = (301, 302, 303, 307, 308)

T = TypeVar("T")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
#: What a translator makes of the IPv4 address in the last 32 bits; where there is IPv6 alone every old site is here.
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came back: the bytes without their compression, the address they came from at last, the type they claim."""

    body: bytes
    url: str
    media_type: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one request was answered with. `body` is that of a 200, without its compression; else empty.

    `location` is the whole address that a redirect leads to; the others are headers as they came.
    """

    status: int
    url: str
    body: bytes = b""
    media_type: str | None = None
    location: str | None = None
    etag: str | None = None
    modified: str | None = None
    retry_after: str | None = None


class PrivateAddress(UnreadablePage):
    """A host that is not on the open Internet, or not on it alone: nothing is sent there."""


def fetch(url: str, *, allow_private: bool = False, longest: int = 20_000_000) -> Fetched:
    """The page at an http(s) URL. Raises UnreadablePage with a message that names the URL and what to do.

    `longest` bounds the body in bytes, after decompression; `allow_private` lets it come from this machine or network.
    """
    end = time.monotonic() + LONGEST_WAIT
    try:
        return _told(lambda client: _follow(client, url, allow_private=allow_private, longest=longest, end=end))
    except UnreadablePage as error:
        raise UnreadablePage(f"{url}: {error}") from error.__cause__


def ask(
    url: str, *, allow_private: bool = False, longest: int = 20_000_000, headers: Mapping[str, str] | None = None
) -> Answer:
    """One request, whatever its answer; a redirect is not followed. `headers` are sent beside the usual ones.

    Raises UnreadablePage, without the URL, where there is no answer, or none that may or can be read.
    """
    end = time.monotonic() + LONGEST_WAIT

    def work(client: httpx.Client) -> Answer:
        import httpx

        return _once(client, httpx.URL(url), allow_private=allow_private, longest=longest, end=end, headers=headers)

    return _told(work)


def _told(work: Callable[[httpx.Client], T]) -> T:
    """What `work` returns, if it does in time; what goes wrong on the way in words that say what to do."""
    import httpx

    def run() -> T:
        with httpx.Client(verify=_certificates(), trust_env=False, timeout=PATIENCE, follow_redirects=False) as client:
            return work(client)

    try:
        return within(LONGEST_WAIT, run, _late())
    except httpx.TimeoutException as error:
        raise UnreadablePage(f"no answer within {PATIENCE:.0f} seconds; try again later") from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError, ValueError) as error:
        raise UnreadablePage(f"not an address of a page: {error}; check the URL") from error
    except (httpx.HTTPError, httpx.StreamError, OSError) as error:
        raise UnreadablePage(f"cannot be fetched: {error or type(error).__name__}; check the URL") from error


@cache
def _certificates() -> ssl.SSLContext:
    """Whose certificates are believed. Loading them takes longer than most pages."""
    import httpx

    return httpx.create_ssl_context(trust_env=False)


def within(seconds: float, work: Callable[[], T], late: Exception) -> T:
    """What `work` returns or raises, if it does so in time; else `late` is raised.

    A name server, or headers that come by the byte, outlast every time-out of a read.
    """
    results: list[T] = []
    failures: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 (raised again, in the caller's thread)
            failures.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if failures:
        raise failures[0]
    if not results:
        raise late
    return results[0]


def _late() -> UnreadablePage:
    return UnreadablePage(f"still not there after {LONGEST_WAIT:.0f} seconds; try again later")


def _follow(client: httpx.Client, url: str, *, allow_private: bool, longest: int, end: float) -> Fetched:
    import httpx

    for _ in range(MOST_REDIRECTS + 1):
        answer = _once(client, httpx.URL(url), allow_private=allow_private, longest=longest, end=end)
        if answer.location is None:
            if trouble := refusal(answer.status):
                raise UnreadablePage(trouble)
            return Fetched(body=answer.body, url=answer.url, media_type=answer.media_type)
        url = answer.location
    raise UnreadablePage(f"redirected more than {MOST_REDIRECTS} times; check the URL")


def _once(
    client: httpx.Client,
    url: httpx.URL,
    *,
    allow_private: bool,
    longest: int,
    end: float,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    response = client.send(_request("GET", url, {**READING, **(headers or {})}, allow_private), stream=True)
    try:
        status, said = response.status_code, response.headers
        away = str(url.join(said.get("location", ""))) if status in REDIRECTS else None
        return Answer(
            status=status, url=str(url), body=_body(response, longest, end) if status == 200 else b"",
            media_type=said.get("content-type"), location=away, etag=said.get("etag"),
            modified=said.get("last-modified"), retry_after=said.get("retry-after"),
        )  # fmt: skip
    finally:
        response.close()


READING = {
    "Accept": "text/html,application/xhtml+xml,text/plain,application/json;q=0.9,*/*;q=0.5",
    "Accept-Language": "en",
    "Accept-Encoding": "gzip, deflate",
}


def _request(
    method: str, url: httpx.URL, said: Mapping[str, str], allow_private: bool, body: bytes | None = None
) -> httpx.Request:
    """A request to the address that was checked, in the name of the host that was asked for."""
    import httpx

    if url.scheme not in ("http", "https") or not url.host:
        raise UnreadablePage(f"leads to {str(url)[:200]!r}; only http and https are read")
    address = checked_address(url.host, url.port or (443 if url.scheme == "https" else 80), allow_private)
    headers = {"Host": url.netloc.decode("ascii"), "User-Agent": USER_AGENT, **said}
    patience = {"connect": PATIENCE, "read": PATIENCE, "write": PATIENCE, "pool": PATIENCE}
    extensions: dict[str, object] = {"timeout": patience}
    if not _is_address(url.host):
        # The certificate has to be the host's, not the address's.
        extensions["sni_hostname"] = url.raw_host.decode("ascii")
    pinned = url.copy_with(host=address, userinfo=b"", fragment=None)
    return httpx.Request(method, pinned, headers=headers, content=body, extensions=extensions)


def post(url: str, body: bytes, headers: Mapping[str, str], *, allow_private: bool = False) -> tuple[int, str | None]:
    """Send `body` to an http(s) URL, under the guard that fetching has; the status answered, and its Retry-After.

    No redirect is followed and no answer is read. Raises PrivateAddress where the host is not public, UnreadablePage
    for what is no address, OSError and httpx.HTTPError where the network fails.
    """
    import httpx

    def work() -> tuple[int, str | None]:
        with httpx.Client(verify=_certificates(), trust_env=False, timeout=PATIENCE, follow_redirects=False) as client:
            response = client.send(_request("POST", httpx.URL(url), headers, allow_private, body), stream=True)
            response.close()
            return response.status_code, response.headers.get("retry-after")

    try:
        return within(LONGEST_WAIT, work, _late())
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError, ValueError) as error:
        raise UnreadablePage(f"not an address of the web: {error}; check the URL") from error


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def checked_address(host: str, port: int, allow_private: bool) -> str:
    """The first address of a host; UnreadablePage if it has none, or if any of them is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnreadablePage(f"no host of the name {host[:200]!r} is known; check the URL") from error
    addresses = [str(entry[4][0]) for entry in found]
    if not allow_private:
        for address in addresses:
            if not is_public(address):
                raise PrivateAddress(f"{host[:200]} is a private address ({address}); {PRIVATE_ADVICE}")
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open Internet, and so does any IPv4 address inside it."""
    try:
        ip: Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and ip in _TRANSLATED:
        ip = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return all(one.is_global and not one.is_multicast and not one.is_reserved for one in (ip, *_inside(ip)))


def _inside(ip: Address) -> list[ipaddress.IPv4Address]:
    if isinstance(ip, ipaddress.IPv4Address):
        return []
    return [one for one in (ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())) if one is not None]


def refusal(status: int) -> str | None:
    """Why an answer with this status is no page, and what to do; None for one that is."""
    if status in (404, 410):
        return f"answered {status}: there is no such page; check the URL"
    if status in (401, 402, 403, 451):
        return f"answered {status}: the outlet does not give it out; save the page and name the file"
    if status == 429 or status >= 500:
        return f"answered {status}: the outlet cannot serve it now; try again later"
    if status != 200:
        return f"answered {status} instead of a page; check the URL"
    return None


def _body(response: httpx.Response, longest: int, end: float) -> bytes:
    coding = response.headers.get("content-encoding", "").strip().lower()
    return unpacked(_until(response.iter_raw(), end), coding, longest)


def _until(chunks: Iterable[bytes], end: float) -> Iterable[bytes]:
    for chunk in chunks:
        if time.monotonic() > end:
            raise _late()
        yield chunk


def unpacked(chunks: Iterable[bytes], coding: str, longest: int) -> bytes:
    """The chunks of a body without its compression (`gzip`, `deflate` or none); never more than `longest` bytes of it.

    Raises UnreadablePage for more than that, for a broken stream, and for a compression that was not asked for.
    """
    if coding not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise UnreadablePage(f"sent with a compression that was not asked for ({coding[:40]}); save the page instead")
    packed = coding not in ("", "identity")
    # 47: gzip or zlib, whichever it turns out to be.
    unpack = zlib.decompressobj(47)
    body = bytearray()
    try:
        for place, chunk in enumerate(chunks):
            if packed and place == 0 and coding == "deflate" and not _has_zlib_header(chunk):
                unpack = zlib.decompressobj(-15)
            body += unpack.decompress(chunk, longest + 1 - len(body)) if packed else chunk
            if len(body) > longest or unpack.unconsumed_tail:
                raise UnreadablePage(f"longer than {longest // 1_000_000} MB, no page of an article; leave it out")
    except zlib.error as error:
        raise UnreadablePage(f"its compression is broken ({error}); try again later") from error
    return bytes(body)


def _has_zlib_header(chunk: bytes) -> bool:
    return len(chunk) > 1 and chunk[0] & 0x0F == 8 and (chunk[0] << 8 | chunk[1]) % 31 == 0
