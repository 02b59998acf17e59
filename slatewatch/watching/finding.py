"""Watches in the store, and the alerts that they find: each changed fact once, whoever reports it again."""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

from slatewatch.errors import BadInput
from slatewatch.names import fold
from slatewatch.store import reading, snapshot, watches
from slatewatch.store.noted import matter
from slatewatch.store.opening import transaction

from .conditions import Conditions, Resolved, described, from_json, resolved, to_json
from .matching import matching
from .steps import Step, walk

#: A change may be noted some time before it is stored: a writer waits for others. So much is looked at twice.
OVERLAP = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What somebody watches for: as they asked for it, and as it was understood. `made` is an ISO time."""

    id: str
    name: str
    asked: str
    meaning: str
    conditions: Conditions
    made: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A changed fact: `before` (None for what is new) and `after`, the words for it, and the watches it is for.

    `project` is its project today, None where an edit has taken it away.
    """

    id: str
    project: str | None
    title: str
    kind: str
    role: str | None
    value: str
    before: str | None
    after: str
    day: str
    noted: str
    found: str
    article: str
    claim: str | None
    quote: str
    outlet: str | None
    url: str | None
    watches: tuple[str, ...]


def moment() -> str:
    """The time now, ISO, UTC."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def add_watch(db: sqlite3.Connection, name: str, asked: str, said: Conditions, *, now: str | None = None) -> Watch:
    """Keep a watch. What the store knows by now is no news to it. Raises BadInput where the name is taken."""
    at, id_ = now or moment(), secrets.token_hex(8)
    with transaction(db):
        if any(fold(row["name"]) == fold(name) for row in watches.watches(db)):
            raise BadInput(f"there is a watch {name!r} already: give this one another --name, or remove that one")
        watches.put_watch(db, id_=id_, name=name, asked=asked, conditions=to_json(said), now=at)
        _look(db, [(id_, resolved(db, said))], _since(at), at, silent=True)
    return watch_named(db, id_)


def all_watches(db: sqlite3.Connection) -> list[Watch]:
    with snapshot(db):
        return [_watch(db, row) for row in watches.watches(db)]


def watch_named(db: sqlite3.Connection, name: str) -> Watch:
    """The watch of a name or id. Raises BadInput where there is none."""
    found = all_watches(db)
    for watch in found:
        if watch.id == name or fold(watch.name) == fold(name):
            return watch
    there = ", ".join(watch.name for watch in found) or "none yet: `slatewatch watch add` makes one"
    raise BadInput(f"there is no watch {name!r}; there are {there}")


def remove_watch(db: sqlite3.Connection, name: str) -> Watch:
    watch = watch_named(db, name)
    with transaction(db):
        watches.remove_watch(db, watch.id)
    return watch


def find_alerts(db: sqlite3.Connection, *, now: str | None = None) -> int:
    """Look at what has changed since the last look, and keep an alert for each fact that a watch is for.

    `db` is open to write. Returns how many alerts are new.
    """
    with transaction(db):
        return _find(db, now or moment())


def _find(db: sqlite3.Connection, now: str) -> int:
    rows = watches.watches(db)
    if not rows:
        return 0
    todo = [(row["id"], resolved(db, from_json(row["conditions"]))) for row in rows]
    found = _look(db, todo, _since(min(row["looked"] for row in rows)), now)
    watches.looked(db, now)
    return found


@contextmanager
def tried(db: sqlite3.Connection) -> Iterator[None]:
    """The store as if the alerts had been found; all of it is taken back afterwards. `db` is open to write."""
    with suppress(_TakenBack), transaction(db):
        _find(db, moment())
        yield
        raise _TakenBack


class _TakenBack(Exception):
    """Ends a transaction that is not to be kept."""


def _since(looked: str) -> str:
    return (datetime.fromisoformat(looked) - OVERLAP).isoformat(timespec="seconds")


def _look(
    db: sqlite3.Connection, todo: Sequence[tuple[str, Resolved]], since: str, now: str, *, silent: bool = False
) -> int:
    known = _known(db, since)
    told = {id_ for ids in known.values() for id_ in ids}
    begun = {row["id"]: _since(row["made"]) for row in watches.watches(db)}
    new: set[str] = set()
    projects = watches.projects_changed(db, since)
    for project, rows in groupby(watches.steps_of(db, projects), key=lambda row: str(row["project"])):
        for step in walk(list(rows)):
            if step.row["noted"] < since or step.overtaken:
                continue
            for watch in matching(todo, step):
                # Of one watch and fact the k-th step is the k-th alert, whatever shows it by now.
                before = known.get((watch, *_fact(step.row, project)))
                if before:
                    before.pop(0)
                elif step.row["noted"] >= begun[watch]:
                    watches.put_alert(db, _values(step, _id(step), now), watch, silent=silent)
                    new.add(_id(step))
    return len(new - told)


def _known(db: sqlite3.Connection, since: str) -> dict[tuple[str, ...], list[str]]:
    """(watch, fact) of which there are alerts by now -> their ids, the earliest first."""
    known: dict[tuple[str, ...], list[str]] = {}
    for row in watches.alerts_noted(db, since):
        fact = _fact(row, reading.alive(db, row["mention"]) or "")
        known.setdefault((row["watch"], *fact), []).append(row["id"])
    return known


def _fact(row: sqlite3.Row, project: str) -> tuple[str, ...]:
    return (project, *matter(row["kind"], row["role"], row["value"]), fold(row["after"]), row["noted"])


def _id(step: Step) -> str:
    said = (step.row["mention"] or "", *step.lane, step.row["before"] or "", step.row["after"], step.row["noted"])
    return hashlib.sha256("\x1f".join(said).encode("utf-8", "surrogatepass")).hexdigest()[:20]


def _values(step: Step, id_: str, now: str) -> list[str | None]:
    fixed = {"id": id_, "found": now, "mention": step.row["mention"] or step.row["project"]}
    return [fixed[name] if name in fixed else step.row[name] for name in watches.ALERT]


def _watch(db: sqlite3.Connection, row: sqlite3.Row) -> Watch:
    said = from_json(row["conditions"])
    return Watch(
        id=row["id"], name=row["name"], asked=row["asked"], meaning=described(db, said), conditions=said,
        made=row["made"],
    )  # fmt: skip


def alerts(
    db: sqlite3.Connection, *, watch: str | None = None, since: str = "", untold: str | None = None, limit: int = 1000
) -> list[Alert]:
    """Alerts, the newest first: of one watch (its id) or of all, found since a time, not yet told to a channel."""
    with snapshot(db):
        return _alerts(db, watches.alerts(db, watch=watch, since=since, untold=untold, limit=limit))


def _alerts(db: sqlite3.Connection, rows: Iterable[sqlite3.Row]) -> list[Alert]:
    found = []
    for row in rows:
        project = reading.alive(db, row["mention"])
        title = reading.projects_by_id(db, [project])[project]["p_title"] if project else row["title"]
        fields = {name: row[name] for name in watches.ALERT if name not in {"mention", "title"}}
        names = tuple(sorted(json.loads(row["watches"])))
        found.append(Alert(**fields, project=project, title=title, watches=names))
    return found
