"""Probabilities -> claims: thresholds measured on held-back articles, and what the vocabulary allows to stand."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ..model import Article, Claim
from ..names import fold
from .details import character_of, creators_of, untitled_name, year_of
from .entities import Entity
from .gate import chance
from .pairs import Judgement, Part, State
from .quotes import clause_around, cover
from .reader import Reading
from .ties import find_sources, find_ties, nearest, with_brackets
from .vocabulary import TIES
from .words import Words

Settings = dict[str, Any]


def decide(
    article: Article,
    words: Words,
    reading: Reading,
    entities: list[Entity],
    judgements: list[Judgement],
    settings: Settings,
) -> list[Claim]:
    """The claims of an article. Without a project there are none, sources and ties included."""
    claims: list[Claim] = []
    for judgement in judgements:
        if chance(judgement, settings.get("gate")) >= settings["real"]:
            claims += project_claims(article, words, entities, judgement, settings)
    if not enough(claims, words, settings):
        return []
    least = settings["least"]
    for name, sure, start, end in find_sources(words, reading, entities, article.outlet, least["source"]):
        claims.append(make(article, "source", start, end, value=name, sure=sure))
    claims += tie_claims(article, words, reading, entities, least)
    return [calibrated(c, settings) for c in unique(claims)]


def enough(claims: list[Claim], words: Words, settings: Settings) -> bool:
    """Whether an article says enough of projects for its length: news of a project is dense with facts.

    A review or an obituary in which one sentence looks like news does not pass. The density is claims in 100 words.
    """
    needed = settings["density"] * min(len(words.tokens), 300) / 100
    return bool(claims) and sum(c.sure for c in claims) >= needed


def calibrated(claim: Claim, settings: Settings) -> Claim:
    """The claim with the share of such claims that was right on held-back articles as its probability."""
    slope, shift = settings.get("calibration", {}).get(claim.kind, (1.0, 0.0))
    p = min(max(claim.sure, 1e-4), 1 - 1e-4)
    return replace(claim, sure=round(1 / (1 + math.exp(-(slope * math.log(p / (1 - p)) + shift))), 3))


def make(article: Article, kind: Any, start: int, end: int, **fields: Any) -> Claim:
    """A claim with its words: `article.words[start:end]`."""
    return Claim(kind=kind, article=article.id, quote=article.words[start:end], start=start, end=end, **fields)


def at(words: Words, tokens: tuple[int, int]) -> tuple[int, int]:
    """Token range to character offsets."""
    return words.starts[tokens[0]], words.ends[tokens[1] - 1]


def project_claims(
    article: Article, words: Words, entities: list[Entity], judgement: Judgement, settings: Settings
) -> Iterator[Claim]:
    """What the article says of one project."""
    project = judgement.project
    title = untitled_name(words, project.mentions[0]) if project.type == "UNTITLED" else project.name
    people = [e for e in entities if e.type == "PERSON"]
    for part in chosen_parts(judgement.parts, settings):
        start, end = at(words, clause_around(words, part.mention.first, part.mention.last))
        yield make(
            article,
            part.kind,
            start,
            end,
            project=title,
            sure=likelihood(part),
            **part_fields(words, part, project, title, people),
        )
    for state in chosen_states(judgement.states, settings):
        start, end = at(words, clause_around(words, state.word, state.word + 1))
        fields = {"role": state.value} if state.kind == "open_role" else {"value": state.value}
        yield make(article, state.kind, start, end, project=title, sure=state.sure, **fields)


def part_fields(words: Words, part: Part, project: Entity, title: str, people: list[Entity]) -> dict[str, Any]:
    """The fields of a claim that depend on its kind."""
    value = part.entity.value or (title if part.entity is project else part.entity.name)
    fields: dict[str, Any] = {"role": part.role, "value": value}
    if part.kind in {"credit", "company"}:
        fields["modality"] = part.firmness
    if part.kind == "credit" and part.role == "cast":
        fields["character"] = character_of(words, part.mention)
    if part.kind == "based_on" and part.role != "life":
        fields["creators"] = creators_of(words, part.mention, people)
        fields["year"] = year_of(words, part.mention)
    return fields


def threshold(settings: Settings, kind: str, role: str | None) -> float:
    """The least probability at which a claim is made, by role where it was measured, else by kind."""
    least = settings["least"]
    return float(least.get(f"{kind}/{role}", least[kind]))


def likelihood(part: Part) -> float:
    """The probability that a part is right in all that is said of it, its firmness included."""
    return part.sure * part.firm if part.kind in {"credit", "company"} else part.sure


def chosen_parts(parts: list[Part], settings: Settings) -> list[Part]:
    """The parts above their thresholds: one part a company and date, one kind of source a work."""
    kept: list[Part] = []
    single: dict[tuple[str, int], Part] = {}
    for part in parts:
        if likelihood(part) < threshold(settings, part.kind, part.role):
            continue
        if part.kind == "credit":
            kept.append(part)
            continue
        key = (part.kind, id(part.entity))
        if key not in single or single[key].sure < part.sure:
            single[key] = part
    return [*kept, *single.values()]


def chosen_states(states: list[State], settings: Settings) -> list[State]:
    """One status, one format, any number of open roles."""
    above = [s for s in states if s.sure >= threshold(settings, s.kind, s.value)]
    found = [s for s in above if s.kind == "open_role"]
    for kind in ("status", "format"):
        found += sorted((s for s in above if s.kind == kind), key=lambda s: -s.sure)[:1]
    return found


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
