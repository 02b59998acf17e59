"""Pages to articles: title and text, what the page says of itself, hints."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from page_makers import PROSE, html, marked, read, refusal

from slatewatch.articles import read_article, titled
from slatewatch.errors import UnreadablePage

PAGES = ROOT / "tests" / "pages"


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


@pytest.mark.parametrize(
    ("title", "headings"),
    [
        ("{} | Reel Courier", ""),
        ("{} » Reel Courier", "<h2>Marlow Plans Undertow</h2>"),
        ("{} | Reel Courier", "<h1>Reel Courier</h1><h2>{}</h2>"),
        ("{} - Reel Courier", "<h1>Reel Courier</h1><h2>{}</h2>"),
        ("Reel Courier News And Views | {}", "<h1>{}</h1><h2>Reel Courier News And Views</h2>"),
        ("{}", "<h1><a href='/'>Reel Courier</a></h1><h1>{}</h1>"),
    ],
)
def test_a_headline_is_told_from_the_name_of_a_site_nobody_knows(title: str, headings: str) -> None:
    headline = "Ines Marlow To Direct Undertow For QTV"
    head, body = title.format(headline), headings.format(headline)
    assert read(f"<html><head><title>{head}</title></head><body>{body}<p>{PROSE}</p>").title == headline


def test_a_bar_inside_a_headline_stays() -> None:
    assert read(f"<title>Undertow | Salt Ledger</title><p>{PROSE}</p>").title == "Undertow | Salt Ledger"


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


def test_an_error_in_place_of_a_page_is_raised_as_it_is() -> None:
    error = UnreadablePage("x: no such file")
    with pytest.raises(UnreadablePage, match="x: no such file"):
        read_article(error)


def test_reading_says_nothing_on_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    with suppress(UnreadablePage):
        read("<p>x")
    read(html(""))
    assert capfd.readouterr().err == ""
