"""`update` against a site that misbehaves: it ends, keeps what was good, says what was not, asks nothing twice."""

from __future__ import annotations

import sqlite3
import time
from datetime import UTC, datetime, timedelta

import pytest
from feed_server import PROSE, Site, bomb, page, rss, serving
from updates import QUICK, follow, reading, reasons, updated

from slatewatch import answers, fetching
from slatewatch.feeds.manners import Asking, Limits
from slatewatch.feeds.updating import Plan, update
from slatewatch.store import feeds as kept


def test_news_is_read_once_and_then_only_what_changed(db: sqlite3.Connection, site: Site) -> None:
    first = site.put("/1", page("Undertow gets a director", *PROSE))
    second = site.put("/2", page("Harbour gets a writer", *PROSE))
    feed = site.feed("/feed", rss(first, second))
    follow(db, feed)
    done = updated(db, site)
    assert (done.feeds, done.changed, done.articles["new"], done.failures) == (1, 1, 2, [])
    assert sorted(site.paths()) == ["/1", "/2", "/feed"]

    again = updated(db, site)
    assert (again.changed, sum(again.articles.values()), again.failures) == (0, 0, [])
    assert site.paths() == ["/feed"], "nothing changed: the feed alone is asked, and answers 304"

    third = site.put("/3", page("Lantern gets a studio", *PROSE))
    site.feed("/feed", rss(third, first, second))
    more = updated(db, site)
    assert (more.changed, dict(more.articles)) == (1, {"new": 1})
    assert sorted(site.paths()) == ["/3", "/feed"]


def test_another_etag_on_the_same_feed_brings_nothing_anew(db: sqlite3.Connection, site: Site) -> None:
    url = site.put("/1", page("Undertow gets a director", *PROSE))
    follow(db, site.feed("/feed", rss(url), ETag='"one"'))
    updated(db, site)
    site.paths()
    site.feed("/feed", rss(url), ETag='"two"')
    done = updated(db, site)
    assert (done.changed, done.failures) == (0, [])
    assert site.paths() == ["/feed"]
    assert db.execute("SELECT etag FROM feeds").fetchone()[0] == '"two"'


def test_what_is_sent_back_is_what_was_sent(db: sqlite3.Connection, site: Site) -> None:
    follow(db, site.feed("/feed", rss(), Last_Modified="Mon, 02 Nov 2026 10:00:00 GMT", ETag='"e"'))
    updated(db, site)
    site.asked.clear()
    updated(db, site)
    (headers,) = [headers for path, headers in site.asked if path == "/feed"]
    assert headers["If-None-Match"] == '"e"'
    assert headers["If-Modified-Since"] == "Mon, 02 Nov 2026 10:00:00 GMT"
    assert headers["User-Agent"].startswith("slatewatch/")


def test_an_edited_article_is_read_again_kept_as_a_version_and_its_claims_show(
    db: sqlite3.Connection, site: Site
) -> None:
    url = site.put("/1", page("Undertow gets a director", *PROSE))
    follow(db, site.feed("/feed", rss(url, says="Ines Marlow directs")))
    updated(db, site)
    site.put("/1", page("Overtow gets a director", *PROSE, "This article was corrected."))
    site.feed("/feed", rss(url, says="Ines Marlow directs. Corrected."))
    site.paths()
    done = updated(db, site)
    assert dict(done.articles) == {"edited": 1}
    assert site.paths() == ["/feed", "/1"]
    (edit,) = answers.edits(db)
    assert [claim.project for claim in edit.version.brought] == ["Overtow"]
    assert [claim.project for claim in edit.version.dropped] == ["Undertow"]
    assert "+This article was corrected." in (edit.version.diff or "")
    assert len(answers.article(db, edit.article.id).versions) == 2


def test_read_pages_are_asked_for_again_only_when_told_to_and_then_thriftily(
    db: sqlite3.Connection, site: Site
) -> None:
    today = datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
    url = site.put("/1", page("Undertow gets a director", *PROSE))
    follow(db, site.feed("/feed", rss(url, day=today)))
    updated(db, site)
    site.paths()
    done = updated(db, site, plan=Plan(again=3))
    assert site.paths() == ["/feed", "/1"]
    assert (done.unchanged, sum(done.articles.values())) == (1, 0)
    site.put("/1", page("Undertow loses a director", *PROSE))
    assert dict(updated(db, site, plan=Plan(again=3)).articles) == {"edited": 1}


#: A host that fails this often in a row would be left alone: here the failures are the point.
STUBBORN = Limits(pause=0, backoff=0.05, patience=0.5, tries=2, strikes=100)
#: The end of an address -> what is said of it, of all that `misbehaving` makes.
WHY = {
    "huge": "longer than",
    "round": "redirected more than 5 times",
    "private": "private address",
    "secret": "private address",
    "metadata": "private address",
    "file": "only http and https",
    "bomb": "longer than",
    "half": "compression is broken",
    "missing": "no such page",
    "broken-server": "answered 500",
    "cut": "XML is broken",
    "html": "not a feed",
    "feedbomb": "longer than",
    "feedloop": "redirected",
    "feedaway": "private address",
    "empty": "not a feed",
    "random": "not text",
}


def misbehaving(site: Site, private: Site) -> list[str]:
    """Feeds that are broken in every way, and one that is not: its pages are."""
    good = site.put("/good", page("Undertow gets a director", *PROSE))
    wide = site.put("/wide", page("Wide gets read", *PROSE))
    return [
        site.feed("/feed", rss(good, *_bad_pages(site, private.put("/secret", page("Secret things", *PROSE))))),
        site.feed("/cut", rss(good, site.put("/kept", page("Kept by a cut feed", *PROSE)))[:-60]),
        site.feed("/html", "<html><body>No feed</body></html>", "text/html"),
        site.feed("/feedbomb", bomb(50_000_000), Content_Encoding="gzip"),
        site.redirect("/feedloop", "/feedloop"),
        site.redirect("/feedaway", f"{private.base}/feed"),
        site.feed("/empty", b""),
        site.feed("/random", bytes(range(256)) * 9),
        site.feed("/utf16", rss(wide).encode("utf-16"), "application/rss+xml"),
    ]


def _bad_pages(site: Site, secret: str) -> list[str]:
    site.slow["/slow"] = 4
    site.answers["/broken-server"] = (500, {}, b"")
    return [
        site.put("/slow", page("Slow", *PROSE)),
        site.put("/huge", page("Huge", "word " * 100_000)),
        site.redirect("/round", "/round"),
        site.redirect("/private", secret),
        site.redirect("/metadata", "http://169.254.169.254/latest/meta-data"),
        site.redirect("/file", "file:///etc/passwd"),
        secret,
        site.put("/bomb", bomb(50_000_000), Content_Encoding="gzip"),
        site.put("/half", b"\x1f\x8b\x08\x00 no gzip at all", Content_Encoding="gzip"),
        site.put("/latin", page("Café gets a director", *PROSE).encode("cp1252"), "text/html; charset=utf-8"),
        site.put("/binary", bytes(range(256)) * 40, "text/html"),
        f"{site.base}/missing",
        site.put("/nothing", "<html><body></body></html>"),
        "mailto:somebody@outlet.example",
        "javascript:alert(1)",
        f"{site.base}/broken-server",
    ]


def test_every_misbehaviour_at_once(db: sqlite3.Connection, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "LONGEST_WAIT", 1.5)
    monkeypatch.setattr("slatewatch.feeds.updating.LONGEST", 300_000)
    with serving() as private:
        follow(db, *misbehaving(site, private))
        start = time.monotonic()
        done = updated(db, site, limits=STUBBORN)
        assert time.monotonic() - start < 60
        assert private.asked == [], "the private address was never asked for anything"

    titles = {row.article.title for row in answers.feed(db)}
    assert titles == {"Undertow gets a director", "Kept by a cut feed", "Café gets a director", "Wide gets read"}
    why = reasons(done)
    assert "still not there" in why["slow"] or "no answer" in why["slow"]
    for name, said in WHY.items():
        assert said in why[name], name
    assert done.empty == 2, "a binary and an empty page hold no article"
    assert all("\n" not in failure.reason for failure in done.failures)

    site.paths()
    site.slow.clear()
    again = updated(db, site, limits=STUBBORN)
    asked = site.paths()
    assert dict(again.articles) == {"new": 1}, "the slow page is quick this time"
    assert "/slow" in asked
    assert "/missing" in asked, "what failed is tried again"
    assert not {"/good", "/kept", "/latin", "/wide", "/binary", "/nothing"} & set(asked), "what was had is not"


def test_ten_thousand_entries_come_in_parts_the_newest_first(db: sqlite3.Connection, site: Site) -> None:
    items = []
    start = datetime(2020, 1, 1, tzinfo=UTC)
    for n in range(10_000):
        day = (start + timedelta(hours=n)).strftime("%a, %d %b %Y %H:%M:%S GMT")
        items.append(f"<item><title>E{n}</title><link>{site.base}/e{n}</link><pubDate>{day}</pubDate></item>")
    for n in range(9_990, 10_000):
        site.put(f"/e{n}", page(f"Film{n} gets a director", *PROSE))
    follow(db, site.feed("/feed", f"<rss version='2.0'><channel><title>Long</title>{''.join(items)}</channel></rss>"))
    done = updated(db, site, plan=Plan(most=5))
    assert (dict(done.articles), done.later) == ({"new": 5}, 9_995)
    assert set(site.paths()) == {"/feed", *(f"/e{n}" for n in range(9_995, 10_000))}
    more = updated(db, site, plan=Plan(most=5))
    assert (dict(more.articles), more.later, more.changed) == ({"new": 5}, 9_990, 0)


def test_a_feed_that_fails_is_tried_again_and_is_well_after(db: sqlite3.Connection, site: Site) -> None:
    site.answers["/feed"] = (404, {}, b"")
    follow(db, f"{site.base}/feed")
    assert "no such page" in reasons(updated(db, site))["feed"]
    (row,) = kept.feeds(db)
    assert (row["failures"], "no such page" in row["reason"]) == (1, True)
    site.feed("/feed", rss())
    assert updated(db, site).failures == []
    (row,) = kept.feeds(db)
    assert (row["failures"], row["reason"]) == (0, None)


def test_a_page_that_never_comes_is_given_up_until_a_person_says_otherwise(db: sqlite3.Connection, site: Site) -> None:
    follow(db, site.feed("/feed", rss(f"{site.base}/gone")))
    for _ in range(kept.MOST_FAILURES):
        assert len(updated(db, site).failures) == 1
    site.paths()
    assert updated(db, site).failures == []
    assert site.paths() == ["/feed"]
    site.put("/gone", page("Undertow gets a director", *PROSE))
    assert dict(updated(db, site, plan=Plan(dropped=True)).articles) == {"new": 1}


def test_a_copy_that_names_its_original_does_not_take_its_place(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = fetching.checked_address
    monkeypatch.setattr(fetching, "checked_address", lambda host, port, private: real("127.0.0.1", port, True))
    with serving() as site:
        port = site.host.rpartition(":")[2]
        first, copy = f"http://first.example:{port}", f"http://copy.example:{port}"
        site.put("/1", page("Undertow gets a director", *PROSE))
        site.put("/2", page("Undertow: director set", *PROSE, head=f'<link rel="canonical" href="{first}/1">'))
        follow(db, f"{first}/feed")
        site.feed("/feed", rss(f"{first}/1", f"{copy}/2"))
        assert dict(updated(db, site).articles) == {"new": 2}
    row = db.execute("SELECT title FROM articles WHERE url = ?", (f"{first}/1",)).fetchone()
    assert row["title"] == "Undertow gets a director"


def test_the_day_of_the_feed_counts_where_the_page_has_none(db: sqlite3.Connection, site: Site) -> None:
    url = site.put("/1", page("Undertow gets a director", *PROSE, published=""))
    follow(db, site.feed("/feed", rss(url, day="Tue, 03 Mar 2026 10:00:00 GMT")))
    updated(db, site)
    row = db.execute("SELECT day, clock, published FROM articles").fetchone()
    assert tuple(row) == ("2026-03-03", "feed", None)


def test_a_run_that_is_stopped_keeps_what_it_has_read(db: sqlite3.Connection, site: Site) -> None:
    links = [site.put(f"/{n}", page(f"Film{n} gets a director", *PROSE)) for n in range(5)]
    follow(db, site.feed("/feed", rss(*links)))
    asking = Asking(limits=QUICK, private=[site.host])
    count = 0

    def third_stops() -> None:
        nonlocal count
        count += 1
        if count == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        update(db, asking, reading, page_done=third_stops)
    assert answers.counts(db).articles == 3
    assert dict(updated(db, site).articles) == {"new": 2}
