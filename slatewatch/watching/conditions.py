"""What a watch is for, as conditions over what is known of projects: nothing here is a search for words."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import msgspec

from slatewatch import answers
from slatewatch.errors import BadInput
from slatewatch.model import COMPANY_ROLES, CREDIT_ROLES, FORMATS, MODALITIES, STATUSES
from slatewatch.names import company_key, fold, person_key, title_key
from slatewatch.statuses import statuses_meant
from slatewatch.store import reading, snapshot
from slatewatch.store.merging import names_around

ROLES = (*CREDIT_ROLES, *COMPANY_ROLES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What a watch is for. Of the values of one field any one will do; the fields hold together. All empty: everything.

    `projects` are ids, or titles of projects that nobody has heard of yet; `open` roles that stand open; the rest are
    names as given and words of the vocabulary.
    """

    projects: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    works: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ()


#: The fields with a vocabulary, and what they may say.
ALLOWED: dict[str, Sequence[str]] = {
    "open": CREDIT_ROLES, "roles": ROLES, "formats": FORMATS, "modalities": MODALITIES, "statuses": STATUSES,
}  # fmt: skip
SINGULAR = {
    "projects": "project", "people": "person", "companies": "company", "works": "source work", "open": "open role",
    "roles": "role", "statuses": "status", "formats": "format", "modalities": "modality",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Resolved:
    """Conditions as they stand in the store today: ids that are alive, every key a name goes by."""

    said: Conditions
    projects: frozenset[str]
    people: frozenset[str]
    companies: frozenset[str]
    works: frozenset[str]


def made_of(db: sqlite3.Connection, asked: Mapping[str, Sequence[str]]) -> tuple[Conditions, list[str]]:
    """Conditions out of lists of names and words, and what the store has not heard of yet.

    Raises BadInput for a word outside the vocabulary, and for a title that several projects have.
    """
    found = {name: tuple(dict.fromkeys(v.strip() for v in values if v.strip())) for name, values in asked.items()}
    found["statuses"] = tuple(dict.fromkeys(s for word in found.get("statuses", ()) for s in statuses_meant(word)))
    for name, allowed in ALLOWED.items():
        for value in found.get(name, ()):
            if value not in allowed:
                raise BadInput(f"there is no {SINGULAR[name]} {value!r}; there are {', '.join(allowed)}")
    unheard: list[str] = []
    found["projects"] = tuple(_project(db, name, unheard) for name in found.get("projects", ()))
    for field, about in (("people", "person"), ("companies", "company")):
        unheard += [name for name in found.get(field, ()) if not _is_known(db, about, name)]
    return Conditions(**found), unheard


def _project(db: sqlite3.Connection, name: str, unheard: list[str]) -> str:
    try:
        return answers.project_id(db, name)
    except BadInput:
        if reading.projects_titled(db, title_key(name)):
            raise
        unheard.append(name)
        return name


def _is_known(db: sqlite3.Connection, about: str, name: str) -> bool:
    try:
        (answers.person if about == "person" else answers.company)(db, name)
    except BadInput:
        return False
    return True


def resolved(db: sqlite3.Connection, said: Conditions) -> Resolved:
    """The conditions in today's store: merges, splits and changes of name are followed."""
    with snapshot(db):
        projects: set[str] = set()
        for name in said.projects:
            alive = reading.alive(db, name)
            projects.update([alive] if alive else reading.projects_titled(db, title_key(name)))
        return Resolved(
            said=said,
            projects=frozenset(projects),
            people=_keys(db, [person_key(name) for name in said.people]),
            companies=_keys(db, [company_key(name) for name in said.companies]),
            works=frozenset(fold(title) for title in said.works),
        )


def _keys(db: sqlite3.Connection, keys: Sequence[str]) -> frozenset[str]:
    known = names_around(db, keys)
    roots = {known.key(key) for key in keys}
    return frozenset({*keys, *roots, *(key for key, root in known.same.items() if root in roots)})


def described(db: sqlite3.Connection, said: Conditions) -> str:
    """What a watch is for, in words a person can check: `open role director; company Netflix`."""
    rows = reading.projects_by_id(db, resolved(db, replace(Conditions(), projects=said.projects)).projects)
    titles = sorted({row["p_title"] for row in rows.values()}) or list(said.projects)
    lines = []
    for field in fields(said):
        values = titles if field.name == "projects" else list(getattr(said, field.name))
        if getattr(said, field.name):
            lines.append(f"{SINGULAR[field.name]} {' or '.join(v.replace('_', ' ') for v in values)}")
    return "; ".join(lines) or "everything"


def to_json(said: Conditions) -> str:
    return msgspec.json.encode(said).decode()


def from_json(text: str) -> Conditions:
    return msgspec.json.decode(text, type=Conditions)
