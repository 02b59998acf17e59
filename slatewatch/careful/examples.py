"""Labelled articles that show a model how it is done, those chosen that are most like the article in hand.

They are some of gold/train, packed with the program (scripts/examples writes them anew), and never the article itself.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from ..model import Article, Claim

FOLDER = Path(__file__).parent
EXAMPLES = FOLDER / "examples.jsonl"
CONTRACT = FOLDER / "claims.md"


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled article with the words that tell what it is about."""

    article: Article
    claims: tuple[Claim, ...]
    weights: dict[str, float]


def likest(article: Article, count: int) -> list[Example]:
    """The `count` examples most like the article, the likest last: nearest to the question it is the example for."""
    mine = _weights(_terms(article))
    ranked = sorted(
        (example for example in examples() if not _same(example.article, article)),
        key=lambda example: (-_likeness(mine, example.weights), example.article.id),
    )
    return ranked[:count][::-1]


@cache
def examples() -> tuple[Example, ...]:
    """The examples that are shipped."""
    import msgspec

    records: list[dict[str, Any]] = [msgspec.json.decode(line) for line in EXAMPLES.read_bytes().splitlines()]
    return tuple(_example(record) for record in records)


@cache
def known_text() -> str:
    """All that is shipped in plain English: the contract and the articles of the examples."""
    import msgspec

    records = (msgspec.json.decode(line) for line in EXAMPLES.read_bytes().splitlines())
    return "\n".join((CONTRACT.read_text("utf-8"), *(record["text"] for record in records)))


def _example(record: dict[str, Any]) -> Example:
    fields: dict[str, Any] = {name: record.get(name) for name in ("id", "title", "text", "outlet", "published")}
    article = Article(**fields)
    claims = []
    for said in record["claims"]:
        start = article.words.find(said["quote"])
        fields = {**said, "creators": tuple(said.get("creators") or ())}
        claims.append(Claim(article=article.id, start=start, end=start + len(said["quote"]), **fields))
    return Example(article, tuple(claims), _weights(_terms(article)))


def _same(one: Article, other: Article) -> bool:
    """Whether two articles are one: an article is no example for itself."""
    return one.text == other.text or (one.id == other.id and one.title == other.title)


def _terms(article: Article) -> Counter[str]:
    """The words written small, with their neighbours: what kind of news it is, not whom it is about."""
    words = re.findall(r"(?<![\w’'-])[a-z]{2,}(?![\w-])", article.words)
    pairs = (f"{a} {b}" for a, b in pairwise(words))
    return Counter([*words, *pairs])


def _weights(terms: Counter[str]) -> dict[str, float]:
    rarity = _rarity()
    weights = {term: (1 + math.log(count)) * rarity[term] for term, count in terms.items() if term in rarity}
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {term: weight / length for term, weight in weights.items()}


@cache
def _rarity() -> dict[str, float]:
    """How telling a term is: the fewer examples have it, the more. What one example alone has tells nothing."""
    import msgspec

    records = [msgspec.json.decode(line) for line in EXAMPLES.read_bytes().splitlines()]
    having: Counter[str] = Counter()
    for record in records:
        having.update(set(_terms(Article(id="", title=record["title"], text=record["text"]))))
    return {term: math.log((1 + len(records)) / count) for term, count in having.items() if count > 1}


def _likeness(one: dict[str, float], other: dict[str, float]) -> float:
    """Cosine of two weighted bags of terms."""
    small, large = sorted((one, other), key=len)
    return sum(weight * large.get(term, 0.0) for term, weight in small.items())
