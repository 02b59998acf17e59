"""Pages for the tests of reading: prose that is surely an article's, a page around it, and what is read out of it."""

from __future__ import annotations

import pytest

from slatewatch.articles import read_article
from slatewatch.errors import UnreadablePage
from slatewatch.model import Article, Page

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
