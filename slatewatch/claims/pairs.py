"""Which entity has which part in which project, and how firmly; what state each project is in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from .entities import Entity
from .mentions import Mention, softmax
from .reader import MARKS, Floats, Ints, Reader, Reading
from .vocabulary import ALLOWED, FIRMNESS, MENTION_TYPES, PARTS, STATES
from .words import Words

N = len(PARTS)
M = N + len(FIRMNESS)
NAMES = frozenset({"PERSON", "COMPANY", "PLACE", "CHARACTER"})  # what a title may be mistaken for
FAINT = 0.05  # a part below that probability is not worth keeping
#: Which parts a mention of a type can have.
ALLOWED_PARTS = {
    name: np.array([name in ALLOWED[kind] and not (name == "PERSON" and kind == "based_on" and role != "life")
                    for kind, role in PARTS])
    for name in (*MENTION_TYPES, "DATE")
}  # fmt: skip
OWN_PARTS = np.array([kind == "based_on" for kind, _ in PARTS])  # what a project can be to itself: "of the same name"


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


def candidates(entities: list[Entity], settings: dict[str, Any]) -> list[Entity]:
    """What may be a project: tagged as one, or a name for which the tag was a close call; the likeliest first.

    `Emmeline` or `Micronauts` may well be tagged as a person or a company.
    """
    found = [
        e for e in entities
        if e.type in {"PROJECT", "UNTITLED"}
        or (e.type == "WORK" and e.likely("PROJECT") >= settings["candidate"])
        or (e.type in NAMES and e.likely("PROJECT") + e.likely("WORK") >= settings["doubtful"])
    ]  # fmt: skip
    return sorted(found, key=lambda e: -max(e.likely("PROJECT"), e.likely("UNTITLED")))[: settings["most_projects"]]


def sigmoid(x: Floats) -> Floats:
    """Probabilities from log-odds."""
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -30, 30))), np.float32)


def pool(x: Floats) -> Floats:
    """Log-odds that any of several rows holds."""
    top = x.max(0)
    return np.asarray(top + np.log(np.exp(x - top).sum(0)), np.float32)


def mark_words(entities: list[Entity], project: Entity, count: int) -> Ints:
    """The mark of each word when the article is judged for one project."""
    row = np.zeros(count, np.int64)
    for e in entities:
        for m in e.mentions:
            row[m.first : m.last] = 1 if e is project else MARKS.index(e.type)
    return row


def judge_projects(reader: Reader, words: Words, reading: Reading, entities: list[Entity]) -> list[Judgement]:
    """The reader's second look, once for each candidate."""
    chosen = candidates(entities, reader.settings)
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
    pooled, best = sigmoid(pool(state_scores)), state_scores.argmax(0)
    states = [State(kind, value, float(pooled[k]), int(best[k])) for k, (kind, value) in enumerate(STATES)]
    return Judgement(project, real, parts, states)


def entity_parts(entity: Entity, project: Entity, scores: Floats, count: int) -> Iterator[Part]:
    """Every part that an entity of its type could have, with its probability."""
    able = ALLOWED_PARTS.get(entity.type)
    mentions = [m for m in entity.mentions if m.last <= count]
    if able is None or not mentions:
        return
    firsts, lasts = [m.first for m in mentions], [m.last - 1 for m in mentions]
    logits = np.asarray((scores[firsts, :N] + scores[lasts, :N]) / 2, np.float32)
    pooled = sigmoid(pool(logits))
    likely = (pooled >= FAINT) & able & (OWN_PARTS if entity is project else True)
    for k in np.flatnonzero(likely):
        firm = softmax(softmax(logits[:, k]) @ scores[firsts, N:M])
        yield Part(
            entity, *PARTS[k], float(pooled[k]), mentions[int(logits[:, k].argmax())],
            FIRMNESS[int(firm.argmax())], float(firm.max()),
        )  # fmt: skip
