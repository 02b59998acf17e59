"""Two readers' claims of one article -> the claims that stand, each with the readers that made it.

What the model made stands. Where the built-in reader made the same claim, both are its makers. What the built-in reader
alone made stands if it is sure enough of it (`below`), and the model has not said otherwise on the same matter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from ..model import Article, Claim
from ..names import company_key, fold, person_key, title_key
from .parsing import Record
from .spans import find_span

Part = Literal["both", "model", "built-in", "left out", "contradicted", "confirmed", "denied", "not settled"]
#: Of these an article has one for a project, and for a role on it where the kind has roles.
SINGLE = frozenset({"status", "format", "date"})
Matter = tuple[object, ...]


@dataclass(slots=True)
class Agreed:
    """The claims that stand, and how many came how."""

    claims: list[Claim] = field(default_factory=list)
    parts: Counter[Part] = field(default_factory=Counter)


def matter(claim: Claim) -> Matter:
    """What a claim is about, whatever it says of it: a person in a role on a project, the status of a project."""
    project = title_key(claim.project) if claim.project else fold(claim.subject or "")
    if claim.kind in SINGLE:
        return claim.kind, project, claim.role
    value = claim.value or ""
    keyed = (
        person_key(value) if claim.kind == "credit" else company_key(value) if claim.kind == "company" else fold(value)
    )
    return claim.kind, project, claim.role, keyed


def said(claim: Claim) -> Matter:
    """What a claim says: two claims that say the same are one, whatever words they quote."""
    return *matter(claim), claim.modality, claim.value if claim.kind in SINGLE else None


def agree(built_in: Sequence[Claim], model: Sequence[Claim], *, below: float) -> Agreed:
    """What stands where the model has read the whole article."""
    found = Agreed()
    mine: dict[Matter, Claim] = {}
    for claim in built_in:
        mine.setdefault(said(claim), claim)
    theirs = {said(claim) for claim in model}
    settled = {matter(claim) for claim in model}
    for claim in model:
        other = mine.get(said(claim))
        found.parts["both" if other else "model"] += 1
        found.claims.append(joined(claim, other) if other else claim)
    for claim in built_in:
        if said(claim) in theirs:
            continue
        if matter(claim) in settled:
            found.parts["contradicted"] += 1
        elif claim.sure < below:
            found.parts["left out"] += 1
        else:
            found.parts["built-in"] += 1
            found.claims.append(claim)
    found.claims.sort(key=_place)
    return found


def joined(claim: Claim, other: Claim) -> Claim:
    """One claim of two readers: what the first says, what only the other knows, and the surer for it."""
    also = tuple(maker for maker in dict.fromkeys((*claim.also, *other.makers)) if maker != claim.maker)
    return replace(
        claim, also=also, sure=1 - (1 - claim.sure) * (1 - other.sure), character=claim.character or other.character,
        creators=claim.creators or other.creators, year=claim.year or other.year,
    )  # fmt: skip


def settle(article: Article, claims: Sequence[Claim], verdicts: Iterable[Record], *, maker: str, sure: float) -> Agreed:
    """What stands where the model was asked whether each claim holds; a verdict without the article's words is none."""
    words: dict[int, bool] = {}
    for verdict in verdicts:
        number, holds, quote = verdict.get("claim"), verdict.get("holds"), verdict.get("quote")
        if type(number) is not int or type(holds) is not bool or not isinstance(quote, str):
            continue
        if find_span(article, quote):
            words.setdefault(number, holds)
    found = Agreed()
    for number, claim in enumerate(claims, 1):
        holds = words.get(number)
        found.parts["not settled" if holds is None else "confirmed" if holds else "denied"] += 1
        if holds is None:
            found.claims.append(claim)
        elif holds:
            found.claims.append(replace(claim, also=(*claim.also, maker), sure=1 - (1 - claim.sure) * (1 - sure)))
    return found


def _place(claim: Claim) -> tuple[object, ...]:
    return claim.start, claim.end, claim.kind, claim.project or "", claim.role or "", claim.value or ""
