"""HTML -> an article: its body without residue, what the page says of itself, what its markup sets apart."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from . import outlets
from .body import body_of, selected
from .errors import UnreadablePage
from .facts import Facts, facts_of
from .hints import marked, quoted
from .language import is_english
from .markup import Block, blocks, parsed
from .model import Article, Hint, Page
from .residue import linked, pruned, with_source_lines, without_residue

if TYPE_CHECKING:
    from lxml.html import HtmlElement


def article_of(html: str, page: Page, key: str) -> Article:
    """The article of an HTML page under the id `key`.

    1. Parse within bounds.  2. Ask the page what it says of itself.  3. Find the body, by the outlet's own selector if
    it has one for that day.  4. Take residue out, put source lines back.  5. Carry over what the markup sets apart.
    Raises UnreadablePage if it is nested beyond reason or holds no text.
    """
    tree = parsed(html)
    lines = blocks(tree, breaks=1)
    facts = facts_of(tree, lines, page.url)
    paragraphs = _paragraphs(tree, lines, facts)
    if not paragraphs:
        raise UnreadablePage("no text of an article in it; check that it is the page of one article")
    text = "\n\n".join(paragraphs)
    return Article(
        id=key, title=facts.title, text=text, url=facts.url, outlet=facts.outlet,
        author=facts.author, published=facts.published, modified=facts.modified,
        language="en" if is_english(text) else facts.language, seen=page.seen,
        hints=_hints(facts.title, paragraphs, lines),
    )  # fmt: skip


def _paragraphs(tree: HtmlElement, lines: Sequence[Block], facts: Facts) -> list[str]:
    outlet = outlets.find(facts.outlet) if facts.outlet else None
    layout = outlet.layout_on(facts.published) if outlet else None
    body = pruned(tree)
    found = (selected(body, layout.body) if layout and layout.body else []) or body_of(body)
    kept = list(without_residue(found, _heads(facts.title, tree), linked(lines), layout.drop if layout else ()))
    return with_source_lines(kept, lines)


def _heads(title: str, tree: HtmlElement) -> list[str]:
    """The headline in the words of the article and in those of the page's own headings."""
    return [title, *(" ".join(head.text_content().split()) for head in list(tree.iter("h1"))[:5])]


def _hints(title: str, paragraphs: Sequence[str], lines: Sequence[Block]) -> tuple[Hint, ...]:
    """Quotation marks, and the marks of the page's lines, in places of `Article.words`, in their order."""
    whole = [title, *paragraphs]
    offsets = accumulate((len(text) + 2 for text in whole), initial=0)
    placed = list(zip(offsets, whole, strict=False))
    hints = {*quoted("\n\n".join(whole)), *marked(placed, lines)}
    return tuple(sorted(hints, key=lambda hint: (hint.start, hint.end, hint.kind)))
