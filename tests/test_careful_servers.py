"""Servers that answer badly, slowly or not at all: no run is lost, each case is counted, nothing is made up."""

from __future__ import annotations

import email.utils
import gzip
import json
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from careful_makers import GOOD, WORDS, article, built_in, credits_of, read, settings
from conftest import Run
from model_servers import Question, Reply, chat, says, serving, wait_for

from slatewatch.careful.reader import CarefulReader
from slatewatch.careful.server import LONGEST, endpoint, tokens_of
from slatewatch.store import open_store

pytestmark = pytest.mark.usefixtures("alone")


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
