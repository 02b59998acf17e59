"""What the pages and feeds say in words, from wording.toml: a change as a sentence, a role, a day, an age."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path

from slatewatch.model import COMPANY_ROLES, CREDIT_ROLES, Change
from slatewatch.watching.digest import ORDER

WORDS: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_name("wording.toml").read_text("utf-8"))
ROLES = (*CREDIT_ROLES, *COMPANY_ROLES)
MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


# A page says the same few words and days hundreds of times.
@lru_cache(maxsize=2048)
def plain(name: str | None) -> str:
    """A word of the vocabulary for a reader: `executive_producer` -> `executive producer`."""
    if not name:
        return ""
    for words in ("roles", "modalities", "statuses"):
        if name in WORDS[words]:
            return WORDS[words][name]
    return name.replace("_", " ")


def kind(name: str) -> str:
    return WORDS["kinds"].get(name, plain(name))


def clock(name: str) -> str:
    return WORDS["clocks"].get(name, name)


def share(part: float) -> str:
    """A share of one: `0.828` -> `83 %`."""
    return f"{round(part * 100)} %"


def sentence(change: Change) -> str:
    """What a change is, in a few words: `Rosalind Ross set to write`."""
    role, value = change.role or "", change.value
    if change.kind in {"credit", "company"}:
        step = WORDS["steps"].get(change.after, "{name}: {role}")
        return step.format(name=value[:300], task=WORDS["tasks"].get(role, plain(role)), role=plain(role))
    return _of_project(change, role, value)


def _of_project(change: Change, role: str, value: str) -> str:
    if change.kind == "project":
        return "first heard of"
    if change.kind == "open_role":
        post = plain(role) if value == role else f"{plain(role)} ({value})"
        return f"{post} wanted" if change.after == "open" else f"{post} found"
    if change.kind == "date":
        now = f"{WORDS['dates'].get(role, role)} {day(change.after)}"
        return f"{now}, not {day(change.before)}" if change.before else now
    words = {
        "title": f"now called {change.after}", "alias": f"also called {value}", "location": f"shoots in {value}",
        "based_on": f"based on {value} ({plain(role)})",
        "format": f"a {plain(change.after)}", "status": _status(change),
    }  # fmt: skip
    return words.get(change.kind, f"{kind(change.kind)}: {value}")


def _status(change: Change) -> str:
    return (
        f"now {plain(change.after)}, was {plain(change.before)}" if change.before else f"stage: {plain(change.after)}"
    )


RANK: dict[str, int] = {kind: n for n, kind in enumerate(ORDER)}
ROLE_RANK: dict[str, int] = {role: n for n, role in enumerate(ROLES)}


def told(changes: Iterable[Change]) -> list[Change]:
    """Changes in the order they are told; credits and companies by role."""
    return sorted(changes, key=lambda c: (RANK.get(c.kind, len(ORDER)), ROLE_RANK.get(c.role or "", 0), c.value))


@lru_cache(maxsize=2048)
def day(text: str | None) -> str:
    """`2016-05-06` -> `6 May 2016`; coarser and odd ones as far as they go."""
    if not text:
        return "date unknown"
    parts = text.split("T")[0].split("-")
    if len(parts) == 3 and all(part.isdigit() for part in parts) and int(parts[1]) < 13:
        return f"{int(parts[2])} {MONTHS[int(parts[1])]} {parts[0]}"
    if len(parts) == 2 and parts[1].isdigit() and int(parts[1]) < 13:
        return f"{MONTHS[int(parts[1])]} {parts[0]}"
    return f"{parts[1]} {parts[0]}" if len(parts) == 2 else text


def age(text: str, today: str | None = None) -> str:
    """How long ago an ISO day was: `3 days`, `7 weeks`, `5 months`, `2 years`."""
    try:
        days = (date.fromisoformat(today or date.today().isoformat()) - date.fromisoformat(text[:10])).days
    except ValueError:
        return ""
    for unit, size, until in (("day", 1, 14), ("week", 7, 70), ("month", 30.44, 730), ("year", 365.25, 10**9)):
        if days < until:
            n = max(0, int(days / size))
            return f"{n} {unit}{'' if n == 1 else 's'}"
    return ""
