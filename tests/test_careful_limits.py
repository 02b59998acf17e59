"""What a run may ask of a server: so much at once, a minute and for the money, and nothing twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from careful_makers import GOOD, article, built_in, credits_of, read, settings
from model_servers import Reply, says, serving, wait_for

from slatewatch.careful.purse import Purse
from slatewatch.careful.reader import CarefulReader

pytestmark = pytest.mark.usefixtures("alone")


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
