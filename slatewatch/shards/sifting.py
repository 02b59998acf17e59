"""A page of an archive -> an article that is worth reading, or at which stage it was let go. Each stage sees only what
the one before let through: bytes, plain text, main text. The readers, who come last, are in `readers`."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Literal

from ..articles import article_id, read_article
from ..decoding import decoded
from ..errors import UnreadablePage
from ..model import Article, Page
from ..screen import begins_as_news, passes_as_article, passes_as_bytes, passes_as_text

#: How far a page came: those that came to `claims` are for the readers.
Stage = Literal["bytes", "text", "article", "claims"]
#: News says first what it is about: of the main part of a page so many characters are looked at.
HEAD = 4000
#: And so many characters of bylines and captions may stand before it.
BEFORE = 500
#: Plain text of fewer characters than this is taken again from the whole page: its main part was missed.
SHORT = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Sifted:
    """`reached` is the last stage that a page came to; what came to `claims` has an article."""

    reached: Stage
    article: Article | None = None


def sift(page: Page) -> Sifted:
    """What becomes of a page. Nothing is raised for what it holds."""
    if not passes_as_bytes(page.body):
        return Sifted(reached="bytes")
    page = dataclasses.replace(page, body=bytes(page.body))
    try:
        if not _reads_as_news(page):
            return Sifted(reached="text")
        article = _named(read_article(page))
    except UnreadablePage:
        return Sifted(reached="text")
    return Sifted(reached="claims" if passes_as_article(article.words) else "article", article=article)


def _reads_as_news(page: Page) -> bool:
    """By its words without markup, found fast: how its main part begins, or all where that is next to nothing."""
    from resiliparse.extract.html2text import extract_plain_text

    text = decoded(page.body, page.media_type)
    if "text/plain" in (page.media_type or ""):
        return passes_as_text(text)
    main = str(extract_plain_text(text, main_content=True))
    if len(main) < SHORT:
        return passes_as_text(str(extract_plain_text(text)))
    return begins_as_news(main, BEFORE) and passes_as_text(main[:HEAD])


def _named(article: Article) -> Article:
    """The article under an id that its own address gives: one address, one article, wherever it was found."""
    if not article.url:
        return article
    return dataclasses.replace(article, id=article_id(Page(name=article.url, body=b"", url=article.url)))
