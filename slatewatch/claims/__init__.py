"""Article -> Claims."""

from __future__ import annotations

from ..model import Article, Claim


def find_claims(article: Article) -> list[Claim]:
    """The claims that an article makes, in the order of its words."""
    return []
