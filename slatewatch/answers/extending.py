"""The values of properties of entities, for tables that were matched with ours. Ids are those of reconciling.py."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from slatewatch.errors import BadInput
from slatewatch.model import Project, Standing
from slatewatch.names import company_key, person_key
from slatewatch.tabled import Tabled

from .naming import company, person
from .pages import project
from .reconciling import ABOUT, DATA
from .records import NamePage

#: Firmness of parts that count: who has left or was denied is not on the project.
IN = frozenset({"attached", "in_talks", "interest"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Value(Tabled):
    """A text, a whole number, an ISO day, or an entity with its id and name."""

    text: str | None = None
    number: int | None = None
    day: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Property(Tabled):
    """A property of a type; `about` is the type of its values, where they are entities."""

    id: str
    name: str
    about: str | None = None


def properties(about: str) -> tuple[Property, ...]:
    """What can be asked of a type. Raises BadInput for one that does not exist."""
    if about not in ABOUT:
        raise BadInput(f"there is no type {about!r}; there are {', '.join(ABOUT)}")
    return tuple(Property(id=id_, name=way["name"], about=way.get("as")) for id_, way in DATA[about].items())


def extend(db: sqlite3.Connection, ids: Sequence[str], wanted: Sequence[str]) -> dict[str, dict[str, list[Value]]]:
    """Id -> property -> values. What an entity does not have, or is not there at all, is an empty list."""
    return {id_: _values(db, id_, wanted) for id_ in dict.fromkeys(ids)}


def _values(db: sqlite3.Connection, id_: str, wanted: Sequence[str]) -> dict[str, list[Value]]:
    about, _, name = id_.partition(":")
    try:
        found: Any = ASKED[about](db, name) if about in ASKED else None
    except BadInput:
        found = None
    if found is None:
        return {prop: [] for prop in wanted}
    get = _of_project if about == "project" else _of_name
    ways = DATA[about]
    return {prop: list(get(found, prop, ways[prop])) if prop in ways else [] for prop in wanted}


ASKED: dict[str, Callable[[sqlite3.Connection, str], Any]] = {
    "project": lambda db, name: project(db, name).project, "person": person, "company": company,
}  # fmt: skip


def _of_project(one: Project, prop: str, way: dict[str, Any]) -> Iterator[Value]:
    if way["from"] == "row":
        yield from _row(one, prop)
    elif way["from"] == "open":
        for post in one.posts:
            yield Value(text=post.role.replace("_", " ") + (f" ({post.part})" if post.part else ""))
    elif way["from"] == "part":
        kind = "credit" if way["as"] == "person" else "company"
        key = person_key if kind == "credit" else company_key
        parts = [s for s in one.current if s.kind == kind and s.modality in IN and _in_role(s, way)]
        for value in dict.fromkeys((key(s.value), s.value) for s in parts):
            yield Value(id=f"{way['as']}:{value[0]}", text=value[1])
    else:
        for standing in one.current:
            if standing.kind == way["kind"] and _in_role(standing, way):
                yield Value(text=standing.value)


def _in_role(standing: Standing, way: dict[str, Any]) -> bool:
    return "roles" not in way or standing.role in way["roles"]


def _row(one: Project, prop: str) -> Iterator[Value]:
    single = {s.kind: s.value for s in one.current if s.kind in {"format", "status"}}
    release = next((s.value for s in one.current if s.kind == "date" and s.role == "release"), None)
    days = [report.day for report in one.reports]
    texts: dict[str, list[str | None]] = {
        "title": [one.title], "aliases": [title for title in one.titles if title != one.title],
        "format": [single.get("format")], "status": [single.get("status")], "first_outlet": [one.first.outlet],
    }  # fmt: skip
    for text in texts.get(prop, ()):
        if text:
            yield Value(text=text.replace("_", " ") if prop in {"format", "status"} else text)
    if prop == "year":
        yield Value(number=int((release or min(days))[:4]))
    if prop in {"first_day", "last_day"}:
        yield Value(day=min(days) if prop == "first_day" else max(days))


def _of_name(one: NamePage, prop: str, way: dict[str, Any]) -> Iterator[Value]:
    parts = [credit for credit in one.credits if credit.modality in IN]
    if way["from"] == "parts":
        for id_, title in dict.fromkeys((credit.project.id, credit.project.title) for credit in parts):
            yield Value(id=f"project:{id_}", text=title)
    elif way["from"] == "roles":
        for role in dict.fromkeys(credit.role for credit in parts):
            yield Value(text=role.replace("_", " "))
    elif way["from"] == "tie":
        for tie in one.ties:
            if tie.kind == prop:
                yield Value(text=tie.value)
    elif way["from"] == "staff":
        for tie in one.people:
            yield Value(id=f"person:{person_key(tie.value)}", text=tie.value)
    elif one.credits:
        yield Value(day=max(credit.confirmed for credit in one.credits))
