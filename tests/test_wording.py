"""What an article's words say by themselves."""

from __future__ import annotations

import math

import pytest

from slatewatch.claims.wording import Wording, terms_of
from slatewatch.claims.words import tokenize


def tokens(text: str) -> list[str]:
    return [token for token, _, _ in tokenize(text)]


def test_words_and_neighbours_are_counted_whatever_their_case_and_digits() -> None:
    assert terms_of(tokens("Box office: $26.5M!")) == ["box", "office", "00", "0m", "box office", "office 00", "00 0m"]


def test_an_article_is_weighed_at_unit_length() -> None:
    wording = Wording(-0.5, {"box": (2.0, -3.0), "office": (1.0, 1.0)})
    two, one = 2.0 * (1 + math.log(2)), 1.0
    said = (two * -3.0 + one * 1.0) / math.hypot(two, one)
    assert wording.log_odds(["Box", "Office", "box", "elsewhere"]) == pytest.approx(said - 0.5)


def test_words_that_nothing_is_known_of_say_nothing() -> None:
    assert Wording(-0.5, {"box": (2.0, -3.0)}).log_odds(["elsewhere"]) == -0.5
    assert Wording(0.5, {}).log_odds([]) == 0.5
