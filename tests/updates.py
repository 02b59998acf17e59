"""A store fed by the sites of the tests, with a stand-in for the reader of articles."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from feed_server import Site

from slatewatch.feeds.manners import Asking, Limits
from slatewatch.feeds.updating import Plan, Update, remembered, update
from slatewatch.model import Article, Claim
from slatewatch.store import feeds as kept
from slatewatch.store import transaction
from slatewatch.store.adding import moment

QUICK = Limits(pause=0.0, backoff=0.05, patience=0.5, tries=2)


def stand_in(article: Article) -> Sequence[Claim]:
    """For tests that are not about the claims: each article states that its headline's first word is a film."""
    word = article.title.split()[0]
    return [Claim(kind="format", article=article.id, project=word, value="film", quote=word, start=0, end=len(word))]


def reading(found: Iterable[Article]) -> Iterator[tuple[Article, Sequence[Claim]]]:
    for article in found:
        yield article, stand_in(article)


def follow(db: sqlite3.Connection, *urls: str) -> None:
    with transaction(db):
        for url in urls:
            kept.follow(db, url, None, now=moment())


def updated(db: sqlite3.Connection, *sites: Site, limits: Limits = QUICK, plan: Plan | None = None) -> Update:
    """One run of `update`; these sites alone may be on this machine."""
    asking = Asking(limits=limits, private=[site.host for site in sites], known=remembered(db))
    return update(db, asking, reading, plan)


def reasons(done: Update) -> dict[str, str]:
    """What failed and why, by the end of its address."""
    return {failure.url.rpartition("/")[2]: failure.reason for failure in done.failures}
