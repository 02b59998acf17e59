"""Everything on one project, or on one article."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

from slatewatch.errors import BadInput
from slatewatch.model import Article, Project
from slatewatch.names import title_key
from slatewatch.projects import project_of
from slatewatch.projects.stages import DORMANT_DAYS
from slatewatch.store import reading, snapshot
from slatewatch.store.copies import whole_mentions
from slatewatch.store.merging import known_names
from slatewatch.store.rows import claim_of, decision_of

from .identifying import elsewhere, ids_of_project
from .listing import doubt_rows
from .making import article_row, change_row
from .records import ArticlePage, MentionRow, PlacedClaim, ProjectPage
from .stories import versions, with_copies


def project_id(db: sqlite3.Connection, name: str) -> str:
    """The id of the project that `name` means, a title or an id of any age. Raises BadInput for none or several."""
    with snapshot(db):
        found = reading.alive(db, name.strip().lower())
        if found:
            return found
        ids = reading.projects_titled(db, title_key(name)) or reading.untitled_projects(db, name.strip())
        rows = reading.projects_by_id(db, ids)
        # A title given as a source or a short form only counts where no project goes by it itself.
        exact = [i for i in ids if title_key(name) in {title_key(t) for t in _titles(rows[i])}]
        ids = exact or ids
    if len(ids) == 1:
        return ids[0]
    if not ids:
        raise BadInput(f"no project is called {name!r}: `slatewatch find` searches titles, names and quotes")
    choices = "; ".join(
        f"{i} {rows[i]['p_title']} ({rows[i]['p_first_day']} to {rows[i]['p_last_day']})" for i in ids[:8]
    )
    raise BadInput(f"{len(ids)} projects are called {name!r}: say which by its id: {choices}")


def _titles(row: sqlite3.Row) -> list[str]:
    return list(json.loads(row["p_titles"]))


def project(
    db: sqlite3.Connection,
    name: str,
    *,
    as_of: str | None = None,
    today: str | None = None,
    dormant_days: int = DORMANT_DAYS,
) -> ProjectPage:
    """All that is known of a project, on the day `as_of` (ISO) or now. `name` as for project_id.

    Raises BadInput where there is no such project, or nothing had been said of it by `as_of`.
    """
    id_ = project_id(db, name)
    with snapshot(db):
        mentions = whole_mentions(db, reading.mention_ids(db, id_))
        known = known_names(db, mentions)
        rows = reading.mentions(db, id_)
        articles = with_copies(db, [article_row(row) for row in reading.articles_of(db, id_)])
        decided = reading.decisions(db, "project", [row["id"] for row in rows])
        doubts = doubt_rows(db, reading.doubts(db, id_))
    try:
        record = project_of(mentions, known, as_of=as_of, today=today, dormant_days=dormant_days)
    except ValueError as error:
        raise BadInput(f"{name}: {error}; the first article is of {rows[0]['day']}") from error
    until, everywhere = as_of or "9999", [row["id"] for row in rows]
    return ProjectPage(
        project=record,
        articles=tuple(row for row in articles if row.day <= until),
        mentions=tuple(MentionRow(**dict(row)) for row in rows if row["day"] <= until),
        decisions=tuple(decision_of(row) for row in decided),
        doubts=doubts,
        asked=name if name != id_ and reading.alive(db, name.strip().lower()) else None,
        as_of=as_of,
        ids=ids_of_project(db, record, everywhere),
        elsewhere=elsewhere(db, record, everywhere),
    )


def projects_whole(db: sqlite3.Connection) -> Iterator[Project]:
    """Every project with its whole record, in the order in which they were first heard of."""
    with snapshot(db):
        for id_ in reading.project_ids(db):
            mentions = whole_mentions(db, reading.mention_ids(db, id_))
            yield project_of(mentions, known_names(db, mentions))


def article(db: sqlite3.Connection, id_: str) -> ArticlePage:
    """An article with its claims, versions and changes. Raises BadInput where there is none of this id."""
    with snapshot(db):
        row = reading.article(db, id_)
        if row is None:
            raise BadInput(f"there is no article {id_!r} in the store")
        claims = reading.claims_in(db, id_)
        made = versions(db, id_)
        (shown,) = with_copies(db, [article_row(row)])
        changes = reading.changes(db, articles=[id_])
    names = ("id", "title", "text", "url", "outlet", "author", "published", "modified", "language")
    return ArticlePage(
        article=Article(**{name: row[name] for name in names}, seen=row["first_seen"]),
        row=shown,
        claims=tuple(PlacedClaim(claim=claim_of(c), project=c["p_id"], title=c["p_title"]) for c in claims),
        versions=made,
        changes=tuple(change_row(c) for c in changes),
    )
