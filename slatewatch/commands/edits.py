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

COLUMNS = ("seen", "article", "claim", "words")


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
    named = ", ".join(filter(None, (row.article.outlet, row.article.title, row.article.id)))
    head = (row.version.first_seen[:10], named)
    for sign, claims in (("new", row.version.brought), ("dropped", row.version.dropped)):
        yield from ((*head, f"{sign} {_said(claim)}", claim.quote) for claim in claims)
    if not row.version.brought and not row.version.dropped:
        yield (*head, "other words, the same claims", "")


def _said(claim: Claim) -> str:
    what = f"{claim.kind} {claim.role}" if claim.kind == "open_role" else claim.role or claim.kind
    said = " ".join(filter(None, (claim.value, f"as {claim.character}" if claim.character else "", claim.modality)))
    return f"{what}: {said} ({claim.project or claim.subject})" if claim.project or claim.subject else f"{what}: {said}"
