"""Articles with their claims -> the store, a few at a time, each few in one transaction."""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime

from slatewatch.errors import BadInput, SlatewatchError
from slatewatch.model import Article, Claim, Clock

from .merging import merge
from .opening import transaction
from .writing import Outcome, Touched, check, put_article

Read = tuple[Article, Sequence[Claim]]
#: So many articles, or what comes in so many seconds, go into one transaction: no other writer waits longer.
BATCH, SECONDS = 64, 2.0


def add_articles(
    db: sqlite3.Connection,
    articles: Iterable[Read | SlatewatchError],
    *,
    now: str | None = None,
    clock: Clock | None = None,
    step: Callable[[], None] = lambda: None,
) -> tuple[Counter[Outcome], list[SlatewatchError]]:
    """Store and merge articles; returns how many were new, the same, edited or older, and what could not be stored.

    A bad article stops nothing. What a batch stores is kept whole or not at all; running again picks up what was not.
    Raises StoreError where the store itself fails: earlier batches are kept.
    """
    outcomes: Counter[Outcome] = Counter()
    bad: list[SlatewatchError] = []
    for batch in _batches(articles):
        good = []
        for item in batch:
            problem = item if isinstance(item, SlatewatchError) else _problem(item)
            if problem:
                bad.append(problem)
            elif not isinstance(item, SlatewatchError):
                good.append(item)
        if good:
            outcomes += _store(db, good, now or moment(), clock)
        for _ in batch:
            step()
    return outcomes, bad


def moment() -> str:
    """The time now, ISO, UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _problem(item: Read) -> SlatewatchError | None:
    try:
        check(*item)
    except BadInput as error:
        return error
    return None


def _store(db: sqlite3.Connection, items: Iterable[Read], now: str, clock: Clock | None) -> Counter[Outcome]:
    outcomes: Counter[Outcome] = Counter()
    touched = Touched()
    with transaction(db):
        for article, claims in items:
            outcomes[put_article(db, article, claims, now=now, touched=touched, clock=clock)] += 1
        merge(db, touched, now=now)
    return outcomes


def _batches(articles: Iterable[Read | SlatewatchError]) -> Iterator[list[Read | SlatewatchError]]:
    batch: list[Read | SlatewatchError] = []
    began = time.monotonic()
    for item in articles:
        batch.append(item)
        if len(batch) >= BATCH or time.monotonic() - began > SECONDS:
            yield batch
            batch, began = [], time.monotonic()
    if batch:
        yield batch
