"""How far a claim's probability can be trusted, and what asking for surer claims costs.

Rows are (probability, whether the claim is right), one a claim that was made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Row = tuple[float, bool]
BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """The claims with a probability from `low` to below `high`: how many, their mean probability, the share right."""

    low: float
    high: float
    count: int
    said: float
    right: float


@dataclass(frozen=True, slots=True)
class Point:
    """What is reached where only claims of at least a probability are kept."""

    least: float
    precision: float
    recall: float


def bins(rows: Sequence[Row], count: int = BINS) -> list[Bin]:
    """The claims by probability in equal steps; steps without claims are left out."""
    found = []
    for k in range(count):
        low, high = k / count, (k + 1) / count
        inside = [row for row in rows if low <= row[0] < high or (k == count - 1 and row[0] == 1.0)]
        if inside:
            said = sum(p for p, _ in inside) / len(inside)
            found.append(Bin(low, high, len(inside), said, sum(right for _, right in inside) / len(inside)))
    return found


def calibration_error(rows: Sequence[Row], count: int = BINS) -> float:
    """The expected calibration error: the mean distance of probability and share right over the bins, by their size."""
    total = sum(b.count for b in bins(rows, count))
    return sum(b.count * abs(b.said - b.right) for b in bins(rows, count)) / total if total else 0.0


def curve(rows: Sequence[Row], there: int) -> list[Point]:
    """Precision and recall at every probability that occurs, the highest first; `there` is how many are labelled."""
    ordered = sorted(rows, reverse=True)
    points, hit = [], 0
    for said, (sure, right) in enumerate(ordered, 1):
        hit += right
        if said == len(ordered) or ordered[said][0] != sure:
            points.append(Point(sure, hit / said, hit / there if there else 1.0))
    return points


def recall_at(points: Sequence[Point], precision: float) -> Point | None:
    """The point of most recall at a precision or better; none where it is never reached."""
    fitting = [p for p in points if p.precision >= precision]
    return max(fitting, key=lambda p: p.recall, default=None)


def table(rows: Sequence[Row]) -> list[str]:
    """The bins as lines of text, the calibration error last."""
    lines = [f"{'probability':<16}{'claims':>8}{'mean':>8}{'right':>8}"]
    lines += [f"{b.low:.1f} to {b.high:.1f}{b.count:>14}{b.said:>8.3f}{b.right:>8.3f}" for b in bins(rows)]
    return [*lines, f"expected calibration error {calibration_error(rows):.3f}"]
