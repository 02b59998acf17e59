"""People's decisions: which projects, people or companies are one, and which are not."""

from __future__ import annotations

import getpass
import sqlite3
from datetime import UTC, datetime
from typing import Literal

from slatewatch.errors import BadInput
from slatewatch.model import Decision, Judgement
from slatewatch.names import company_key, person_key
from slatewatch.store import reading, snapshot
from slatewatch.store.merging import merge
from slatewatch.store.opening import transaction
from slatewatch.store.rows import decision_of
from slatewatch.store.writing import Touched, put_decision

from .pages import project_id


def mention_named(db: sqlite3.Connection, name: str) -> str:
    """The mention that `name` means: its id, `ARTICLE#TITLE`, an article of one project alone, or a project's name."""
    with snapshot(db):
        article, mark, title = name.partition("#")
        rows = reading.mentions_in(db, article)
        if rows and (mark or len(rows) == 1):
            fit = [row["id"] for row in rows if not mark or row["title"].casefold() == title.casefold()]
            if fit:
                return str(fit[0])
        if rows:
            titles = ", ".join(f"{article}#{row['title']}" for row in rows)
            raise BadInput(f"{article} speaks of several projects: say which: {titles}")
        if reading.alive(db, name.lower()):
            return name.lower()
    return project_id(db, name)


def decide(
    db: sqlite3.Connection, left: str, right: str, judgement: Judgement, *, by: str | None = None, why: str = "",
    about: Literal["project", "person", "company"] = "project", at: str | None = None,
) -> Decision:  # fmt: skip
    """Keep a person's word on whether two things are one, and merge anew what it touches. `db` is open to write.

    Projects are named as for mention_named, so that two articles of one project can be told apart; people and companies
    by name. Returns the decision as stored. Raises BadInput where a name means nothing, or both mean the same thing.
    """
    now = at or datetime.now(UTC).isoformat(timespec="microseconds")
    if about == "project":
        keys = [mention_named(db, left), mention_named(db, right)]
    else:
        key = person_key if about == "person" else company_key
        keys = [key(left), key(right)]
    if keys[0] == keys[1]:
        raise BadInput(f"{left!r} and {right!r} are the same {about} already: name the two articles to tell apart")
    low, high = sorted(keys)
    decision = Decision(
        left=low, right=high, judgement=judgement, by=by or getpass.getuser(), at=now, why=why, about=about
    )
    touched = Touched()
    with transaction(db):
        put_decision(db, decision, touched)
        merge(db, touched, now=now)
    return decision


def decisions(db: sqlite3.Connection) -> list[Decision]:
    """Every decision ever made, in the order they were made."""
    with snapshot(db):
        return [decision_of(row) for row in reading.all_decisions(db)]
