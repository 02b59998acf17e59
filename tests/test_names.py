"""Names and titles: what is the same, what is not, and that folding is steady."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewatch.names import (
    SAME,
    canonical,
    company_key,
    compare_companies,
    compare_people,
    compare_titles,
    fold,
    fullest,
    part_number,
    person_key,
    telling_words,
    title_key,
)


@given(st.text())
def test_folding_a_folded_name_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(min_size=1), st.text(min_size=1))
def test_likeness_goes_both_ways(a: str, b: str) -> None:
    for compare in (compare_people, compare_companies, compare_titles):
        assert compare(a, b) == compare(b, a)
        assert 0 <= compare(a, b).score <= 1


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("The Émigré’s Tale", "emigres tale"),
        ("Salt & Ash", "salt and ash"),
        ("A", "a"),
        ("$", "$"),
        ("Ørsted", "ørsted"),
    ],
)
def test_fold(written: str, folded: str) -> None:
    assert fold(written) == folded


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("J.J. Marrow", "J. J. Marrow"),
        ("JJ Marrow", "J.J. Marrow"),
        ("Zoë Quill", "Zoe Quill"),
        ("Rob Quill", "Robert Quill"),
        ("Ines Ada Marrow", "Ines Marrow"),
        ("Marrow", "Ines Marrow"),
        ("Jonathon Quill", "Jonathan Quill"),
    ],
)
def test_one_person(a: str, b: str) -> None:
    assert compare_people(a, b).score >= SAME


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Avi Quill", "Yariv Quill"),
        ("Mark Quill", "Dorothy Quill"),
        ("Joel Quill", "Ethan Quill"),
        ("Adam Quill", "Aaron Quill"),
        ("Ines B. Marrow", "Ines C. Marrow"),
        ("Ines Marrow", "Ines Barrow"),
        ("Otto Quill Jr.", "Otto Quill"),
    ],
)
def test_a_shared_surname_makes_nobody_one(a: str, b: str) -> None:
    assert compare_people(a, b).score < SAME


@pytest.mark.parametrize(
    ("a", "b", "one"),
    [
        ("Lantern Yard Films", "Lantern Yard Media", True),
        ("Lantern Yard", "Lantern Yard Pictures", True),
        ("Fox", "20th Century Fox", True),
        ("Sony", "Sony Pictures", True),
        ("Lantern Films", "Lantern Television", False),
        ("Sony Pictures", "Sony Pictures Television", False),
        ("Lantern Yard", "Harbour Yard", False),
        ("Paramount", "Paramount+", False),
        ("Lantern TV", "Lantern Television", True),
        ("Fox", "Fox Searchlight", False),
    ],
)
def test_companies(a: str, b: str, one: bool) -> None:
    assert (compare_companies(a, b).score >= 0.7) is one


@pytest.mark.parametrize(
    ("a", "b", "low", "high"),
    [
        ("The Harbour", "Harbour", 1.0, 1.0),
        ("Spider-Moth", "Spidermoth", 1.0, 1.0),
        ("Q", "Q: The Last Clerk", 0.6, 0.6),
        ("Harbour 2", "Harbour", 0.0, 0.0),
        ("Harbour: Part Two", "Harbour", 0.0, 0.0),
        ("Harbour", "Lantern", 0.0, 0.0),
        ("untitled Ada Quill biopic", "untitled Quill film", 0.5, 0.5),
        ("untitled Quill film", "untitled Marrow film", 0.2, 0.2),
        ("untitled Harbour sequel", "Harbour", 0.0, 0.0),
        ("untitled Harbour sequel", "Harbour 2", 0.6, 0.6),
        ("Signals of Winter", "Signals of Wintr", 0.7, 0.7),
        ("Station 1989", "Station 1990", 0.0, 0.0),
    ],
)
def test_titles(a: str, b: str, low: float, high: float) -> None:
    assert low <= compare_titles(a, b).score <= high


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("Harbour", 1),
        ("Harbour 2", 2),
        ("Harbour II", 2),
        ("Harbour: Part Three", 3),
        ("Blade 2049", 1),
        ("Seven", 1),
        ("Harbour 3: Dusk", 3),
    ],
)
def test_part_number(title: str, number: int) -> None:
    assert part_number(title) == number


def test_telling_words_leave_out_what_any_untitled_project_is_called() -> None:
    assert telling_words("untitled Ada Quill sci-fi movie") == {"ada", "quill"}


def test_the_fullest_form_wins_over_the_latest_that_says_less() -> None:
    assert fullest([("2020-01-01", "Sony Pictures"), ("2021-01-01", "Sony")]) == "Sony Pictures"
    assert fullest([("2020-01-01", "Lantern Films"), ("2021-01-01", "Lantern Media")]) == "Lantern Media"


def test_canonical_follows_chains() -> None:
    same = canonical([("b", "c"), ("a", "b"), ("x", "y")])
    assert same == {"a": "a", "b": "a", "c": "a", "x": "x", "y": "x"}


def test_keys() -> None:
    assert person_key("J. J. Marrow") == person_key("JJ Marrow") == "jj marrow"
    assert company_key("Fox") == company_key("20th Century Fox")
    assert title_key("The Spider-Moth") == title_key("Spider Moth")
