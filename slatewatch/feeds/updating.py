"""The feeds of a store -> their news in the store.

1. Feeds are asked, many hosts at once, each only for what changed since the last time.
2. What they list anew, or describe otherwise than before, waits to be asked for; so does what failed.
3. Pages are asked for, the newest of each feed first, read, and added to the store, a few at a time.

Everything is written down as it happens: a run that is stopped goes on where it was.
"""

from __future__ import annotations

import dataclasses
import hashlib
import sqlite3
import time
from collections import Counter, deque
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from slatewatch.articles import article_id, read_article
from slatewatch.errors import BadInput, SlatewatchError, UnreadablePage
from slatewatch.model import Article, Claim, Clock, Page
from slatewatch.pages import LONGEST
from slatewatch.store import feeds as kept
from slatewatch.store.adding import add_articles, moment
from slatewatch.store.opening import transaction
from slatewatch.store.writing import check

from .manners import Asked, Asking, Host
from .parallel import by_host
from .parsing import ACCEPT, Feed, parse_feed

#: Articles go into the store in batches of so many, or what is read in so many seconds.
BATCH, SECONDS = 16, 5.0
#: Articles -> each with its claims, in the order in which they came; it may take some ahead.
Reader = Callable[[Iterable[Article]], Iterator[tuple[Article, Sequence[Claim]] | SlatewatchError]]
Step = Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What could not be had, and why. `feed` is the feed that lists it; the feed itself where that failed."""

    url: str
    reason: str
    feed: str


@dataclass(slots=True, kw_only=True)
class Update:
    """What came of asking the feeds. `articles` counts new, edited, same and older ones; `later` pages left waiting."""

    feeds: int = 0
    changed: int = 0
    articles: Counter[str] = field(default_factory=Counter)
    unchanged: int = 0
    empty: int = 0
    later: int = 0
    failures: list[Failure] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is asked for: `most` pages of a feed; `only` these feeds; `dropped` pages too; read ones of `again` days."""

    most: int = 200
    only: Collection[str] | None = None
    dropped: bool = False
    again: float = 0.0


def remembered(db: sqlite3.Connection) -> dict[str, Host]:
    """What the store knows of hosts, for `Asking`."""
    return {
        row["host"]: Host(
            row["host"], resting=_time(row["resting"]), failures=row["failures"], robots=row["robots"],
            looked=_time(row["looked"]),
        )
        for row in kept.hosts(db)
    }  # fmt: skip


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def update(
    db: sqlite3.Connection, asking: Asking, read: Reader, plan: Plan | None = None, *,
    feed_done: Step = lambda: None, pages_due: Callable[[int], None] = lambda _: None, page_done: Step = lambda: None,
) -> Update:  # fmt: skip
    """Ask the feeds of a store for news and add it. `read` makes the claims of articles.

    No feed and no page stops the others: what failed stands in `failures`. Raises StoreError where the store fails.
    """
    plan, done = plan or Plan(), Update()
    rows = [row for row in kept.feeds(db) if plan.only is None or row["url"] in plan.only]
    done.feeds = len(rows)
    try:
        asked = by_host(rows, lambda row: _host(row["url"]), lambda row: _ask_feed(asking, row))
        names = []
        for row, answer in asked:
            names.append(_take_feed(db, row, answer, done))
            feed_done()
        pages = _chosen(db, names, plan, done)
        pages_due(len(pages))
        _read_pages(db, asking, read, pages, done, page_done)
    finally:
        _remember(db, asking)
    return done


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _ask_feed(asking: Asking, row: sqlite3.Row) -> Asked:
    return asking.ask(row["url"], etag=row["etag"], modified=row["modified"], accept=ACCEPT, longest=LONGEST)


def _take_feed(db: sqlite3.Connection, row: sqlite3.Row, asked: Asked, done: Update) -> str:
    """Keep what a feed answered; returns the address it has from now on."""
    url, now = str(row["url"]), moment()
    answer = asked.answer
    if answer is None or asked.outcome not in ("got", "same"):
        reason = f"{asked.reason}; or follow it no more" if asked.gone else asked.reason
        done.failures.append(Failure(url=url, reason=reason, feed=url))
        with transaction(db):
            kept.put_trouble(db, url, reason, now=now)
        return url
    hash_ = hashlib.sha256(answer.body).hexdigest()[:16]
    feed: Feed | None = None
    if asked.outcome == "got" and hash_ != row["hash"]:
        try:
            feed = parse_feed(answer.body, answer.url, answer.media_type)
        except UnreadablePage as error:
            done.failures.append(Failure(url=url, reason=str(error), feed=url))
            with transaction(db):
                kept.put_trouble(db, url, str(error), now=now)
            return url
    with transaction(db):
        if asked.moved and asked.moved != url and kept.move_feed(db, url, asked.moved):
            url = asked.moved
        if feed is None:
            kept.put_unchanged(db, url, now=now, etag=answer.etag, modified=answer.modified)
        else:
            _keep_feed(db, url, feed, asked, hash_, now)
    if feed is not None:
        done.changed += 1
        if feed.trouble:
            done.failures.append(Failure(url=url, reason=feed.trouble, feed=url))
    return url


def _keep_feed(db: sqlite3.Connection, url: str, feed: Feed, asked: Asked, hash_: str, now: str) -> None:
    answer = asked.answer
    assert answer is not None
    kept.put_answer(
        db, url, now=now, etag=answer.etag, modified=answer.modified, title=feed.title, site=feed.site, kind=feed.kind,
        hash=hash_, reason=feed.trouble,
    )  # fmt: skip
    known = kept.digests(db, url)
    for entry in feed.entries:
        before = known.get(entry.url)
        if before != entry.digest:
            kept.put_listing(
                db, url, entry.url, entry.digest, title=entry.title, published=entry.published, now=now,
                anew=before is not None,
            )  # fmt: skip


def _chosen(db: sqlite3.Connection, feeds: Sequence[str], plan: Plan, done: Update) -> list[sqlite3.Row]:
    """The pages to ask for in this run: of each feed the newest; the others wait."""
    since = None
    if plan.again:
        since = (datetime.now(UTC) - timedelta(days=plan.again)).isoformat(timespec="seconds")
    counts: Counter[str] = Counter()
    found = []
    for row in kept.due(db, feeds, dropped=plan.dropped, again_since=since):
        counts[row["feed"]] += 1
        if counts[row["feed"]] <= plan.most:
            found.append(row)
    done.later = sum(max(0, count - plan.most) for count in counts.values())
    return found


@dataclass(slots=True)
class _Came:
    """A page that came, with its article: on the way to the readers and into the store."""

    row: sqlite3.Row
    asked: Asked
    article: Article
    clock: Clock | None
    claims: Sequence[Claim] = ()


def _read_pages(
    db: sqlite3.Connection, asking: Asking, read: Reader, pages: Sequence[sqlite3.Row], done: Update, step: Step
) -> None:
    batch: list[_Came] = []
    began = time.monotonic()
    waiting: deque[_Came] = deque()
    try:
        with closing(_articles(db, asking, pages, waiting, done, step)) as articles:
            for found in read(articles):
                came = waiting.popleft()
                if problem := _problem(found):
                    _put_empty(db, came.row, came.asked, problem, done)
                elif not isinstance(found, SlatewatchError):
                    came.claims = found[1]
                    batch.append(came)
                if len(batch) >= BATCH or (batch and time.monotonic() - began > SECONDS):
                    _store(db, batch, done)
                    batch, began = [], time.monotonic()
                step()
    finally:
        # A run that is interrupted keeps what it has read.
        _store(db, batch, done)


def _problem(found: tuple[Article, Sequence[Claim]] | SlatewatchError) -> SlatewatchError | None:
    """Why what the readers made of an article cannot be kept."""
    if isinstance(found, SlatewatchError):
        return found
    try:
        check(*found)
    except BadInput as error:
        return error
    return None


def _articles(
    db: sqlite3.Connection,
    asking: Asking,
    pages: Sequence[sqlite3.Row],
    waiting: deque[_Came],
    done: Update,
    step: Step,
) -> Generator[Article, None, None]:
    """The articles of the pages that come, each put at the end of `waiting`; of others it is noted what they were."""
    for row, asked in by_host(pages, lambda row: _host(row["url"]), lambda row: _ask_page(asking, row)):
        came = _take_page(db, row, asked, done)
        if came is None:
            step()
        else:
            waiting.append(came)
            yield came.article


def _ask_page(asking: Asking, row: sqlite3.Row) -> Asked:
    return asking.ask(row["url"], etag=row["etag"], modified=row["modified"], longest=LONGEST)


def _take_page(db: sqlite3.Connection, row: sqlite3.Row, asked: Asked, done: Update) -> _Came | None:
    """The article of a page that came; what else came of it is kept and counted."""
    url, now, answer = str(row["url"]), moment(), asked.answer
    if asked.outcome == "got" and answer is not None:
        page = Page(name=url, body=answer.body, url=answer.url, media_type=answer.media_type, seen=now)
        try:
            article, clock = _dated(_at_home(read_article(page), page), row["published"])
        except SlatewatchError as error:
            _put_empty(db, row, asked, error, done)
            return None
        return _Came(row, asked, article, clock)
    with transaction(db):
        if asked.outcome == "same":
            done.unchanged += 1
            kept.put_page_unchanged(db, url, now=now)
            return None
        done.failures.append(Failure(url=url, reason=asked.reason, feed=row["feed"]))
        if asked.outcome == "resting":
            kept.put_page_later(db, url, asked.reason)
        else:
            kept.put_page_trouble(db, url, asked.reason, now=now, barred=asked.outcome == "barred")
    return None


def _put_empty(db: sqlite3.Connection, row: sqlite3.Row, asked: Asked, error: SlatewatchError, done: Update) -> None:
    """Note of a page that came that there is nothing in it to keep."""
    url, answer = str(row["url"]), asked.answer
    done.empty += 1
    with transaction(db):
        kept.put_page(
            db, url, "empty", now=moment(), reason=str(error).removeprefix(f"{url}: "),
            etag=answer.etag if answer else None, modified=answer.modified if answer else None,
        )  # fmt: skip


def _at_home(article: Article, page: Page) -> Article:
    """The article under an address of the site it was found on.

    A page may name another site's article as its original, as copies do; were it kept under that address, it would take
    the place of the original.
    """
    if article.url is None or page.url is None or _site(article.url) == _site(page.url):
        return article
    return dataclasses.replace(article, id=article_id(page), url=page.url)


def _site(url: str) -> str:
    """The host without what stands before a site's name for its phones, pages and old habits."""
    host = _host(url).lower()
    for start in ("www.", "m.", "amp.", "mobile."):
        host = host.removeprefix(start)
    return host


def _dated(article: Article, published: str | None) -> tuple[Article, Clock | None]:
    """Where the page does not say when it was published, the feed's word counts."""
    if article.published or not published:
        return article, None
    return dataclasses.replace(article, seen=published), "feed"


def _store(db: sqlite3.Connection, batch: Sequence[_Came], done: Update) -> None:
    now = moment()
    for clock in ("feed", None):
        items = [(came.article, came.claims) for came in batch if came.clock == clock]
        if items:
            outcomes, bad = add_articles(db, items, clock="feed" if clock else None)
            done.articles.update({str(name): count for name, count in outcomes.items()})
            # They were checked before: what is refused here is a fault of ours, and not to be passed over.
            for error in bad:
                raise BadInput(str(error))
    if not batch:
        return
    with transaction(db):
        for came in batch:
            answer = came.asked.answer
            kept.put_page(
                db, came.row["url"], "read", now=now, etag=answer.etag if answer else None,
                modified=answer.modified if answer else None,
                article=kept.article_at(db, came.article.url) or came.article.id,
            )  # fmt: skip


def _remember(db: sqlite3.Connection, asking: Asking) -> None:
    with transaction(db):
        kept.put_hosts(db, [
            (host.name, _text(host.resting), host.failures, host.robots, _text(host.looked))
            for host in asking.hosts.values()
        ])  # fmt: skip


def _text(when: datetime | None) -> str | None:
    return when.isoformat(timespec="seconds") if when else None
