"""Which entity has which part in which project, and how firmly; what state each project is in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .entities import Entity
from .mentions import Mention, softmax
from .reader import MARKS, Floats, Ints, Reader, Reading
from .vocabulary import ALLOWED, FIRMNESS, PARTS, STATES
from .words import Words

N = len(PARTS)
M = N + len(FIRMNESS)


@dataclass(frozen=True, slots=True)
class Part:
    """An entity's part in a project: (kind, role), its probability, the mention that shows it best, how firm it is.

    `firm` is the probability of that firmness.
    """

    entity: Entity
    kind: str
    role: str | None
    sure: float
    mention: Mention
    firmness: str
    firm: float


@dataclass(frozen=True, slots=True)
class State:
    """A status, format or open role of a project, its probability and the word that shows it best."""

    kind: str
    value: str
    sure: float
    word: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """Everything the reader says of one project."""

    project: Entity
    real: float
    parts: list[Part]
    states: list[State]


def candidates(entities: list[Entity], least: float) -> list[Entity]:
    """What may be a project: tagged as one, or a title for which the tag was a close call."""
    return [
        e for e in entities
        if e.type in {"PROJECT", "UNTITLED"} or (e.type == "WORK" and e.likely("PROJECT") >= least)
    ]  # fmt: skip


def mark_words(entities: list[Entity], project: Entity, count: int) -> Ints:
    """The mark of each word when the article is judged for one project."""
    row = np.zeros(count, np.int64)
    for e in entities:
        for m in e.mentions:
            row[m.first : m.last] = 1 if e is project else MARKS.index(e.type)
    return row


def sigmoid(x: Floats) -> Floats:
    """Probabilities from log-odds."""
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -30, 30))), np.float32)


def pool(x: Floats) -> Floats:
    """Log-odds that any of several rows holds."""
    top = x.max(0)
    return np.asarray(top + np.log(np.exp(x - top).sum(0)), np.float32)


def judge_projects(reader: Reader, words: Words, reading: Reading, entities: list[Entity]) -> list[Judgement]:
    """The reader's second look, once for each candidate."""
    chosen = candidates(entities, reader.settings["candidate"])[: reader.settings["most_projects"]]
    if not chosen:
        return []
    count = reading.kept
    marks = np.stack([mark_words(entities, p, len(words.tokens))[:count] for p in chosen])
    out = reader.judge(reading, marks)
    return [judgement(project, scores, entities, count) for project, scores in zip(chosen, out, strict=True)]


def judgement(project: Entity, scores: Floats, entities: list[Entity], count: int) -> Judgement:
    """The outputs of one project as parts and states with probabilities; nothing is thrown away yet."""
    own = [m.first for m in project.mentions if m.last <= count]
    real = float(sigmoid(scores[own, -1].mean())) if own else 0.0
    parts = [part for e in entities for part in entity_parts(e, project, scores, count)]
    state_scores = scores[:, M : M + len(STATES)]
    pooled = sigmoid(pool(state_scores))
    states = [
        State(kind, value, float(pooled[k]), int(state_scores[:, k].argmax())) for k, (kind, value) in enumerate(STATES)
    ]
    return Judgement(project, real, parts, states)


def entity_parts(entity: Entity, project: Entity, scores: Floats, count: int) -> Iterator[Part]:
    """Every part that an entity of its type could have, with its probability."""
    mentions = [m for m in entity.mentions if m.last <= count]
    if not mentions:
        return
    firsts, lasts = [m.first for m in mentions], [m.last - 1 for m in mentions]
    logits = np.asarray((scores[firsts, :N] + scores[lasts, :N]) / 2, np.float32)
    pooled = sigmoid(pool(logits))
    for k, (kind, role) in enumerate(PARTS):
        if entity.type not in ALLOWED[kind] or pooled[k] < 0.05:
            continue
        if entity is project and kind != "based_on":
            continue
        if entity.type == "PERSON" and kind == "based_on" and role != "life":
            continue
        best = int(logits[:, k].argmax())
        firm = softmax(softmax(logits[:, k]) @ scores[firsts, N:M])
        yield Part(
            entity, kind, role, float(pooled[k]), mentions[best], FIRMNESS[int(firm.argmax())], float(firm.max())
        )
