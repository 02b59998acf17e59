"""What a person names -> the feeds it means: a feed, a site that has one, an OPML list (file, address or pipe)."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from urllib.parse import urljoin

from slatewatch.errors import UnreadablePage
from slatewatch.pages import LONGEST

from .manners import Asked, Asking
from .parsing import ACCEPT, Listed, address, is_opml, linked_feeds, parse_feed, parse_opml

#: Where sites keep a feed that their pages do not name.
USUAL = ("/feed/", "/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/feed.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The feeds that something means. `others` are further ones that a site's page names, to be followed by address."""

    feeds: tuple[Listed, ...]
    others: tuple[Listed, ...] = ()


def find_feeds(source: str, asking: Asking) -> Found:
    """The feeds that `source` means. Raises UnreadablePage, naming it, where there is none or it cannot be had.

    The feeds of an OPML list are taken as they are listed; the others were asked for, and are feeds.
    """
    try:
        if source == "-":
            return Found(feeds=tuple(parse_opml(sys.stdin.buffer.read(LONGEST + 1)[:LONGEST])))
        if os.path.isfile(source):
            return Found(feeds=tuple(parse_opml(_read(source))))
        return _at(_whole(source), asking)
    except UnreadablePage as error:
        raise UnreadablePage(f"{source}: {error}") from error.__cause__


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            body = file.read(LONGEST)
    except OSError as error:
        raise UnreadablePage(f"cannot be read: {error.strerror or error}") from error
    if not is_opml(body):
        raise UnreadablePage("a file, but no OPML list; a feed is followed by its address")
    return body


def _whole(source: str) -> str:
    """The address that was meant: `outlet.example` is a site over https."""
    named = source if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", source) else f"https://{source}"
    url = address(named, "")
    if url is None or ("." not in named and ":" not in named[8:]):
        raise UnreadablePage("neither a file nor an address on the web; check it")
    return url


def _at(url: str, asking: Asking) -> Found:
    asked = asking.ask(url, accept=ACCEPT, longest=LONGEST)
    if asked.answer is None or asked.outcome != "got":
        raise UnreadablePage(asked.reason)
    answer = asked.answer
    if is_opml(answer.body):
        return Found(feeds=tuple(parse_opml(answer.body, answer.url)))
    if feed := _feed_in(asked, url):
        return Found(feeds=(feed,))
    named = linked_feeds(answer.body, answer.url, answer.media_type)
    usual = [Listed(url=to) for path in USUAL if (to := address(urljoin(answer.url, path), answer.url))]
    for listed in (*named[:5], *(() if named else usual)):
        if feed := _feed_in(asking.ask(listed.url, accept=ACCEPT, longest=LONGEST), listed.url):
            return Found(feeds=(feed,), others=tuple(one for one in named if one.url != listed.url))
    raise UnreadablePage("no feed there, and none that its page names; look for its RSS or Atom address")


def _feed_in(asked: Asked, url: str) -> Listed | None:
    """The feed that was answered with, under the address to ask it by from now on; None if it is none."""
    if asked.answer is None or asked.outcome != "got":
        return None
    try:
        feed = parse_feed(asked.answer.body, asked.answer.url, asked.answer.media_type)
    except UnreadablePage:
        return None
    return Listed(url=asked.moved or url, title=feed.title)
