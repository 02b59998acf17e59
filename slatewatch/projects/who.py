"""Who is who within one project: the names its articles use, each with the key of the person or company it means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from slatewatch.model import Mention
from slatewatch.names import (
    SAME,
    Known,
    Likeness,
    company_core,
    company_key,
    compare_companies,
    compare_people,
    person_key,
    surname,
)

#: One company name within another ("Fox", "Fox 2000") is taken for one company only within one project.
SAME_COMPANY = 0.7


def people_in(mentions: Iterable[Mention], known: Known) -> dict[str, str]:
    """Person key as written -> key of the person. Names that one article sets side by side are never one person."""
    named = _named(mentions, "credit", person_key, known)
    groups: dict[str, set[str]] = {}
    for key in named:
        groups.setdefault(surname(key), set()).add(key)
    return _spread(named, groups.values(), compare_people, SAME, known)


def companies_in(mentions: Iterable[Mention], known: Known) -> dict[str, str]:
    """Company key as written -> key of the company."""
    named = _named(mentions, "company", company_key, known)
    groups: dict[str, set[str]] = {}
    for key in named:
        for word in company_core(key):
            groups.setdefault(word, set()).add(key)
    return _spread(named, groups.values(), compare_companies, SAME_COMPANY, known)


def _named(mentions: Iterable[Mention], kind: str, key_of: Callable[[str], str], known: Known) -> dict[str, set[str]]:
    """Key -> the articles that name it."""
    named: dict[str, set[str]] = {}
    for mention in mentions:
        for claim in mention.claims:
            if claim.kind == kind and claim.value:
                named.setdefault(known.key(key_of(claim.value)), set()).add(mention.report.id)
    return named


def _spread(
    named: Mapping[str, set[str]],
    groups: Iterable[set[str]],
    compare: Callable[[str, str], Likeness],
    enough: float,
    known: Known,
) -> dict[str, str]:
    """Join the likest keys first; a key that is as like to two others that are not one joins neither."""
    pairs = {
        (left, right): compare(left, right).score
        for group in groups
        for left in group
        for right in group
        if left < right and not named[left] & named[right] and not known.are_two(left, right)
    }
    home = {key: key for key in named}
    articles = {key: set(where) for key, where in named.items()}
    for (left, right), score in sorted(pairs.items(), key=lambda item: (-item[1], item[0])):
        a, b = home[left], home[right]
        if score < enough or a == b or articles[a] & articles[b] or _torn(left, right, pairs, home, enough):
            continue
        keep, gone = (a, b) if (len(a), a) >= (len(b), b) else (b, a)
        home = {key: keep if at == gone else at for key, at in home.items()}
        articles[keep] |= articles[gone]
    return home | {key: home[root] for key, root in known.same.items() if root in home}


def _torn(
    left: str, right: str, pairs: Mapping[tuple[str, str], float], home: Mapping[str, str], enough: float
) -> bool:
    """Whether a surname alone could as well be another person's."""
    for short, full in ((left, right), (right, left)):
        if len(short.split()) == 1 and len(full.split()) > 1:
            fits = {home[k] for pair, s in pairs.items() if s >= enough and short in pair for k in pair if k != short}
            return len(fits - {home[short]}) > 1
    return False
