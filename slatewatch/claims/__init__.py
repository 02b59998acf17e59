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
from .entities import Entity, group
from .mentions import find_mentions
from .pairs import Judgement, judge_projects
from .reader import Reader, Reading, shipped_reader
from .words import Words, read_words


def find_claims(article: Article, reader: Reader | None = None) -> list[Claim]:
    """The claims that an article makes, in the order of its words; none where it speaks of no unreleased project.

    `reader` is the learned part, by default the one that ships with the package (loaded on the first call).
    """
    reader = reader or shipped_reader()
    words = words_of(article)
    if not words.tokens:
        return []
    reading, entities = first_look(article, words, reader)
    judgements = judge_projects(reader, words, reading, entities)
    claims = decide(article, words, reading, entities, judgements, reader.weigher, reader.settings)
    return sorted(claims, key=lambda c: (c.start, c.end, c.kind, c.project or "", c.role or "", c.value or ""))


def words_of(article: Article) -> Words:
    """The words of an article with what its markup says of them."""
    marked = tuple((h.start, h.end) for h in article.hints if h.kind in {"italic", "bold"})
    return read_words(article.words, len(article.title), marked)


def first_look(article: Article, words: Words, reader: Reader) -> tuple[Reading, list[Entity]]:
    """What the reader tags, as entities."""
    spans = [(words.starts[a], words.ends[b - 1]) for a, b in words.sentences]
    dates = find_dates(article.words, article.published, spans)
    reading = reader.read(words)
    return reading, group(words, find_mentions(words, reading), dates)


def judged(article: Article, reader: Reader) -> tuple[Words, list[Judgement]]:
    """What the reader says of each candidate, before anything is decided: for fitting and for looking inside."""
    words = words_of(article)
    reading, entities = first_look(article, words, reader)
    return words, judge_projects(reader, words, reading, entities)
