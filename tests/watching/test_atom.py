"""A watch as an Atom feed: a feed parser reads it, and it keeps the rules of RFC 4287."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import feedparser
import pytest
from lxml import etree
from makers import article, said
from starlette.testclient import TestClient

from slatewatch.watching.atom import feed_of, file_name
from slatewatch.watching.finding import Watch
from slatewatch.watching.rounds import write_feeds
from slatewatch.watching.telling import of_watch
from slatewatch.web.app import make_app
from slatewatch.web.settings import Settings

from .conftest import Desk

H = "Harbour <Lights> & “Co” \x07"
NS = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def watch(desk: Desk) -> Watch:
    made = desk.watches("Marrow & <co>")
    desk.hears(article("a", "2026-01-01", said(H, "director", "Ines Marrow"), url="https://outlet.example/a?b=1&c=2"))
    desk.hears(article("b", "2026-01-05", said(H, "director", "Ines Marrow"), outlet="Night Desk"))
    desk.hears(article("c", "2026-01-09", said(H, "director", "Ines Marrow", "exited"), url="javascript:alert(1)"))
    return made


def assert_rules_kept(feed: bytes) -> None:
    """What RFC 4287 asks of a feed document and its entries (sections 4.1.1, 4.1.2, 4.2.6, 4.2.7, 3.3, 3.2)."""
    root = etree.fromstring(feed)
    assert root.tag == f"{{{NS['a']}}}feed"
    feed_author = bool(root.xpath("a:author/a:name[string()]", namespaces=NS))
    for one in [root, *root.xpath("a:entry", namespaces=NS)]:
        for name in ("id", "title", "updated"):
            assert len(one.xpath(f"a:{name}", namespaces=NS)) == 1, name
        (id_,) = one.xpath("a:id/text()", namespaces=NS)
        assert re.fullmatch(r"tag:[a-z0-9.]+,\d{4}(-\d\d(-\d\d)?)?:\S+", id_), "a tag URI (RFC 4151)"
        for stamp in one.xpath("a:updated/text() | a:published/text()", namespaces=NS):
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", stamp)
            assert datetime.fromisoformat(stamp).tzinfo is not None
        assert len(one.xpath("a:published | a:content | a:summary | a:rights | a:subtitle", namespaces=NS)) == len(
            {e.tag for e in one.xpath("a:published | a:content | a:summary | a:rights | a:subtitle", namespaces=NS)}
        )
        for link in one.xpath("a:link", namespaces=NS):
            assert re.match(r"https?://", link.get("href"))
        rels = [(e.get("rel"), e.get("type"), e.get("hreflang")) for e in one.xpath("a:link", namespaces=NS)]
        assert len(rels) == len(set(rels)), "one alternate of a type"
        assert one.xpath("a:author", namespaces=NS) or feed_author
    for entry in root.xpath("a:entry", namespaces=NS):
        assert entry.xpath("a:content", namespaces=NS) or entry.xpath("a:link[@rel='alternate']", namespaces=NS)
        assert {e.get("type") for e in entry.xpath("a:content", namespaces=NS)} <= {"text", None}
        assert all(len(e) == 0 for e in entry.xpath("a:content | a:title", namespaces=NS)), "text has no children"
    ids = root.xpath("a:entry/a:id/text()", namespaces=NS)
    assert len(ids) == len(set(ids))
    known = {"author", "category", "contributor", "generator", "icon", "id", "link", "logo", "rights", "subtitle",
             "title", "updated", "entry"}  # fmt: skip
    assert {etree.QName(e).localname for e in root} <= known


def test_a_feed_parser_reads_it(desk: Desk, watch: Watch) -> None:
    feed = feed_of(watch, of_watch(desk.db, watch), address="https://slate.example/feeds/watch/1.atom")
    assert_rules_kept(feed)
    read = feedparser.parse(feed)
    assert not read.bozo
    assert read.version == "atom10"
    assert read.feed.title == "slatewatch: Marrow & <co>"
    assert read.feed.links[0].rel == "self"
    titles = [entry.title for entry in read.entries]
    assert any(t.startswith("Harbour <Lights> & “Co”: director Ines Marrow: attached → exited") for t in titles)
    assert len(titles) == len(desk.db.execute("SELECT 1 FROM alerts").fetchall())


def test_a_later_outlet_changes_the_content_alone(desk: Desk, watch: Watch) -> None:
    before = feedparser.parse(feed_of(watch, of_watch(desk.db, watch))).entries
    desk.hears(article("d", "2026-01-10", said(H, "director", "Ines Marrow", "exited"), outlet="Late Reel"))
    after = feedparser.parse(feed_of(watch, of_watch(desk.db, watch))).entries
    stable = ("id", "title", "updated", "published")
    assert [[e[name] for name in stable] for e in before] == [[e[name] for name in stable] for e in after]
    (gone,) = [e for e in after if "exited" in e.title]
    assert "Late Reel" in gone.content[0].value
    assert not any("Late Reel" in e.content[0].value for e in before)


def test_an_empty_feed_keeps_the_rules_too(desk: Desk) -> None:
    assert_rules_kept(feed_of(desk.watches("quiet"), []))


def test_files_and_the_server_give_the_same(desk: Desk, watch: Watch, tmp_path: Path) -> None:
    (path,) = write_feeds(desk.db, tmp_path / "feeds")
    assert path.name == file_name(watch) == "marrow-and-co.atom"
    assert_rules_kept(path.read_bytes())
    with TestClient(make_app(Settings(store=tmp_path / "slate.db", token=None)), base_url="http://localhost") as client:
        found = client.get(f"/feeds/watch/{watch.id}.atom")
        assert found.headers["content-type"].startswith("application/atom+xml")
        assert_rules_kept(found.content)
        assert [e.id for e in feedparser.parse(found.content).entries] == [
            e.id for e in feedparser.parse(path.read_bytes()).entries
        ]
        for other in (watch.name, "0" * 16):
            assert client.get(f"/feeds/watch/{other}.atom").status_code == 404
