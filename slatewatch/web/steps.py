"""One line of what an article changed. Made here and not by a macro: a page has hundreds, and this takes a tenth."""

from __future__ import annotations

from markupsafe import Markup, escape

from slatewatch.model import MODALITIES, Change

from .shown import shown
from .wording import sentence

#: The words behind the line, as in _parts.html: closed, a small mark; opened by hover, tap or Enter.
WORDS = (
    '<details class="said" name="said"><summary><span aria-hidden="true">❝</span><span class="vh">the words for this'
    '</span></summary><div class="words"><blockquote dir="auto"><p>{}</p></blockquote></div></details>'
)


def step(change: Change) -> Markup:
    """A list item: the change as a sentence, its colour by kind and firmness, and its quote."""
    firm = f" m-{change.after}" if change.after in MODALITIES else ""
    quote = WORDS.format(escape(shown(change.quote))) if change.quote and change.kind != "project" else ""
    said = escape(shown(sentence(change)))
    return Markup(f'<li class="k-{escape(shown(change.kind))}{firm}"><span dir="auto">{said}</span>{quote}</li>')
