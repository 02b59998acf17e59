"""Encodings: named, unnamed, named wrongly, broken."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from page_makers import html, read

from slatewatch.articles import read_article
from slatewatch.decoding import decoded
from slatewatch.errors import UnreadablePage
from slatewatch.model import Page


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_encodings_that_nobody_names(encoding: str) -> None:
    page = html("<p>The café owner is played by Zoë Ångström, “the best there is”.</p>")
    article = read(page.encode(encoding))
    assert "The café owner is played by Zoë Ångström, “the best there is”." in article.text


@pytest.mark.parametrize(
    ("head", "media_type", "encoding"),
    [
        ('<meta charset="iso-8859-2">', None, "iso-8859-2"), ("", "text/html; charset=windows-1250", "cp1250"),
        ('<meta charset="utf-8">', 'text/html; charset="iso-8859-2"', "iso-8859-2"),
        ('<meta charset="no-such-thing">', None, "utf-8"), ('<meta charset="iso-8859-1">', None, "utf-8"),
        ('<meta charset="utf-8">', None, "cp1252"),
    ],
)  # fmt: skip
def test_encodings_that_are_named_rightly_or_wrongly(head: str, media_type: str | None, encoding: str) -> None:
    word = "Łódź" if encoding in ("iso-8859-2", "cp1250") else "Zoë"
    page = Page(name="a.html", body=html(f"<p>Filming begins in {word} in May.</p>", head).encode(encoding),
                media_type=media_type)  # fmt: skip
    assert f"Filming begins in {word} in May." in read_article(page).text


def test_a_broken_encoding_costs_only_its_letters() -> None:
    body = html("<p>The café is in Łódź, “and it is wet”.</p>").encode().replace("“".encode(), b"\xe2\x80")
    assert "The café is in Łódź, \ufffdand it is wet”." in read(body).text


@given(st.binary(max_size=400))
def test_decoding_lets_no_nul_and_no_half_character_pass(body: bytes) -> None:
    with suppress(UnreadablePage):
        text = decoded(body)
        text.encode("utf-8")
        assert "\0" not in text
