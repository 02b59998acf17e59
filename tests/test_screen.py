"""The screen: hyperscan and `re` decide the same, and the score is what it says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warc_makers import news, other

from slatewatch.screen import (
    best,
    by_expressions,
    by_finding,
    by_hyperscan,
    other_language_said,
    passes_as_article,
    passes_as_bytes,
    passes_as_text,
    score,
    score_near,
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


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_both_ways_find_the_same_between_spaces(text: str) -> None:
    body = text.encode()
    assert by_hyperscan(PHRASES, spaced=True)(body) == by_finding(PHRASES)(body)


def test_phrases_between_spaces_may_share_one() -> None:
    assert by_hyperscan(PHRASES, spaced=True)(b"<p>in talks talks to direct a") == [(12, 2), (18, 2), (28, 0), (28, 1)]
    assert by_hyperscan(PHRASES, spaced=True)(b"<p>talks. (direct) script=") == []


@pytest.mark.parametrize("form", ["bytes", "text"])
def test_both_ways_find_the_same_phrases_of_the_screen(form: Literal["bytes", "text"], root: Path) -> None:
    phrases, spaced = tuple(sieve(form).phrases), form == "bytes"
    fast, slow = by_hyperscan(phrases, spaced=spaced), (by_finding if spaced else by_expressions)(phrases)
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
    assert best(hits, (5, 7, 20), 100) == (27, 510)
    assert best(hits, (5, 7, 20), 100, least=32) == (27, 510)
    assert best(hits, (5, 7, 20), 100, least=33) == (0, 0)


def test_words_are_scored_without_the_markup_between_them() -> None:
    news_ = "<p>Ines Marlow is in talks to direct the film from a screenplay by <a href=/x>Joel Brandt</a>, producer. "
    tags = "<div class='" + "x" * 300 + "'>"
    assert score_near((news_ + tags * 8 + news_).encode(), 500) >= score_near(news_.encode(), 100) > 0
    assert score_near(b"<" * 20_000, 10_000) == 0


def test_news_passes_and_other_pages_do_not() -> None:
    assert all(passes_as_bytes(news(n)) for n in range(6))
    assert not passes_as_bytes(other(1))
    assert not passes_as_text("How to water herbs. Let the soil dry.")


@pytest.mark.parametrize(("tag", "other_"), [
    ("<html lang=de>", True), ('<HTML class="x" lang="pt-BR">', True), ("<html lang='fr'>", True),
    ("<html lang=en>", False), ('<html lang="en-GB">', False), ("<html lang=''>", False), ("<html>", False),
    ("<html lang=und>", False), ("<p lang=de>", False), ("<html xml:lang=de>", False), ("<html lang=d", False),
])  # fmt: skip
def test_a_page_is_believed_which_language_it_is_in(tag: str, other_: bool) -> None:
    page = news(0).replace(b"<html lang=en>", tag.encode())
    assert (other_language_said(page) is not None) is other_
    assert passes_as_bytes(page) is not other_


def test_labelled_articles_pass(root: Path) -> None:
    gold = [json.loads(path.read_text("utf-8")) for path in sorted((root / "gold/train").glob("*.json"))]
    held = [one for one in gold if one["claims"]]
    passed = [passes_as_article(f"{one['title']}\n\n{one['text']}") for one in held]
    assert sum(passed) / len(passed) >= 0.98


def test_an_article_that_comes_to_it_late_does_not_pass() -> None:
    said = re.sub(r"<[^<>]*>", " ", news(0).decode())
    late = "How to water herbs. " * 200 + said
    assert passes_as_text(late)
    assert not passes_as_article(late)
    assert passes_as_article(said + "How to water herbs. " * 200)
