"""Records of an answer -> claims of the article: in the vocabulary, with words that stand in it, or counted as dropped.

Nothing that a model writes is taken on trust, nor anything that an article may have told it to write: kind, role,
modality and values of the vocabulary are checked, the quote has to be found in the article, and every name has to be
made of the article's own words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from ..model import KINDS, MODALITIES, PROJECT_KINDS, ROLES, TIE_KINDS, Article, Claim, Kind, Modality
from ..names import fold, is_untitled, telling_words
from .answer_schema import VALUES
from .full_names import full_name
from .parsing import Record
from .spans import find_span

Dropped = Literal["vocabulary", "quote", "name", "again"]
DATE = re.compile(
    r"\d{4}(-((0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?|Q[1-4]|H[12]|spring|summer|autumn|winter))?\Z", re.ASCII
)
#: The longest name, title or description, in characters.
LONGEST = 300
MARKS = "\"'“”‘’«»„‚ \t\n"
POSSESSIVE = re.compile(r"['’](s\b)?$")
HONORIFIC = re.compile(r"^(Sir|Dame|Dr|Mr|Mrs|Ms|Prof)\.? (?=\S)")
LEADING_THE = re.compile(r"^the (?=\S)", re.IGNORECASE)


@dataclass(slots=True)
class Grounded:
    """The claims that stand on the article's words, and how many records did not, by what they lacked."""

    claims: list[Claim] = field(default_factory=list)
    dropped: Counter[Dropped] = field(default_factory=Counter)


def ground(article: Article, records: Iterable[Record], *, maker: str, sure: float) -> Grounded:
    """The claims of an answer. Each is made once; what it lacks decides under which name it is dropped."""
    found = Grounded()
    seen: set[tuple[object, ...]] = set()
    records = list(records)
    words = Words(article, _companies(records))
    for record in records:
        claim = _claim(words, record, maker, sure)
        if isinstance(claim, str):
            found.dropped[claim] += 1
            continue
        said = (claim.kind, claim.project, claim.subject, claim.role, claim.value, claim.modality, claim.character)
        if said in seen:
            found.dropped["again"] += 1
            continue
        seen.add(said)
        found.claims.append(claim)
    found.claims.sort(key=lambda c: (c.start, c.end, c.kind, c.project or "", c.role or "", c.value or ""))
    return found


def _companies(records: list[Record]) -> frozenset[str]:
    """What the records themselves take for companies, folded: no surname to be completed."""
    kinds = ("company", "affiliation", "representation")
    named = (record.get("value") for record in records if _term(record.get("kind")) in kinds)
    return frozenset(fold(name) for name in named if isinstance(name, str))


class Words:
    """An article and the folded words that names in it can be made of; and what an answer calls a company."""

    def __init__(self, article: Article, companies: frozenset[str] = frozenset()) -> None:
        self.article = article
        self.companies = companies
        self.text = article.words
        self._folded = frozenset(fold(f"x {self.text}").split())
        self._joined = "".join(fold(f"x {self.text}").split())

    def have(self, name: str) -> bool:
        """Whether the name is made of words of the article; what begins with "untitled" needs one telling word."""
        if is_untitled(name):
            telling = telling_words(name) - {"untitled"}
            return not telling or any(self._has(word) for word in telling)
        parts = fold(name).split()
        return bool(parts) and (all(self._has(word) for word in parts) or "".join(parts) in self._joined)

    def _has(self, word: str) -> bool:
        # "Goyer's" folds to one word; so does a plural.
        return word in self._folded or f"{word}s" in self._folded


def _claim(words: Words, record: Record, maker: str, sure: float) -> Claim | Dropped:
    """The record as a claim, or what it lacks."""
    said = _term(record.get("kind"))
    kind = next((kind for kind in KINDS if kind == said), None)
    fields = _vocabulary(kind, record) if kind else None
    if kind is None or fields is None:
        return "vocabulary"
    quote = record.get("quote")
    span = find_span(words.article, quote) if isinstance(quote, str) else None
    if span is None:
        return "quote"
    names = _names(words, kind, record, span)
    if names is None:
        return "name"
    start, end = span
    return Claim(
        kind=kind, article=words.article.id, quote=words.text[start:end], start=start, end=end, sure=sure,
        maker=maker, **{**fields, **names},
    )  # fmt: skip


def _vocabulary(kind: Kind, record: Record) -> dict[str, Any] | None:
    """Role, modality and values that the vocabulary lists, in its spelling; None for what it does not have."""
    fields: dict[str, Any] = {}
    if kind in ROLES:
        fields["role"] = _term(record.get("role"))
        if fields["role"] not in ROLES[kind]:
            return None
    if kind in ("credit", "company"):
        fields["modality"] = cast(Modality, _term(record.get("modality")))
        if fields["modality"] not in MODALITIES:
            return None
    if kind in VALUES:
        fields["value"] = _term(record.get("value"))
        if fields["value"] not in VALUES[kind]:
            return None
    if kind == "date":
        fields["value"] = str(record.get("value") or "").strip()
        if not DATE.match(fields["value"]):
            return None
    if kind == "based_on":
        fields["year"] = _year(record.get("year"))
    return fields


def _names(words: Words, kind: Kind, record: Record, span: tuple[int, int]) -> dict[str, Any] | None:
    """The names of a record as the article writes them; None where one that is needed is not in the article."""
    names: dict[str, Any] = {}
    if kind in PROJECT_KINDS:
        names["project"] = _name(record.get("project"), words)
    if kind in TIE_KINDS:
        subject = _plain_name(record.get("subject"), words)
        company = kind == "place" or fold(subject or "") in words.companies
        names["subject"] = full_name(subject, words.text, span) if subject and not company else subject
    if kind not in ("open_role", "date", *VALUES):
        person = kind == "credit" or (kind == "based_on" and _term(record.get("role")) == "life")
        plain = _name if kind in ("based_on", "alias", "known_for") and not person else _plain_name
        names["value"] = plain(record.get("value"), words)
        if person and names["value"]:
            names["value"] = full_name(names["value"], words.text, span, beside=_text(record.get("character")))
    if not all(names.values()):
        return None
    if kind == "credit":
        names["character"] = _name(record.get("character"), words)
    if kind == "based_on":
        listed = record.get("creators")
        said = listed if isinstance(listed, list) else [listed]
        creators = (_plain_name(one, words) for one in said[:20])
        names["creators"] = tuple(dict.fromkeys(full_name(one, words.text, span) for one in creators if one))
    return names


def _plain_name(said: object, words: Words) -> str | None:
    """A person's, company's or place's name: without possessive, honorific and leading "the"."""
    text = _text(said)
    if not text:
        return None
    bare = LEADING_THE.sub("", HONORIFIC.sub("", text))
    # "Da Vinci’s" may be a name; "Goyer’s" is one only where the article has it without.
    short = POSSESSIVE.sub("", bare)
    return _name(short if short and words.have(short) else bare, words)


def _name(said: object, words: Words) -> str | None:
    """A name in the article's own spelling where it stands there as said, else as said, made of the article's words."""
    text = _text(said)
    if not text or len(text) > LONGEST or not words.have(text):
        return None
    span = find_span(words.article, text)
    return words.text[span[0] : span[1]] if span and "\n" not in words.text[span[0] : span[1]] else text


def _text(said: object) -> str:
    """A text without white space and quotation marks around it."""
    if not isinstance(said, str):
        return ""
    text = " ".join(said.split())
    bare = text.strip(MARKS)
    # A mark that belongs to the name stays: ’71, Schitt’s.
    return text if len(bare) < len(text) and text[:1] in "'’‘" and text[-1:] not in "'’" else bare


def _term(said: object) -> str:
    """A word of the vocabulary however it is spelled: `Executive Producer` is executive_producer."""
    return re.sub(r"[\s-]+", "_", said.strip().casefold()) if isinstance(said, str) else ""


def _year(said: object) -> int | None:
    """A year that a work can have come out in."""
    try:
        year = int(str(said))
    except ValueError:
        return None
    return year if 1000 <= year <= 2100 else None
