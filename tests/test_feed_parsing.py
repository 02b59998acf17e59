"""Feeds of every kind, OPML lists and sites' pages as strangers write them."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from conftest import Run
from feed_server import rss
from hypothesis import given
from hypothesis import strategies as st

from slatewatch.errors import UnreadablePage
from slatewatch.feeds.parsing import (
    LONGEST_URL,
    Entry,
    address,
    is_opml,
    linked_feeds,
    opml,
    parse_feed,
    parse_opml,
)

HERE = "https://outlet.example/news/feed"
ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">
<title>Reel &amp; Ledger</title>
<link rel="self" href="/feed"/><link rel="alternate" href="https://outlet.example/"/>
<entry><title type="html">&lt;b&gt;Undertow&lt;/b&gt; set</title><id>tag:1</id><link href="/1"/>
<updated>2026-11-02T10:00:00+02:00</updated>
<content type="html">Ines Marlow directs.</content></entry></feed>"""
RDF = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns="http://purl.org/rss/1.0/">
<channel rdf:about="x"><title>Old</title></channel><item rdf:about="/1">
<title>Undertow set</title><link>/1</link></item></rdf:RDF>"""
JSON = {
    "version": "https://jsonfeed.org/version/1.1", "title": "Reel Ledger", "home_page_url": "https://outlet.example/",
    "items": [
        {"id": "1", "url": "/1", "title": "Undertow set", "date_published": "2026-11-02T08:00:00Z"},
        {"id": "https://outlet.example/2"}, {"id": 3, "title": ["no"]}, "nothing", {"url": "javascript:alert(1)"},
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("body", "kind"), [(ATOM, "atom10"), (RDF, "rss10"), (rss("/1"), "rss20"), (json.dumps(JSON), "json")]
)
def test_each_kind_of_feed(body: str, kind: str) -> None:
    feed = parse_feed(body.encode(), HERE)
    assert feed.kind == kind
    assert feed.entries[0].url == "https://outlet.example/1"
    assert feed.title
    assert feed.trouble is None


def test_what_an_entry_says() -> None:
    (entry,) = parse_feed(ATOM.encode(), HERE).entries
    assert (entry.title, entry.published) == ("Undertow set", "2026-11-02T08:00:00+00:00")
    other = parse_feed(ATOM.replace("directs", "does not direct").encode(), HERE).entries[0]
    assert other.digest != entry.digest
    one, two = parse_feed(json.dumps(JSON).encode(), HERE).entries
    assert (one.published, two.url) == ("2026-11-02T08:00:00+00:00", "https://outlet.example/2")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "iso8859-1"])
@pytest.mark.parametrize(
    "said", ["application/rss+xml", "text/xml; charset=us-ascii", "text/html; charset=utf-8", None]
)
def test_wrong_encodings_are_put_right(encoding: str, said: str | None) -> None:
    feed = parse_feed(rss("/1", title="Café Ledger").encode(encoding), HERE, said)
    assert (feed.title, len(feed.entries)) == ("Café Ledger", 1)


BROKEN = {
    "cut short": rss("/1", "/2", "/3")[:-120],
    "a bare ampersand": rss("/1", "/2").replace("Reel Ledger", "Reel & Ledger"),
    "an unknown entity": rss("/1", "/2").replace("Reel Ledger", "Reel &nbsp;&hellip; Ledger"),
    "control characters": rss("/1", "/2").replace("Reel", "Re\x0bel\x00"),
    "tags that cross": rss("/1", "/2").replace("</title><link>/2", "</link><link>/2"),
    "text before it": "Warning: mysql gone away\n" + rss("/1", "/2"),
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
def test_of_broken_xml_what_can_be_read_is_kept(body: str) -> None:
    feed = parse_feed(body.encode(), HERE)
    assert "https://outlet.example/1" in [entry.url for entry in feed.entries]


def test_broken_xml_is_said_to_be() -> None:
    trouble = parse_feed(BROKEN["cut short"].encode(), HERE).trouble
    assert trouble is not None
    assert "XML is broken" in trouble


def test_a_bomb_of_entities_and_a_file_of_ours_come_to_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a secret")
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE r [<!ENTITY a0 "lol">{levels}]>' + rss("/1", title="&a11;").partition("?>")[2]
    file = f'<!DOCTYPE r [<!ENTITY x SYSTEM "{secret.as_uri()}">]>' + rss("/1", title="&x;").partition("?>")[2]
    start = time.monotonic()
    for body in (bomb, file):
        feed = parse_feed(body.encode(), HERE)
        assert "secret" not in str(feed)
        assert len(str(feed)) < 3000
        with pytest.raises(UnreadablePage):
            parse_opml(body.replace("rss", "opml").encode())
    assert time.monotonic() - start < 20


@pytest.mark.parametrize(
    "body",
    [b"", b"   ", b"{}", b"[1, 2]", b'{"version": "https://jsonfeed.org/version/1", "items": {}}', b"{" * 100_000,
     b"<html><body>Hello</body></html>", b"%PDF-1.4", bytes(range(256)) * 30, b"just some words"],
)  # fmt: skip
def test_what_is_no_feed_is_said_to_be_none(body: bytes) -> None:
    with pytest.raises(UnreadablePage) as caught:
        parse_feed(body, HERE)
    assert "\n" not in str(caught.value)


@given(st.binary(max_size=300), st.sampled_from([b"", b"<rss><channel>", b'{"version": "jsonfeed.org", "items": [']))
def test_no_bytes_do_more_than_be_refused(body: bytes, start: bytes) -> None:
    try:
        feed = parse_feed(start + body, HERE)
    except UnreadablePage:
        return
    assert all(isinstance(entry, Entry) for entry in feed.entries)


@pytest.mark.parametrize(
    ("link", "whole"),
    [
        ("/1", "https://outlet.example/1"), ("2", "https://outlet.example/news/2"),
        ("//b.example/x#y", "https://b.example/x"),
        (" https://b.example ", "https://b.example/"),
        ("https://b.example/?utm_source=rss&id=7", "https://b.example/?id=7"),
        ("https://b.example/?q=a%20b", "https://b.example/?q=a%20b"),
        ("mailto:a@b.example", None), ("javascript:1", None),
        ("file:///etc/passwd", None), ("http://[::1", None), ("http://b.example:99999/", None),
        ("", None), (None, None),
        (["/1"], None), ("https://b.example/" + "x" * LONGEST_URL, None), ("http:///x", None),
    ],
)  # fmt: skip
def test_addresses(link: object, whole: str | None) -> None:
    assert address(link, HERE) == whole


def test_an_opml_list_goes_out_and_comes_in_again() -> None:
    text = """<?xml version="1.0"?><opml version="2.0"><body><outline text="Trades">
      <outline type="rss" text="Ledger &amp; Co"
      xmlUrl="https://outlet.example/feed" htmlUrl="https://outlet.example/"/><outline XMLURL="https://b.example/rss"/>
      <outline xmlUrl="javascript:alert(1)"/><outline xmlUrl="https://outlet.example/feed"/></outline></body></opml>"""
    feeds = parse_opml(text.encode())
    assert [(feed.url, feed.title) for feed in feeds] == [
        ("https://outlet.example/feed", "Ledger & Co"), ("https://b.example/rss", None),
    ]  # fmt: skip
    made = opml(feeds)
    assert is_opml(made)
    assert [feed.url for feed in parse_opml(made)] == [feed.url for feed in feeds]
    cut = parse_opml(text[: text.index("<outline XMLURL") + 10].encode())
    assert [feed.url for feed in cut] == ["https://outlet.example/feed"], "of a cut one, what can be read"


def test_the_feed_of_a_site_is_the_one_its_page_names_comments_last() -> None:
    page = """<html><head><link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed">
    <link rel="alternate" type="application/atom+xml; charset=utf-8" title="News" href="/atom">
    <link rel="alternate" type="text/html" href="/m"><link rel="stylesheet" href="/s.css"></head></html>"""
    assert [feed.url for feed in linked_feeds(page.encode(), HERE)] == [
        "https://outlet.example/atom", "https://outlet.example/comments/feed",
    ]  # fmt: skip
    assert linked_feeds(b"", HERE) == []


def test_what_cannot_be_followed_is_one_line_each(run: Run, tmp_path: Path) -> None:
    store = ("--db", tmp_path / "slate.db")
    article = tmp_path / "article.html"
    article.write_text("<html></html>")
    wrong = [str(article), "nothing-of-the-kind", "ftp://outlet.example/", "http://"]
    ran = run(*store, "follow", *wrong)
    assert (ran.code, ran.out) == (1, "")
    assert len(ran.err.splitlines()) == len(wrong)
    assert all(source in ran.err for source in wrong)
    assert "Traceback" not in ran.err
