"""What stands before every route: headers, names, sizes, pace."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from slatewatch.web.guard import LARGEST_BODY, Pace, known_host
from slatewatch.web.links import outside
from slatewatch.web.rendering import PACKAGE
from slatewatch.web.writing_pages import own_page

from .servers import client_of


@pytest.mark.parametrize(
    "path", ["/", "/nope", "/api/counts", "/api/nope", "/static/slatewatch.css", "/feeds/all.atom", "/open.csv"]
)
def test_every_answer_bears_the_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")
    assert "server" not in headers


def test_no_template_needs_what_the_policy_forbids() -> None:
    for path in sorted((PACKAGE / "templates").iterdir()):
        text = path.read_text("utf-8")
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:", text), path.name
        assert not re.search(r"""(?:src|href|action)=["']?(?:https?:)?//""", text), path.name


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("localhost", True),
        ("localhost:8000", True),
        ("127.0.0.1:8000", True),
        ("[::1]:8000", True),
        ("192.168.1.7", True),
        ("slate.example:80", True),
        ("SLATE.example", True),
        ("evil.example", False),
        ("", False),
        ("localhost.evil.example", False),
        ("127.0.0.1.evil.example:8000", False),
        ("[::1", True),
        ("a@b", False),
    ],
)
def test_a_server_goes_by_the_names_it_was_told(host: str, known: bool) -> None:
    assert known_host(host, ("slate.example",)) is known


def test_another_name_is_refused(client: TestClient) -> None:
    assert client.get("/", headers={"host": "evil.example"}).status_code == 421
    answer = client.get("/api/counts", headers={"host": "evil.example"})
    assert answer.json()["error"]["status"] == 421


def test_too_much_is_refused(client: TestClient) -> None:
    assert client.post("/notes", content=b"x" * (LARGEST_BODY + 1)).status_code == 413
    assert client.get("/?outlet=" + "x" * 9000).status_code == 414

    def endless() -> object:
        for _ in range(100):
            yield b"text=" + b"x" * 2000

    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/sign-in", content=endless(), headers=headers).status_code == 413  # type: ignore[arg-type]


def test_the_pace_is_limited_for_each_address() -> None:
    now = 0.0
    pace = Pace(2.0, lambda: now)
    assert [pace.allows("a") for _ in range(10)].count(True) == 8
    assert pace.allows("b")
    now = 1.0
    assert [pace.allows("a") for _ in range(10)].count(True) == 2


def test_too_many_requests_are_told_so(world: Path) -> None:
    with client_of(world, rate=1.0) as client:
        codes = [client.get("/about").status_code for _ in range(8)]
    assert codes[:4] == [200] * 4
    assert 429 in codes


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://outlet.example/a?b=c", True),
        ("HTTP://outlet.example", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//outlet.example", False),
        ("https:outlet", False),
        ("https://a\nb", False),
        ("java\tscript:alert(1)", False),
        (None, False),
        ("http://[", False),
        ("https://" + "x" * 3000, False),
    ],
)
def test_only_addresses_of_the_web_are_linked(url: str | None, link: bool) -> None:
    assert outside(url) == (url if link else None)


@pytest.mark.parametrize(
    ("to", "goes"),
    [
        ("/open?a=b", "/open?a=b"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("", "/"),
        ("/a\r\nb", "/"),
    ],
)
def test_a_form_leads_back_to_a_page_of_ours(to: str, goes: str) -> None:
    assert own_page(to) == goes


def test_only_our_own_files_are_served(client: TestClient) -> None:
    for path in ("/static/../web/app.py", "/static/%2e%2e/web/app.py", "/static/..%2fcli.py", "/static/"):
        assert client.get(path).status_code == 404, path
