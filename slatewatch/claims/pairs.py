"""Which entity has which part in which project, and how firmly; what state each project is in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

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
    out, named = reader.judge(reading, marks), name_entities(entities, count)
    return [judgement(project, scores, named, count) for project, scores in zip(chosen, out, strict=True)]


@dataclass(frozen=True, slots=True)
class Named:
    """The entities that may have a part in a project, and where all their mentions stand, one entity after the other.

    `begins` is the first mention of each entity, `able` the parts that an entity of its type can have.
    """

    entities: list[Entity]
    mentions: list[Mention]
    begins: Ints
    firsts: Ints
    lasts: Ints
    able: npt.NDArray[np.bool_]


def name_entities(entities: list[Entity], count: int) -> Named:
    """What is the same for every project that an article is judged for: `count` words of it were read."""
    able = [e for e in entities if e.type in ALLOWED_PARTS and any(m.last <= count for m in e.mentions)]
    groups = [[m for m in e.mentions if m.last <= count] for e in able]
    mentions = [m for group in groups for m in group]
    return Named(
        able, mentions, np.cumsum([0, *map(len, groups)], dtype=np.int64)[:-1],
        np.array([m.first for m in mentions], np.int64), np.array([m.last - 1 for m in mentions], np.int64),
        np.array([ALLOWED_PARTS[e.type] for e in able], np.bool_).reshape(len(able), N),
    )  # fmt: skip


def judgement(project: Entity, scores: Floats, named: Named, count: int) -> Judgement:
    """The outputs of one project as parts and states with probabilities; nothing is thrown away yet."""
    own = [m.first for m in project.mentions if m.last <= count]
    real = float(sigmoid(scores[own, -1].mean())) if own else 0.0
    state_scores = scores[:, M : M + len(STATES)]
    pooled, best = sigmoid(pool(state_scores)), state_scores.argmax(0)
    states = [State(kind, value, float(pooled[k]), int(best[k])) for k, (kind, value) in enumerate(STATES)]
    return Judgement(project, real, list(parts_of(project, scores, named)), states)


def parts_of(project: Entity, scores: Floats, named: Named) -> Iterator[Part]:
    """Every part that an entity of its type could have, with its probability; all entities are looked at together."""
    if not named.entities:
        return
    logits = np.asarray((scores[named.firsts, :N] + scores[named.lasts, :N]) / 2, np.float32)
    top = np.maximum.reduceat(logits, named.begins)
    ends = [*named.begins[1:].tolist(), len(logits)]
    each = np.repeat(np.arange(len(top)), np.diff([*named.begins, len(logits)]))
    pooled = sigmoid(top + np.log(np.add.reduceat(np.exp(logits - top[each]), named.begins)))
    for n, k in np.argwhere((pooled >= FAINT) & named.able).tolist():
        entity, first = named.entities[n], int(named.begins[n])
        if entity is project and not OWN_PARTS[k]:
            continue
        column = logits[first : ends[n], k]
        firm = softmax(softmax(column) @ scores[named.firsts[first : ends[n]], N:M])
        yield Part(
            entity, *PARTS[k], float(pooled[n, k]), named.mentions[first + int(column.argmax())],
            FIRMNESS[int(firm.argmax())], float(firm.max()),
        )  # fmt: skip
