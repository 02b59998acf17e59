"""Pictures as plain numbers for SVG: a project's roles over time, and who works with whom."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from slatewatch.answers.overview import Beside
from slatewatch.model import Change, Project
from slatewatch.names import company_key, person_key

from .wording import MONTHS, plain

#: Units of the drawing: names to the left of LEFT, time from there to WIDTH; a lane is HIGH.
LEFT, WIDTH, HIGH = 250, 1000, 24
#: Lanes drawn at most; the list below the picture has all.
LANES = 40
STANDING = frozenset({"attached", "in_talks", "interest"})


@dataclass(frozen=True, slots=True)
class Bar:
    """How somebody stood from x on, w wide."""

    x: float
    w: float
    state: str
    day: str


@dataclass(slots=True)
class Lane:
    """One person or company in one role."""

    role: str
    name: str
    y: int
    bars: list[Bar] = field(default_factory=list)
    left: list[tuple[float, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Lanes:
    lanes: list[Lane]
    ticks: list[tuple[float, str]]
    height: int


def lanes(project: Project) -> Lanes | None:
    """Who came and left when; None where there is nobody, or all happened on one day."""
    changes = [c for c in project.changes if c.kind in {"credit", "company"}]
    days = [report.day for report in project.reports]
    first, last = _ordinal(min(days, default="")), _ordinal(max(days, default=""))
    if not changes or first is None or last is None or first == last:
        return None
    scale = (WIDTH - LEFT - 12) / (last - first)

    def x(day: str) -> float:
        at = _ordinal(day)
        return round(LEFT + ((at or first) - first) * scale, 1)

    by_lane: dict[tuple[str, str, str], list[Change]] = {}
    for change in changes:
        key = person_key if change.kind == "credit" else company_key
        by_lane.setdefault((change.kind, change.role or "", key(change.value)), []).append(change)
    found: list[Lane] = []
    ordered = sorted(by_lane.values(), key=lambda c: (c[0].kind == "company", c[0].day, c[0].role or ""))
    for steps in ordered[:LANES]:
        lane = Lane(plain(steps[0].role), steps[-1].value, HIGH * len(found) + 8)
        for step, after in zip(steps, [*steps[1:], None], strict=True):
            begin, end = x(step.day), x(after.day) if after else WIDTH - 12
            if step.after in STANDING:
                lane.bars.append(Bar(begin, max(round(end - begin, 1), 4.0), step.after, step.day))
            else:
                lane.left.append((begin, step.after))
        found.append(lane)
    return Lanes(found, _ticks(first, last, x), HIGH * len(found) + 40)


def _ordinal(day: str) -> int | None:
    try:
        return date.fromisoformat(day[:10]).toordinal()
    except ValueError:
        return None


def _ticks(first: int, last: int, x: Callable[[str], float]) -> list[tuple[float, str]]:
    """Up to about eight marks: years, or months of a short time."""
    begin, end = date.fromordinal(first), date.fromordinal(last)
    months = (end.year - begin.year) * 12 + end.month - begin.month
    step = next(s for s in (1, 2, 3, 6, 12, 24, 60, 120, 1200) if months / s <= 8)
    found = []
    for n in range(begin.year * 12 + begin.month, end.year * 12 + end.month):
        if n % step == 0:
            day = date(n // 12, n % 12 + 1, 1)
            name = str(day.year) if step >= 12 or day.month == 1 else MONTHS[day.month]
            found.append((x(day.isoformat()), name))
    return found


@dataclass(frozen=True, slots=True)
class Dot:
    """Somebody around the middle: at (x, y), r big, their name at (tx, ty), set from its `anchor`."""

    who: Beside
    x: float
    y: float
    r: float
    tx: float
    ty: float
    anchor: str


def circle(beside: Sequence[Beside], most: int = 14) -> list[Dot]:
    """People around a person, in a drawing of 720 by 400 with the person at its middle: nearer the more in common."""
    shown = list(beside[:most])
    top = max((one.projects for one in shown), default=1)
    dots = []
    for n, who in enumerate(shown):
        turn = 2 * math.pi * n / len(shown) - math.pi / 2
        far = 1.0 - 0.35 * (who.projects - 1) / max(1, top - 1) if top > 1 else 0.9
        x, y = 360 + 210 * far * math.cos(turn), 200 + 160 * far * math.sin(turn)
        right = math.cos(turn) > -0.01
        dots.append(Dot(
            who, round(x, 1), round(y, 1), round(5 + 5 * who.projects / top, 1), round(x + (14 if right else -14), 1),
            round(y + 4, 1), "start" if right else "end",
        ))  # fmt: skip
    return dots
