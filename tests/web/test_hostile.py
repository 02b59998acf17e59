"""Hostile text in every field: it appears as text, bounded, and breaks nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser
from starlette.testclient import TestClient

from slatewatch.model import Article, Claim
from slatewatch.spreadsheets import harmless
from slatewatch.store.adding import Read

from .servers import build, client_of, serving

SCRIPT = "<script>document.title='owned'</script>"
BREAKS = "\"'><img src=x onerror=\"document.title='owned'\">{{ 7*7 }}"
TURNED = "\u202eevil\u2066\u200f name\u2069 \x00\x1b[31m\x07"
HUGE = "Grand " * 170_000


def hostile(n: int, nasty: str) -> Read:
    """An article whose every field is nasty, with claims of each kind."""
    title, quoted = f"{nasty} {n}", f"said {nasty} here"
    text = f"{quoted}\n\n{nasty}\n\n{SCRIPT}"
    id_ = f"../{nasty[:200]}?{n}"
    at = len(title) + 2

    def claim(kind: str, **fields: object) -> Claim:
        whole = {
            "kind": kind,
            "article": id_,
            "quote": quoted,
            "start": at,
            "end": at + len(quoted),
            "project": title,
            **fields,
        }
        return Claim(**whole)  # type: ignore[arg-type]

    claims = [
        claim("credit", role="director", value=nasty, modality="attached", character=nasty),
        claim("credit", role="cast", value=f"{nasty} B", modality="exited"),
        claim("company", role="studio", value=f"{nasty} Films", modality="attached"),
        claim("based_on", role="novel", value=nasty, creators=(nasty,)),
        claim("alias", value=f"{nasty} alias"),
        claim("location", value=nasty),
        claim("open_role", role="writer"),
        claim("status", value="script"),
        claim("known_for", value=nasty, subject=nasty, project=None),
        claim("source", value=f"{nasty} Times", project=None),
        claim("credit", role="producer", value=f"{nasty} P", modality="interest", sure=0.1),
    ]
    return Article(
        id=id_,
        title=title,
        text=text,
        outlet=f"{nasty} Weekly",
        author=nasty,
        url=f"javascript:document.title='owned'//{n}",
        published=f"2026-03-{n + 1:02}",
    ), claims


NASTY = (SCRIPT, BREAKS, TURNED.replace("\x00", ""), HUGE, "../..", "]]></title>&lt;")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("hostile") / "h.db", [hostile(n, nasty) for n, nasty in enumerate(NASTY)])


@pytest.fixture(scope="module")
def hostile_client(store: Path) -> Iterator[TestClient]:
    with client_of(store) as client:
        yield client


def addresses(client: TestClient) -> list[str]:
    """The lists, and every page of ours that they lead to."""
    lists = ["/", "/projects", "/open", "/people", "/companies", "/outlets", "/review", "/about", "/search?q=said"]
    found = {
        link.replace("&amp;", "&") for path in lists for link in re.findall(r'href="(/[^"#]*)', client.get(path).text)
    }
    things = ("/projects/", "/articles", "/people/", "/companies/", "/feeds/")
    return lists + sorted(link for link in found if link.startswith(things))


def test_no_page_lets_markup_through_or_grows_beyond_bounds(hostile_client: TestClient) -> None:
    pages = addresses(hostile_client)
    assert len(pages) > 30
    for path in pages:
        answer = hostile_client.get(path)
        assert answer.status_code in {200, 307}, path
        if answer.headers.get("content-type", "").startswith("application/atom"):
            ElementTree.fromstring(answer.text)
            continue
        text = answer.text
        assert text.count("<script") <= 1, path
        assert "<img" not in text, path
        assert not re.search(r'(href|src|action)="(?!/|#|[a-z.]+ )(?!http)', text), path
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u200f\u202e\u2066\u2069]", text), path
        assert "49" not in re.findall(r"\{\{ 7\*7 \}\}|>49<", text), path
        assert len(answer.content) < 250_000, path


def test_hostile_text_is_there_as_text(hostile_client: TestClient) -> None:
    text = hostile_client.get("/people").text
    assert "&lt;script&gt;" in text
    assert "evil name" in text
    assert "javascript:" in hostile_client.get(f"/articles/{quote('../' + SCRIPT + '?0', safe='')}").text


def test_the_api_gives_the_words_as_they_are(hostile_client: TestClient) -> None:
    outlets = {row["article"]["outlet"] for row in hostile_client.get("/api/feed").json()["data"]}
    assert f"{SCRIPT} Weekly" in outlets
    assert f"{TURNED.replace(chr(0), '')} Weekly" in outlets


def test_a_spreadsheet_takes_nothing_for_a_formula() -> None:
    for cell in ("=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx"):
        assert harmless(cell).startswith("'")
    assert harmless("2026-01-01") == "2026-01-01"


def test_a_browser_runs_none_of_it(store: Path, browser: Browser) -> None:
    with serving(store) as address, client_of(store) as client:
        tab = browser.new_page()
        tab.set_default_timeout(60_000)
        asked: list[str] = []
        tab.on("request", lambda request: asked.append(request.url))
        articles = [path for path in addresses(client) if path.startswith("/articles")][:3]
        for path in ("/", "/open", "/people", "/review", "/search?q=said", *articles):
            tab.goto(address + path)
            assert tab.title() != "owned", path
            assert tab.locator("img").count() == 0
        assert all(url.startswith(address) for url in asked)
        tab.close()
