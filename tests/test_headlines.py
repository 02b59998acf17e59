"""Titles that run on in a headline end where the body ends them."""

from __future__ import annotations

import pytest
from claim_makers import placed

from slatewatch.claims.entities import run_on_cut
from slatewatch.claims.words import read_words


@pytest.mark.parametrize(
    ("headline", "tagged", "body", "body_type", "left"),
    [
        ("Deep Water Finds Its Lead", "Deep Water Finds Its", "Deep Water", "PROJECT", "Deep Water"),
        ("Deep Water Finds Its Lead", "Deep Water Finds Its", "Deep Water : A Life", "WORK", "Deep Water"),
        ("Lantern Adds Four", "Lantern Adds", "Lantern", "PROJECT", "Lantern"),
        ("Lantern Adds Four", "Lantern Adds", "Lantern", "WORK", "Lantern Adds"),
        ("Deep Water Two Is Coming", "Deep Water Two", "Deep Water", "WORK", "Deep Water Two"),
        ("Deep Water 2 Is Coming", "Deep Water 2", "Deep Water", "WORK", "Deep Water 2"),
        ("“Deep Water Rising” Lands", "Deep Water Rising", "Deep Water", "PROJECT", "Deep Water Rising"),
        ("Deep Water Rising Lands", "Deep Water Rising", "Cold Comfort", "PROJECT", "Deep Water Rising"),
    ],
)
def test_what_the_body_names_ends_a_title_of_the_headline(
    headline: str, tagged: str, body: str, body_type: str, left: str
) -> None:
    words = read_words(f"{headline}\n\nThe next film of the studio is {body}, which shoots in May.", len(headline))
    title = placed(words, tagged, "PROJECT")
    other = placed(words, body, body_type, after=words.paragraph.index(1))
    cut, same = run_on_cut(words, [title, other])
    assert " ".join(words.tokens[cut.first : cut.last]) == left
    assert same == other
