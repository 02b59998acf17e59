"""The labelled stories merged into projects, and how that compares with what is true of them. Needs no torch."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from slatewatch.answers.shapes import project_shape
from slatewatch.evaluate import Rate, matches, same_title
from slatewatch.model import Article, Claim
from slatewatch.names import Known, canonical, company_key, person_key
from slatewatch.projects import merge_claims
from slatewatch.projects.mentions import mentions_of, renamings, report_of

from .corpus import ROOT

FOLDER, TRUTH = ROOT / "gold/stories/dev", ROOT / "gold/stories/dev.truth.json"
STATE = frozenset({"credit", "company", "status", "format", "based_on", "date"})
Shape = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """How well projects were told apart (B-cubed, over mentions of one in an article), and their current state."""

    precision: float
    recall: float
    state: Rate

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def truth() -> list[Shape]:
    """What is true of the projects of the stories."""
    return list(json.loads(TRUTH.read_text("utf-8"))["projects"])


def merged(read: Iterable[tuple[Article, Sequence[Claim]]]) -> list[Shape]:
    """Articles with their claims -> projects, each in the shape of `slatewatch projects --json`."""
    mentions, pairs = [], []
    for article, claims in read:
        mentions += mentions_of(report_of(article, first_seen="2026-01-01"), claims, article.text)
        for about, old, new, _ in renamings(article, claims):
            key = person_key if about == "person" else company_key
            pairs.append((key(old), key(new)))
    return [project_shape(project) for project in merge_claims(mentions, known=Known(same=canonical(pairs)))]


def goes_by(shape: Shape, article: str, titles: list[str]) -> bool:
    """Whether a found project rests on an article and goes by one of some titles."""
    return article in shape["articles"] and any(same_title(a, b) for a in shape["titles"] for b in titles)


def told(true: list[Shape], found: list[Shape]) -> Told:
    """Found projects against the true ones."""
    homes = homes_of(true, found)
    there = [(article, project["key"]) for project in true for article in project["articles"]]
    size = Counter(home for home in homes.values())
    alike = Counter((home, key) for (_, key), home in homes.items())
    of = Counter(key for _, key in there)
    used = {(home, article) for (article, _), home in homes.items()}
    extra = sum((shape["id"], article) not in used for shape in found for article in shape["articles"])
    precision = sum(alike[home, key] / size[home] for (_, key), home in homes.items()) / max(1, len(homes) + extra)
    recall = sum(alike[home, key] / of[key] for (_, key), home in homes.items()) / max(1, len(there))
    return Told(precision, recall, state_of(true, found, homes))


def homes_of(true: list[Shape], found: list[Shape]) -> dict[tuple[str, str], str]:
    """The found project that each (article, true project) is in, where it is in any.

    Where an article names several of alike titles, the one that the true project has most articles in is meant.
    """
    homes: dict[tuple[str, str], str] = {}
    for project in true:
        shared = {s["id"]: sum(goes_by(s, a, project["titles"]) for a in project["articles"]) for s in found}
        for article in project["articles"]:
            fits = [s for s in found if goes_by(s, article, project["titles"])]
            if fits:
                best = max(fits, key=lambda s: (shared[s["id"]], -len(s["articles"])))
                homes[article, project["key"]] = best["id"]
    return homes


def state_of(true: list[Shape], found: list[Shape], homes: dict[tuple[str, str], str]) -> Rate:
    """How much of the projects' current state is found, each in the project that most of its articles are in."""
    by_id = {shape["id"]: shape for shape in found}
    hit = said = there = 0
    for project in true:
        seen = Counter(homes[a, project["key"]] for a in project["articles"] if (a, project["key"]) in homes)
        mine = claims_of(project["current"])
        theirs = claims_of(by_id[seen.most_common(1)[0][0]]["current"]) if seen else []
        hit, said, there = hit + len(matches(mine, theirs)), said + len(theirs), there + len(mine)
    return Rate(hit, said, there)


def claims_of(current: list[Shape]) -> list[Claim]:
    """The lines of a state as claims of one nameless project, so that they compare as claims do."""
    return [
        Claim(
            kind=line["kind"], role=line.get("role"), value=line.get("value"), modality=line.get("modality"),
            project="x", article="x", quote="", start=0, end=0,
        )
        for line in current
        if line["kind"] in STATE
    ]  # fmt: skip
