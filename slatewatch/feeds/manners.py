"""Asking politely: one request at a time a host, as robots.txt allows, with pauses, and not again while it rests.

Every hop of the way, robots.txt and its own redirects too, goes through `fetching.ask`, which refuses addresses that
are not public unless they are named.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from slatewatch import fetching
from slatewatch.errors import UnreadablePage
from slatewatch.fetching import MOST_REDIRECTS, PRIVATE_ADVICE, Answer, refusal

if TYPE_CHECKING:
    from protego import Protego

#: What robots.txt calls us.
NAME = "slatewatch"
#: robots.txt is asked for anew after so many hours; of a longer one than this many bytes the rest is not read.
ROBOTS_HOURS, LONGEST_ROBOTS = 24, 500_000
NO_ROBOTS = "its robots.txt cannot be read, and nothing is fetched without"
PERMANENT = (301, 308)
#: Answers of a host that has enough of us, or is not well.
ENOUGH, UNWELL = (429, 503), (500, 502, 504)

Outcome = Literal["got", "same", "failed", "barred", "resting"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds: `pause` between two requests to a host, `patience` the longest rest that is waited out in a run,
    `backoff` the first rest of a host that names none, doubled each time up to `longest_rest`; `longest_pause` the most
    that a robots.txt may ask for. `tries` for one address in a run; after `strikes` failures in a row a host is left.
    """

    pause: float = 1.0
    longest_pause: float = 30.0
    patience: float = 20.0
    backoff: float = 5.0
    longest_rest: float = 86_400.0
    tries: int = 3
    strikes: int = 3


@dataclass(slots=True)
class Host:
    """What is known of a host. `resting` is the time (UTC) before which it is not to be asked."""

    name: str
    resting: datetime | None = None
    failures: int = 0
    robots: str | None = None
    looked: datetime | None = None
    strikes: int = 0
    asked_at: float = 0.0
    rules: Protego | None = None
    trouble: str | None = None
    turn: threading.Lock = field(default_factory=threading.Lock)
    looking: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What came of asking: `got` has an answer, `same` nothing new, the others a `reason`.

    `moved` is the address to use from now on, where every redirect on the way was for good; `gone` that it is over.
    """

    outcome: Outcome
    url: str
    answer: Answer | None = None
    reason: str = ""
    moved: str | None = None
    gone: bool = False


class Asking:
    """All requests of one run. `private` names hosts (`intranet.example`, `127.0.0.1:8080`) that need not be public.

    `known` is what the store remembers of hosts. `ask` may be called from many threads.
    """

    def __init__(
        self, *, limits: Limits | None = None, private: Collection[str] = (), known: Mapping[str, Host] | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        self.limits = limits or Limits()
        self.private = frozenset(name.lower().removeprefix("http://").rstrip("/") for name in private)
        self.hosts: dict[str, Host] = dict(known or {})
        self._sleep = sleep
        self._meeting = threading.Lock()

    def ask(
        self, url: str, *, etag: str | None = None, modified: str | None = None, accept: str | None = None,
        longest: int = 20_000_000,
    ) -> Asked:  # fmt: skip
        """The answer at an address, over at most `MOST_REDIRECTS` redirects. Nothing is raised.

        `etag` and `modified` are those of the last answer: where nothing changed the outcome is `same`.
        """
        headers = {"If-None-Match": etag, "If-Modified-Since": modified, "Accept": accept}
        sent = {name: value for name, value in headers.items() if value}
        here, permanent = url, True
        for _ in range(MOST_REDIRECTS + 1):
            try:
                found = self._safely(here, sent, longest)
            except UnreadablePage as error:
                found = Asked(outcome="failed", url=here, reason=str(error))
            answer = found.answer
            if answer is None or answer.location is None:
                return _with_move(found, here if permanent and here != url else None)
            permanent = permanent and answer.status in PERMANENT
            here = answer.location
        return Asked(outcome="failed", url=here, reason=f"redirected more than {MOST_REDIRECTS} times; check the URL")

    def _safely(self, url: str, headers: Mapping[str, str], longest: int) -> Asked:
        """As `_hop`; what nobody thought of is one failure among others, and stops no run."""
        try:
            return self._hop(url, headers, longest)
        except UnreadablePage:
            raise
        except Exception as error:
            raise UnreadablePage(f"cannot be asked ({type(error).__name__}: {error}); report it") from error

    def _hop(self, url: str, headers: Mapping[str, str], longest: int) -> Asked:
        """One request and what it was answered with; a redirect is `got` with its `location`."""
        host = self.host(url)
        unasked = self._unasked(host) or self._barred(host, url)
        if unasked:
            return Asked(outcome=unasked[0], url=url, reason=unasked[1])
        with self._turn(host):
            # The queue for the turn may have been long.
            if unasked := self._unasked(host):
                return Asked(outcome=unasked[0], url=url, reason=unasked[1])
            answer = self._patiently(host, url, headers, longest)
        if isinstance(answer, Asked):
            return answer
        if answer.status == 304:
            return Asked(outcome="same", url=url, answer=answer)
        reason = None if answer.location else refusal(answer.status)
        if reason:
            return Asked(outcome="failed", url=url, reason=reason, gone=answer.status in (404, 410))
        return Asked(outcome="got", url=url, answer=answer)

    def host(self, url: str) -> Host:
        """The host of an address. Raises UnreadablePage for what is no address of the web."""
        try:
            parts = urlsplit(url)
            name = (parts.hostname or "").rstrip(".").lower() + (f":{parts.port}" if parts.port else "")
        except ValueError as error:
            raise UnreadablePage(f"not an address of a page: {error}; check the URL") from error
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UnreadablePage(f"leads to {url[:200]!r}; only http and https are read")
        with self._meeting:
            return self.hosts.setdefault(name, Host(name))

    @contextmanager
    def _turn(self, host: Host) -> Iterator[None]:
        """Nobody else asks this host meanwhile, and the last request is long enough ago."""
        with host.turn:
            asked_for = 0.0
            if host.rules is not None:
                asked_for = float(host.rules.crawl_delay(NAME) or 0)
            pause = max(self.limits.pause, min(asked_for, self.limits.longest_pause))
            wait = host.asked_at + pause - time.monotonic()
            if host.asked_at and wait > 0:
                self._sleep(wait)
            try:
                yield
            finally:
                host.asked_at = time.monotonic()

    def _unasked(self, host: Host) -> tuple[Outcome, str] | None:
        """Why a host is left alone now, if it is."""
        now = datetime.now(UTC)
        if host.resting and host.resting > now:
            until = host.resting.isoformat(timespec="seconds")
            return "resting", f"{host.name} wants to be left alone until {until}; tried again after that"
        if host.strikes >= self.limits.strikes:
            return (
                "resting",
                f"{host.name} failed {host.strikes} times in a row; the rest of it is tried again next time",
            )
        return None

    def _patiently(self, host: Host, url: str, headers: Mapping[str, str], longest: int) -> Answer | Asked:
        """Ask, and again after a while where the host is busy; where that would take too long, let it rest."""
        for attempt in range(1, self.limits.tries + 1):
            answer = self._once(host, url, headers, longest)
            if answer.status not in (*ENOUGH, *UNWELL):
                host.failures = host.strikes = 0
                return answer
            named = _seconds(answer.retry_after)
            wait = self.limits.backoff * 2 ** (attempt - 1) if named is None else named
            last = attempt == self.limits.tries or wait > self.limits.patience
            if not last:
                self._sleep(wait)
                continue
            if answer.status in ENOUGH or named is not None:
                return self._rest(host, answer, named)
            host.strikes += 1
            return Asked(outcome="failed", url=url, reason=refusal(answer.status) or "")
        raise AssertionError("the last attempt returns")

    def _rest(self, host: Host, answer: Answer, named: float | None) -> Asked:
        host.failures += 1
        doubled = self.limits.backoff * 2.0 ** min(host.failures + self.limits.tries, 30)
        rest = min(doubled if named is None else named, self.limits.longest_rest)
        host.resting = datetime.now(UTC) + timedelta(seconds=rest)
        until = host.resting.isoformat(timespec="seconds")
        reason = f"answered {answer.status}: too many requests for it now; tried again after {until}"
        return Asked(outcome="failed", url=answer.url, reason=reason)

    def _once(self, host: Host, url: str, headers: Mapping[str, str], longest: int) -> Answer:
        try:
            return fetching.ask(url, allow_private=self._named(host), longest=longest, headers=headers)
        except UnreadablePage as error:
            host.strikes += 1
            advice = f"--allow-private {host.name} lets it be asked"
            raise UnreadablePage(str(error).replace(PRIVATE_ADVICE, advice)) from error

    def _named(self, host: Host) -> bool:
        """Whether the host is one that may be private: named with its port, or as a whole."""
        return host.name in self.private or host.name.rpartition(":")[0] in self.private

    def _barred(self, host: Host, url: str) -> tuple[Outcome, str] | None:
        """Why robots.txt does not let us ask for this address, if so."""
        with host.looking:
            self._look(host, url)
        if host.trouble:
            return "failed", host.trouble
        if host.rules is not None and not host.rules.can_fetch(url, NAME):
            return "barred", "its robots.txt asks programs to stay away from this address; it is left alone"
        return None

    def _look(self, host: Host, url: str) -> None:
        """Read robots.txt, if that was not done of late. One that is not there allows all; one that fails, nothing."""
        from protego import Protego

        if host.rules is not None or host.trouble is not None:
            return
        now = datetime.now(UTC)
        fresh = host.looked is not None and now - host.looked < timedelta(hours=ROBOTS_HOURS)
        if not fresh:
            parts = urlsplit(url)
            try:
                host.robots, host.looked = self._robots(f"{parts.scheme}://{parts.netloc}/robots.txt"), now
            except UnreadablePage as error:
                if host.robots is None:
                    host.trouble = str(error)
                    return
        host.rules = Protego.parse(host.robots or "")

    def _robots(self, url: str) -> str:
        """Its text; empty where there is none. Raises UnreadablePage where that cannot be known."""
        for hop in range(MOST_REDIRECTS + 1):
            host = self.host(url)
            try:
                with self._turn(host):
                    answer = self._patiently(host, url, {}, LONGEST_ROBOTS)
            except UnreadablePage as error:
                raise UnreadablePage(f"{NO_ROBOTS}: {error}" if hop else str(error)) from error
            if isinstance(answer, Asked):
                raise UnreadablePage(f"{NO_ROBOTS}: {answer.reason}")
            if answer.location is None:
                return answer.body.decode("utf-8", "replace") if answer.status == 200 else ""
            url = answer.location
        return ""


def _with_move(found: Asked, moved: str | None) -> Asked:
    if moved is None or found.outcome not in ("got", "same"):
        return found
    return Asked(outcome=found.outcome, url=found.url, answer=found.answer, moved=moved)


def _seconds(retry_after: str | None) -> float | None:
    """`Retry-After` in seconds from now: it is a number of them, or a date. None where it is neither."""
    if not retry_after:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        when = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())
