"""`slatewatch edits`: what outlets changed in articles after they were out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from .days import DAY
from .tables import echo_json, echo_table, opened

if TYPE_CHECKING:
    from ..answers.records import EditRow
    from ..model import Claim

COLUMNS = ("seen", "outlet", "article", "claim", "project", "what", "value", "how", "words")


@click.command("edits")
@click.argument("project", required=False)
@click.option("--since", type=DAY, help="Only edits seen since DAY (or a time like 2026-03-01T08:00).")
@click.option("--limit", type=click.IntRange(1), default=200, show_default=True, help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON an edit.")
@click.pass_obj
def edits(settings: dict[str, object], project: str | None, since: str | None, limit: int, as_json: bool) -> None:
    """Articles that were edited (those on PROJECT, an id or a title), with the claims that came and went by it.

    \b
    Examples:
      slatewatch edits --since 2026-03-01
      slatewatch edits "Harbour Lights"
    """
    from .. import answers

    with opened(settings) as db:
        rows = answers.edits(db, answers.project_id(db, project) if project else None, since=since, limit=limit)
    if as_json:
        echo_json(rows)
    else:
        echo_table(COLUMNS, (line for row in rows for line in _lines(row)), empty="no article was edited")


def _lines(row: EditRow) -> Iterator[tuple[object, ...]]:
    head = (row.version.first_seen[:16], row.article.outlet, row.article.id)
    for sign, claims in (("new", row.version.brought), ("dropped", row.version.dropped)):
        yield from ((*head, sign, *_said(claim)) for claim in claims)
    if not row.version.brought and not row.version.dropped:
        yield (*head, "none", "", "", "", "", "")


def _said(claim: Claim) -> tuple[object, ...]:
    about = claim.project or claim.subject
    return about, claim.role or claim.kind, claim.value, claim.modality, claim.quote
