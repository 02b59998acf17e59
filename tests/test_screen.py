"""The screen: hyperscan and `re` decide the same, and the score is what it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warc_makers import news, other

from slatewatch.screen import (
    by_expressions,
    by_hyperscan,
    passes_as_article,
    passes_as_bytes,
    passes_as_text,
    score,
    sieve,
)

PHRASES = ("to direct", "direct", "talks", "in talks", "half-hour", "script")
PIECES = [*PHRASES, " ", "\n", "<", ">", "script>", "<script", "é", "\x00", "-", "=", ".", "TO Direct", "talks talks"]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_both_ways_find_the_same(text: str) -> None:
    body = text.encode()
    assert by_hyperscan(PHRASES)(body) == by_expressions(PHRASES)(body)


@given(st.binary(max_size=200))
def test_both_ways_find_the_same_in_any_bytes(body: bytes) -> None:
    body = b" talks " + body + b" to direct "
    assert by_hyperscan(PHRASES)(body) == by_expressions(PHRASES)(body)


@pytest.mark.parametrize("form", ["bytes", "text"])
def test_both_ways_find_the_same_phrases_of_the_screen(form: Literal["bytes", "text"], root: Path) -> None:
    phrases = tuple(sieve(form).phrases)
    fast, slow = by_hyperscan(phrases), by_expressions(phrases)
    for body in (news(0), other(0), (root / "slatewatch/demo/escaping-north-korea.html").read_bytes()):
        assert fast(body) == slow(body)
    assert fast(news(0))


@pytest.mark.parametrize(("text", "found"), [
    ("the script by", True), ("<script by", False), ("</script>", False), ("script", False), (">Script<", True),
    ("“script”", True), ("x.script=", False), ("prescript ", False),
])  # fmt: skip
def test_marks_of_tags_are_no_phrases(text: str, found: bool) -> None:
    assert bool(by_hyperscan(["script"])(text.encode())) is found


def test_the_score_is_that_of_the_best_window_and_counts_a_phrase_once() -> None:
    hits = [(10, 0), (20, 0), (30, 1), (500, 2), (510, 1)]
    assert score(hits, (5, 7, 20), 100) == 27
    assert score(hits, (5, 7, 20), 10_000) == 32
    assert score([], (5, 7, 20), 100) == 0


def test_news_passes_and_other_pages_do_not() -> None:
    assert all(passes_as_bytes(news(n)) for n in range(6))
    assert not passes_as_bytes(other(1))
    assert not passes_as_text("How to water herbs. Let the soil dry.")


def test_labelled_articles_pass(root: Path) -> None:
    gold = [json.loads(path.read_text("utf-8")) for path in sorted((root / "gold/train").glob("*.json"))]
    held = [one for one in gold if one["claims"]]
    passed = [passes_as_article(f"{one['title']}\n\n{one['text']}") for one in held]
    assert sum(passed) / len(passed) >= 0.98


def test_an_article_that_comes_to_it_late_does_not_pass() -> None:
    late = (
        "How to water herbs. " * 200 + "Ines Marlow is in talks to direct a film from a screenplay by Joel Brandt. " * 3
    )
    assert passes_as_text(late)
    assert not passes_as_article(late)
