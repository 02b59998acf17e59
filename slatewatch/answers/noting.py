"""What people add by hand: private notes on projects, and rulings on claims the reader was not sure of."""

from __future__ import annotations

import dataclasses
import getpass
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from slatewatch.errors import BadInput
from slatewatch.model import Claim
from slatewatch.store import notes, reading, snapshot
from slatewatch.store.merging import merge
from slatewatch.store.opening import transaction
from slatewatch.store.rows import article_of, claim_of
from slatewatch.store.writing import Touched, check, replace_claims
from slatewatch.tabled import Tabled

from .pages import project_id

Verdict = Literal["accept", "reject", "correct"]
#: A note is a line or two for oneself, at most so many characters.
LONGEST_NOTE = 2000
#: What a correction may change of a claim.
CORRECTABLE = ("role", "value", "modality", "character")


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtfulClaim(Tabled):
    """A claim that the reader was not sure of, with its article and the project it is on now."""

    id: str
    claim: Claim
    project: str | None
    title: str | None
    outlet: str | None
    day: str


def note(db: sqlite3.Connection, name: str) -> str:
    """The private note on a project, empty where there is none. `name` as for project_id."""
    id_ = project_id(db, name)
    with snapshot(db):
        return notes.notes_on(db, [id_]).get(id_, "")


def put_note(db: sqlite3.Connection, name: str, text: str, *, by: str | None = None) -> str:
    """Keep a note on a project in the place of the one it had; an empty one takes it away. Returns the project's id."""
    kept = text.strip()
    if len(kept) > LONGEST_NOTE:
        raise BadInput(f"a note has at most {LONGEST_NOTE} characters, this one {len(kept)}")
    id_ = project_id(db, name)
    with transaction(db):
        notes.put_note(db, id_, kept, by=by or getpass.getuser(), at=_now())
    return id_


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


def doubtful(db: sqlite3.Connection, *, limit: int = 20) -> tuple[DoubtfulClaim, ...]:
    """Claims that the reader was least sure of and nobody has ruled on, the least sure first."""
    with snapshot(db):
        rows = notes.doubtful(db, limit)
    return tuple(
        DoubtfulClaim(
            id=r["claim"], claim=claim_of(r), project=r["p_id"], title=r["p_title"], outlet=r["outlet"], day=r["day"]
        )
        for r in rows
    )


def rulings(db: sqlite3.Connection, *, limit: int = 20) -> list[dict[str, Any]]:
    """What people have ruled on claims, the latest first: article, claim, verdict, by, at, why."""
    with snapshot(db):
        rows = notes.rulings(db, limit=limit)
    return [{name: row[name] for name in ("article", "claim", "verdict", "by", "at", "why")} for row in rows]


def rule(
    db: sqlite3.Connection,
    article: str,
    claim: str,
    verdict: Verdict,
    *,
    instead: dict[str, str] | None = None,
    by: str | None = None,
    why: str = "",
) -> None:
    """Accept, reject or correct a claim, for good, and merge anew what it touches. `db` is open to write.

    `instead` gives the fields of a correction (role, value, modality, character). Raises BadInput where there is no
    such claim, or the correction is not in the vocabulary.
    """
    with transaction(db):
        row = reading.article(db, article)
        before = {c.id: c for c in notes.as_read(db, article)} if row else {}
        current = {c.id: c for c in notes.ruled(db, article, list(before.values()))}
        said = {**before, **current}.get(claim)
        if row is None or said is None:
            raise BadInput(f"there is no claim {claim!r} in article {article!r}")
        other = _corrected(said, instead or {}) if verdict == "correct" else None
        kept_article = article_of(row)
        if other is not None:
            check(kept_article, [other])
        now = _now()
        notes.put_ruling(db, said, verdict, other, by=by or getpass.getuser(), at=now, why=why[:1000])
        touched = Touched()
        replace_claims(db, kept_article, notes.ruled(db, article, list(before.values())), touched)
        merge(db, touched, now=now)


def _corrected(said: Claim, instead: dict[str, str]) -> Claim:
    wrong = sorted(set(instead) - set(CORRECTABLE))
    if wrong:
        raise BadInput(f"a correction changes {', '.join(CORRECTABLE)}, not {', '.join(wrong)}")
    fields: dict[str, Any] = {name: value.strip() or None for name, value in instead.items()}
    other = dataclasses.replace(said, **fields, sure=1.0, maker="a person", also=())
    if other.id == said.id:
        raise BadInput("that is what the claim says already: change something, or accept it")
    return other
