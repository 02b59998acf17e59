"""Article -> Claims.

1. words        tokens with the features that the learned reader sees, and the dates, worked out by rules
2. first look   the reader tags persons, companies, titles and places; mentions become entities
3. second look  once for each possible project: who has which part, how firmly, and what state it is in
4. decisions    probabilities against the thresholds that were measured on held-back articles
5. quotes       the shortest words that show each claim; a claim without its words is never made
"""

from __future__ import annotations

from ..model import Article, Claim
from .dates import find_dates
from .decisions import decide
from .mentions import find_mentions, group
from .pairs import judge_projects
from .reader import Reader, shipped_reader
from .words import read_words


def find_claims(article: Article, reader: Reader | None = None) -> list[Claim]:
    """The claims that an article makes, in the order of its words; none where it speaks of no unreleased project.

    `reader` is the learned part, by default the one that ships with the package (loaded on the first call).
    """
    reader = reader or shipped_reader()
    marked = tuple((h.start, h.end) for h in article.hints if h.kind in {"italic", "bold"})
    words = read_words(article.words, len(article.title), marked)
    if not words.tokens:
        return []
    spans = [(words.starts[a], words.ends[b - 1]) for a, b in words.sentences]
    dates = find_dates(article.words, article.published, spans)
    reading = reader.read(words)
    entities = group(words, find_mentions(words, reading), dates)
    judgements = judge_projects(reader, words, reading, entities)
    claims = decide(article, words, reading, entities, judgements, reader.settings)
    return sorted(claims, key=lambda c: (c.start, c.end, c.kind, c.project or "", c.role or "", c.value or ""))
