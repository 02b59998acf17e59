"""slatewatch reads film and television news and keeps one record a project, every value traced to its words.

import slatewatch

for reading in slatewatch.read("article.html"):
    for claim in reading.claims:
        print(claim.kind, claim.value, claim.quote)
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from . import answers
    from .articles import read_article
    from .claims import find_claims
    from .errors import BadInput, SlatewatchError, StoreError, UnreadablePage, UnusableArchive
    from .frames import Table, load_ipython_extension, table, to_pandas, to_polars
    from .model import Article, Claim, Hint, Page, Project
    from .pages import read_pages
    from .reading import Reading, read
    from .store import open_store

__version__ = "0.1.0"

#: Where each public name lives: loaded on first use, so that `slatewatch --help` waits for none of it.
_HOMES = {
    "read_pages": "pages", "read_article": "articles", "find_claims": "claims",
    "Page": "model", "Article": "model", "Claim": "model", "Hint": "model",
    "SlatewatchError": "errors", "BadInput": "errors", "UnreadablePage": "errors", "UnusableArchive": "errors",
    "StoreError": "errors", "Project": "model", "Reading": "reading", "read": "reading", "open_store": "store",
    "Table": "frames", "table": "frames", "to_polars": "frames", "to_pandas": "frames",
    "load_ipython_extension": "frames",
}  # fmt: skip

__all__ = [
    "Article", "BadInput", "Claim", "Hint", "Page", "Project", "Reading", "SlatewatchError", "StoreError", "Table",
    "UnreadablePage", "UnusableArchive", "answers", "find_claims", "load_ipython_extension", "open_store", "read",
    "read_article", "read_pages", "table", "to_pandas", "to_polars",
]  # fmt: skip


def __getattr__(name: str) -> object:
    if name == "answers":
        return importlib.import_module(".answers", __name__)
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES, "answers"})
