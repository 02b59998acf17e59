"""How likely a claim must be to stand: cuts that are measured on articles that were held back."""

from __future__ import annotations

#: Of the core kinds: four claims of five are to be right on news as it comes; what is held back is harder on purpose.
PRECISION = 0.83
PRECISION_OF_TIES = 0.8
FLOOR = 0.12
CUTS = [round(0.2 + 0.02 * n, 2) for n in range(31)]
SHARES = [round(0.5 + 0.02 * n, 2) for n in range(36)]


def shared_cuts(rows: dict[str, list[tuple[float, bool]]], best: dict[str, float]) -> dict[str, float]:
    """Each kind cut at the same share of its best F1: the least at which all together are as precise as is asked.

    A kind that is so by itself at a lower share is cut there. Where probabilities are true, half of the best F1 is
    where it is reached (Lipton, Elkan and Naryanaswamy 2014, "Optimal Thresholding of Classifiers to Maximize F1
    Measure"). One cut for all kinds would silence those that are hard to be sure of.
    """
    enough = {
        kind: next((s for s in SHARES if precise(above(some, s * best[kind]), PRECISION)), SHARES[-1])
        for kind, some in rows.items()
    }
    for share in SHARES:
        cuts = {kind: round(min(share, enough[kind]) * f1, 3) for kind, f1 in best.items()}
        if precise([right for kind, some in rows.items() for right in above(some, cuts[kind])], PRECISION):
            break
    return cuts


def above(rows: list[tuple[float, bool]], cut: float) -> list[bool]:
    """Of (probability, whether right), what is right of those that reach a cut."""
    return [right for sure, right in rows if sure >= cut]


def precise(right: list[bool], share: float) -> bool:
    """Whether there are claims and such a share of them is right."""
    return bool(right) and sum(right) >= share * len(right)


def best_f1(rows: list[tuple[float, bool]], there: int) -> float:
    """The best F1 of a kind at any cut, over (probability, whether right); `there` are labelled."""
    hits, best = 0, 0.0
    for said, (_, right) in enumerate(sorted(rows, reverse=True), 1):
        hits += right
        best = max(best, 2 * hits / (said + there))
    return best


def least_cut(rows: list[tuple[float, bool]], precision: float) -> float:
    """The least of `CUTS` above which so many of (probability, whether right) are right; the greatest if none does."""
    return next((cut for cut in CUTS if precise(above(rows, cut), precision)), CUTS[-1])
