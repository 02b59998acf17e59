"""What may reach a terminal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewatch.terminal import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain words", "plain words"),
        ("red \x1b[31malert\x1b[0m", "red [31malert [0m"),
        ("two\r\nlines\tand a tab", "two lines and a tab"),
        ("eight-bit \x9b31m", "eight-bit 31m"),
        ("turned \u202eround", "turned round"),
        ("soft\u00adhyphen", "softhyphen"),
        ("half \ud83d", "half \ufffd"),
        ("line\u2028separator", "line separator"),
    ],
)
def test_commands_to_the_terminal_do_not_pass(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_long_text_is_cut() -> None:
    assert printable("one two three", limit=8) == "one two…"
    assert printable("one two", limit=7) == "one two"


@given(st.text(alphabet=st.characters()))
def test_nothing_unseen_is_left(text: str) -> None:
    shown = printable(text)
    assert not {unicodedata.category(c) for c in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert printable(shown) == shown
