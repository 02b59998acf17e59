"""What may stand in a page: text of the web without the characters that hide, reorder or break it."""

from __future__ import annotations

import unicodedata

from markupsafe import Markup

from slatewatch.terminal import SHOWN_AS, printable

#: No value is shown at more length, in characters; texts of articles go by their own bound.
LONGEST = 600


def shown(value: object) -> object:
    """Everything a template prints goes through this before it is escaped: one line, no controls, no more than fits."""
    if value is None:
        return ""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    if len(value) <= LONGEST and value.isprintable():
        return value
    return printable(value[: LONGEST * 4], limit=LONGEST)


def long_text(text: str) -> Markup:
    """A stretch of an article's text, escaped, its line breaks kept."""
    if not text.isprintable():
        text = "".join(c if c == "\n" else SHOWN_AS.get(unicodedata.category(c), c) for c in text)
    return Markup.escape(text)
