"""What is no article, and pages made to break a reader: whatever the bytes, an article or a reason."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from page_makers import PROSE, read, refusal

from slatewatch.errors import UnreadablePage
from slatewatch.hints import MOST_QUOTED
from slatewatch.language import other_language

# What is no article.


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"), (b" \n\t ", "empty"), (b"\xef\xbb\xbf", "empty"), (bytes(range(256)) * 40, "binary"),
        (b"%PDF-1.4 text", "a PDF"), (b"\x89PNG\r\n", "an image"), (b"PK\x03\x04", "zip"),
        (b"<html><body></body></html>", "no text"),
        (b"<html><head><title>x</title></head></html>", "no text"), (b"<!-- nothing -->", "no text"),
    ],
)  # fmt: skip
def test_pages_without_an_article(body: bytes, reason: str) -> None:
    assert reason in refusal(body)


FOREIGN = {
    "German": "Die Regisseurin wird im Sommer einen neuen Film drehen, der auf dem Roman von Hanne Birkeland beruht, "
    "und sie hat auch das Drehbuch für die Serie geschrieben.",
    "French": "La réalisatrice tournera son prochain film à Lyon avec une actrice qui joue dans la série de la chaîne, "
    "et le scénario est tiré du roman de Hanne Birkeland.",
    "Spanish": "La directora rodará en mayo su próxima película en Lisboa con el actor que protagonizó la serie de la "
    "cadena, y el guion se basa en una novela de Hanne Birkeland.",
    "Cyrillic": "Режиссёр снимет новый фильм летом в Лиссабоне с актрисой, которая сыграла в сериале.",
    "Chinese": "导演将于夏天在里斯本拍摄一部新电影，剧本改编自一部小说。",
}


@pytest.mark.parametrize("language", FOREIGN)
def test_other_languages_are_named_and_refused(language: str) -> None:
    for name in ("page.txt", "page.html"):
        text = FOREIGN[language]
        message = refusal(f"<p>{text}</p><p>{text}</p>" if name.endswith("html") else text, name)
        assert language in message
        assert "only English" in message


def test_english_with_foreign_names_is_english() -> None:
    names = "La Maison de la Mer, El Huerto de las Estrellas, Der Himmel und die See, Il Giardino di Roma"
    assert other_language(f"Marlow made {names} before she was asked to direct the film for QTV.") is None
    for path in sorted((ROOT / "gold" / "train").glob("*.json")):
        assert other_language(json.loads(path.read_text("utf-8"))["text"]) is None


# Hostile pages.


def times(part: str, size: int) -> str:
    return part * (size // len(part))


HOSTILE: dict[str, Callable[[], str]] = {
    "nested": lambda: times("<div>", 19_000_000),
    "nested lists": lambda: times("<ul><li>", 2_000_000),
    "unclosed cells": lambda: times("<dd><li>", 2_000_000),
    "open comments": lambda: times("<!-- ", 2_000_000),
    "open scripts": lambda: times("<script>", 2_000_000),
    "open pictures": lambda: times("<svg ", 2_000_000),
    "brackets": lambda: times("<", 300_000),
    "attributes": lambda: f"<p {times('a1 b2 ', 2_000_000)}>{PROSE}",
    "a long class": lambda: f'<p class="{times("share ", 4_000)}x">{PROSE}',
    "white space": lambda: f"<p>{PROSE}{times(' ', 2_000_000)}</p>",
    "data": lambda: f'<script type="application/ld+json">{times("[", 200_000)}</script><p>{PROSE}',
    "numbers": lambda: times("&#1;&#xD800;&#x110000;", 200_000),
    "quotes": lambda: times('“a ‘b "', 300_000),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_pages_are_read_or_refused_in_seconds(case: str) -> None:
    body = HOSTILE[case]()
    start = time.process_time()
    with suppress(UnreadablePage):
        article = read(body)
        assert "\0" not in article.words
        article.words.encode("utf-8")
    assert time.process_time() - start < 5


def test_marks_of_a_hostile_text_are_bounded() -> None:
    assert len(read(times('"a" ', 2_000_000), "page.txt").hints) == MOST_QUOTED


def test_nesting_beyond_reason_is_said_so() -> None:
    assert "nested" in refusal(times("<b>", 100_000))
    assert read("<div>" * 150 + f"<p>{PROSE}</p>").text == PROSE


def test_a_hundred_megabytes_of_nested_tags(tmp_path: Path) -> None:
    path = tmp_path / "deep.html"
    with path.open("wb") as file:
        for _ in range(20):
            file.write(b"<div>" * 1_000_000)
    code = (
        "import re, sys\nfrom slatewatch import read_article, read_pages\n"
        "for page in read_pages(sys.argv[1]):\n    try:\n        read_article(page)\n"
        "    except Exception as error:\n        print(type(error).__name__)\n"
        "print(int(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1]) // 1024)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True, timeout=20
    )
    error, megabytes = ran.stdout.split()
    assert error == "UnreadablePage"
    assert int(megabytes) < 200


TAGS = st.sampled_from([
    "<p>", "</p>", "<br>", "<i>", "</i>", "<a href='x'>", "</a>", "<table><tr><td>", "</table>", "<!--", "-->", "<h1>",
    "</h1>", "<script>", "</script>", "<script type='application/ld+json'>",
    '{"@type": "NewsArticle", "headline": ["x"]}',
    "<time datetime='2015-01-01'>", "<title>", "</title>", "<meta charset='utf-16'>", "<meta name='date' content='1'>",
    "&amp;", "&#0;", "&#xD800;", "<svg>", "<ul><li>", "<link rel='canonical' href='http://[x'>", "<div class='share'>",
    "<![CDATA[",
    "<?xml?>", PROSE, "Source: Deadline", "\0", "\ud800", "\u2028", "“", "<html lang='x'>", "<frameset>",
    "<p style='font-style:italic'>",
])  # fmt: skip
MARKUP = st.lists(st.one_of(TAGS, st.text(max_size=8)), max_size=30).map("".join)


@settings(max_examples=60)
@given(st.one_of(st.binary(max_size=600), MARKUP.map(lambda text: text.encode("utf-8", "surrogatepass"))))
def test_no_bytes_raise_anything_else(body: bytes) -> None:
    for name in ("page.html", "page.txt", "page.json", "-"):
        with suppress(UnreadablePage):
            article = read(body, name)
            assert article.words[: len(article.title)] == article.title
            assert all(0 <= hint.start < hint.end <= len(article.words) for hint in article.hints)
            article.words.encode("utf-8")
