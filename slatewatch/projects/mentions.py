"""Step 1 of merging: the claims of one article, sorted by the project they speak of."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from slatewatch.model import Article, Claim, Clock, Mention, Report
from slatewatch.names import fold, is_untitled, person_key, surname, title_key

#: Words beside a credited outlet that say it had the news before others did.
HAD_IT_FIRST = re.compile(r"\b(first|broke|broken|scoop|exclusive(?:ly)?)\b", re.IGNORECASE)
#: A title in the headline weighs as much as this many claims when the article's leading project is sought.
HEADLINE = 3


def report_of(article: Article, *, first_seen: str, clock: Clock | None = None, moved: str | None = None) -> Report:
    """What merging needs of an article. Without a publication date, the day it was first seen stands for it.

    `first_seen` is an ISO time; `clock` says what it is the time of, where it is not the first sight of the page.
    """
    dated = bool(article.published)
    return Report(
        id=article.id,
        day=(article.published or first_seen)[:10],
        outlet=article.outlet,
        clock="published" if dated else clock or "first_seen",
        published=article.published,
        url=article.url,
        title=article.title,
        moved=moved,
    )


def reading_order(claim: Claim) -> tuple[int | str, ...]:
    """Sorts claims by their words' places; of claims of the same words, by what they say."""
    said = (claim.kind, claim.project, claim.role, claim.value, claim.modality, claim.character, claim.subject)
    return (claim.start, claim.end, *(part or "" for part in said), "\x1e".join(claim.creators), claim.year or 0)


def mention_id(article: str, title: str) -> str:
    """The name of a project in an article, for good: 12 hex digits over both."""
    return hashlib.sha256(f"{article}\x1f{title_key(title)}".encode("utf-8", "surrogatepass")).hexdigest()[:12]


def mentions_of(report: Report, claims: Iterable[Claim], text: str = "") -> list[Mention]:
    """One mention for each project of the article, the leading one first; claims without a project are in none.

    `text` is the article's, in which a change of title may be told.
    """
    ordered = sorted(claims, key=reading_order)
    groups: dict[str, list[Claim]] = {}
    for claim in ordered:
        if claim.project:
            groups.setdefault(title_key(claim.project), []).append(claim)
    headline = title_key(report.title)
    ranked = sorted(groups, key=lambda k: (-len(groups[k]) - HEADLINE * (k in headline), groups[k][0].start, k))
    credited = _credited(ordered, [groups[key] for key in ranked])
    around = {key: _names_of(groups[key]) for key in ranked}
    ids = {key: mention_id(report.id, key) for key in ranked}
    called = _retitled(text, {key: _title(groups[key]) for key in ranked})
    return [
        Mention(
            id=ids[key],
            title=_title(groups[key]),
            report=report,
            claims=tuple(groups[key]),
            sources=credited[at],
            near=tuple(sorted({name for other in ranked if other != key for name in around[other]})),
            beside=tuple(sorted(ids[other] for other in ranked if other != key)),
            called=tuple(called.get(key, ())),
        )
        for at, key in enumerate(ranked)
    ]


def _title(claims: Sequence[Claim]) -> str:
    """The spelling used most; of equals, the least."""
    counts = Counter(c.project for c in claims if c.project)
    return min(counts, key=lambda t: (-counts[t], t))


def _names_of(claims: Sequence[Claim]) -> set[str]:
    sources = {c.value for c in claims if c.kind == "based_on" and c.value and c.role != "life"}
    return {fold(name) for name in {*sources, _title(claims)}}


def _credited(claims: Sequence[Claim], groups: Sequence[Sequence[Claim]]) -> list[tuple[str, ...]]:
    """The outlets credited with each project's news, in the order of `groups`, the leading project first.

    A credit speaks for the article's leading project. Where none leads (a round-up of many), it speaks for the project
    whose words stand nearest.
    """
    found: list[list[tuple[bool, int, str]]] = [[] for _ in groups]
    total = sum(len(group) for group in groups)
    roundup = len(groups) >= 3 and 2 * len(groups[0]) < total
    for claim in claims:
        if claim.kind != "source" or not claim.value or not groups:
            continue
        at = 0
        if roundup:
            at = min(range(len(groups)), key=lambda n: min(abs(c.start - claim.start) for c in groups[n]))
        found[at].append((not HAD_IT_FIRST.search(claim.quote), claim.start, claim.value))
    return [tuple(dict.fromkeys(value for _, _, value in sorted(rows))) for rows in found]


#: A title in quotation marks, or a run of capitals.
_TITLE = (
    r"(?:[“\"](?P<a>[^”\"\n]{1,60})[”\"]|[‘'](?P<b>[^’'\n]{1,60})[’']"
    r"|(?P<c>[A-Z0-9][\w'’:-]*(?: (?:of|the|and|in|on|to|for|a|[A-Z0-9][\w'’:-]*))*))"
)
RETITLED = re.compile(
    r"\b(?:formerly|previously|originally|once|then|initially|earlier)\s+(?:known as|titled|entitled|called|named)\s+"
    r"|\b(?:under the|the|its|a) (?:working|former|previous|old|earlier|original) title,?(?: of| was)?\s+"
    r"|\bunder the title\s+|\b(?:retitled|renamed) from\s+|\bformerly\s+(?=[“\"‘'])"
)
#: How far before the phrase the title that is used now may stand, in characters.
TITLE_REACH = 160


def _retitled(text: str, titles: Mapping[str, str]) -> dict[str, list[str]]:
    """Title key -> other titles that the text says the project has borne. `titles`: key -> title as written."""
    found: dict[str, list[str]] = {}
    for phrase in RETITLED.finditer(text):
        match = re.compile(_TITLE).match(text, phrase.end())
        before = text[max(0, phrase.start() - TITLE_REACH) : phrase.start()].rpartition("\n")[2]
        places = [(before.rfind(title), key) for key, title in titles.items() if title in before]
        if match and places:
            old, key = (match["a"] or match["b"] or match["c"]).strip(" ,.:-"), max(places)[1]
            if old and title_key(old) not in titles and not is_untitled(old):
                found.setdefault(key, []).append(old)
    return found


_NAME = r"(?:[A-Z][\w.'’&-]*|[A-Z]\.)(?: (?:[A-Z0-9][\w.'’&-]*))*"
#: "the former Millennium Films", "who was known professionally as Jill Soloway", "formerly Overture Films".
RENAMED = re.compile(
    r"(?:\bthe former|\bformerly(?: known)?(?: professionally)?(?: as)?|\bpreviously(?: known)?(?: as)?"
    r"|\bonce(?: known)? as|\bknown (?:professionally |then |previously |formerly )as|\bthen known as"
    r"|\b(?:then|previously) (?:credited|billed) as|\brebranded from|\brenamed from)\s+"
    rf"(?P<old>{_NAME})"
)
#: How far before the phrase the new name may stand, in characters.
REACH = 60


def renamings(article: Article, claims: Iterable[Claim]) -> list[tuple[str, str, str, str]]:
    """(about, old name, new name, quote) for each person or company of the claims that the text says was renamed."""
    named: dict[str, set[str]] = {"person": set(), "company": set()}
    for claim in claims:
        if claim.kind in {"credit", "company"} and claim.value:
            named["person" if claim.kind == "credit" else "company"].add(claim.value)
    found = []
    for match in RENAMED.finditer(article.text):
        old, before = match["old"].rstrip(".,'’"), article.text[max(0, match.start() - REACH) : match.start()]
        before = before.rpartition("\n")[2]
        for about, values in named.items():
            new = _last_named(before, values, about)
            if new and fold(new) != fold(old) and _may_be(old, new, about):
                found.append((about, old, new, f"{before}{match[0]}".strip()[-200:]))
    return found


def _last_named(before: str, values: Iterable[str], about: str) -> str | None:
    """The value that is named last in the words before, by its whole name or, for people, its surname."""
    places: list[tuple[int, int, str]] = []
    for value in sorted(values):
        forms = [value, value.split()[-1]] if about == "person" else [value]
        for form in forms:
            at = before.rfind(form)
            if at >= 0:
                places.append((at, len(value), value))
    return max(places)[2] if places else None


def _may_be(old: str, new: str, about: str) -> bool:
    """Whether both names have a word in common: few people, and few companies, change all of theirs."""
    if about == "person":
        return len(old.split()) >= 2 and bool(set(person_key(old).split()) & set(person_key(new).split()))
    return surname(old) != "" and bool(set(fold(old).split()) & set(fold(new).split()))
