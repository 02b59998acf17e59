"""Atom by RFC 4287, written out: escaped, cleaned of what XML cannot hold."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

from markupsafe import escape

from slatewatch.model import Change

from .shown import shown
from .wording import sentence

#: id, title, path of its page, day or time, text.
Entry = tuple[str, str, str, str, str]


def entry_of(project: str, title: str, change: Change, page: str, noted: str, more: str = "") -> Entry:
    """A change of a fact. Its id stays for good; `more` is what others have said of it since."""
    said = (
        f"“{change.quote}” {change.outlet or ''}, {change.day}"
        if change.quote
        else f"{change.outlet or ''}, {change.day}"
    )
    return f"change:{project}:{change.id}", f"{shown(title)!s}: {sentence(change)}", page, noted, said + more


def document(title: str, base: str, self_: str, page: str, entries: Iterable[Entry]) -> bytes:
    """A feed. `base` is the address of the server without a slash at its end, `self_` and `page` are paths there."""
    whole = list(entries)
    updated = max((moment(day) for _, _, _, day, _ in whole), default="1970-01-01T00:00:00Z")
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<title>slatewatch: {_text(title)}</title><id>tag:slatewatch,2026:feed:{_text(quote(self_))}</id>",
        f"<updated>{updated}</updated><author><name>slatewatch</name></author>"
        f'<link rel="self" href="{_text(base + self_)}"/><link href="{_text(base + page)}"/>',
    ]
    for name, heading, link, day, text in whole:
        id_ = f"tag:slatewatch,2026:{_text(quote(name[:300], safe=':'))}"
        lines.append(
            f"<entry><title>{_text(heading)}</title><id>{id_}</id>"
            f'<updated>{moment(day)}</updated><link href="{_text(base + link)}"/>'
            f"<content>{_text(text)}</content></entry>"
        )
    return "\n".join([*lines, "</feed>\n"]).encode("utf-8", "replace")


def _text(text: str) -> str:
    """Escaped, without what XML cannot hold."""
    return str(escape(str(shown(text)).replace("\ufffe", "").replace("\uffff", "")))


def moment(day: str) -> str:
    """An ISO day or time as RFC 3339 wants it."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", day):
        return f"{day}T00:00:00Z"
    return day if re.search(r"(Z|[+-]\d\d:\d\d)$", day) else f"{day}Z"
