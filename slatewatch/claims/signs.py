"""What a possible claim has for and against it: the numbers by which it is weighed against others.

What the reader says of one pair of project and name is not all there is to know: how sure it is of the title, what else
it says of the same name, how many others it gives the same part. `weighing.py` turns the row into one probability.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from .entities import Entity
from .pairs import FAINT, Judgement, Part, State
from .untitled import run_before
from .vocabulary import FIRMNESS, SIGNS, WEIGHED
from .words import Words


@dataclass(frozen=True, slots=True)
class Possible:
    """A part or a state that may become a claim, of which project, and the signs that speak for or against it."""

    judgement: Judgement
    what: Part | State
    signs: list[float]


def log_odds(p: float) -> float:
    """The log-odds of a probability, kept within what a float can tell."""
    p = min(max(p, 1e-4), 1 - 1e-4)
    return math.log(p / (1 - p))


def possible_claims(words: Words, judgements: list[Judgement]) -> Iterator[Possible]:
    """Every part and state that the reader thinks more than faintly possible."""
    for judgement in judgements:
        row = project_signs(words, judgement, judgements)
        for part in judgement.parts:
            yield Possible(judgement, part, row + part_signs(words, judgement, part, judgements))
        for state in judgement.states:
            if state.sure >= FAINT:
                yield Possible(judgement, state, row + state_signs(words, judgement, state, judgements))


def project_signs(words: Words, judgement: Judgement, judgements: list[Judgement]) -> list[float]:
    """The values of `PROJECT_SIGNS`."""
    project, firsts = judgement.project, [m.first for m in judgement.project.mentions]
    return [
        log_odds(judgement.real),
        float(sum(other.real > judgement.real for other in judgements)),
        log_odds(project.likely("PROJECT") + project.likely("UNTITLED")),
        project.likely("WORK"), project.likely("PERSON"), project.likely("COMPANY"),
        untitled(words, project),
        math.log1p(len(firsts)),
        float(any(words.features[first][1] >= 2 for first in firsts)),
        float(any(a <= m.first and m.last <= b for m in project.mentions for a, b in words.quotes)),
        float(min(8, len(project.name.split()))),
        firsts[0] / len(words.tokens),
        math.log1p(len(judgements)),
        math.log1p(len(words.tokens)),
        max((p.sure for p in judgement.parts if p.kind == "credit"), default=0.0),
        math.log1p(sum(p.sure > 0.5 for p in judgement.parts)),
        *edges(project),
    ]  # fmt: skip


def untitled(words: Words, project: Entity) -> float:
    """0 for a title, 1 for a noun that a project may go by, 2 where the article itself says `untitled`."""
    if project.type != "UNTITLED":
        return 0.0
    return 2.0 if any(run_before(words, m.first) for m in project.mentions) else 1.0


def edges(entity: Entity) -> tuple[float, float, float]:
    """How surely a name begins and ends where it is thought to, by those of its mentions that have the most words."""
    longest = max(m.last - m.first for m in entity.mentions)
    found = [m.edges for m in entity.mentions if m.edges and m.last - m.first == longest]
    if not found:
        return 0.0, 0.0, 0.0
    begins, ends, weakest = (log_odds(sum(edge) / len(found)) for edge in zip(*found, strict=True))
    return begins, ends, weakest


def part_signs(words: Words, judgement: Judgement, part: Part, judgements: list[Judgement]) -> list[float]:
    """The values of `CLAIM_SIGNS`, `FIRM_SIGNS` and `WEIGHED` for what a name has to do with a project."""
    elsewhere = [p for j in judgements if j is not judgement for p in j.parts if p.entity is part.entity]
    here = [p for p in judgement.parts if p.entity is part.entity and p is not part and p.kind == part.kind]
    firm = part.kind in {"credit", "company"}
    entity, first = part.entity, part.mention.first
    return [
        log_odds(part.sure), log_odds(part.firm) if firm else 0.0, *nearness(words, judgement, first),
        max((p.sure for p in elsewhere if (p.kind, p.role) == (part.kind, part.role)), default=0.0),
        max((p.sure for p in here), default=0.0),
        float(sum((p.kind, p.role) == (part.kind, part.role) and p.sure > part.sure for p in judgement.parts)),
        math.log1p(len(entity.mentions)), 1.0 if entity.type == "DATE" else entity.likely(entity.type),
        float(words.features[first][1] >= 2),
        *(float(firm and part.firmness == name) for name in FIRMNESS), *(float(part.kind == k) for k in WEIGHED),
    ]  # fmt: skip


def state_signs(words: Words, judgement: Judgement, state: State, judgements: list[Judgement]) -> list[float]:
    """The values of `CLAIM_SIGNS`, `FIRM_SIGNS` and `WEIGHED` for a status, format or open role."""
    others = [s for j in judgements if j is not judgement for s in j.states]
    same = (state.kind, state.value)
    return [
        log_odds(state.sure), 0.0, *nearness(words, judgement, state.word),
        max((s.sure for s in others if (s.kind, s.value) == same), default=0.0),
        max((s.sure for s in judgement.states if s.kind == state.kind and s is not state), default=0.0),
        float(sum(s.kind == state.kind and s.sure > state.sure for s in judgement.states)),
        0.0, 0.0, float(words.features[state.word][1] >= 2),
        *(0.0 for _ in FIRMNESS), *(float(state.kind == k) for k in WEIGHED),
    ]  # fmt: skip


def source_signs(sure: float, judgements: list[Judgement]) -> list[float]:
    """The same row for an outlet that the article may credit; what it says of a project is left at nothing."""
    row = dict.fromkeys(SIGNS, 0.0)
    row |= {
        "sure": log_odds(sure), "source": 1.0, "candidates": math.log1p(len(judgements)),
        "called real": log_odds(max((j.real for j in judgements), default=0.0)),
    }  # fmt: skip
    return list(row.values())


def nearness(words: Words, judgement: Judgement, word: int) -> tuple[float, float]:
    """How far a word is from the nearest mention of a project, and whether one stands in its sentence."""
    firsts = [m.first for m in judgement.project.mentions]
    near = any(words.sentence[first] == words.sentence[word] for first in firsts)
    return math.log1p(min(abs(first - word) for first in firsts)), float(near)
