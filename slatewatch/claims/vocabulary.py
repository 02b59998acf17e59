"""What the learned reader tells apart, in the order of its outputs. The model file and the training share this."""

from __future__ import annotations

from ..model import COMPANY_ROLES, CREDIT_ROLES, DATE_ROLES, FORMATS, MODALITIES, SOURCE_WORKS, STATUSES, TIE_KINDS

#: What a span of words can name. UNTITLED marks the noun that stands for a project without a title.
MENTION_TYPES: tuple[str, ...] = ("PERSON", "COMPANY", "PROJECT", "WORK", "PLACE", "CHARACTER", "UNTITLED")
#: BIO tags: 0 outside, then begin and inside of each type.
TAGS: tuple[str, ...] = ("O", *(f"{bio}-{name}" for name in MENTION_TYPES for bio in "BI"))

#: What a mention can be to a project: (kind, role).
PARTS: tuple[tuple[str, str | None], ...] = (
    *(("credit", role) for role in CREDIT_ROLES),
    *(("company", role) for role in COMPANY_ROLES),
    *(("based_on", role) for role in SOURCE_WORKS),
    *(("date", role) for role in DATE_ROLES),
    ("location", None),
    ("alias", None),
)
#: What the article can say of a project as a whole: (kind, role or value).
STATES: tuple[tuple[str, str], ...] = (
    *(("status", value) for value in STATUSES),
    *(("format", value) for value in FORMATS),
    *(("open_role", role) for role in CREDIT_ROLES),
)
TIES = TIE_KINDS
FIRMNESS = MODALITIES

#: The types of mention that can take a part of a kind.
ALLOWED: dict[str, frozenset[str]] = {
    "credit": frozenset({"PERSON"}),
    "company": frozenset({"COMPANY"}),
    "based_on": frozenset({"WORK", "PROJECT", "PERSON"}),
    "date": frozenset({"DATE"}),
    "location": frozenset({"PLACE"}),
    "alias": frozenset({"WORK", "PROJECT"}),
}

PROJECT_SIGNS = (
    "called real", "rank", "tagged as project", "tagged as work", "tagged as person", "tagged as company", "untitled",
    "mentions of it", "in headline", "in quotation marks", "words in title", "begins at", "candidates",
    "words in article", "surest credit", "parts that hold", "title begins", "title ends", "title weakest",
)  # fmt: skip
CLAIM_SIGNS = (
    "sure", "firmness sure", "distance", "in one sentence", "the same elsewhere", "another here", "surer ones",
    "mentions of name", "sure of name", "shown in headline",
)  # fmt: skip
FIRM_SIGNS = tuple(f"is {name}" for name in FIRMNESS)
WEIGHED = ("alias", "based_on", "company", "credit", "date", "format", "location", "open_role", "source", "status")
#: What a possible claim is weighed by (`signs.py`): the names of its numbers, in their order.
SIGNS: tuple[str, ...] = (*PROJECT_SIGNS, *CLAIM_SIGNS, *FIRM_SIGNS, *WEIGHED)
#: What the trees ask for: the same and what the article's words alone say (`wording.py`).
TREE_SIGNS = (*SIGNS, "worded as news")
