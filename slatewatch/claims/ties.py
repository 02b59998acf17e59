"""Who belongs to which company, what one sits at, what somebody is known for, who represents whom; and sources."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from ..names import fold
from .entities import Entity
from .mentions import Mention
from .pairs import sigmoid
from .reader import Reading
from .vocabulary import TIES
from .words import Words

IN_BRACKETS = 0.97  # how sure a credit in brackets is before calibration
NEAR = 60  # tokens between the two mentions of a tie
OBJECTS = {
    "affiliation": {"COMPANY"},
    "place": {"PLACE"},
    "known_for": {"WORK"},
    "representation": {"COMPANY", "PERSON"},
}
SUBJECTS = {
    "affiliation": {"PERSON", "COMPANY"},
    "place": {"COMPANY"},
    "known_for": {"PERSON", "COMPANY"},
    "representation": {"PERSON"},
}
SOURCE_LINE = re.compile(r"(?:^|\n)\s*(?:\[|\()?(?:[Ss]ource|SOURCE|[Vv]ia)s?\s*:\s*(?P<names>[^\n\])]{2,80})")


@dataclass(frozen=True, slots=True)
class Tie:
    """One tie with its probability and the two mentions that show it."""

    kind: str
    subject: Entity
    value: Entity
    sure: float
    mentions: tuple[Mention, Mention]


def find_ties(reading: Reading, entities: list[Entity], least: float) -> list[Tie]:
    """Every tie above a probability, the pair of mentions that shows it best for each."""
    best: dict[tuple[str, int, int], Tie] = {}
    flat = [(e, m) for e in entities for m in e.mentions if m.last <= reading.kept]
    subjects = [(e, m) for e, m in flat if e.type in {"PERSON", "COMPANY"}]
    objects = [(e, m) for e, m in flat if e.type in {"COMPANY", "PLACE", "WORK", "PERSON"}]
    if not subjects or not objects:
        return []
    froms, tos = np.array([m.first for _, m in subjects]), np.array([m.first for _, m in objects])
    odds = sigmoid(np.einsum("std,otd->sot", reading.tie_from[froms], reading.tie_to[tos]) / 8.0 - 2.0)
    near = abs(froms[:, None] - tos) <= NEAR
    for s, o, t in np.argwhere((odds >= least) & near[..., None]).tolist():
        (subject, a), (value, b), kind = subjects[s], objects[o], TIES[t]
        if subject is value or subject.type not in SUBJECTS[kind] or value.type not in OBJECTS[kind]:
            continue
        key, sure = (kind, id(subject), id(value)), float(odds[s, o, t])
        if key not in best or best[key].sure < sure:
            best[key] = Tie(kind, subject, value, sure, (a, b))
    return list(best.values())


def nearest(words: Words, ties: list[Tie]) -> list[Tie]:
    """Ties without those over the end of a paragraph, or of a sentence to what somebody there is tied to.

    A surname alone is most often mistaken for another's there: "Kim", of two, and the next sentence's "his company".
    And what is named paragraphs away is as often a comparison as a credit; only agents have a paragraph of their own.
    """

    def together(tie: Tie) -> bool:
        one, other = tie.mentions
        return words.sentence[one.first] == words.sentence[other.first]

    def near(tie: Tie) -> bool:
        one, other = tie.mentions
        return words.paragraph[one.first] == words.paragraph[other.first]

    owned = {(t.kind, id(t.value)) for t in ties if together(t)}
    return [
        t for t in ties
        if together(t) or ((t.kind, id(t.value)) not in owned and (near(t) or t.kind == "representation"))
    ]  # fmt: skip


def bracket_owner(words: Words, value: Mention, entities: list[Entity]) -> tuple[Entity, Mention] | None:
    """Whom a work in brackets belongs to: the person or company that stands right before them."""
    start = words.sentences[words.sentence[value.first]][0]
    opening = next((i for i in range(value.first - 1, start, -1) if words.tokens[i] == "("), None)
    if opening is None or ")" in words.tokens[opening : value.first]:
        return None
    return next(
        ((e, m) for e in entities if e.type in {"PERSON", "COMPANY"} for m in e.mentions if m.last == opening), None
    )


def with_brackets(words: Words, ties: list[Tie], entities: list[Entity]) -> list[Tie]:
    """The ties with credits in brackets read by rule: `Daniel Dae Kim (Lost)` is known for it, and he alone."""
    owners = {
        (id(e), m.first): (e, m, owner)
        for e in entities
        if e.type == "WORK"
        for m in e.mentions
        if (owner := bracket_owner(words, m, entities))
    }
    kept = [t for t in ties if t.kind != "known_for" or (id(t.value), t.mentions[1].first) not in owners]
    return kept + [Tie("known_for", who, e, IN_BRACKETS, (at, m)) for e, m, (who, at) in owners.values()]


def find_sources(
    words: Words, reading: Reading, entities: list[Entity], publisher: str | None, least: float
) -> list[tuple[str, float, int, int]]:
    """Outlets that the article credits with the news: (name, probability, first and last character of the quote)."""
    found: dict[str, tuple[str, float, int, int]] = {}
    for match in SOURCE_LINE.finditer(words.string):
        at = match.start("names")
        for piece in re.finditer(r"[^,;/&]+", match["names"]):
            name = re.sub(r"^(?:the|The)\s+", "", piece.group().strip(" .()[]"))
            if name and len(name.split()) <= 5:
                whole = match.group().strip()
                start = words.string.index(whole, match.start())
                found.setdefault(
                    fold(name), (name, 0.99, start, at + piece.end() if piece.start() else start + len(whole))
                )
    for e in entities:
        if e.type != "COMPANY":
            continue
        mentions = [m for m in e.mentions if m.last <= reading.kept]
        odds = [float(sigmoid(reading.source[m.first])) for m in mentions]
        if odds and max(odds) >= least:
            m = mentions[int(np.argmax(odds))]
            found.setdefault(fold(e.name), (e.name, max(odds), words.starts[m.first], words.ends[m.last - 1]))
    return [row for key, row in found.items() if key != fold(publisher or "")]
