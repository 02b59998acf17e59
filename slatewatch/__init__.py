"""slatewatch reads film and television news and keeps one record a project, every value traced to its words.

from slatewatch import find_claims, read_article, read_pages

for page in read_pages("article.html"):
    for claim in find_claims(read_article(page)):
        print(claim.kind, claim.value, claim.quote)
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .articles import read_article
    from .claims import find_claims
    from .errors import BadInput, SlatewatchError, StoreError, UnreadablePage, UnusableArchive
    from .model import Article, Claim, Hint, Page
    from .pages import read_pages

__version__ = "0.1.0"

#: Where each public name lives: loaded on first use, so that `slatewatch --help` waits for none of it.
_HOMES = {
    "read_pages": "pages", "read_article": "articles", "find_claims": "claims",
    "Page": "model", "Article": "model", "Claim": "model", "Hint": "model",
    "SlatewatchError": "errors", "BadInput": "errors", "UnreadablePage": "errors", "UnusableArchive": "errors",
    "StoreError": "errors",
}  # fmt: skip

__all__ = [
    "Article", "BadInput", "Claim", "Hint", "Page", "SlatewatchError", "StoreError", "UnreadablePage",
    "UnusableArchive", "find_claims", "read_article", "read_pages",
]  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
