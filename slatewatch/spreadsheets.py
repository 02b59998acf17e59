"""What may stand in a cell that a spreadsheet opens."""

from __future__ import annotations

#: What a spreadsheet takes a formula by.
SIGNS = frozenset({"=", "+", "-", "@", "\t", "\r", "\n"})


def harmless(cell: str) -> str:
    """The text, with a quote before it where a spreadsheet would take it for a formula."""
    return f"'{cell}" if cell[:1] in SIGNS else cell
