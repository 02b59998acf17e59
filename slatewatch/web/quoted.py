"""The words behind a value: closed, a small mark; opened by hover, tap or Enter. A page has hundreds of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from markupsafe import Markup

from slatewatch.model import MODALITIES, UNNAMED, Change, Evidence

from . import links
from .wording import day, sentence
from .written import link, safe, written

OPEN = (
    '<details class="said" name="said"><summary><span aria-hidden="true">❝</span>'
    '<span class="vh">the words for {}</span></summary><div class="words">'
)
CLOSE = "</div></details>"
#: The mark of words that stand beside a line that says what they are for.
FOR_THIS = OPEN.format("this")


def words(quote: str) -> Markup:
    """A quote alone."""
    return safe(f'{FOR_THIS}<blockquote dir="auto"><p>{written(quote)}</p></blockquote>{CLOSE}')


def said(evidence: Sequence[Evidence], what: object, most: int = 6) -> Markup:
    """The quotes for a value, each with its outlet, day and place in its article; nothing where there are none."""
    if not evidence:
        return safe("")
    more = len(evidence) - most
    rest = f'<p class="small">and {more} more</p>' if more > 0 else ""
    return safe(f"{OPEN.format(written(what))}{''.join(map(_quote, evidence[:most]))}{rest}{CLOSE}")


def _quote(one: Evidence) -> str:
    crediting = f", crediting {written(one.voice)}" if one.voice and one.voice not in (one.outlet, one.article) else ""
    passed = "a copy of it" if one.copy_of else "passes it on" if one.repeat else ""
    again = f' <span class="small">({passed})</span>' if passed else ""
    where = link("in the article", links.article(one.article, one.claim))
    return (
        f'<blockquote dir="auto"><p>{written(one.quote)}</p><footer>{written(one.outlet or "outlet unknown")}, '
        f"{when(one.day)}{crediting}{again}{makers(one.makers)} {where}</footer></blockquote>"
    )


def makers(names: tuple[str, ...]) -> Markup:
    """Who read it, where it was not the built-in reader alone."""
    if not names or names in UNNAMED:
        return safe("")
    return safe(f' <span class="small">read by {written(", ".join(names))}</span>')


@lru_cache(maxsize=4096)
def when(text: str) -> Markup:
    """A day in words, with the day itself for programs."""
    return safe(f'<time datetime="{written(text)}">{written(day(text))}</time>')


def step(change: Change) -> Markup:
    """A list item: the change as a sentence, its colour by kind and firmness, and its quote."""
    firm = f" m-{change.after}" if change.after in MODALITIES else ""
    quote = words(change.quote) if change.quote and change.kind != "project" else ""
    return safe(
        f'<li class="k-{written(change.kind)}{firm}"><span dir="auto">{written(sentence(change))}</span>{quote}</li>'
    )


def steps(changes: Sequence[Change], most: int) -> Markup:
    """What an article changed, as a list."""
    more = len(changes) - most
    rest = f'<li class="rest">and {more} more</li>' if more > 0 else ""
    return safe(f'<ul class="steps">{"".join(map(step, changes[:most]))}{rest}</ul>')
