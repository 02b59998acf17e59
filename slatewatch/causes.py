"""Why a claim was missed or is wrong: one cause for each difference, so that the largest can be taken first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from .evaluate import FIRM_KINDS, fold, matches, same_claim, same_title
from .model import PROJECT_KINDS, Claim

#: Every cause with what it means, in the order in which they are asked for.
CAUSES: tuple[tuple[str, str], ...] = (
    ("false alarm", "a claim in an article that states none"),
    ("released work taken for a project", "the project is a source work or a past credit in the labels"),
    ("title cut wrongly", "the project's title is a part of a labelled one, or holds one"),
    ("title is no project", "no labelled project has that title"),
    ("title not found", "nothing was found on the project at all"),
    ("firmness", "right but for its modality"),
    ("wrong role", "the right name on the right project in another part"),
    ("right fact on the wrong project", "right but for the project"),
    ("name cut or not joined", "the value is a part of the right one, or holds it"),
    ("date", "another date than the article's"),
    ("other value", "another status, format or source work than the article's"),
    ("list broken off", "others of the same sentence and role were found"),
    ("subject", "the right value tied to somebody else"),
    ("not stated", "nothing like it is in the labels"),
    ("wording unseen", "nothing like it was found"),
)
SINGLE = frozenset({"status", "format", "based_on"})


def causes(labels: Sequence[Claim], guesses: Sequence[Claim]) -> Counter[tuple[str, str]]:
    """How often each (side, cause) occurs in one article, side being `missed` or `wrong`."""
    pairs = matches(labels, guesses)
    found, used = {id(label) for label, _ in pairs}, {id(guess) for _, guess in pairs}
    counted: Counter[tuple[str, str]] = Counter()
    for guess in guesses:
        if id(guess) not in used:
            counted["wrong", why_wrong(guess, labels)] += 1
    for label in labels:
        if id(label) not in found:
            counted["missed", why_missed(label, guesses)] += 1
    return counted


def why_wrong(guess: Claim, labels: Sequence[Claim]) -> str:
    """The cause of a claim that no label holds."""
    if not labels:
        return "false alarm"
    if guess.kind in PROJECT_KINDS:
        titles = {label.project for label in labels if label.project}
        if not any(same_title(guess.project, title) for title in titles):
            works = [c.value for c in labels if c.kind in ("based_on", "known_for")]
            if any(same_title(guess.project, work, subtitle=True) for work in works):
                return "released work taken for a project"
            return "title cut wrongly" if any(overlap(guess.project, t) for t in titles) else "title is no project"
    return likeness(guess, labels) or "not stated"


def why_missed(label: Claim, guesses: Sequence[Claim]) -> str:
    """The cause of a label that no claim holds."""
    if label.kind in PROJECT_KINDS:
        titles = {guess.project for guess in guesses if guess.project}
        if not any(same_title(label.project, title) for title in titles):
            return "title cut wrongly" if any(overlap(label.project, t) for t in titles) else "title not found"
    cause = likeness(label, guesses)
    if cause:
        return cause
    beside = any(g.kind == label.kind and g.role == label.role and touch(g, label) for g in guesses)
    return "list broken off" if beside and label.kind in FIRM_KINDS else "wording unseen"


def likeness(one: Claim, others: Sequence[Claim]) -> str | None:
    """What sets a claim apart from the nearest one on the other side."""
    for other in others:
        if same_claim(other, one, firmness=False):
            return "firmness"
    same_kind = [o for o in others if o.kind == one.kind]
    here = [o for o in same_kind if o.kind not in PROJECT_KINDS or same_title(o.project, one.project)]
    if any(o.role != one.role and fold(o.value) == fold(one.value) for o in here):
        return "wrong role"
    if any(same_claim(replace(o, project=one.project), one) for o in same_kind):
        return "right fact on the wrong project"
    if any(o.subject != one.subject and fold(o.value) == fold(one.value) for o in here):
        return "subject"
    if any(o.role == one.role and overlap(o.value, one.value) for o in here):
        return "name cut or not joined"
    if one.kind == "date" and any(o.role == one.role for o in here):
        return "date"
    return "other value" if one.kind in SINGLE and here else None


def overlap(one: str | None, other: str | None) -> bool:
    """Whether the words of one name are all in the other."""
    first, second = set(fold(one).split()), set(fold(other).split())
    return bool(first and second) and (first <= second or second <= first)


def touch(one: Claim, other: Claim) -> bool:
    """Whether two quotes overlap or stand side by side."""
    return one.start <= other.end + 2 and other.start <= one.end + 2


def table(counted: Counter[tuple[str, str]]) -> list[str]:
    """The causes with their counts as lines of text, the largest first."""
    names = sorted({c for _, c in counted}, key=lambda c: -(counted["missed", c] + counted["wrong", c]))
    lines = [f"{'cause':<36}{'missed':>8}{'wrong':>8}"]
    return lines + [f"{name:<36}{counted['missed', name]:>8}{counted['wrong', name]:>8}" for name in names]
