"""URLs: what is fetched, what is refused, and that nothing private is ever reached."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from slatewatch import fetching
from slatewatch.errors import UnreadablePage
from slatewatch.fetching import USER_AGENT, checked_address, fetch, is_public, unpacked
from slatewatch.pages import read_pages

PAGE = b"<html><body><p>Ines Marlow is set to direct Undertow.</p></body></html>"
Answer = tuple[int, dict[str, str], bytes]


class Outlet(BaseHTTPRequestHandler):
    """A site on this machine. `answers` maps a path to what it answers; `asked` keeps the headers it was asked with."""

    answers: dict[str, Answer]
    asked: list[tuple[str, dict[str, str]]]

    def do_GET(self) -> None:
        self.asked.append((self.path, dict(self.headers)))
        status, headers, body = self.answers[self.path]
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Nothing: the test's output is no place for it."""


@pytest.fixture
def outlet() -> Iterator[tuple[str, type[Outlet]]]:
    handler = type("Site", (Outlet,), {"answers": {"/page": (200, {"Content-Type": "text/html"}, PAGE)}, "asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", handler
    server.shutdown()
    server.server_close()


Site = tuple[str, type[Outlet]]


def refused(url: str, **options: bool | int) -> str:
    with pytest.raises(UnreadablePage) as caught:
        fetch(url, **options)  # type: ignore[arg-type]
    message = str(caught.value)
    assert message.startswith(url), "the message names the URL"
    assert "\n" not in message
    return message


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1",
        "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "::1", "::", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "::127.0.0.1", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "2001:db8::1", "2002:7f00:1::",
        "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "not an address",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://10.1.2.3/x", "http://169.254.169.254/latest/meta-data", "http://[::1]/",
        "http://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]:8443/", "http://2130706433/", "http://0x7f000001/",
        "http://localhost/", "http://user:word@127.0.0.1/",
    ],
)  # fmt: skip
def test_private_addresses_are_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(*args: object, **options: object) -> None:
        raise AssertionError("nothing may be connected to")

    monkeypatch.setattr(socket, "create_connection", connect)
    assert "private address" in refused(url)


def test_one_private_address_among_public_ones_is_one_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, "93.184.216.34", "10.0.0.1")
    with pytest.raises(UnreadablePage, match=r"10\.0\.0\.1"):
        checked_address("outlet.example", 80, allow_private=False)


def answers(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Let every name have these addresses; what comes back fills with the names that were looked up."""
    names: list[str] = []

    def look_up(host: str, port: int, **options: object) -> list[tuple[object, ...]]:
        names.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return names


def test_a_page_comes_with_its_type_and_address(outlet: Site) -> None:
    base, site = outlet
    fetched = fetch(f"{base}/page#comments", allow_private=True)
    assert (fetched.body, fetched.media_type) == (PAGE, "text/html")
    assert fetched.url.startswith(f"{base}/page")
    path, headers = site.asked[0]
    assert path == "/page"
    assert headers["User-Agent"] == USER_AGENT
    assert headers["Host"] == base.removeprefix("http://")


def test_the_connection_goes_to_the_address_that_was_checked(outlet: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    base, site = outlet
    port = base.rpartition(":")[2]
    names: list[str] = []
    reached: list[tuple[str, int]] = []
    connect = socket.create_connection

    def check(host: str, port: int, allow_private: bool) -> str:
        names.append(host)
        return "127.0.0.1"

    def watch(address: tuple[str, int], *args: object, **options: object) -> socket.socket:
        reached.append(address)
        return connect(address, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(fetching, "checked_address", check)
    monkeypatch.setattr(socket, "create_connection", watch)
    assert fetch(f"http://rebinding.example:{port}/page").body == PAGE
    assert names == ["rebinding.example"], "the name is resolved once"
    assert reached == [("127.0.0.1", int(port))], "and never given to what connects"
    assert site.asked[0][1]["Host"] == f"rebinding.example:{port}", "the host hears the name it was asked for by"


def test_a_redirect_is_followed_and_named(outlet: Site) -> None:
    base, site = outlet
    site.answers["/old"] = (301, {"Location": "/page"}, b"")
    assert fetch(f"{base}/old", allow_private=True).url == f"{base}/page"


def test_a_redirect_to_a_private_address_is_refused(outlet: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    base, site = outlet
    port = base.rpartition(":")[2]
    site.answers["/away"] = (302, {"Location": f"http://127.0.0.1:{port}/page"}, b"")
    real = fetching.checked_address

    def public_but_for_addresses(host: str, port: int, allow_private: bool) -> str:
        return "127.0.0.1" if host == "outlet.example" else real(host, port, allow_private)

    monkeypatch.setattr(fetching, "checked_address", public_but_for_addresses)
    assert "private address" in refused(f"http://outlet.example:{port}/away")
    assert [path for path, _ in site.asked] == ["/away"]


@pytest.mark.parametrize("away", ["file:///etc/passwd", "ftp://outlet.example/", "gopher://127.0.0.1/"])
def test_a_redirect_out_of_the_web_is_refused(outlet: Site, away: str) -> None:
    base, site = outlet
    site.answers["/away"] = (302, {"Location": away}, b"")
    assert "only http and https" in refused(f"{base}/away", allow_private=True)


def test_redirects_without_end_are_given_up(outlet: Site) -> None:
    base, site = outlet
    site.answers["/round"] = (302, {"Location": "/round"}, b"")
    assert "redirected more than 5 times" in refused(f"{base}/round", allow_private=True)
    assert len(site.asked) == 6


@pytest.mark.parametrize(
    ("status", "advice"),
    [(404, "check the URL"), (410, "check the URL"), (403, "save the page"), (503, "try again"), (429, "try again"),
     (206, "check the URL")],
)  # fmt: skip
def test_answers_that_are_no_page(outlet: Site, status: int, advice: str) -> None:
    base, site = outlet
    site.answers["/gone"] = (status, {}, PAGE)
    message = refused(f"{base}/gone", allow_private=True)
    assert str(status) in message
    assert advice in message


def test_too_long_a_page_is_given_up(outlet: Site) -> None:
    base, site = outlet
    site.answers["/long"] = (200, {}, b"x" * 300_000)
    assert "longer than" in refused(f"{base}/long", allow_private=True, longest=200_000)
    assert len(fetch(f"{base}/long", allow_private=True, longest=300_000).body) == 300_000


@pytest.mark.parametrize("coding", ["gzip", "deflate", "raw"])
def test_compressed_pages_are_unpacked(outlet: Site, coding: str) -> None:
    base, site = outlet
    packed = {"gzip": gzip.compress(PAGE), "deflate": zlib.compress(PAGE), "raw": zlib.compress(PAGE)[2:-4]}[coding]
    site.answers["/packed"] = (200, {"Content-Encoding": coding.replace("raw", "deflate")}, packed)
    assert fetch(f"{base}/packed", allow_private=True).body == PAGE


def test_a_gzip_bomb_stops_at_the_bound() -> None:
    bomb = gzip.compress(bytes(40_000_000), 1)
    largest = 0

    def chunks() -> Iterator[bytes]:
        nonlocal largest
        for start in range(0, len(bomb), 1024):
            largest = start
            yield bomb[start : start + 1024]

    with pytest.raises(UnreadablePage, match="longer than 1 MB"):
        unpacked(chunks(), "gzip", 1_000_000)
    assert largest < len(bomb) / 10, "most of it is never unpacked"


@pytest.mark.parametrize("coding", ["gzip, gzip", "br", "compress"])
def test_other_compressions_are_refused(coding: str) -> None:
    with pytest.raises(UnreadablePage, match="not asked for"):
        unpacked([PAGE], coding, 1000)


def test_broken_compression_is_said_so() -> None:
    with pytest.raises(UnreadablePage, match="broken"):
        unpacked([b"\x1f\x8b\x08\x00 this is not gzip"], "gzip", 1000)


def test_a_site_that_takes_too_long_is_given_up(outlet: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    base, site = outlet
    monkeypatch.setattr(fetching, "LONGEST_WAIT", 0.3)
    slow: Callable[[str], None] = lambda *_: time.sleep(1)  # noqa: E731
    monkeypatch.setattr(site, "send_response", slow)
    start = time.monotonic()
    assert "try again later" in refused(f"{base}/page", allow_private=True)
    assert time.monotonic() - start < 0.9


@pytest.mark.parametrize(
    "url", ["http://", "http://[::1", "http://a b/", "https://outlet.example:99999/", "http://\x00/"]
)
def test_what_is_no_address_is_said_so(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, "127.0.0.1")
    assert "check the URL" in refused(url) or "http" in refused(url)


def test_a_url_is_a_page_with_the_time_it_was_seen(outlet: Site) -> None:
    base, _ = outlet
    (page,) = read_pages(f"{base}/page", allow_private=True)
    assert not isinstance(page, UnreadablePage)
    assert (page.name, page.url, page.body, page.media_type) == (f"{base}/page", f"{base}/page", PAGE, "text/html")
    assert page.seen is not None
    assert page.seen.endswith("+00:00")


@pytest.mark.parametrize("url", ["ftp://outlet.example/x", "file:///etc/passwd", "http://127.0.0.1:9/"])
def test_a_url_that_cannot_be_read_is_given_back_as_an_error(url: str) -> None:
    (error,) = read_pages(url)
    assert isinstance(error, UnreadablePage)
    assert url in str(error)
