"""Servers that answer badly, slowly or not at all: no run is lost, each case is counted, nothing is made up."""

from __future__ import annotations

import email.utils
import gzip
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from model_servers import Question, Reply, chat, says, serving, wait_for

from slatewatch.careful import reader as reader_module
from slatewatch.careful.purse import Purse
from slatewatch.careful.reader import CarefulReader
from slatewatch.careful.server import LONGEST, endpoint, tokens_of
from slatewatch.careful.settings import ModelSettings
from slatewatch.model import Article, Claim
from slatewatch.store import open_store

WORDS = "“Harbour Lights” has found its director. Ines Marrow will direct the film for Tern House."
GOOD: dict[str, Any] = {
    "kind": "credit", "project": "Harbour Lights", "role": "director", "value": "Ines Marrow", "modality": "attached",
    "character": None, "quote": "Ines Marrow will direct",
}  # fmt: skip


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No answers of other runs, no key of this machine's user, no long waits."""
    monkeypatch.setenv("SLATEWATCH_CACHE", str(tmp_path / "answers"))
    monkeypatch.delenv("SLATEWATCH_LLM_KEY", raising=False)
    monkeypatch.setattr(reader_module, "FIRST_WAIT", 0.01)


def article(name: str, more: str = "") -> Article:
    return Article(id=name, title=f"News of {name}", text=f"{WORDS} {more}".strip(), published="2026-03-01")


def built_in(found: Article) -> list[Claim]:
    """A reader that is not sure of the one thing it says."""
    start = found.words.index("the film")
    return [
        Claim(
            kind="format", article=found.id, project="Harbour Lights", value="film", quote="the film", start=start,
            end=start + 8, sure=0.9,
        )
    ]  # fmt: skip


def settings(url: str, **more: Any) -> ModelSettings:
    fields: dict[str, Any] = {"url": url, "model": "test", "timeout": 5.0, "examples": 0, **more}
    return ModelSettings(**fields)


def read(url: str, articles: list[Article], **more: Any) -> tuple[CarefulReader, list[tuple[Article, list[Claim]]]]:
    with CarefulReader(settings(url, **more), key=more.pop("key", None), find=built_in) as reader:
        return reader, list(reader.read(articles))


def credits_of(claims: list[Claim]) -> list[str | None]:
    return [claim.value for claim in claims if claim.kind == "credit"]


def rewritten(**fields: Any) -> Reply:
    return says([{**GOOD, **fields}])


def half() -> Reply:
    """Two whole claims and the beginning of a third; the second without words in the article."""
    other = {**GOOD, "role": "writer", "quote": "Ines Marrow has written"}
    text = json.dumps({"claims": [GOOD, other, {**GOOD, "role": "producer"}]})
    return chat(text[: text.rindex('"quote"')], finish_reason="length")


#: Name of the case -> what the server says; what of the model's own stands then; what is counted.
CASES: dict[str, tuple[Callable[[], Reply], list[str], dict[str, Any]]] = {
    "good": (lambda: says([GOOD]), ["Ines Marrow"], {}),
    "nothing": (lambda: says([]), [], {}),
    "no JSON": (lambda: chat("I am sorry, I cannot do that."), [], {"failed": {"no JSON": 1}}),
    "empty": (lambda: chat(""), [], {"failed": {"no JSON": 1}}),
    "half JSON": (half, ["Ines Marrow"], {"broken_answers": 1, "cut_answers": 1, "dropped": {"quote": 1}}),
    "deep JSON": (lambda: chat('{"claims":' + "[" * 100_000), [], {"failed": {"no JSON": 1}}),
    "no list": (lambda: chat('{"claims": "none"}'), [], {"failed": {"no JSON": 1}}),
    "no records": (lambda: chat('{"claims": [1, null, "credit", [], {}]}'), [], {"dropped": {"vocabulary": 1}}),
    "wrong kind": (lambda: rewritten(kind="gossip"), [], {"dropped": {"vocabulary": 1}}),
    "wrong role": (lambda: rewritten(role="best boy"), [], {"dropped": {"vocabulary": 1}}),
    "wrong firmness": (lambda: rewritten(modality="certain"), [], {"dropped": {"vocabulary": 1}}),
    "no firmness": (lambda: rewritten(modality=None), [], {"dropped": {"vocabulary": 1}}),
    "wrong types": (
        lambda: rewritten(kind=["credit"], role={"a": 1}, quote=7, value=3.5), [], {"dropped": {"vocabulary": 1}}
    ),
    "made-up quote": (lambda: rewritten(quote="Ines Marrow has signed on"), [], {"dropped": {"quote": 1}}),
    "empty quote": (lambda: rewritten(quote=" “” "), [], {"dropped": {"quote": 1}}),
    "quote over the title": (
        lambda: rewritten(quote="quote over the title “Harbour Lights” has found"), [], {"dropped": {"quote": 1}}
    ),
    "made-up name": (lambda: rewritten(value="Otto Quill"), [], {"dropped": {"name": 1}}),
    "made-up project": (lambda: rewritten(project="The Velda Affair"), [], {"dropped": {"name": 1}}),
    "long name": (lambda: rewritten(value="Ines Marrow " * 100), [], {"dropped": {"name": 1}}),
    "10 MB": (lambda: chat("x" * 10_000_000), [], {"failed": {"too long": 1}}),
    "10 MB of claims": (lambda: chat(json.dumps([GOOD]) * 60_000), [], {"failed": {"too long": 1}}),
    "too many claims": (lambda: says([GOOD] * 5000), ["Ines Marrow"], {"dropped": {"again": 999}}),
    "a page": (lambda: Reply(b"<html>Welcome</html>"), [], {"failed": {"no answer of a model": 1}}),
    "no choices": (lambda: Reply(b'{"choices": []}'), [], {"failed": {"no answer of a model": 1}}),
    "a refusal": (
        lambda: Reply(b'{"choices": [{"message": {"content": null}}]}'), [], {"failed": {"no answer of a model": 1}}
    ),
    "noise": (lambda: Reply(bytes(range(256)) * 40), [], {"failed": {"no answer of a model": 1}}),
    "compressed": (
        lambda: Reply(gzip.compress(b"0" * 50_000_000), headers={"Content-Encoding": "gzip"}), [],
        {"failed": {"no answer of a model": 1}},
    ),
    "never": (lambda: Reply(b"", slow=60), [], {"failed": {"timed out": 1}, "retries": 1}),
    "429": (lambda: Reply(b"slower", 429), [], {"failed": {"too many requests": 1}, "retries": 2}),
    "429 for an hour": (
        lambda: Reply(b"", 429, {"Retry-After": "3600"}), [], {"failed": {"too many requests": 1}, "retries": 0}
    ),
    "500": (lambda: Reply(b"oops", 500), [], {"failed": {"server error": 1}, "retries": 2}),
    "redirect": (
        lambda: Reply(b"", 307, {"Location": "http://127.0.0.1:9/v1/chat/completions"}), [],
        {"failed": {"redirected": 1}, "retries": 0},
    ),
    "400": (lambda: Reply(b'{"error": {"message": "no"}}', 400), [], {"failed": {"refused": 1}, "retries": 0}),
    "401": (lambda: Reply(b"", 401), [], {"failed": {"key refused": 1}, "retries": 0}),
    "404": (lambda: Reply(b'{"detail": "no such model"}', 404), [], {"failed": {"refused": 1}, "retries": 0}),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_bad_answer_is_counted_and_nothing_without_its_words_is_made(case: str) -> None:
    reply, stands, counted = CASES[case]
    with serving(lambda _: reply()) as server:
        reader, [(found, claims)] = read(server.url, [article(case)], retries=2, timeout=0.3 if case == "never" else 5)
    assert credits_of(claims) == stands
    # What the built-in reader said is there whatever the model says or does not.
    assert [claim.value for claim in claims if claim.kind == "format"] == ["film"]
    assert all(found.words[claim.start : claim.end] == claim.quote for claim in claims)
    numbers = reader.tally.numbers(reader.settings, reader.purse)
    assert {name: numbers[name] for name in counted} == counted
    assert reader.failed == ("failed" in counted)
    told = "\n".join(reader.tally.lines(reader.settings, reader.purse))
    assert all(reason in told for reason in counted.get("failed", {}))


def test_all_of_them_in_one_run_lose_nothing(run: Run, tmp_path: Path, no_model: None) -> None:
    """Good answers stand between bad ones; every article is stored, and each failure is told on a line of its own."""
    left_out = {"401", "404"}  # these end the asking, rightly: nobody would be let in
    names = [name for case in CASES if case not in left_out for name in (f"before {case}", case)]
    files = tmp_path / "articles"
    files.mkdir()
    for n, name in enumerate(names):
        record = {"id": name, "title": f"Item {n}", "text": f"{WORDS} Case: {name}.", "published": "2026-03-01"}
        (files / f"{n:03}.json").write_text(json.dumps(record), "utf-8")

    def answer(question: Question) -> Reply:
        name = question.words.rpartition("Case: ")[2].rstrip(".")
        return says([GOOD]) if name.startswith("before ") else CASES[name][0]()

    with serving(answer) as server:
        ran = run(
            "--db", tmp_path / "slate.db", "add", files, "--json", "--llm", server.url, "--model", "test",
            "--llm-timeout", "2", "--llm-workers", "1",
        )  # fmt: skip
    assert ran.code == 1
    [numbers] = ran.lines
    assert numbers["new"] == len(names)
    assert numbers["unreadable"] == 0
    llm: Any = numbers["llm"]
    expected: dict[str, int] = {}
    for name in CASES:
        for reason, count in CASES[name][2].get("failed", {}).items() if name not in left_out else ():
            expected[reason] = expected.get(reason, 0) + count
    assert llm["failed"] == expected
    for reason in expected:
        assert f"read by the built-in reader alone: {reason}: " in ran.err
    with closing(open_store(tmp_path / "slate.db")) as db:
        rows = db.execute(
            "SELECT c.quote, c.start, c.end, c.maker, a.title || char(10, 10) || a.text AS words FROM claims c "
            "JOIN articles a ON a.id = c.article"
        ).fetchall()
    assert sum(row["maker"] == "test" for row in rows) == sum(bool(CASES[n][1]) for n in CASES) + len(names) // 2
    assert all(row["words"][row["start"] : row["end"]] == row["quote"] for row in rows)


def test_a_server_that_is_gone_is_not_asked_for_ever() -> None:
    """After some failures in a row the rest is left to the built-in reader, and nothing of it is lost."""
    articles = [article(str(n)) for n in range(40)]
    with serving(lambda _: Reply(b"", 503)) as server:
        reader, found = read(server.url, articles, retries=1, workers=2)
        asked = len(server.asked)
    assert [one.id for one, _ in found] == [one.id for one in articles]
    assert asked < 20
    assert reader.tally.failed.total() == 40
    assert "not asked any more" in reader.tally.told["given up"]


def test_nobody_listens() -> None:
    reader, [(_, claims)] = read("http://127.0.0.1:9/v1", [article("a")], retries=1)
    assert reader.tally.failed == {"no connection": 1}
    assert [claim.kind for claim in claims] == ["format"]


def test_a_server_that_recovers_is_asked_again() -> None:
    replies = iter([Reply(b"", 500), Reply(b"", 429, {"Retry-After": "0"}), says([GOOD])])
    with serving(lambda _: next(replies)) as server:
        reader, [(_, claims)] = read(server.url, [article("a")])
    assert credits_of(claims) == ["Ines Marrow"]
    assert reader.tally.retries == 2
    assert not reader.failed


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_retry_after_is_kept_to(form: str) -> None:
    """By every thread: nobody asks before the time that the server has named."""
    first = threading.Event()
    times: list[float] = []

    def answer(_: Question) -> Reply:
        times.append(time.time())
        if first.is_set():
            return says([GOOD])
        first.set()
        wait = "1" if form == "seconds" else email.utils.formatdate(time.time() + 2, usegmt=True)
        return Reply(b"", 429, {"Retry-After": wait})

    with serving(answer) as server:
        reader, found = read(server.url, [article(str(n)) for n in range(2)], workers=1)
    assert [credits_of(claims) for _, claims in found] == [["Ines Marrow"]] * 2
    assert times[1] - times[0] >= 0.9
    assert reader.tally.retries == 1


def test_a_redirect_is_not_followed_and_gets_no_key() -> None:
    with serving(lambda _: says([GOOD])) as other:
        target = Reply(b"", 308, {"Location": f"{other.url}/chat/completions"})
        with serving(lambda _: target) as server, CarefulReader(settings(server.url), key="k", find=built_in) as reader:
            claims = reader.claims(article("a"))
            assert server.asked[0].headers["Authorization"] == "Bearer k"
        assert other.asked == []
    assert credits_of(claims) == []
    assert "name its last address" in reader.tally.told["redirected"]


def test_a_key_that_a_server_repeats_is_not_told() -> None:
    def answer(question: Question) -> Reply:
        return Reply(json.dumps({"error": question.headers["Authorization"]}).encode(), 401)

    with (
        serving(answer) as server,
        CarefulReader(settings(server.url), key="sk-very-secret", find=built_in) as reader,
    ):
        reader.claims(article("a"))
    assert "sk-very-secret" not in "\n".join(reader.tally.lines(reader.settings, reader.purse))
    assert "***" in reader.tally.told["key refused"]


def test_headers_that_come_by_the_byte_end_with_the_time_out() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            line, _ = listening.accept()
            with line:
                line.recv(100_000)
                for byte in b"HTTP/1.1 200 OK\r\n" + b"X-Slow: 1\r\n" * 100:
                    try:
                        line.send(bytes([byte]))
                    except OSError:
                        return
                    time.sleep(0.05)

        threading.Thread(target=drip, daemon=True).start()
        began = time.monotonic()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
        reader, _ = read(url, [article("a")], timeout=0.5, retries=0)
    assert reader.tally.failed == {"timed out": 1}
    assert time.monotonic() - began < 5


def test_a_server_is_asked_the_way_it_knows() -> None:
    """What it refuses (schemas, a limit by its old name, a temperature) is left out, and not tried again."""

    def answer(question: Question) -> Reply:
        body = question.body
        if "temperature" in body:
            return Reply(b'{"error": {"message": "temperature does not support 0"}}', 400)
        if "max_tokens" in body:
            return Reply(b'{"error": {"message": "use max_completion_tokens instead"}}', 400)
        if body.get("response_format", {}).get("type") == "json_schema":
            # llama-cpp-python calls this a failure of its own.
            return Reply(b'{"error": {"message": "validation error: response_format"}}', 500)
        return says([GOOD])

    with serving(answer) as server:
        reader, found = read(server.url, [article("a"), article("b")], workers=1)
        bodies = [question.body for question in server.asked]
    assert [credits_of(claims) for _, claims in found] == [["Ines Marrow"]] * 2
    assert len(bodies) == 5
    assert bodies[0]["response_format"]["json_schema"]["strict"] is True
    assert bodies[-1]["response_format"]["type"] == "json_object"
    assert "schema" in bodies[-1]["response_format"]
    assert not reader.failed


def test_an_article_too_long_for_the_model_changes_nothing_for_the_others() -> None:
    def answer(question: Question) -> Reply:
        if "Case: long" in question.words:
            return Reply(b'{"error": {"message": "the context length is exceeded"}}', 400)
        return says([GOOD])

    with serving(answer) as server:
        reader, _ = read(server.url, [article("a", "Case: long"), article("b")], workers=1)
        assert [q.body["response_format"]["type"] for q in server.asked] == ["json_schema", "json_schema"]
    assert reader.tally.failed == {"refused": 1}


def test_so_many_at_once_and_no_more() -> None:
    articles = [article(str(n)) for n in range(12)]
    with serving(lambda _: Reply(says([GOOD]).body, slow=0.2)) as server:
        _, found = read(server.url, articles, workers=3)
        assert server.most_at_once == 3
    assert [one.id for one, _ in found] == [one.id for one in articles]


def test_so_many_a_minute_and_no_more() -> None:
    with serving(lambda _: says([GOOD])) as server:
        reader = CarefulReader(settings(server.url, per_minute=3), find=built_in)
        reader._pace._minute = 0.6
        began = time.monotonic()
        with reader:
            assert len(list(reader.read([article(str(n)) for n in range(7)]))) == 7
        assert time.monotonic() - began >= 1.2


def test_so_many_tokens_a_minute_and_no_more() -> None:
    size = 5000
    with serving(lambda _: says([GOOD])) as server:
        reader = CarefulReader(settings(server.url, tokens_per_minute=size), find=built_in)
        reader._pace._minute = 0.4
        began = time.monotonic()
        with reader:
            assert len(list(reader.read([article(str(n)) for n in range(3)]))) == 3
        assert time.monotonic() - began >= 0.8


@pytest.mark.parametrize("money", [True, False])
def test_the_budget_is_never_overrun(money: bool) -> None:
    """Questions under way are counted at what they may cost at most; what does not fit is not asked, and told."""
    cap: dict[str, Any] = {"budget": 0.02, "price_in": 1.0, "price_out": 1.0} if money else {"token_budget": 20_000}
    with serving(lambda _: Reply(says([GOOD]).body, slow=0.01)) as server:
        reader, found = read(server.url, [article(str(n)) for n in range(30)], workers=8, max_tokens=2000, **cap)
        asked = len(server.asked)
    assert len(found) == 30
    assert 0 < asked < 30
    assert reader.tally.failed == {"over the budget": 30 - asked}
    assert reader.purse.tokens_in + reader.purse.tokens_out <= 20_000
    assert "raise --llm-budget" in reader.tally.told["over the budget"]


def test_room_for_a_question_comes_free_when_others_are_done() -> None:
    purse = Purse(settings("http://127.0.0.1:9", token_budget=100))
    first = purse.set_aside(50, 40)
    assert first is not None
    second: list[object] = []
    thread = threading.Thread(target=lambda: second.append(purse.set_aside(30, 30)), daemon=True)
    thread.start()
    time.sleep(0.05)
    assert second == []
    purse.spend(20, 10)
    purse.give_back(first)
    thread.join(5)
    assert second[0] is not None
    # What would not fit if nothing else were under way is not waited for.
    assert purse.set_aside(40, 40) is None


def test_an_answer_is_paid_for_once() -> None:
    """Also where the run was stopped in its midst: the next one asks only what is missing."""
    articles = [article(str(n)) for n in range(8)]
    with serving(lambda _: says([GOOD])) as server:
        with CarefulReader(settings(server.url, workers=1), find=built_in) as reader:
            stopped: Iterator[Any] = reader.read(articles)
            next(stopped)
            next(stopped)
            assert wait_for(lambda: reader.tally.asked >= 2)
        answered = reader.tally.asked
        assert wait_for(lambda: not [t for t in threading.enumerate() if "_serve" in t.name])
        answered = max(answered, reader.tally.asked)
        asked = len(server.asked)
        again, found = read(server.url, articles, workers=1)
        assert len(found) == 8
        assert again.tally.kept == answered
        assert len(server.asked) == asked + 8 - answered
        third, whole = read(server.url, articles)
        assert third.tally.asked == 0
        assert third.purse.tokens_in == 0
        assert whole == found
        # Another model, or another version of the article, is another question.
        read(server.url, articles[:1], model="another")
        read(server.url, [article("0", "Corrected.")])
        assert len(server.asked) == asked + 8 - answered + 2


def test_a_kept_answer_that_was_damaged_is_asked_for_again(tmp_path: Path) -> None:
    with serving(lambda _: says([GOOD])) as server:
        read(server.url, [article("a")])
        [file] = (tmp_path / "answers").rglob("*.json")
        file.write_bytes(b'{"text": ')
        reader, [(_, claims)] = read(server.url, [article("a")])
    assert reader.tally.asked == 1
    assert credits_of(claims) == ["Ines Marrow"]


def test_answers_that_cannot_be_kept_are_used_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "answers").write_text("a file where the folder should be")
    with serving(lambda _: says([GOOD])) as server:
        reader, [(_, claims)] = read(server.url, [article("a")])
    assert credits_of(claims) == ["Ines Marrow"]
    assert reader.answers.broken is not None


def test_closing_lets_waiting_threads_go() -> None:
    with serving(lambda _: Reply(b"", 503, {"Retry-After": "200"})) as server:
        reader = CarefulReader(settings(server.url), find=built_in)
        job = reader._begin(article("a"))
        assert wait_for(lambda: len(server.asked) == 1)
        reader.close()
        assert job.done.wait(5)
    assert reader.tally.failed == {"given up": 1}


@pytest.mark.parametrize(
    ("given", "leads"),
    [
        ("http://h:1", "http://h:1/v1/chat/completions"),
        ("http://h:1/", "http://h:1/v1/chat/completions"),
        ("http://h:1/v1", "http://h:1/v1/chat/completions"),
        ("https://h/api/v1/", "https://h/api/v1/chat/completions"),
        ("https://h/x/chat/completions?version=1", "https://h/x/chat/completions?version=1"),
    ],
)
def test_where_questions_go(given: str, leads: str) -> None:
    assert endpoint(given) == leads


def test_an_answer_may_be_as_long_as_the_longest_and_no_longer() -> None:
    frame = len(chat("").body)
    with serving(lambda _: chat("x" * (LONGEST - frame))) as server:
        assert read(server.url, [article("a")])[0].tally.failed == {"no JSON": 1}
    with serving(lambda _: chat("x" * (LONGEST - frame + 1))) as server:
        assert read(server.url, [article("b")])[0].tally.failed == {"too long": 1}


def test_tokens_are_guessed_where_the_server_does_not_count() -> None:
    body = json.loads(says([GOOD]).body)
    del body["usage"]
    with serving(lambda _: Reply(json.dumps(body).encode())) as server:
        reader, _ = read(server.url, [article("a")])
        size = tokens_of(server.asked[0].body["messages"])
    assert reader.purse.tokens_in == size
    assert reader.purse.tokens_out > 20
