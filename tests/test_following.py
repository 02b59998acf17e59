"""The commands `follow`, `unfollow`, `follows` and `update`, with the real reader once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Run
from feed_server import PROSE, Site, page, rss


def test_the_real_reader_reads_what_a_feed_brings(run: Run, site: Site, tmp_path: Path, root: Path) -> None:
    body = (root / "slatewatch" / "demo" / "escaping-north-korea.html").read_bytes()
    # The page names its own address: it is read here as one of this site.
    site.put("/north-korea", body)
    site.feed("/feed", rss(f"{site.base}/north-korea"))
    store = ("--db", tmp_path / "slate.db")
    private = ("--allow-private", site.host)
    assert run(*store, "follow", *private, f"{site.base}/feed").code == 0
    ran = run(*store, "update", *private, "--pause", "0", "--json")
    assert (ran.code, ran.lines[0]["new"], ran.lines[0]["failures"]) == (0, 1, [])
    titles = [project["title"] for project in run(*store, "projects", "--json").lines]
    assert "Escaping North Korea" in titles


def test_the_commands_from_following_to_unfollowing(
    run: Run, site: Site, tmp_path: Path, no_model: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLATEWATCH_ALLOW_PRIVATE", site.host)
    store = ("--db", tmp_path / "slate.db")
    site.feed("/feed", rss(site.put("/1", page("Undertow gets a director", *PROSE)), f"{site.base}/missing"))
    head = '<link rel="alternate" type="application/rss+xml" title="News" href="/feed">'
    site.put("/", f"<html><head>{head}</head><body>A site</body></html>")
    ran = run(*store, "follow", site.base)
    assert ran.code == 0
    assert f"follows {site.base}/feed (Reel Ledger)" in ran.err
    assert "1 followed already" in run(*store, "follow", f"{site.base}/feed").err

    ran = run(*store, "update", "--pause", "0")
    assert (ran.code, ran.out) == (1, "")
    assert "1 new" in ran.err
    assert f"{site.base}/missing: answered 404" in ran.err
    ran = run(*store, "update", "--pause", "0", "--json", f"{site.base}/feed")
    (line,) = ran.lines
    assert (line["feeds"], line["new"], line["failed"]) == (1, 0, 1)

    (feed,) = run(*store, "follows", "--json").lines
    assert (feed["title"], feed["read"], feed["failed"]) == ("Reel Ledger", 1, 1)
    (bad,) = run(*store, "follows", "--failures", "--json").lines
    assert (bad["url"], bad["state"], bad["failures"]) == (f"{site.base}/missing", "failed", 2)
    listed = tmp_path / "feeds.opml"
    listed.write_text(run(*store, "follows", "--opml").out)

    assert run(*store, "unfollow", "Nobody").code == 2
    assert run(*store, "unfollow", "reel ledger").code == 0
    assert run(*store, "follows", "--json").lines == []
    assert len(run(*store, "projects", "--json").lines) == 1, "what was read stays"
    assert run(*store, "follow", listed).code == 0
    assert [row["url"] for row in run(*store, "follows", "--json").lines] == [f"{site.base}/feed"]
    site.paths()
    assert run(*store, "-q", "update", "--pause", "0").code == 1
    assert site.paths() == ["/feed", "/missing"], "the article is known from before"


def test_private_addresses_are_refused_unless_named(run: Run, site: Site, tmp_path: Path) -> None:
    site.feed("/feed", rss())
    store = ("--db", tmp_path / "slate.db")
    for named in ((), ("--allow-private", "127.0.0.2"), ("--allow-private", "127.0.0.1:1")):
        ran = run(*store, "follow", *named, f"{site.base}/feed")
        assert ran.code == 1
        assert "private address" in ran.err
    assert site.asked == []
    assert run(*store, "follow", "--allow-private", "127.0.0.1", f"{site.base}/feed").code == 0


def test_watching_goes_on_and_ends_when_told(
    run: Run, site: Site, tmp_path: Path, no_model: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, private = ("--db", tmp_path / "slate.db"), ("--allow-private", site.host)
    site.feed("/feed", rss())
    run(*store, "follow", *private, f"{site.base}/feed")
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr("slatewatch.commands.updating.sleep", wait)
    site.paths()
    ran = run(*store, "update", "--watch", "--every", "15", "--pause", "0", *private, "--json")
    assert (ran.code, len(ran.lines), site.paths()) == (0, 3, ["/feed"] * 3)
    assert waits == [900, 900, 900]


def test_without_feeds_the_way_to_one_is_named(run: Run, tmp_path: Path) -> None:
    ran = run("--db", tmp_path / "slate.db", "update")
    assert ran.code == 0
    assert "`slatewatch follow FEED` follows one" in ran.err
    assert json.dumps(run("--db", tmp_path / "slate.db", "follows", "--json").lines) == "[]"
