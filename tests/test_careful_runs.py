"""A language model beside the built-in reader in long runs: feeds, and web archives on many processes."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from feed_server import PROSE, Site, page, rss
from feed_server import serving as site_of
from model_servers import Question, Reply, says, serving
from warc_makers import crawl, packed

from slatewatch.careful import reader as reader_module
from slatewatch.careful.tally import Tally
from slatewatch.commands import updating

#: The longest answer that `brief` allows, in tokens.
LONGEST = 1000
#: Pages of news in the archive.
NEWS = 4


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLATEWATCH_CACHE", str(tmp_path / "answers"))
    monkeypatch.setenv("SLATEWATCH_CONFIG", str(tmp_path / "slatewatch.toml"))
    monkeypatch.delenv("SLATEWATCH_LLM_KEY", raising=False)
    monkeypatch.setattr(reader_module, "FIRST_WAIT", 0.01)


def answer(question: Question) -> Reply:
    """That the headline's first word is a film that is being shot."""
    word = question.words.split()[0]
    return says([{"kind": "status", "project": word, "value": "filming", "quote": word}])


def brief(folder: Path, url: str) -> tuple[str, ...]:
    """Options for a model whose questions are all of about one size: without examples."""
    table = f'[llm.brief]\nurl = "{url}"\nmodel = "gemma"\nexamples = 0\nmax_tokens = {LONGEST}\nworkers = 1\n'
    (folder / "slatewatch.toml").write_text(table, "utf-8")
    return ("--llm", "brief")


def room_for(questions: int, size: float) -> str:
    """A budget for so many answers of the stand-in, the last at its longest, and for none more."""
    return f"{round((questions - 1) * 1100 + size + LONGEST + 500)}t"


def makers_of(db: Path) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(db)) as store:
        return set(store.execute("SELECT kind, maker FROM claims").fetchall())


# Feeds


@pytest.fixture
def followed(tmp_path: Path, run: Run) -> Any:
    """(store, site, options): two pages on a feed that the store follows."""
    with site_of() as site:
        pages = [
            site.put(f"/{n}", page(f"{word} gets a director", *PROSE)) for n, word in enumerate(("Undertow", "Weir"))
        ]
        feed = site.feed("/feed", rss(*pages))
        store = tmp_path / "slate.db"
        assert run("--db", store, "follow", "--allow-private", site.host, feed).code == 0
        yield store, site, ("--allow-private", site.host, "--pause", "0")


@pytest.mark.usefixtures("no_model")
def test_update_asks_the_model_and_tells_what_it_took(followed: tuple[Path, Site, tuple[str, ...]], run: Run) -> None:
    store, _, options = followed
    with serving(answer) as server:
        ran = run("--db", store, "update", "--json", *options, "--llm", server.url, "--model", "gemma")
        assert len(server.asked) == 2
    assert ran.code == 0, ran.err
    llm: Any = ran.lines[0]["llm"]
    assert (ran.lines[0]["new"], llm["asked"], llm["tokens_in"]) == (2, 2, 2000)
    assert makers_of(store) == {("status", "gemma")}, "of the built-in reader's unsure claims none stands"
    assert "2 by the model alone" in ran.err


@pytest.mark.usefixtures("no_model")
def test_update_keeps_what_the_built_in_reader_read_where_the_model_fails(
    followed: tuple[Path, Site, tuple[str, ...]], run: Run
) -> None:
    store, _, options = followed
    ran = run("--db", store, "-q", "update", "--json", *options, "--llm", "http://127.0.0.1:9/v1", "--model", "m")
    assert (ran.code, ran.lines[0]["new"], ran.lines[0]["failed"]) == (1, 2, 0)
    assert "no connection" in ran.err
    assert makers_of(store) == {("format", "slatewatch")}
    assert "llm" not in run("--db", store, "update", "--json", *options).lines[0]
    assert run("--db", store, "update", "--llm-budget", "5").code == 2
    assert run("--db", store, "update", "--dry-run").code == 2


@pytest.mark.usefixtures("no_model")
def test_one_budget_is_for_all_rounds_of_a_watch(
    followed: tuple[Path, Site, tuple[str, ...]], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, site, options = followed
    rounds = list[int]()

    def over(_: float) -> None:
        rounds.append(len(server.asked))
        if len(rounds) == 2:
            raise KeyboardInterrupt
        urls = [site.put(f"/new{n}", page(f"Lantern{n} gets a studio", *PROSE)) for n in range(2)]
        site.feed("/feed", rss(*urls))

    monkeypatch.setattr(updating, "sleep", over)
    with serving(answer) as server:
        llm = brief(store.parent, server.url)
        sample = store.with_name("sample.html")
        sample.write_text(page("Undertow gets a director", *PROSE), "utf-8")
        size = float(str(run("read", sample, *llm, "--dry-run", "--json").lines[0]["tokens_in"]))
        ran = run("--db", store, "update", "--watch", *options, *llm, "--llm-budget", room_for(3, size))
    assert rounds[0] == 2
    assert rounds[1] == 3, ran.err
    assert "over the budget" in ran.err


# Archives


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "in" / "x.warc.gz"
    path.parent.mkdir()
    path.write_bytes(b"".join(packed(crawl(5 * NEWS))))
    return path


def head_of(folder: Path) -> dict[str, Any]:
    first = (folder / "x.shard.jsonl").read_bytes().partition(b"\n")[0]
    found: dict[str, Any] = json.loads(first)
    return found


@pytest.mark.usefixtures("no_model")
def test_a_shard_holds_what_both_readers_say_and_goes_into_the_store(archive: Path, tmp_path: Path, run: Run) -> None:
    to = tmp_path / "to"
    with serving(answer) as server:
        ran = run("archive", archive, "--to", to, "--workers", "1", "--json", "--llm", server.url, "--model", "gemma")
        assert len(server.asked) == NEWS, "what the cascade let through, and nothing else"
    assert ran.code == 0, ran.err
    llm: Any = ran.lines[0]["llm"]
    assert (ran.lines[0]["made"], ran.lines[0]["unanswered"], llm["asked"], llm["tokens_in"]) == (
        1,
        0,
        NEWS,
        1000 * NEWS,
    )
    assert f"{NEWS} by the model alone" in ran.err
    assert head_of(to)["llm"]["model"] == "gemma"
    assert run("--db", tmp_path / "s.db", "add", to).code == 0
    assert makers_of(tmp_path / "s.db") == {("status", "gemma")}, "of the built-in reader's unsure claims none stands"


@pytest.mark.usefixtures("no_model")
def test_a_shard_of_other_readers_is_not_taken_for_this_one(archive: Path, tmp_path: Path, run: Run) -> None:
    to = tmp_path / "to"
    command = ("archive", archive, "--to", to, "--workers", "1", "--json")
    with serving(answer) as server:
        llm = ("--llm", server.url, "--model", "gemma")
        assert run(*command).code == 0
        plain = (to / "x.shard.jsonl").read_bytes()
        ran = run(*command, *llm)
        assert (ran.code, ran.lines[0]["failed"]) == (1, 1)
        assert "made without a language model, not with the model gemma" in ran.err
        assert (to / "x.shard.jsonl").read_bytes() == plain
        (to / "x.shard.jsonl").unlink()
        assert run(*command, *llm).lines[0]["made"] == 1
        assert run(*command, *llm, "--llm-workers", "1", "--llm-budget", "9000t").lines[0]["there"] == 1
        for others in ((), (*llm[:3], "other"), (*llm, "--llm-for", "check")):
            ran = run(*command, *others)
            assert (ran.code, ran.lines[0]["failed"]) == (1, 1)
            assert "made with the model gemma" in ran.err
        assert len(server.asked) == NEWS


@pytest.mark.usefixtures("no_model")
def test_what_the_model_could_not_read_is_read_by_the_next_run(archive: Path, tmp_path: Path, run: Run) -> None:
    to = tmp_path / "to"
    with serving(answer) as server:
        command = ("archive", archive, "--to", to, "--workers", "1", "--json", *brief(tmp_path, server.url))
        size = float(str(run(*command, "--dry-run").lines[0]["tokens_in"])) / NEWS
        ran = run(*command, "--llm-budget", room_for(2, size))
        missing = head_of(to)["unanswered"]
        assert ran.code == 1
        assert "over the budget" in ran.err
        assert missing == NEWS - len(server.asked) == ran.lines[0]["unanswered"] == NEWS - 2
        again = run(*command)
        assert (again.code, again.lines[0]["made"], head_of(to)["unanswered"]) == (0, 1, 0)
        assert len(server.asked) == NEWS, "nothing is asked twice"
        assert run(*command).lines[0]["there"] == 1


@pytest.mark.usefixtures("no_model")
def test_a_dry_run_tells_what_archives_would_cost(archive: Path, tmp_path: Path, run: Run) -> None:
    (archive.parent / "y.warc.gz").write_bytes(b"this is no archive at all")
    with serving(answer) as server:
        options = ("--to", tmp_path / "to", "--llm", server.url, "--model", "m", "--dry-run", "--json")
        ran = run("archive", archive.parent, *options)
        assert server.asked == []
    assert (ran.code, ran.lines[0]["questions"]) == (1, NEWS)
    assert "y.warc.gz: not a web archive" in ran.err
    assert not (tmp_path / "to").exists()


def test_many_processes_ask_each_for_itself(tmp_path: Path, run: Run) -> None:
    pytest.importorskip("daft", reason="Daft is not installed: pip install 'slatewatch[archives]'")
    for name in ("a", "b"):
        (tmp_path / f"{name}.warc.gz").write_bytes(b"".join(packed(crawl(10, start=10 * (name == "b")))))
    to = tmp_path / "to"
    with serving(answer) as server:
        command = ("archive", tmp_path / "*.warc.gz", "--to", to, "--json", "--llm", server.url, "--model", "gemma")
        ran = run(*command, "--workers", "2")
        asked = len(server.asked)
        llm: Any = ran.lines[0]["llm"]
        assert (ran.code, ran.lines[0]["made"], asked) == (0, 2, 4), ran.err
        assert (llm["asked"], llm["tokens_out"], llm["claims"]["model"]) == (4, 400, 4)
        assert run(*command[:3], tmp_path / "one", *command[4:], "--workers", "1").code == 0
        assert len(server.asked) == 4, "answers were kept"
    for name in ("a.shard.jsonl", "b.shard.jsonl"):
        assert (to / name).read_bytes() == (tmp_path / "one" / name).read_bytes()


def test_what_runs_did_adds_up() -> None:
    both = Tally(articles=1, asked=1, seconds=0.5)
    both.failed["timed out"] += 1
    both.told["timed out"] = "first"
    other = Tally(articles=2, asked=1, seconds=1.0)
    other.failed["timed out"] += 2
    other.told["timed out"] = "second"
    both.add(other)
    assert (both.articles, both.asked, both.seconds, both.failed["timed out"]) == (3, 2, 1.5, 3)
    assert both.told == {"timed out": "first"}
