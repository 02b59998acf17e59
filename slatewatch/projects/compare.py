"""Step 3 of merging: are two profiles one project? Points for and against, each with its reason.

The points were set on the labelled stories and on the generated world of bench/world.py, whose projects share titles,
surnames and people. They are log-odds in spirit: what two different projects seldom share weighs most.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from slatewatch.names import (
    Likeness,
    compare_companies,
    compare_titles,
    fold,
    is_untitled,
    part_number,
    same_title,
    telling_words,
    title_key,
)

from .profile import Profile

#: From here on two profiles are one project. Two mentions of one short title, near in time, with nothing else to tell
#: by, make 3 to 4.
JOIN = 2.5
#: Pairs between these are the ones a person's eye is worth most on.
REVIEW = (0.5, 4.0)
#: So many people in the same roles make one project of two titles.
SAME_TEAM = 5
#: What a shared holder of a role is worth, and the most that all of them together may be.
SHARED = {"director": 3.0, "showrunner": 2.5, "writer": 2.5, "creator": 2.5, "cast": 2.0, "producer": 1.5}
SHARED_OTHER, SHARED_MOST = 1.5, 8.0
#: What it costs when both name holders of a role and share none: by role, then for thin lists (one name on a side).
DISJOINT = {
    "director": (2.5, 2.5),
    "showrunner": (1.5, 1.0),
    "writer": (1.0, 0.5),
    "cast": (1.5, 0.5),
    "producer": (1.0, 0.5),
}
HOMES = frozenset({"studio", "network", "distributor"})


def compare(a: Profile, b: Profile) -> Likeness:
    """The points for two profiles being one project, and the reasons, the weightiest first."""
    reasons = [r for part in PARTS for r in part(a, b) if r[0]]
    if not _has_tie(a, b):
        reasons.append((-8.0, "nothing but people or companies in common"))
    reasons.sort(key=lambda r: (-abs(r[0]), r[1]))
    return Likeness(round(sum(points for points, _ in reasons), 2), "; ".join(f"{w} ({p:+g})" for p, w in reasons))


def _real(profile: Profile) -> set[str]:
    return {title for title in profile.titles if not is_untitled(title)}


def _named(profile: Profile) -> set[str]:
    return _real(profile) | profile.aliases


def _shared_people(a: Profile, b: Profile) -> set[str]:
    return set(a.people) & set(b.people)


def _has_tie(a: Profile, b: Profile) -> bool:
    """Whether anything but people and companies speaks for one project, or, for an untitled one, enough people do."""
    if any(same_title(x, y) for x in _named(a) for y in _named(b)) or _source_tie(a, b) or _kin(a, b):
        return True
    best = max(compare_titles(x, y).score for x in a.titles for y in b.titles)
    if best >= 0.5:
        return True
    if _real(a) and _real(b):
        return _one_team(a, b)
    return best > 0 and len(_shared_people(a, b)) >= 2


def _one_team(a: Profile, b: Profile) -> bool:
    """Whether so many people stand in the same roles, actors and makers among them, that only the title has changed."""
    makers = {key for role in ("director", "writer", "creator") for key in a.holders(role) & b.holders(role)}
    actors = a.holders("cast") & b.holders("cast")
    together = makers | actors | (a.holders("producer") & b.holders("producer"))
    return bool(makers) and len(actors) >= 2 and len(together) >= SAME_TEAM


def _titles(a: Profile, b: Profile) -> Iterator[tuple[float, str]]:
    mine, theirs = _real(a), _real(b)
    if any(same_title(x, y) for x in _named(a) for y in _named(b)):
        if any(same_title(x, y) for x in mine for y in theirs):
            words = max(len(fold(x).split()) for x in mine for y in theirs if same_title(x, y))
            yield (2.5 + 0.5 * min(words, 4), "same title")
        else:
            yield (4.0, "one is given as the other's other title")
        return
    best = max((compare_titles(x, y) for x in a.titles for y in b.titles), key=lambda found: found.score)
    if best.score >= 0.7:
        yield (2.0, best.why)
    elif best.score >= 0.6:
        yield (1.0, best.why)
    elif best.score >= 0.5:
        yield (1.5, best.why)
    elif best.score > 0:
        yield (-1.5, best.why)
    elif not _source_tie(a, b):
        yield (-4.0, best.why)


def _parts(a: Profile, b: Profile) -> Iterator[tuple[float, str]]:
    """Sequels share people, studio and most of a title with their predecessors."""
    numbers = {part_number(t) for t in _real(a)}, {part_number(t) for t in _real(b)}
    if numbers[0] and numbers[1] and not numbers[0] & numbers[1]:
        yield (-8.0, "another part of a series of works")


def _people(a: Profile, b: Profile) -> Iterator[tuple[float, str]]:
    points, names = 0.0, []
    for key in sorted(_shared_people(a, b)):
        roles = a.people[key] & b.people[key]
        points += max((SHARED.get(role, SHARED_OTHER) for role in roles), default=1.0)
        names.append(key.title())
    if names:
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        yield (min(points, SHARED_MOST), f"{', '.join(names[:3])}{more} on both")
    for role, (full, thin) in DISJOINT.items():
        left, right = a.holders(role), b.holders(role)
        # A series has a director an episode.
        if left and right and not left & right and not (role == "director" and "series" in a.families | b.families):
            yield (-(thin if min(len(left), len(right)) == 1 else full), f"no {role} in common")


def _companies(a: Profile, b: Profile) -> Iterator[tuple[float, str]]:
    homes, shared = 0, set()
    for left, roles in a.companies.items():
        for right, others in b.companies.items():
            if compare_companies(left, right).score >= 0.7:
                shared.add(left)
                homes += bool(roles & others & HOMES)
    if shared:
        yield ((2.0 if homes else 1.0) + (0.5 if len(shared) > 1 else 0), f"{sorted(shared)[0]} in both")
    elif any(roles & HOMES for roles in a.companies.values()) and any(r & HOMES for r in b.companies.values()):
        yield (-1.5, "no company in common")


def _source_tie(a: Profile, b: Profile) -> bool:
    """Whether they come from one source work: the same, or one is called by the other's source."""
    if {key for key, roles in a.sources.items() if roles != {"life"}} & {
        k for k, r in b.sources.items() if r != {"life"}
    }:
        return True
    return bool(set(a.sources) & {fold(t) for t in _real(b)} or set(b.sources) & {fold(t) for t in _real(a)})


def _sources(a: Profile, b: Profile) -> Iterator[tuple[float, str]]:
    titled_alike = any(same_title(x, y) for x in _real(a) for y in _real(b))
    if any(a.makers[r] and b.makers[r] and not a.makers[r] & b.makers[r] for r in set(a.makers) & set(b.makers)):
        yield (-2.0, "from works of different authors")
    elif _source_tie(a, b) and not titled_alike:
        # Two adaptations of one work have its title in common anyway: then the source tells nothing more.
        yield (2.0, "from one source work")
    elif titled_alike and set(a.makers) & set(b.makers) and not set(a.sources) & set(b.sources):
        yield (-0.5, "from different works")
    elif set(a.sources) & set(b.sources):
        yield (0.5, "on one life")


def _formats(a: Profile, b: Profile) -> Iterator[tuple[float, str]]:
    if a.families and b.families:
        yield (0.5, "same format") if a.families & b.families else (-3.0, "a film and a series")


def _times(a: Profile, b: Profile) -> Iterator[tuple[float, str]]:
    gap = (_day(max(a.first, b.first)) - _day(min(a.last, b.last))).days / 365.25
    both_over = bool(a.ended() and b.ended())
    if gap <= 1:
        yield (1.0, "within a year")
    elif gap > 2 and not both_over:
        yield (-1.0 if gap <= 6 else -2.5, f"{gap:.0f} years apart")
    for before, after in ((a, b), (b, a)):
        ended = before.ended()
        if ended and after.first > ended and not after.ended() and not _shared_people(a, b):
            yield (-2.0, "one was over before the other was heard of")
    if both_over:
        yield (1.0, "both over")


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _kin(a: Profile, b: Profile) -> bool:
    """Whether one is described by its company beside a project that the other has its title or source from."""
    for one, other in ((a, b), (b, a)):
        if _real(one) or not one.companies:
            continue
        named = {word for company in one.companies for word in fold(company).split()}
        names = {fold(t) for t in _real(other)} | set(other.sources)
        if all(telling_words(t) <= named for t in one.titles) and one.near & names and not one.beside & other.mentions:
            return True
    return False


def _kinship(a: Profile, b: Profile) -> Iterator[tuple[float, str]]:
    if _kin(a, b):
        yield (2.5, "an untitled project of one company, named beside its namesake")


def _beside(a: Profile, b: Profile) -> Iterator[tuple[float, str]]:
    """An article that names both apart says that they are two."""
    if (a.beside & b.mentions or b.beside & a.mentions) and not _called_same(a, b):
        yield (-6.0, "one article names both, as two")


def _called_same(a: Profile, b: Profile) -> bool:
    keys = {title_key(t) for t in a.aliases} & {title_key(t) for t in b.titles}
    return bool(keys or {title_key(t) for t in b.aliases} & {title_key(t) for t in a.titles})


PARTS = (_titles, _parts, _people, _companies, _sources, _formats, _times, _kinship, _beside)
