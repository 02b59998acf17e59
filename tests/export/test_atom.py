"""Atom, read by feedparser, and against the rules of RFC 4287."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from makers import article, said
from starlette.testclient import TestClient
from web.servers import build, client_of

from slatewatch import answers
from slatewatch.store import open_store
from slatewatch.store.adding import add_articles

from .conftest import Export, exported
from .hostile import TITLE, hostile

LANTERN = "The Lantern Keepers"
ATOM = "{http://www.w3.org/2005/Atom}"
#: RFC 3339, as RFC 4287 wants it; RFC 4151's tag URIs.
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
TAG = re.compile(r"tag:[a-z0-9.@-]+,\d{4}(-\d\d){0,2}:\S+")
#: How often each child may stand in a feed and in an entry: at least, at most.
FEED = {"id": (1, 1), "title": (1, 1), "updated": (1, 1), "author": (1, 9), "link": (1, 9), "entry": (0, 10**6)}
ENTRY = {"id": (1, 1), "title": (1, 1), "updated": (1, 1), "link": (0, 9), "content": (0, 1)}


def by_the_rules(body: bytes) -> ElementTree.Element:
    """The feed, which keeps the rules."""
    feed = ElementTree.fromstring(body)
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    for node, rules in [(feed, FEED), *((entry, ENTRY) for entry in entries)]:
        names = [child.tag.removeprefix(ATOM) for child in node]
        assert set(names) <= set(rules)
        for name, (least, most) in rules.items():
            assert least <= names.count(name) <= most, name
        assert TIME.fullmatch(node.findtext(f"{ATOM}updated") or "")
        assert TAG.fullmatch(node.findtext(f"{ATOM}id") or "")
        for link in node.findall(f"{ATOM}link"):
            assert re.match(r"https?://", link.get("href", ""))
        alternates = [link for link in node.findall(f"{ATOM}link") if link.get("rel", "alternate") == "alternate"]
        assert len(alternates) == 1, "at most one alternate of a type; an entry without one needs content"
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(ids) == len(set(ids))
    (itself,) = [link for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert itself.get("href")
    times = [entry.findtext(f"{ATOM}updated") or "" for entry in entries]
    assert not times or feed.findtext(f"{ATOM}updated") == max(times)
    return feed


def parsed(body: bytes) -> Any:
    found = feedparser.parse(body)
    assert not found.bozo, found.get("bozo_exception")
    assert found.version == "atom10"
    return found


@pytest.mark.parametrize("names", [(), (LANTERN,), (LANTERN, "Harbour Nine")])
def test_an_entry_is_a_change_of_a_fact(export_of: Export, db: sqlite3.Connection, names: tuple[str, ...]) -> None:
    body, _ = export_of("atom", *names, address="https://slate.example")
    by_the_rules(body)
    found = parsed(body)
    projects = [answers.project(db, n).project for n in names] or list(answers.projects_whole(db))
    assert len(found.entries) == sum(len(p.changes) for p in projects)
    said = {e.id.rpartition(":")[2] for e in found.entries}
    assert said == {change.id for p in projects for change in p.changes}
    assert all(e.link.startswith("https://slate.example/projects/") for e in found.entries)


def test_a_later_report_moves_no_date_and_no_id(tmp_path: Path) -> None:
    first = article("a", "2020-01-01", said("Harbour Lights", "director", "Ines Marrow"), url="https://x.example/a")
    later = article(
        "b", "2020-03-01", said("Harbour Lights", "director", "Ines Marrow"), outlet="Dolly Weekly",
        url="https://x.example/b",
    )  # fmt: skip
    path = build(tmp_path / "s.db", [first])
    db = open_store(path, write=True)
    before = parsed(exported(db, "atom")[0])
    add_articles(db, [later])
    after = parsed(exported(db, "atom")[0])
    db.close()

    def director(feed: Any) -> Any:
        return next(e for e in feed.entries if "direct" in e.title)

    assert director(before).id == director(after).id
    assert director(before).updated == director(after).updated
    assert "Dolly Weekly, 2020-03-01" in director(after).content[0].value
    assert "Dolly" not in director(before).content[0].value


def test_a_hostile_text_is_text(store_of: Callable[..., sqlite3.Connection]) -> None:
    body, _ = exported(store_of(hostile()), "atom")
    by_the_rules(body)
    assert any(TITLE in ElementTree.fromstring(body).findtext(f"{ATOM}title", "") for _ in "x")
    assert not any(tag in body for tag in (b"<script", b"<ref", b"<b>"))


@pytest.mark.parametrize("path", ["all.atom", "role.atom?role=director", "search.atom?q=lantern"])
def test_the_feeds_of_the_server_keep_the_rules_too(slate: Path, path: str) -> None:
    with client_of(slate) as client:
        assert isinstance(client, TestClient)
        body = client.get(f"/feeds/{path}").content
    by_the_rules(body)
    assert parsed(body).entries
