"""Which candidates are ours: by name, then by what they do, when they lived, and what they are known for.

A link needs a reason, and is made where one candidate alone is left. Several that fit are none: a person may say.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from slatewatch.names import company_key, fold, is_untitled, person_key, title_key
from slatewatch.store import identifiers as stored
from slatewatch.store import snapshot

from .candidates import Candidate

#: A work comes out at most so many years after the last news of its project.
LATEST = 8
SHARED_ID = "it has an id that was linked before"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One thing of ours and the candidate that it is, with the reason."""

    about: str
    thing: str
    name: str
    candidate: Candidate
    why: str


@dataclass(slots=True)
class Ours:
    """What our articles name, by key, with what tells two of one name apart."""

    people: dict[str, str] = field(default_factory=dict)
    companies: dict[str, str] = field(default_factory=dict)
    roles: dict[str, set[str]] = field(default_factory=dict)
    since: dict[str, str] = field(default_factory=dict)
    known_for: dict[str, set[str]] = field(default_factory=dict)
    projects: dict[str, list[sqlite3.Row]] = field(default_factory=dict)
    works: dict[str, list[tuple[str, str, int | None]]] = field(default_factory=dict)
    ids: dict[tuple[str, str], set[tuple[str, str]]] = field(default_factory=dict)

    def is_named(self, name: str) -> bool:
        """Whether any of our people, companies, projects or source works is called so."""
        return person_key(name) in self.people or company_key(name) in self.companies or self.is_title(name)

    def is_title(self, name: str) -> bool:
        key = title_key(name)
        return key in self.projects or key in self.works

    def known(self, about: str, thing: str, group: Iterable[Candidate]) -> Candidate | None:
        """The one candidate of these that shares an id with what we have: of two catalogues, the second time."""
        have = self.ids.get((about, thing), set())
        found = [one for one in group if have & set(one.ids)]
        return found[0] if len(found) == 1 else None


def ours(db: sqlite3.Connection) -> Ours:
    """The names of the store."""
    found = Ours()
    with snapshot(db):
        for kind, names in (("person", found.people), ("company", found.companies)):
            for row in stored.names_on_record(db, kind):
                names.setdefault(row["ref"], row["text"])
        for row in stored.credits_on_record(db, "credit"):
            found.roles.setdefault(row["key"], set()).add(row["role"])
            found.since[row["key"]] = min(row["first_day"], found.since.get(row["key"], "9999"))
        for row in stored.works_on_record(db, "known_for"):
            found.known_for.setdefault(person_key(row["subject"]), set()).add(title_key(row["value"]))
        for row in stored.titles_on_record(db):
            if not is_untitled(row["title"]):
                found.projects.setdefault(title_key(row["title"]), []).append(row)
        for row in stored.works_on_record(db, "based_on"):
            if row["role"] != "life":
                found.works.setdefault(title_key(row["value"]), []).append((row["role"], row["value"], row["year"]))
        for row in stored.all_identifiers(db):
            found.ids.setdefault((row["about"], row["thing"]), set()).add((row["scheme"], row["value"]))
    return found


def people(mine: Ours, candidates: Iterable[Candidate], titles: Mapping[str, str]) -> tuple[list[Link], int]:
    """Links of people, and how many names fit several. `titles`: id of a work -> the key of its title."""
    found, unclear = [], 0
    for key, group in _by_key(candidates, person_key, mine.people).items():
        chosen = _person(mine, key, group, titles)
        if chosen:
            candidate, why = chosen
            found.append(Link(about="person", thing=key, name=mine.people[key], candidate=candidate, why=why))
        elif any(_fits(mine, key, one) for one in group):
            unclear += 1
    return found, unclear


def _by_key(candidates: Iterable[Candidate], key_of: object, wanted: Mapping[str, str]) -> dict[str, list[Candidate]]:
    groups: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        keys = {key_of(name) for name in candidate.names}  # type: ignore[operator]
        for key in sorted(keys & wanted.keys()):
            groups.setdefault(key, []).append(candidate)
    return groups


def _person(
    mine: Ours, key: str, group: Sequence[Candidate], titles: Mapping[str, str]
) -> tuple[Candidate, str] | None:
    sure = mine.known("person", key, group)
    if sure:
        return sure, SHARED_ID
    fit = [one for one in group if _fits(mine, key, one)]
    known = mine.known_for.get(key, set())
    by_work = [one for one in fit if known & {titles.get(work, "") for work in one.works}]
    if len(by_work) == 1:
        return by_work[0], "known for the same work"
    if len(fit) != 1:
        return None
    if len(group) == 1:
        return fit[0], "nobody else there has this name"
    return fit[0], "nobody else there of this name works so, or lived then"


def _fits(mine: Ours, key: str, one: Candidate) -> bool:
    """Whether what they do, and when they lived, leaves room for the credits our articles give them."""
    roles, since = mine.roles.get(key, set()), int(mine.since.get(key, "9999")[:4])
    if one.roles is not None and roles and not roles & one.roles:
        return False
    return not ((one.end and since != 9999 and one.end < since - 1) or (one.begin and one.begin > since))


def companies(mine: Ours, candidates: Iterable[Candidate]) -> tuple[list[Link], int]:
    found, unclear = [], 0
    for key, group in _by_key(candidates, company_key, mine.companies).items():
        sure = mine.known("company", key, group) or (group[0] if len(group) == 1 else None)
        if sure:
            why = "no other company there has this name" if len(group) == 1 else SHARED_ID
            found.append(Link(about="company", thing=key, name=mine.companies[key], candidate=sure, why=why))
        else:
            unclear += 1
    return found, unclear


def works(mine: Ours, candidates: Iterable[Candidate]) -> tuple[list[Link], int]:
    """Links of projects and of source works: by title, form and year."""
    groups: dict[str, list[Candidate]] = {}
    for one in candidates:
        for key in {title_key(name) for name in one.names}:
            groups.setdefault(key, []).append(one)
    found, unclear = list[Link](), 0
    for key, group in groups.items():
        for project, rows in _projects(mine.projects.get(key, ())).items():
            fit = [one for one in group if _may_become(rows, one)]
            unclear += len(fit) > 1
            if len(fit) == 1:
                why = f"the title, the form and the year {fit[0].begin or 'to come'} fit"
                found.append(Link(about="project", thing=project, name=rows[0]["title"], candidate=fit[0], why=why))
        for role, title, year in mine.works.get(key, ()):
            fit = [one for one in group if role in one.formats and _same_year(year, one.begin)]
            unclear += len(fit) > 1
            if len(fit) == 1:
                thing, why = work_key(role, title), "the title, the form and the year fit"
                found.append(Link(about="work", thing=thing, name=title, candidate=fit[0], why=why))
    return found, unclear


def _projects(rows: Iterable[sqlite3.Row]) -> dict[str, list[sqlite3.Row]]:
    """A mention of each project -> the rows of its mentions under this title."""
    groups: dict[str, list[sqlite3.Row]] = {}
    for row in rows:
        groups.setdefault(row["project"], []).append(row)
    return {min(row["id"] for row in group): group for group in groups.values()}


def _may_become(rows: Sequence[sqlite3.Row], one: Candidate) -> bool:
    """Whether a work may be what a project became: of its form, and out no sooner than the first news of it."""
    row = rows[0]
    form = row["format"] in one.formats if row["format"] else bool(one.formats - {"game", "book", "novel"})
    first, last = int(row["first_day"][:4]), int(row["last_day"][:4])
    return form and (one.begin is None or first <= one.begin <= last + LATEST)


def _same_year(ours: int | None, theirs: int | None) -> bool:
    return ours is None or theirs is None or abs(ours - theirs) <= 1


def work_key(role: str, title: str) -> str:
    """The key of a source work: `film:gambit`."""
    return f"{role}:{fold(title)}"


def keep(db: sqlite3.Connection, links: Iterable[Link], *, by: str, at: str) -> int:
    """Keep the links, every id that a candidate brings; how many are new. Runs inside `transaction(db)`."""
    new = 0
    for link in links:
        for scheme, value in link.candidate.ids:
            new += stored.put_identifier(
                db, link.about, link.thing, scheme, value, name=link.name, why=link.why, by=by, at=at
            )
    return new


def shown(links: Iterable[Link]) -> list[dict[str, object]]:
    """Links for a line of JSON each."""
    found: list[dict[str, object]] = []
    for link in links:
        ids = dict(link.candidate.ids)
        found.append({"about": link.about, "name": link.name, "ids": ids, "why": link.why})
    return found
