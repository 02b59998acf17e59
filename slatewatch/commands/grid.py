"""`slatewatch open` and `slatewatch changes`: what a person checks every morning."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .days import DAY
from .tables import echo_csv, echo_json, echo_table, opened

if TYPE_CHECKING:
    from ..answers.records import OpenRow

COLUMNS = (
    "project",
    "role",
    "part",
    "why",
    "since",
    "confirmed",
    "outlet",
    "status",
    "format",
    "people",
    "companies",
    "words",
)


@click.command("open")
@click.argument("role", required=False)
@click.option("--format", "format_", help="Only projects of this format.")
@click.option("--since", type=DAY, help="Only posts confirmed since DAY.")
@click.option("--dead", is_flag=True, help="Projects that are completed, released or cancelled too.")
@click.option("--limit", type=click.IntRange(1), default=200, show_default=True, help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON a post.")
@click.option("--csv", "as_csv", is_flag=True, help="The grid for a spreadsheet.")
@click.pass_obj
def open(
    settings: dict[str, object], role: str | None, format_: str | None, since: str | None, dead: bool, limit: int,
    as_json: bool, as_csv: bool,
) -> None:  # fmt: skip
    """The grid of posts that stand open (of one ROLE), each with the day it was last confirmed and by whom.

    \b
    Examples:
      slatewatch open director
      slatewatch open --format series --csv > open.csv
    """
    from .. import answers

    if as_json and as_csv:
        raise click.UsageError("--json or --csv, not both")
    with opened(settings) as db:
        rows = answers.open_posts(db, role, format=format_, since=since, dead=dead, limit=limit)
    if as_json:
        echo_json(rows)
    elif as_csv:
        echo_csv(("id", *COLUMNS), ((row.project.id, *_cells(row)) for row in rows))
    else:
        echo_table(COLUMNS, map(_cells, rows), empty="no post stands open")


def _cells(row: OpenRow) -> tuple[object, ...]:
    return (
        row.project.title, row.role, row.part, row.why, row.since, row.confirmed, row.outlet, row.project.status,
        row.project.format, ", ".join(row.people), ", ".join(row.companies), row.evidence.quote if row.evidence else "",
    )  # fmt: skip


@click.command("changes")
@click.option("--since", type=DAY, help="Only what came since DAY (or a time like 2026-03-01T08:00).")
@click.option("--by", type=click.Choice(["noted", "day"]), default="noted", show_default=True,
              help="By when the store learned of it, or by the article's day.")  # fmt: skip
@click.option("--limit", type=click.IntRange(1), default=200, show_default=True, help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON a change.")
@click.pass_obj
def changes(settings: dict[str, object], since: str | None, by: str, limit: int, as_json: bool) -> None:
    """What changed, the newest first.

    \b
    Example:
      slatewatch changes --since 2026-03-01
    """
    from .. import answers

    with opened(settings) as db:
        rows = answers.changes(db, since, by="day" if by == "day" else "noted", limit=limit)
    if as_json:
        echo_json(rows)
        return
    cells = (
        (
            r.change.day,
            r.title,
            r.change.kind,
            r.change.role,
            r.change.value,
            r.change.before,
            r.change.after,
            r.change.outlet,
        )
        for r in rows
    )
    echo_table(
        ("day", "project", "kind", "role", "value", "before", "after", "outlet"), cells, empty="nothing has changed"
    )
