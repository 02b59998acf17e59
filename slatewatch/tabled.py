"""Records as tables of HTML, for notebooks: everything escaped and bounded, nothing of the text is markup."""

from __future__ import annotations

import dataclasses
import html
import unicodedata
from collections.abc import Sequence
from typing import Any

#: Rows of a table, and of a table within a table; characters of a cell; how deep tables go.
ROWS, INNER_ROWS, LONGEST, DEEPEST = 200, 20, 300, 3
#: Written out for each character that hides or reorders what stands beside it.
HIDDEN = "\ufffd"


class Tabled:
    """A record that a notebook shows as a table."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return record_html(self)


def record_html(record: Any, depth: int = 0) -> str:
    """A row a field that says something."""
    values = ((field.name, getattr(record, field.name)) for field in dataclasses.fields(record))
    rows = "".join(
        f"<tr><th>{html.escape(name)}</th><td>{cell(value, depth)}</td></tr>"
        for name, value in values
        if value not in (None, "", ())
    )
    return f"<table>{rows}</table>"


def records_html(records: Sequence[Any], depth: int = 0) -> str:
    """A row a record, a column a field; fields that say nothing in any of them are left out."""
    most = INNER_ROWS if depth else ROWS
    shown = records[:most]
    names = list(dict.fromkeys(field.name for record in shown for field in dataclasses.fields(record)))
    names = [n for n in names if any(getattr(r, n, None) not in (None, "", ()) for r in shown)]
    head = "".join(f"<th>{html.escape(name)}</th>" for name in names)
    body = "".join(
        "<tr>" + "".join(f"<td>{cell(getattr(record, name, None), depth)}</td>" for name in names) + "</tr>"
        for record in shown
    )
    more = f"<p>and {len(records) - most} more</p>" if len(records) > most else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def cell(value: Any, depth: int) -> str:
    """What stands in a cell: text, a list of texts, or a table within this one."""
    if value is None:
        return ""
    if dataclasses.is_dataclass(value):
        return record_html(value, depth + 1) if depth < DEEPEST else "…"
    if isinstance(value, tuple | list):
        if value and all(dataclasses.is_dataclass(one) for one in value):
            return records_html(value, depth + 1) if depth < DEEPEST else f"{len(value)}"
        return ", ".join(cell(one, depth) for one in value[:INNER_ROWS]) + (", …" if len(value) > INNER_ROWS else "")
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return html.escape(_plain(str(value)))


def _plain(text: str) -> str:
    cut = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    if cut.isprintable():
        return cut
    return "".join(" " if c.isspace() else HIDDEN if unicodedata.category(c) in {"Cc", "Cf", "Cs"} else c for c in cut)
