"""Lines for Wikipedia, parsed by mwparserfromhell, which reads wikitext as MediaWiki does."""

from __future__ import annotations

import html
import sqlite3
from collections.abc import Callable

import mwparserfromhell
import pytest

from slatewatch import answers
from slatewatch.export.citations import cite, wikitext
from slatewatch.model import Article

from .conftest import Export, exported
from .hostile import hostile

LANTERN = "The Lantern Keepers"


def test_every_value_has_its_citation(export_of: Export, db: sqlite3.Connection) -> None:
    body, _ = export_of("citations", LANTERN)
    code = mwparserfromhell.parse(body.decode())
    record = answers.project(db, LANTERN).project
    assert [str(h.title).strip() for h in code.filter_headings()] == [LANTERN]
    refs = [tag for tag in code.filter_tags() if tag.tag == "ref"]
    full = [tag for tag in refs if not tag.self_closing]
    assert len({str(tag.get("name").value) for tag in full}) == len(full) <= len(record.reports)
    assert {str(tag.get("name").value) for tag in refs} == {str(tag.get("name").value) for tag in full}
    for line in (line for line in body.decode().splitlines() if line.startswith("*")):
        assert "<ref" in line, line
    assert "* director: Teodor Valk (left)" in body.decode()


def test_a_citation_says_where_and_when(export_of: Export, db: sqlite3.Connection) -> None:
    code = mwparserfromhell.parse(export_of("citations", LANTERN)[0].decode())
    cited = [t for t in code.filter_templates() if str(t.name).strip().startswith("cite")]
    assert cited
    for template in cited:
        assert str(template.name).strip() == "cite news"
        said = {str(p.name).strip(): html.unescape(str(p.value).strip()) for p in template.params}
        assert list(said) == ["title", "url", "work", "date", "access-date", "quote"]
        article = answers.article(db, said["url"].rpartition("/")[2]).article
        assert (said["title"], said["work"], said["date"]) == (article.title, article.outlet, article.published)
        assert said["quote"] in article.words


@pytest.mark.parametrize(
    ("article", "template", "fields"),
    [
        (Article(id="a", title="T", text="", outlet="O", published="2020-01-02T03:04:05Z", author="A. B."),
         "cite news", {"title": "T", "work": "O", "author": "A. B.", "date": "2020-01-02"}),
        (Article(id="a", title="", text="", url="https://x.example/a b|c", seen="2021-01-01T00:00:00"),
         "cite web", {"title": "a", "url": "https://x.example/a%20b%7Cc", "access-date": "2021-01-01"}),
        (Article(id="a", title="T", text="", url="javascript:alert(1)"), "cite web", {"title": "T"}),
    ],
)  # fmt: skip
def test_web_or_news(article: Article, template: str, fields: dict[str, str]) -> None:
    (found,) = mwparserfromhell.parse(cite(article)).filter_templates()
    assert str(found.name).strip() == template
    said = {str(p.name).strip(): str(p.value).strip() for p in found.params}
    assert {name: said.get(name) for name in fields} == fields
    assert set(said) <= {*fields, "access-date"}


def test_a_hostile_text_stays_text(store_of: Callable[..., sqlite3.Connection]) -> None:
    body = exported(store_of(hostile()), "citations")[0].decode()
    code = mwparserfromhell.parse(body)
    assert {str(t.name).strip() for t in code.filter_templates()} == {"cite news", "reflist"}
    assert not code.filter_wikilinks()
    assert {str(tag.tag) for tag in code.filter_tags()} <= {"ref", "li"}
    assert len(code.filter_headings()) == 1
    for said in code.filter_templates():
        names = [str(p.name).strip() for p in said.params]
        assert len(names) == len(set(names))
        assert set(names) <= {"title", "url", "work", "date", "access-date", "quote"}


@pytest.mark.parametrize(
    "text",
    ["''a''", "a'''b", "* a", "~~~~", "__NOTOC__", "{{a|b}}", "[[a]]", "http://a.b c", "== a ==", "<nowiki>", "&lt;",
     ":a", "a = b", "O'Neil's", "C#", "a_b", "Q&A"],
)  # fmt: skip
def test_text_is_never_markup(text: str) -> None:
    written = wikitext(text)
    code = mwparserfromhell.parse(written)
    assert not code.filter_templates() + code.filter_wikilinks() + code.filter_tags() + code.filter_headings()
    assert not code.filter_external_links()
    assert html.unescape(written) == text
