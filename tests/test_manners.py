"""How feeds and pages are asked for: one at a time, as robots.txt allows, and not while a host rests."""

from __future__ import annotations

import sqlite3
import threading
import time
from datetime import UTC, datetime

import pytest
from feed_server import PROSE, Site, page, rss, serving
from hypothesis import given
from hypothesis import strategies as st
from updates import QUICK, follow, reasons, updated

from slatewatch import fetching
from slatewatch.feeds.manners import Asking, Limits
from slatewatch.feeds.manners import _seconds as seconds_of
from slatewatch.feeds.parallel import by_host
from slatewatch.store import feeds as kept


def test_a_busy_host_is_waited_for_if_it_says_how_long(db: sqlite3.Connection, site: Site) -> None:
    url = site.put("/1", page("Undertow gets a director", *PROSE))
    follow(db, site.feed("/feed", rss(url)))
    good, times = site.answers["/1"], []

    def busy(headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        times.append(time.monotonic())
        if len(times) == 1:
            return 429, {"Retry-After": "1"}, b""
        assert callable(good)
        return good(headers)

    site.answers["/1"] = busy
    done = updated(db, site, limits=Limits(pause=0, patience=5))
    assert dict(done.articles) == {"new": 1}
    assert times[1] - times[0] >= 0.95, "not before the second that it asked for"


def test_a_host_that_has_enough_is_left_alone_and_so_it_is_in_the_next_run(db: sqlite3.Connection, site: Site) -> None:
    links = [site.put(f"/{n}", page(f"Film{n} gets a director", *PROSE)) for n in range(6)]
    follow(db, site.feed("/feed", rss(*links)))
    good = dict(site.answers)
    for n in range(6):
        site.answers[f"/{n}"] = (429, {"Retry-After": "3600"}, b"")
    done = updated(db, site)
    assert sum(path != "/feed" for path in site.paths()) == 1, "one 429 is enough"
    assert len(done.failures) == 6
    assert sum("tried again after" in failure.reason for failure in done.failures) == 6
    site.answers = good
    later = updated(db, site)
    assert site.paths() == [], "an hour is an hour, in another run too"
    assert [failure.feed for failure in later.failures][:1] == [f"{site.base}/feed"]
    db.execute("UPDATE hosts SET resting = '2020-01-01T00:00:00+00:00'")
    assert dict(updated(db, site).articles) == {"new": 6}


def test_robots_txt_is_heeded_for_feeds_and_pages_and_asked_for_once(db: sqlite3.Connection, site: Site) -> None:
    site.answers["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /hidden\n\nUser-agent: other\nDisallow: /\n")
    shown, hidden = (site.put(path, page("Undertow gets a director", *PROSE)) for path in ("/shown", "/hidden/1"))
    follow(db, site.feed("/feed", rss(shown, hidden)), site.feed("/hidden/feed", rss(shown)))
    done = updated(db, site)
    paths = [path for path, _ in site.asked]
    assert paths.count("/robots.txt") == 1
    assert not [path for path in paths if path.startswith("/hidden")]
    assert {"1", "feed"} == {failure.url.rpartition("/")[2] for failure in done.failures}
    assert all("robots.txt" in failure.reason for failure in done.failures)
    site.asked.clear()
    updated(db, site)
    assert "/robots.txt" not in [path for path, _ in site.asked], "it is remembered for a day"


@pytest.mark.parametrize(("status", "allowed"), [(404, True), (403, True), (500, False), (429, False)])
def test_no_robots_txt_allows_all_and_one_that_fails_nothing(
    db: sqlite3.Connection, site: Site, status: int, allowed: bool
) -> None:
    site.answers["/robots.txt"] = (status, {}, b"")
    follow(db, site.feed("/feed", rss()))
    done = updated(db, site)
    assert ("/feed" in site.paths()) == allowed
    assert bool(done.failures) != allowed


def test_a_redirect_of_robots_txt_to_a_private_address_is_not_followed(db: sqlite3.Connection, site: Site) -> None:
    with serving() as private:
        site.redirect("/robots.txt", f"{private.base}/robots.txt")
        follow(db, site.feed("/feed", rss()))
        done = updated(db, site)
        assert private.asked == []
    assert "private address" in reasons(done)["feed"]


def test_one_request_at_a_time_with_a_pause(db: sqlite3.Connection, site: Site) -> None:
    links = [site.put(f"/{n}", page(f"Film{n} gets a director", *PROSE)) for n in range(4)]
    for n in range(4):
        site.slow[f"/{n}"] = 0.1
    follow(db, site.feed("/a", rss(*links[:2])), site.feed("/b", rss(*links[2:])))
    start = time.monotonic()
    updated(db, site, limits=Limits(pause=0.1))
    assert site.open_at_once == 1
    assert time.monotonic() - start > 6 * 0.1 + 4 * 0.1


def test_many_hosts_are_asked_at_once(db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two names of this machine: each is answered only when the other has been asked."""
    real = fetching.checked_address
    monkeypatch.setattr(fetching, "checked_address", lambda host, port, private: real("127.0.0.1", port, True))
    meeting = threading.Barrier(2, timeout=5)
    with serving() as one, serving() as other:
        for site in (one, other):
            site.feed("/feed", rss())
            good = site.answers["/feed"]

            def both(headers: dict[str, str], good: object = good) -> tuple[int, dict[str, str], bytes]:
                meeting.wait()
                assert callable(good)
                found: tuple[int, dict[str, str], bytes] = good(headers)
                return found

            site.answers["/feed"] = both
        ports = [site.host.rpartition(":")[2] for site in (one, other)]
        follow(db, f"http://one.example:{ports[0]}/feed", f"http://other.example:{ports[1]}/feed")
        assert updated(db, one, other).failures == []


def test_a_feed_that_moved_for_good_is_asked_at_its_new_address(db: sqlite3.Connection, site: Site) -> None:
    site.feed("/new", rss(site.put("/1", page("Undertow gets a director", *PROSE))))
    follow(db, site.redirect("/old", "/new", 301), site.redirect("/passing", "/new", 302))
    updated(db, site)
    urls = {row["url"] for row in kept.feeds(db)}
    assert urls == {f"{site.base}/new", f"{site.base}/passing"}


def test_what_goes_wrong_in_a_thread_is_heard_of() -> None:
    def work(job: int) -> int:
        if job == 3:
            raise ZeroDivisionError
        return job * 2

    with pytest.raises(ZeroDivisionError):
        list(by_host(range(5), lambda job: str(job % 2), work))
    found = dict(by_host([1, 2, 4, 5], lambda job: str(job % 2), work))
    assert found == {1: 2, 2: 4, 4: 8, 5: 10}


@given(st.binary(max_size=400), st.text(max_size=60))
def test_no_robots_txt_breaks_the_run(robots: bytes, path: str) -> None:
    lines = b"User-agent: *\nCrawl-delay: " + robots[:5] + b"\nDisallow: " + robots
    asking = Asking()
    host = asking.host("http://outlet.example/")
    host.robots, host.looked = lines.decode("utf-8", "replace"), datetime.now(UTC)
    said = asking._barred(host, f"http://outlet.example/{path}")
    assert said is None or said[0] in {"barred", "failed"}


@pytest.mark.parametrize(
    ("said", "seconds"), [("7", 7.0), (" 120 ", 120.0), ("soon", None), ("", None), (None, None), ("-3", None),
                          ("Mon, 02 Nov 2020 10:00:00 GMT", 0.0), ("9" * 40, 999_999_999.0)],
)  # fmt: skip
def test_retry_after_in_seconds_and_as_a_date(said: str | None, seconds: float | None) -> None:
    assert seconds_of(said) == seconds


def test_a_host_that_does_not_answer_is_left_after_three_times(db: sqlite3.Connection, site: Site) -> None:
    links = [f"{site.base}/{n}" for n in range(8)]
    for n in range(8):
        site.answers[f"/{n}"] = (502, {}, b"")
    follow(db, site.feed("/feed", rss(*links)))
    done = updated(db, site)
    asked = [path for path in site.paths() if path != "/feed"]
    assert len(set(asked)) == QUICK.strikes
    assert len(done.failures) == 8
    assert sum("in a row" in failure.reason for failure in done.failures) == 8 - QUICK.strikes
