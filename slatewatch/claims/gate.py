"""Is a title a project at all? One probability from what the reader says of it and what the article does with it.

The weights are fitted on held-back articles and stand in the settings of the model folder.
"""

from __future__ import annotations

import math

from .pairs import Judgement

#: What each weight is for, in their order.
SIGNS: tuple[str, ...] = (
    "always", "called real", "tagged as project", "surest credit", "parts that hold", "untitled",
)  # fmt: skip


def log_odds(p: float) -> float:
    """The log-odds of a probability, kept within what a float can tell."""
    p = min(max(p, 1e-4), 1 - 1e-4)
    return math.log(p / (1 - p))


def signs(judgement: Judgement) -> list[float]:
    """The values of `SIGNS` for one candidate."""
    project = judgement.project
    tagged = project.likely("PROJECT") + project.likely("UNTITLED")
    return [
        1.0,
        log_odds(judgement.real),
        log_odds(tagged),
        max((p.sure for p in judgement.parts if p.kind == "credit"), default=0.0),
        math.log1p(sum(p.sure > 0.5 for p in judgement.parts)),
        float(project.type == "UNTITLED"),
    ]


def chance(judgement: Judgement, weights: list[float] | None) -> float:
    """The probability that a candidate is an unreleased project; the reader's own word where no weights were fitted."""
    if not weights:
        return judgement.real
    total = sum(w * s for w, s in zip(weights, signs(judgement), strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
