"""Probabilities -> claims: what is likely enough to stand, and what the vocabulary allows to stand together."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ..model import Article, Claim
from ..names import fold
from .details import character_of, creators_of, year_of
from .entities import Entity, best_name
from .mentions import name_of
from .pairs import FAINT, Judgement, Part, State
from .quotes import clause_around, cover
from .reader import Reading
from .signs import possible_claims, source_signs
from .ties import find_sources, find_ties, nearest, with_brackets
from .untitled import best_untitled
from .vocabulary import TIES
from .weighing import Weigher
from .words import Words

Settings = dict[str, Any]
#: A part or state of a project with its probability.
Weighed = tuple[Judgement, Part | State, float]
SINGLE = frozenset({"status", "format"})  # a project has one
WRITTEN = frozenset({"book", "novel", "memoir", "comic", "article", "play", "podcast", "short_story"})
OWN_BOOK = 0.4  # of all of `WRITTEN` together: above it a project is written under its own title, the subtitle a book's
ONE_ROLE = frozenset({"company", "based_on", "date", "location", "alias"})  # and a name is one of these to it once


def decide(
    article: Article,
    words: Words,
    reading: Reading,
    entities: list[Entity],
    judgements: list[Judgement],
    weigher: Weigher,
    settings: Settings,
) -> list[Claim]:
    """The claims of an article. Without a project there are none, sources and ties included."""
    if not judgements:
        return []
    least, worded = settings["least"], weigher.wording.log_odds(words.tokens)
    chosen = [w for w in surest(weighed(words, judgements, weigher, worded)) if w[2] >= least[w[1].kind]]
    titles = {id(judgement.project) for judgement, _, _ in chosen}
    chosen = [w for w in chosen if not mistaken(w[1], titles)]
    if not chosen:
        return []
    people = [e for e in entities if e.type == "PERSON"]
    claims = [claim_of(article, words, people, one) for one in chosen]
    outlets = list(find_sources(words, reading, entities, article.outlet, FAINT))
    sure = weigher.weigh([source_signs(odds, judgements) for _, odds, _, _ in outlets], worded)
    for (name, _, start, end), p in zip(outlets, sure, strict=True):
        if p >= least["source"]:
            claims.append(make(article, "source", start, end, value=name, sure=round(p, 3)))
    ties = tie_claims(article, words, reading, [e for e in entities if id(e) not in titles], least)
    return unique([*claims, *(calibrated(c, settings) for c in ties)])


def weighed(words: Words, judgements: list[Judgement], weigher: Weigher, worded: float) -> list[Weighed]:
    """Every possible part and state with its probability."""
    found = list(possible_claims(words, judgements))
    sure = weigher.weigh([x.signs for x in found], worded)
    return [(x.judgement, x.what, p) for x, p in zip(found, sure, strict=True)]


def surest(found: list[Weighed]) -> list[Weighed]:
    """The likeliest of those that cannot stand together: one status and format a project, one part a company in it."""
    best: dict[tuple[Any, ...], Weighed] = {}
    for one in found:
        judgement, what, sure = one
        key: tuple[Any, ...] = (id(judgement), what.kind)
        if isinstance(what, Part):
            key += (id(what.entity),) if what.kind in ONE_ROLE else (id(what.entity), what.role)
        elif what.kind not in SINGLE:
            key += (what.value,)
        if key not in best or best[key][2] < sure:
            best[key] = one
    return list(best.values())


def mistaken(what: Part | State, titles: set[int]) -> bool:
    """Whether a name has a part in a project that the reader took for a person or company and then for a title."""
    return isinstance(what, Part) and what.kind in {"credit", "company", "location"} and id(what.entity) in titles


def calibrated(claim: Claim, settings: Settings) -> Claim:
    """A tie with the share of such ties that was right on held-back articles as its probability."""
    slope, shift = settings.get("calibration", {}).get(claim.kind, (1.0, 0.0))
    p = min(max(claim.sure, 1e-4), 1 - 1e-4)
    return replace(claim, sure=round(1 / (1 + math.exp(-(slope * math.log(p / (1 - p)) + shift))), 3))


def make(article: Article, kind: Any, start: int, end: int, **fields: Any) -> Claim:
    """A claim with its words: `article.words[start:end]`."""
    return Claim(kind=kind, article=article.id, quote=article.words[start:end], start=start, end=end, **fields)


def at(words: Words, tokens: tuple[int, int]) -> tuple[int, int]:
    """Token range to character offsets."""
    return words.starts[tokens[0]], words.ends[tokens[1] - 1]


def title_of(words: Words, judgement: Judgement) -> str:
    """What a project is called: of a book that is adapted the subtitle stays with the book, where both forms stand."""
    project = judgement.project
    if project.type == "UNTITLED":
        return best_untitled(words, project.mentions)
    if ":" not in project.name:
        return project.name
    book = sum(p.sure for p in judgement.parts if p.entity is project and p.role in WRITTEN)
    short = fold(project.name.split(":")[0])
    alone = [m for m in project.mentions if fold(name_of(words, m)) == short]
    return best_name(words, alone) if alone and book >= OWN_BOOK else project.name


def claim_of(article: Article, words: Words, people: list[Entity], one: Weighed) -> Claim:
    """One part or state of a project as a claim with its words."""
    judgement, what, sure = one
    project = judgement.project
    title = title_of(words, judgement)
    if isinstance(what, Part):
        span = clause_around(words, what.mention.first, what.mention.last)
        fields = part_fields(words, what, project, title, people)
    else:
        span = clause_around(words, what.word, what.word + 1)
        fields = {"role": what.value} if what.kind == "open_role" else {"value": what.value}
    return make(article, what.kind, *at(words, span), project=title, sure=round(sure, 3), **fields)


def part_fields(words: Words, part: Part, project: Entity, title: str, people: list[Entity]) -> dict[str, Any]:
    """The fields of a claim that depend on its kind."""
    named = title if project.type == "UNTITLED" else project.name
    value = part.entity.value or (named if part.entity is project else part.entity.name)
    fields: dict[str, Any] = {"role": part.role, "value": value}
    if part.kind in {"credit", "company"}:
        fields["modality"] = part.firmness
    if part.kind == "credit" and part.role == "cast":
        fields["character"] = character_of(words, part.mention)
    if part.kind == "based_on" and part.role != "life":
        fields["creators"] = creators_of(words, part.mention, people)
        fields["year"] = year_of(words, part.mention)
    return fields


def tie_claims(
    article: Article, words: Words, reading: Reading, entities: list[Entity], least: dict[str, float]
) -> Iterator[Claim]:
    """The ties of persons and companies."""
    found = find_ties(reading, entities, min(least[kind] for kind in TIES))
    sure = [tie for tie in with_brackets(words, found, entities) if tie.sure >= least[tie.kind]]
    for tie in nearest(words, sure):
        one, other = tie.mentions
        start, end = at(words, cover(words, (one.first, one.last), (other.first, other.last)))
        yield make(article, tie.kind, start, end, subject=tie.subject.name, value=tie.value.name, sure=tie.sure)


def unique(claims: list[Claim]) -> list[Claim]:
    """Each fact once: of claims that say the same, the surest."""
    best: dict[tuple[str, ...], Claim] = {}
    for c in claims:
        key = (c.kind, fold(c.project or ""), fold(c.subject or ""), c.role or "", fold(c.value or ""))
        if key not in best or best[key].sure < c.sure:
            best[key] = c
    return list(best.values())
