"""Which project, person or company is meant by a name in somebody else's table? Candidates, each with its features.

An entity's id is its type and what names it there for good: `project:4e9115f95b41`, `person:mira solveig`.
"""

from __future__ import annotations

import re
import sqlite3
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, get_args

from rapidfuzz.distance import Levenshtein

from slatewatch.names import (
    GENERIC,
    company_key,
    compare_companies,
    compare_people,
    compare_titles,
    fold,
    is_untitled,
    person_key,
    title_key,
)
from slatewatch.store import reading, snapshot
from slatewatch.store.merging import names_around
from slatewatch.tabled import Tabled

from .making import project_row
from .naming import About, named
from .records import NameRow, ProjectRow

DATA: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_name("reconciling.toml").read_text("utf-8"))
TYPES: dict[str, str] = DATA["types"]
ABOUT: tuple[str, ...] = ("project", *get_args(About))
#: So many names that share a word with the query are compared with it.
COMPARED = 60
#: Words that too many names share to search by them alone.
COMMON = GENERIC | {"the", "and", "for", "pictures", "films", "productions", "entertainment", "studios", "media"}
#: A candidate below is no help.
LEAST = 30.0
#: What features other than the name add or take away, of a hundred.
YEAR, PEOPLE = 8.0, 12.0
#: A project is heard of this many years before it comes out, at most, for a year given to be one of its own.
YEARS = 3


#: What finds the names near a text: by type, their keys and spellings.
Near = Callable[[str], dict[str, dict[str, str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query(Tabled):
    """A name and what else is known. `about` are the types wanted, none for all; `year` and `people` may be unknown.

    Candidates score `least` or more; with `every_word` their names hold all words of the query, the last unfinished.
    """

    name: str = ""
    about: tuple[str, ...] = ()
    limit: int = 5
    year: int | None = None
    people: tuple[str, ...] = ()
    given: tuple[tuple[str, str], ...] = ()
    least: float = LEAST
    every_word: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate(Tabled):
    """An entity that may be meant. `score` 0 to 100; `sure` only where nothing else can be meant.

    `features` are (name, value): the likeness of the names 0 to 1, the year and what else was given, where it is known.
    """

    id: str
    name: str
    about: str
    description: str
    score: float
    sure: bool
    features: tuple[tuple[str, float | bool], ...]


def candidates(db: sqlite3.Connection, query: Query) -> list[Candidate]:
    """The likeliest first. An id of ours as the name finds what it names."""
    with snapshot(db):
        found: list[Candidate] = []
        # One search finds the names of all types, and nearly always the same words are asked of each.
        near = cache(lambda text: _near(db, text, every_word=query.every_word))
        for about in query.about or ABOUT:
            find = _projects if about == "project" else _names
            found += find(db, query, about, near)
    found.sort(key=lambda c: (-c.score, c.about, c.name, c.id))
    return found[: query.limit]


def _projects(db: sqlite3.Connection, query: Query, about: str, near: Near) -> list[Candidate]:
    asked = query.name.strip()
    id_ = reading.alive(db, asked.removeprefix("project:").lower())
    ids = {id_: None} if id_ else dict.fromkeys(reading.projects_titled(db, title_key(asked)))
    if not id_:
        ids |= dict.fromkeys(reading.untitled_projects(db, asked))
        for ref, text in near(asked)["title"].items():
            ids |= dict.fromkeys(reading.projects_titled(db, ref) or reading.untitled_projects(db, text))
        if not asked:
            ids |= dict.fromkeys(_by_people(db, query.people))
    rows = reading.projects_by_id(db, list(ids)[:COMPARED])
    people = _people_on(db, rows) if query.people else {}
    found = [_project(project_row(rows[i]), query, people.get(i, set()), i == id_) for i in ids if i in rows]
    kept = [one for one in found if one.score >= query.least]
    return _settled(kept)


def _project(row: ProjectRow, query: Query, people: set[str], by_id: bool) -> Candidate:
    title = 1.0 if by_id else max((_title_likeness(query.name, t) for t in row.titles), default=0.0)
    features: list[tuple[str, float | bool]] = [("name", round(title, 3))] if query.name else []
    score = 100 * title if query.name else 60.0
    certain = title == 1.0 and not is_untitled(row.title)
    if query.year is not None:
        fits = int(row.first_day[:4]) <= query.year <= int(row.last_day[:4]) + YEARS
        features.append(("year", fits))
        score += 0 if fits and title == 1 else YEAR if fits else -3 * YEAR
        certain &= fits
    if query.people:
        keys = {person_key(name) for name in query.people}
        share = len(keys & people) / len(keys)
        features.append(("people", round(share, 3)))
        score += PEOPLE * share if share else -2 * PEOPLE
        certain &= share > 0
    for name, value in query.given:
        fits = fold(str(getattr(row, name) or "")) == fold(value.replace("_", " "))
        features.append((name, fits))
        score -= 0 if fits else YEAR
        certain &= fits
    said = [row.format or "", row.status or "", f"{row.first_day[:4]}–{row.last_day[:4]}", row.first_outlet or ""]
    return Candidate(
        id=f"project:{row.id}", name=row.title, about="project",
        description=", ".join(part.replace("_", " ") for part in said if part),
        score=round(max(0.0, min(100.0, score)), 1), sure=certain, features=tuple(features),
    )  # fmt: skip


def _title_likeness(asked: str, title: str) -> float:
    """By what the program knows of titles, and by letters where that says nothing: a person may have typed it wrong."""
    by_letters = Levenshtein.normalized_similarity(fold(asked), fold(title))
    return max(compare_titles(asked, title).score, 0.9 * by_letters)


def _people_on(db: sqlite3.Connection, ids: Sequence[str] | dict[str, Any]) -> dict[str, set[str]]:
    on: dict[str, set[str]] = {}
    for row in reading.standing_on(db, list(ids)):
        if row["kind"] == "credit":
            on.setdefault(row["project"], set()).add(person_key(row["name"]))
    return on


def _by_people(db: sqlite3.Connection, people: Sequence[str]) -> Iterator[str]:
    for row in reading.credits_of(db, "credit", {person_key(name) for name in people}):
        yield row["p_id"]


def _names(db: sqlite3.Connection, query: Query, about: str, near: Near) -> list[Candidate]:
    kind: About = "person" if about == "person" else "company"
    fold_key = person_key if kind == "person" else company_key
    asked = query.name.strip().removeprefix(f"{kind}:")
    if not asked:
        return []
    refs = [fold_key(asked), *near(asked)[kind]]
    rows = named(db, kind, refs[: COMPARED + 1])
    known = names_around(db, [fold_key(asked)])
    same = known.key(fold_key(asked))
    found = [_name(row, asked, kind, same) for row in rows]
    return _settled([one for one in found if one.score >= query.least])


def _name(row: NameRow, asked: str, kind: About, same: str) -> Candidate:
    compare = compare_people if kind == "person" else compare_companies
    by_letters = Levenshtein.normalized_similarity(fold(asked), fold(row.name))
    likeness = 1.0 if row.key == same else max(compare(asked, row.name).score * 0.95, 0.9 * by_letters)
    return Candidate(
        id=f"{kind}:{row.key}", name=row.name, about=kind,
        description=f"{row.projects} project{'s' if row.projects != 1 else ''}, last heard of {row.last_day}",
        score=round(100 * likeness, 1), sure=row.key == same, features=(("name", round(likeness, 3)),),
    )  # fmt: skip


def _settled(found: list[Candidate]) -> list[Candidate]:
    """Nobody is meant for certain where two could be."""
    sure = [one for one in found if one.sure]
    return found if len(sure) < 2 else [replace(one, sure=False) for one in found]


def _near(db: sqlite3.Connection, text: str, *, every_word: bool) -> dict[str, dict[str, str]]:
    """By type, key and spelling of names that hold all words of the text, then of those that hold a telling one."""
    found: dict[str, dict[str, str]] = {"title": {}, "person": {}, "company": {}}
    words = re.findall(r"\w+", text)[:12]
    if not words:
        return found
    telling = [word for word in words if len(word) > 2 and fold(word) not in COMMON] or words
    every = " ".join(f'"{word}"' for word in words) + " *"
    # Names that begin alike too: words are misspelt more often at their ends.
    some = " OR ".join(f'"{word[: max(3, len(word) - 2)]}" *' for word in telling)
    for match in (every,) if every_word else (every, some):
        for kind, rows in reading.entries_by_kind(db, match, COMPARED).items():
            for row in rows:
                found[kind].setdefault(row["ref"], row["text"])
    return found


def suggest(db: sqlite3.Connection, prefix: str, about: Sequence[str] = ABOUT, *, limit: int = 10) -> list[Candidate]:
    """Entities as one types: those whose names hold the words, the last perhaps unfinished; an id finds its own."""
    if not re.search(r"\w", prefix):
        return []
    wanted = tuple(one for one in ABOUT if one in about)
    if not wanted:
        return []
    return candidates(db, Query(name=prefix, about=wanted, limit=limit, least=0.0, every_word=True))
