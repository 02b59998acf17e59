"""Bytes -> what a feed lists (RSS, Atom, JSON Feed), what an OPML list names, where a site's page says its feed is.

All of it was written by strangers: it is bounded, nothing it refers to is fetched, and none of its HTML is kept.
"""

from __future__ import annotations

import calendar
import hashlib
import io
import json
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from slatewatch.decoding import decoded
from slatewatch.errors import UnreadablePage
from slatewatch.terminal import printable

#: Of a feed so many entries are looked at, of an OPML list so many feeds; a longer address than this is none.
MOST_ENTRIES, MOST_FEEDS, LONGEST_URL, LONGEST_TITLE = 20_000, 5_000, 2_000, 300
#: The types of feeds, as sites name them in `link`, and what we say we take.
FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
ACCEPT = f"{', '.join(FEED_TYPES)}, application/json;q=0.9, application/xml;q=0.9, text/xml;q=0.9, text/html;q=0.5"
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
#: Characters that XML does not know.
_NO_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
#: What is added to addresses to follow their readers about. It makes no other page.
_TRACKING = re.compile(r"^(?:utm_\w+|fbclid|gclid|mc_[ce]id|igshid|ref_src)$", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of a feed. `digest` is 16 hex digits over what the feed says of it; `published` an ISO time, UTC."""

    url: str
    title: str
    published: str | None
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed as it came. `kind` is its format (`rss20`, `atom10`, `json`); `trouble` what was wrong in it."""

    title: str | None
    site: str | None
    kind: str
    entries: tuple[Entry, ...]
    trouble: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A feed that an OPML list or a page names."""

    url: str
    title: str | None = None


def parse_feed(body: bytes, url: str, media_type: str | None = None) -> Feed:
    """The feed in these bytes, that came from `url`. Of a broken one what can be read is kept, and the trouble said.

    Raises UnreadablePage for what is no feed.
    """
    start = body[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    return _json_feed(body, url) if start.startswith(b"{") else _xml_feed(body, url, media_type)


def _xml_feed(body: bytes, url: str, media_type: str | None) -> Feed:
    import feedparser

    # The encoding is found as for pages: of what server, declaration and bytes say, one is often wrong.
    text = _NO_XML.sub(" ", _DECLARATION.sub("", decoded(body, media_type)))
    try:
        found = feedparser.parse(
            io.BytesIO(text.encode("utf-8", "replace")), sanitize_html=False, resolve_relative_uris=False,
            response_headers={"content-type": "application/xml; charset=utf-8"},
        )  # fmt: skip
    except Exception as error:
        # A parser of strangers' bytes: whatever it stumbles over is their fault.
        raise UnreadablePage(f"not a feed: {printable(str(error), limit=120) or type(error).__name__}") from error
    kind, items = str(found.get("version") or ""), list(found.get("entries") or ())
    if not kind and not items:
        raise UnreadablePage("not a feed: neither RSS nor Atom nor JSON Feed")
    about: Mapping[str, Any] = dict(found.get("feed") or {})
    # Plain dicts: theirs warns when it is asked for what it lacks.
    entries = [entry for item in items[:MOST_ENTRIES] if (entry := _xml_entry(dict(item), url))]
    return Feed(
        title=_line(about.get("title")), site=address(about.get("link"), url), kind=kind or "xml",
        entries=_once_each(entries), trouble=_trouble(found, len(entries)),
    )  # fmt: skip


def _trouble(found: Mapping[str, Any], entries: int) -> str | None:
    error = found.get("bozo_exception")
    if not found.get("bozo") or error is None:
        return None
    said = printable(str(error), limit=120) or type(error).__name__
    return f"its XML is broken ({said}); {entries} of its entries could be read"


def _xml_entry(item: Mapping[str, Any], base: str) -> Entry | None:
    said = [item.get(name) for name in ("title", "summary", "updated", "published")]
    said += [part.get("value") for part in item.get("content") or () if isinstance(part, Mapping)]
    moment = _moment(item.get("published_parsed") or item.get("updated_parsed"))
    return _entry(item.get("link") or item.get("id"), base, item.get("title"), moment, said)


def _json_feed(body: bytes, url: str) -> Feed:
    try:
        found = json.loads(decoded(body))
    except (ValueError, RecursionError) as error:
        raise UnreadablePage(f"not a feed: its JSON is broken ({printable(str(error), limit=80)})") from error
    version = found.get("version") if isinstance(found, dict) else None
    if not isinstance(version, str) or "jsonfeed.org" not in version or not isinstance(found.get("items"), list):
        raise UnreadablePage("not a feed: JSON, but no JSON Feed")
    entries = []
    for item in found["items"][:MOST_ENTRIES]:
        if isinstance(item, dict):
            said = [item.get(name) for name in ("title", "summary", "date_modified", "content_html", "content_text")]
            moment = _iso(item.get("date_published") or item.get("date_modified"))
            link = item.get("url") or item.get("external_url") or item.get("id")
            if entry := _entry(link, url, item.get("title"), moment, said):
                entries.append(entry)
    return Feed(
        title=_line(found.get("title")), site=address(found.get("home_page_url"), url), kind="json",
        entries=_once_each(entries),
    )  # fmt: skip


def _entry(link: object, base: str, title: object, published: str | None, said: Iterable[object]) -> Entry | None:
    url = address(link, base)
    if url is None:
        return None
    words = "\x1f".join(part for part in said if isinstance(part, str))
    digest = hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:16]
    return Entry(url=url, title=_line(title) or "", published=published, digest=digest)


def _once_each(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The first of each address."""
    found: dict[str, Entry] = {}
    for entry in entries:
        found.setdefault(entry.url, entry)
    return tuple(found.values())


def address(link: object, base: str) -> str | None:
    """The whole http(s) address that a link means, without its fragment and what only tracks readers; None if none."""
    if not isinstance(link, str) or not link.strip() or len(link) > LONGEST_URL:
        return None
    try:
        parts = urlsplit(urljoin(base, link.strip()))
        _ = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"[\s\x00-\x1f]", parts.geturl()):
        return None
    query = parts.query
    if any(_TRACKING.match(name) for name, _ in parse_qsl(query, keep_blank_values=True)):
        pairs = parse_qsl(query, keep_blank_values=True)
        query = urlencode([(name, value) for name, value in pairs if not _TRACKING.match(name)])
    return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", query, ""))


def _line(value: object) -> str | None:
    return (
        printable(re.sub(r"<[^<>]{0,200}>", "", value), limit=LONGEST_TITLE) or None if isinstance(value, str) else None
    )


def _moment(parsed: object) -> str | None:
    """feedparser's time of day in UTC as ISO."""
    if not isinstance(parsed, time.struct_time):
        return None
    try:
        return _sensible(datetime.fromtimestamp(calendar.timegm(parsed), UTC))
    except (ValueError, OverflowError, OSError):
        return None


def _iso(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return _sensible(moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC))


def _sensible(moment: datetime) -> str | None:
    """The time, if news can be of then: not before the web, and not of tomorrow."""
    if moment.year < 1990 or (moment - datetime.now(UTC)).total_seconds() > 86_400:
        return None
    return moment.isoformat(timespec="seconds")


def is_opml(body: bytes) -> bool:
    return re.search(rb"<opml[\s>]", body[:4096], re.I) is not None


def parse_opml(body: bytes, base: str = "") -> list[Listed]:
    """The feeds that an OPML list names, each once. Raises UnreadablePage where it cannot be read or names none."""
    from lxml import etree

    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.LxmlError, ValueError) as error:
        raise UnreadablePage(f"not an OPML list: {printable(str(error), limit=120)}") from error
    found: dict[str, Listed] = {}
    for element in root.iter() if root is not None else ():
        said = {name.lower(): value for name, value in element.attrib.items()}
        if url := address(said.get("xmlurl"), base):
            found.setdefault(url, Listed(url=url, title=_line(said.get("title") or said.get("text"))))
        if len(found) >= MOST_FEEDS:
            break
    if not found:
        raise UnreadablePage("an OPML list that names no feed (no xmlUrl in it)")
    return list(found.values())


def opml(feeds: Iterable[Listed]) -> bytes:
    """An OPML list of feeds, as other readers take it."""
    from lxml import etree

    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Feeds that slatewatch follows"
    body = etree.SubElement(root, "body")
    for feed in feeds:
        text = feed.title or feed.url
        etree.SubElement(body, "outline", type="rss", text=text, title=text, xmlUrl=feed.url)
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return made


def linked_feeds(body: bytes, url: str, media_type: str | None = None) -> list[Listed]:
    """The feeds that a site's page names as its own, in its order, those of comments last."""
    from lxml import etree, html

    try:
        tree = html.fromstring(decoded(body, media_type).encode("utf-8"), parser=html.HTMLParser(encoding="utf-8"))
    except (UnreadablePage, etree.LxmlError, ValueError):
        return []
    found = {listed.url: listed for listed in _links(tree, url)}
    return sorted(found.values(), key=lambda one: "comment" in f"{one.url} {one.title}".lower())


def _links(tree: Any, url: str) -> Iterator[Listed]:
    for element in tree.iter("link"):
        rel, type_ = (element.get("rel") or "").lower().split(), (element.get("type") or "").partition(";")[0]
        if "alternate" in rel and type_.strip().lower() in FEED_TYPES and (to := address(element.get("href"), url)):
            yield Listed(url=to, title=_line(element.get("title")))
