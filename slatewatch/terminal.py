"""What may reach a terminal: words without the characters that would command it."""

from __future__ import annotations

import unicodedata

#: What a terminal obeys or hides instead of showing, by kind of character: controls (escape sequences start with one)
#: become a space, format characters (they turn the direction of writing) go, a half of a character is marked.
SHOWN_AS = {"Cc": " ", "Cf": "", "Cs": "\ufffd", "Zl": " ", "Zp": " "}


def printable(text: str, *, limit: int | None = None) -> str:
    """The text on one line, white space and controls made single spaces, cut at `limit` characters."""
    shown = " ".join("".join(SHOWN_AS.get(unicodedata.category(c), c) for c in text).split())
    return shown if limit is None or len(shown) <= limit else shown[: limit - 1].rstrip() + "…"
