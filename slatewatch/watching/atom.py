"""A watch as an Atom feed (RFC 4287): one entry a changed fact, whose id never changes.

`published` is when the store learned of it, and `updated` the same: a later outlet changes the content, not the fact.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence

from slatewatch.names import fold
from slatewatch.terminal import printable

from .digest import Told, outside, sentence
from .finding import Watch

ATOM = "http://www.w3.org/2005/Atom"
#: A feed holds at most so many entries, the newest.
ENTRIES = 100


def feed_of(watch: Watch, told: Sequence[Told], *, address: str | None = None) -> bytes:
    """The feed as XML in UTF-8. `address` is where it can be fetched, if it can."""
    ET.register_namespace("", ATOM)
    feed = ET.Element(f"{{{ATOM}}}feed")
    newest = max((one.alert.noted for one in told), default=watch.made)
    _add(feed, "title", f"slatewatch: {watch.name}")
    _add(feed, "subtitle", watch.meaning)
    _add(feed, "id", f"tag:slatewatch,2026:watch:{watch.id}")
    _add(feed, "updated", _time(newest))
    _add(_add(feed, "author"), "name", "slatewatch")
    if address:
        _add(feed, "link", rel="self", type="application/atom+xml", href=address)
    for one in sorted(told, key=lambda t: (t.alert.noted, t.alert.id), reverse=True)[:ENTRIES]:
        _entry(feed, one)
    body: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return body + b"\n"


def _entry(feed: ET.Element, one: Told) -> None:
    alert = one.alert
    entry = _add(feed, "entry")
    _add(entry, "title", f"{printable(alert.title, limit=200)}: {sentence(alert)}")
    _add(entry, "id", f"tag:slatewatch,2026:alert:{alert.id}")
    _add(entry, "published", _time(alert.noted))
    _add(entry, "updated", _time(alert.noted))
    link = outside(alert.url)
    if link:
        _add(entry, "link", rel="alternate", href=link)
    _add(entry, "content", _content(one), type="text")


def _content(one: Told) -> str:
    if not one.sources:
        return f"No outlet states this any more. {one.alert.outlet or ''}, {one.alert.day}: “{one.alert.quote}”"
    return "\n".join(f"{s.outlet}, {s.day}: “{printable(s.quote, limit=300)}”" for s in one.sources)


def _add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    made = ET.SubElement(parent, f"{{{ATOM}}}{tag}", attributes)
    if text is not None:
        made.text = _xml(text)
    return made


def _xml(text: str) -> str:
    """Text without what XML cannot hold and what would hide or turn the rest."""
    return "\n".join(printable(line) for line in re.sub("[\ufffe\uffff]", "", text).split("\n"))


def _time(noted: str) -> str:
    """RFC 3339, with the zone that it has to have."""
    whole = f"{noted}T00:00:00" if re.fullmatch(r"\d{4}-\d\d-\d\d", noted) else noted
    return whole if re.search(r"(Z|[+-]\d\d:\d\d)$", whole) else f"{whole}Z"


def file_name(watch: Watch) -> str:
    """`netflix-directors.atom`: names of watches differ in more than this leaves out."""
    return f"{re.sub(r'[^a-z0-9]+', '-', fold(watch.name)).strip('-')[:80] or watch.id}.atom"
