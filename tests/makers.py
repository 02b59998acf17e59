"""Articles and claims of an invented trade, in a few words each, for the tests of merging and of the store."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from slatewatch.model import (
    COMPANY_ROLES,
    CREDIT_ROLES,
    DATE_ROLES,
    FORMATS,
    SOURCE_WORKS,
    STATUSES,
    Article,
    Claim,
    Kind,
    Mention,
    Modality,
)
from slatewatch.projects.mentions import mentions_of, report_of

Read = tuple[Article, list[Claim]]


def said(
    project: str | None, what: str, value: str | None = None, modality: str | None = None, **more: object
) -> Claim:
    """One claim by its role, or by its kind where that has no role; `attached` where a credit says nothing else.

    `said("Harbour Lights", "director", "Ines Marrow")`, `said("Harbour Lights", "open director")`.
    """
    kind, role = _kind(what)
    if kind in {"credit", "company"}:
        modality = modality or "attached"
    words = more.pop("words", None) or " ".join(str(w) for w in (project, what, value, modality) if w)
    return Claim(
        kind=kind,
        article="",
        quote=str(words),
        start=0,
        end=0,
        project=project,
        role=role,
        value=value,
        modality=cast("Modality | None", modality),
        **more,  # type: ignore[arg-type]
    )


def _kind(what: str) -> tuple[Kind, str | None]:
    if what.startswith("open "):
        return "open_role", what.removeprefix("open ")
    for kind, roles in (
        ("credit", CREDIT_ROLES),
        ("company", COMPANY_ROLES),
        ("date", DATE_ROLES),
        ("based_on", SOURCE_WORKS),
    ):
        if what in roles:
            return cast(Kind, kind), what
    if what in STATUSES or what in FORMATS:
        raise ValueError(f"say status or format, with the value {what}")
    return cast(Kind, what), None


def article(
    id_: str,
    published: str | None,
    *claims: Claim,
    outlet: str | None = "Reel Ledger",
    title: str = "News",
    more: str = "",
    **fields: Any,
) -> Read:
    """An article whose sentences are the quotes of its claims, in their order; `more` is what it says beside them."""
    text = ". ".join([*(claim.quote for claim in claims), more])
    made = Article(id=id_, title=title, text=text, outlet=outlet, published=published, **fields)
    found, at = [], len(title) + 2
    for claim in claims:
        found.append(replace(claim, article=id_, start=at, end=at + len(claim.quote)))
        at += len(claim.quote) + 2
    return made, found


def mentions(*articles: Read) -> list[Mention]:
    """The mentions of articles, as merging takes them."""
    return [
        mention
        for made, claims in articles
        for mention in mentions_of(report_of(made, first_seen="2026-01-01T00:00:00"), claims, made.text)
    ]


def labelled(read: Read) -> dict[str, object]:
    """An article and its claims as a labelled article."""
    made, claims = read
    fields = ("kind", "project", "subject", "role", "value", "modality", "character", "year", "quote", "start", "end")
    return {
        **{name: getattr(made, name) for name in ("id", "outlet", "published", "title", "text", "url", "modified")},
        "claims": [
            {name: getattr(claim, name) for name in fields} | {"creators": list(claim.creators)} for claim in claims
        ],
    }
