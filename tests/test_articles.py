"""Pages to articles: title and text, what the page says of itself, hints; whatever the bytes."""

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

from slatewatch.articles import read_article, titled
from slatewatch.decoding import decoded
from slatewatch.errors import UnreadablePage
from slatewatch.language import other_language
from slatewatch.model import Article, Page
from slatewatch.residue import is_residue, is_source_line

PAGES = ROOT / "tests" / "pages"
PROSE = (
    "Ines Marlow is set to direct Undertow for Lantern Row Films, from a script by Joel Brandt. The film is based on"
    " the novel by Hanne Birkeland, and it is the first that she has taken on since her debut was released."
)


def read(
    body: bytes | str, name: str = "page.html", *, url: str | None = None, media_type: str | None = None
) -> Article:
    return read_article(Page(name=name, body=body.encode() if isinstance(body, str) else body, url=url,
                             media_type=media_type))  # fmt: skip


def refusal(body: bytes | str, name: str = "page.html") -> str:
    with pytest.raises(UnreadablePage) as caught:
        read(body, name)
    assert str(caught.value).startswith(f"{name}: ")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def marked(article: Article, kind: str) -> list[str]:
    return [article.words[hint.start : hint.end] for hint in article.hints if hint.kind == kind]


def html(body: str, head: str = "") -> str:
    return (
        f"<html><head>{head}</head><body><h1>Marlow Plans Undertow</h1><p>{PROSE}</p>{body}<p>{PROSE}</p></body></html>"
    )


# Plain text and JSON: letter for letter.


def test_plain_text_keeps_every_letter() -> None:
    text = "ines marlow\n\nIt\u00a0is  said:\tthe film\r\n\r\nSource: Deadline\n\nAll Posts\nLoading more posts..."
    article = read(f"Marlow Plans Undertow\n\n\n{text}", "x/000_marlow.txt")
    assert (article.id, article.title, article.text) == ("000_marlow", "Marlow Plans Undertow", text)


def test_the_seed_as_plain_text() -> None:
    seed = json.loads((ROOT / "gold" / "dev" / "seed.json").read_text("utf-8"))
    article = read(f"{seed['title']}\n\n\n{seed['text']}", "seed.txt")
    assert (article.title, article.text) == (seed["title"], seed["text"])


@pytest.mark.parametrize(
    ("text", "title", "rest"),
    [
        ("Marlow Plans Undertow\nIt is a film.", "Marlow Plans Undertow", "It is a film."),
        ("Will Marlow Direct?\n\nYes.", "Will Marlow Direct?", "Yes."),
        ("Marlow Joins Warner Bros.\n\nYes.", "Marlow Joins Warner Bros.", "Yes."),
        ("\ufeff\n Marlow Plans Undertow \r\n\r\nYes.", "Marlow Plans Undertow", "Yes."),
        ("It is a film.\n\nIt is a good one.", "", "It is a film.\n\nIt is a good one."),
        (f"{PROSE[:-1]}\n\nYes.", "", f"{PROSE[:-1]}\n\nYes."),
        ("One line alone", "", "One line alone"),
        ("* * *\n\nYes.", "", "* * *\n\nYes."),
    ],
)
def test_the_first_line_is_the_title_if_it_looks_like_one(text: str, title: str, rest: str) -> None:
    article = read(text, "a.txt")
    assert (article.title, article.text) == (title, rest)


@given(st.text(max_size=300))
def test_a_title_takes_nothing_from_the_text(text: str) -> None:
    title, rest = titled(text)
    assert text.endswith(rest)
    assert text[: len(text) - len(rest)].strip("\ufeff \t\r\n") == title or not title


def test_json_is_taken_as_it_is() -> None:
    record = {
        "id": "e01", "title": "Marlow ‘Plans’", "text": " Text\r\n it \u00a0is ", "outlet": "Reel Courier",
        "url": "https://reelcourier.example/1", "author": "Rosa Stroud", "published": "2014-02-04",
        "modified": "2014-02-05", "claims": [{"kind": "nonsense"}],
    }  # fmt: skip
    article = read(json.dumps(record), "other.json")
    assert {name: getattr(article, name) for name in record if name != "claims"} == {
        name: value for name, value in record.items() if name != "claims"
    }
    assert marked(article, "quoted") == ["Plans"]


def test_json_without_an_id_is_called_after_its_file() -> None:
    assert read('{"title": "x", "text": null}', "a/b.json").id == "b"
    assert read('{"title": "x"}', "a/b.jsonl:3", media_type="application/jsonl").id == "b-3"


def test_nuls_and_half_characters_do_not_pass() -> None:
    article = read(r'{"title": "a\u0000b", "text": "c\ud800d \ud83c\udfac"}', "a.json")
    assert (article.title, article.text) == ("a\ufffdb", "c\ufffdd \U0001f3ac")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('{"title": "x", "text": ', "line 1"), ("[1, 2]", "an object"), ('{"title": 7, "text": "x"}', "title: must be"),
        ('{"id": "x"}', "neither title nor text"), ("[" * 100_000, "not JSON"), ('{"text": ["x"]}', "text: must be"),
    ],
)  # fmt: skip
def test_json_that_is_no_article(body: str, reason: str) -> None:
    assert reason in refusal(body, "a.json")


# HTML.


@pytest.mark.parametrize("name", ["old-table", "weblog", "newsroom"])
def test_the_body_without_residue(name: str) -> None:
    article = read((PAGES / f"{name}.html").read_bytes(), f"{name}.html")
    assert article.id == name
    assert article.text == (PAGES / f"{name}.txt").read_text("utf-8").rstrip("\n")
    assert article.language == "en"


FACTS = {
    "old-table": ("Marlow takes the helm of Undertow", None, "Rosa Stroud", "2004-03-09", None, None),
    "weblog": (
        "Ines Marlow Boards ‘Undertow’", "The Projection Booth", "Rosa Stroud", "2015-04-16T09:30:00+02:00",
        "2015-04-18T08:00:00+02:00", "https://projectionbooth.example/2015/04/16/ines-marlow-undertow/",
    ),
    "newsroom": (
        "QTV Orders ‘The Tin Orchard’ From Ines Marlow", "Reel Courier", "Rosa Stroud, Ivo Kettle",
        "2021-10-05T09:00:00-07:00", "2021-10-05T11:45:00-07:00", None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FACTS)
def test_what_a_page_says_of_itself(name: str) -> None:
    article = read((PAGES / f"{name}.html").read_bytes(), f"{name}.html")
    found = (article.title, article.outlet, article.author, article.published, article.modified, article.url)
    assert found == FACTS[name]


HINTS = {
    "old-table": {
        "italic": ["Undertow", "Saltmarsh"], "quoted": ["The Tin Orchard"], "link": ["Reel Courier"], "bold": [],
    },
    "weblog": {
        "italic": ["Undertow", "Saltmarsh"], "bold": ["Lantern Row Films"], "link": ["Deadline"],
        "quoted": ["Undertow", "because that is where the money is"],
    },
    "newsroom": {
        "italic": ["The Tin Orchard", "Saltmarsh", "The Tin Orchard"], "link": ["Ines Marlow"], "bold": [],
        "quoted": ["The Tin Orchard", "Nobody looks at the trees,", "until somebody stops picking."],
    },
}  # fmt: skip


@pytest.mark.parametrize("name", HINTS)
def test_hints_stand_where_their_words_do(name: str) -> None:
    article = read((PAGES / f"{name}.html").read_bytes(), f"{name}.html")
    assert {kind: marked(article, kind) for kind in HINTS[name]} == HINTS[name]
    assert list(article.hints) == sorted(article.hints, key=lambda hint: (hint.start, hint.end, hint.kind))


def test_hints_in_the_headline_and_across_white_space() -> None:
    article = read(html("<p>She wrote <em> The\n  Tin <b>Orchard</b> </em>, too, and it is a series.</p>").replace(
        "Marlow Plans Undertow", "Marlow Plans <cite>Undertow</cite>"
    ))  # fmt: skip
    assert article.title == "Marlow Plans Undertow"
    assert marked(article, "italic") == ["Undertow", "The Tin Orchard"]
    assert marked(article, "bold") == ["Orchard"]


def test_a_known_outlet_has_its_own_name() -> None:
    page = html("", '<meta property="og:site_name" content="THR">')
    assert read(page).outlet == "The Hollywood Reporter"
    assert read(html(""), "https://www.variety.com/2015/x", url="https://www.variety.com/2015/x").outlet == "Variety"


def test_a_url_is_called_after_its_path_and_told_from_others() -> None:
    urls = [
        f"https://outlet.example/{path}" for path in ("2015/Marlow-Plans.html", "2016/marlow-plans", "", "?p=1", "?p=2")
    ]
    keys = [read(html(""), url, url=url).id for url in urls]
    assert [key.rpartition("-")[0] for key in keys] == [
        "marlow-plans",
        "marlow-plans",
        "outlet-example",
        "outlet-example",
        "outlet-example",
    ]
    assert len(set(keys)) == len(keys)


def test_a_canonical_address_is_taken_only_if_it_is_one() -> None:
    def canonical(address: str) -> str | None:
        return read(html("", f'<link rel="canonical" href="{address}">'), "u", url="https://a.example/x?utm=1").url

    assert canonical("/x") == "https://a.example/x"
    for bad in ("javascript:alert(1)", "", "http://[", "file:///etc/passwd"):
        assert canonical(bad) == "https://a.example/x?utm=1"


@pytest.mark.parametrize(
    ("head", "published", "modified"),
    [
        ('<meta name="date" content="2014-02-04">', "2014-02-04", None),
        ('<meta property="article:modified_time" content="2014-02-05T10:00:00Z">'
         '<meta property="article:published_time" content="2014-02-04T10:00:00Z">',
         "2014-02-04T10:00:00+00:00", "2014-02-05T10:00:00+00:00"),
        ('<meta itemprop="datePublished" content="Feb. 4th, 2014">', "2014-02-04", None),
        ('<meta name="date" content="soon"><meta name="pubdate" content="4 February 2014">', "2014-02-04", None),
        ('<script type="application/ld+json">{"broken": </script><meta name="date" content="2014-02-04">', "2014-02-04",
         None),
        ('<meta name="date" content="2914-02-04">', None, None),
    ],
)  # fmt: skip
def test_dates_are_iso_and_kept_apart(head: str, published: str | None, modified: str | None) -> None:
    article = read(html("", head))
    assert (article.published, article.modified) == (published, modified)


def test_without_any_other_date_the_address_has_one() -> None:
    url = "https://outlet.example/2013/05/06/marlow-plans-undertow/"
    assert read(html(""), url, url=url).published == "2013-05-06"


# Residue and evidence.


@pytest.mark.parametrize(
    "line",
    [
        "Share this:", "Share on Facebook", "Facebook Twitter Pinterest Email",
        "Click to share on Twitter (Opens in new window)",
        "Related: Ten films about boats", "RELATED STORIES", "You may also like", "Read more", "READ MORE: Ten films",
        "Continue reading →", "Loading more posts...", "All Posts", "3 Comments", "Leave a Reply", "No comments yet",
        "Tags: Ines Marlow, Undertow", "Filed Under: News", "Sign up for our newsletter",
        "Photo: Rosa Stroud/Getty Images",
        "Courtesy of Lantern Row Films", "Advertisement", "© 2015 Reel Courier", "All rights reserved.",
        "By Rosa Stroud",
        "April 16, 2015 3:00pm", "Follow us on Twitter", "« Older Posts", "Popular on Reel Courier",
    ],
)  # fmt: skip
def test_lines_that_are_residue(line: str) -> None:
    assert is_residue(line)


@pytest.mark.parametrize(
    "line",
    [
        "Source: Deadline",
        "Sources: Deadline, Variety",
        "(via Variety)",
        "Via: Deadline",
        "[Deadline]",
        "(THR)",
        "H/T Variety",
    ],
)
def test_lines_that_name_a_source_stay(line: str) -> None:
    assert is_source_line(line)
    assert not is_residue(line)
    assert read(html(f"<p>{line}</p>")).text.split("\n\n").count(line) == 1


@pytest.mark.parametrize(
    "line",
    [
        "More than a year has passed since she left.", "Share in the joy of the sea, says the poster.",
        "Published in 2009, it has sold well.", "By then she had left.", "Ad Astra",
        "Signing up for the film is Sol Perrin.",
        "J. Paul Getty is the man of the series.", "Follow the Sea is the title.", "More popular than ever.",
        "The Tin Orchard",
        "Marlow will direct.", "Next is Undertow, a film about the sea.", "News of it came from the company on Monday.",
        "Comments on the script were asked of three writers before it was sent out.", "Image is all that he has left.",
        "Production is to begin on April 16, 2015.", "Related by marriage, the two have never worked together.",
    ],
)  # fmt: skip
def test_lines_of_an_article_are_no_residue(line: str) -> None:
    assert not is_residue(line)


# Encodings.


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


def test_an_error_in_place_of_a_page_is_raised_as_it_is() -> None:
    error = UnreadablePage("x: no such file")
    with pytest.raises(UnreadablePage, match="x: no such file"):
        read_article(error)


def test_reading_says_nothing_on_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    with suppress(UnreadablePage):
        read("<p>x")
    read(html(""))
    assert capfd.readouterr().err == ""
