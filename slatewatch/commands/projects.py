"""`slatewatch projects`, `show` and `history`: the records."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..model import UNNAMED
from .days import DAY
from .tables import echo_json, echo_table, opened

if TYPE_CHECKING:
    from ..answers.records import ProjectPage
    from ..model import Evidence, Standing


@click.command("projects")
@click.option("--status", help="Only those in this status.")
@click.option("--format", "format_", help="Only those of this format.")
@click.option("--since", type=DAY, help="Only those heard of since DAY.")
@click.option("--conflicts", is_flag=True, help="Only those on which outlets contradict each other.")
@click.option(
    "--limit", type=click.IntRange(1), default=100, show_default=True, help="At most so many (not with --json)."
)
@click.option("--json", "as_json", is_flag=True, help="Whole records, one line of JSON a project.")
@click.pass_obj
def projects(
    settings: dict[str, object], status: str | None, format_: str | None, since: str | None, conflicts: bool,
    limit: int, as_json: bool,
) -> None:  # fmt: skip
    """The projects in the store, those heard of last first.

    \b
    Examples:
      slatewatch projects --status pre_production --since 2026-01-01
      slatewatch projects --json > projects.jsonl
    """
    from .. import answers
    from ..answers.shapes import project_shape

    with opened(settings) as db:
        if as_json and not (status or format_ or since or conflicts):
            echo_json(project_shape(project) for project in answers.projects_whole(db))
            return
        rows = answers.projects(
            db, status=status, format=format_, since=since, conflicting=conflicts, limit=1_000_000 if as_json else limit
        )
        if as_json:
            echo_json(project_shape(answers.project(db, row.id).project) for row in rows)
            return
    columns = ("id", "title", "format", "status", "last heard", "articles", "open", "first")
    cells = (
        (r.id, r.title, r.format, r.status, r.last_day, r.articles, ", ".join(r.open_roles), r.first_outlet)
        for r in rows
    )
    echo_table(columns, cells, empty="no project fits; `slatewatch add SOURCE...` brings some in")


@click.command("show")
@click.argument("project")
@click.option("--as-of", type=DAY, help="As it stood on DAY.")
@click.option(
    "--dormant", type=click.IntRange(1), default=365, show_default=True, help="Days of silence that make it dormant."
)
@click.option(
    "--json", "as_json", is_flag=True, help="Everything, with the words behind each value, as one line of JSON."
)
@click.pass_obj
def show(settings: dict[str, object], project: str, as_of: str | None, dormant: int, as_json: bool) -> None:
    """The record of PROJECT (an id or a title): each value with its outlet, date and quote.

    \b
    Examples:
      slatewatch show "Harbour Lights"
      slatewatch show 3f09c2d417aa --as-of 2024-06-30
    """
    from .. import answers

    with opened(settings) as db:
        page = answers.project(db, project, as_of=as_of, dormant_days=dormant)
    if as_json:
        echo_json([page])
        return
    _echo_record(page)


def _echo_record(page: ProjectPage) -> None:
    record = page.project
    others = [title for title in record.titles if title != record.title]
    heading = f"{record.title}  {record.id}"
    rows: list[tuple[str, str, str, str, str]] = [("also called", "", ", ".join(others), "", "")] if others else []
    rows.append(
        ("first", "", f"{record.first.outlet or 'unknown'} ({record.first.clock})", record.first.published or "", "")
    )
    rows += [_line(standing) for standing in record.current]
    for post in record.posts:
        words = _words(post.evidence[0] if post.evidence else None)
        rows.append((f"open {post.role}", post.part or "", post.why, f"{post.confirmed} {post.outlet or ''}", words))
    for conflict in record.conflicts:
        said = "; ".join(f"{e.outlet or e.article} {e.day}: {e.quote}" for e in conflict.evidence)
        rows.append((f"conflict: {conflict.role}", conflict.why, " / ".join(conflict.values), "", said))
    rows += [(f"id {one.scheme}", one.about, f"{one.name}: {one.value}", "", one.why) for one in page.ids]
    for other in page.elsewhere:
        agrees = {True: "as here", False: "not as here", None: ""}[other.agrees]
        rows.append((f"status at {other.scheme}", agrees, other.word, other.at[:10], ""))
    rows += [("stage", stage.name, stage.why, "", "") for stage in record.stages]
    echo_table(("what", "how", "value", "confirmed", "words"), rows, title=heading)
    copies = {row.id: row.copy_of for row in page.articles}
    mentions = ((m.day, m.outlet, m.article, m.title, m.id, copies.get(m.article)) for m in page.mentions)
    echo_table(("day", "outlet", "article", "as", "mention", "copy of"), mentions, title="articles")


def _line(standing: Standing) -> tuple[str, str, str, str, str]:
    what = (
        f"{standing.kind} {standing.role}"
        if standing.role and standing.kind not in {"credit", "company"}
        else standing.role
    )
    value = standing.value + (f" as {standing.character}" if standing.character else "")
    if standing.creators:
        value += f" by {', '.join(standing.creators)}"
    behind = next((e for e in standing.evidence if e.modality == standing.modality), None)
    confirmed = f"{standing.confirmed} {standing.outlet or ''}"
    return (what or standing.kind, standing.modality or "", value, confirmed, _words(behind))


def _words(behind: Evidence | None) -> str:
    """The words behind a value, and who read them, where it was not the built-in reader alone."""
    if behind is None:
        return ""
    return behind.quote if behind.makers in UNNAMED else f"{behind.quote} [read by {', '.join(behind.makers)}]"


@click.command("history")
@click.argument("project")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON a change.")
@click.pass_obj
def history(settings: dict[str, object], project: str, as_json: bool) -> None:
    """What changed in PROJECT (an id or a title), oldest first.

    \b
    Example:
      slatewatch history "Harbour Lights"
    """
    from .. import answers

    with opened(settings) as db:
        page = answers.project(db, project)
    if as_json:
        echo_json(page.project.changes)
        return
    rows = ((c.day, c.kind, c.role, c.value, c.before, c.after, c.outlet, c.quote) for c in page.project.changes)
    columns = ("day", "kind", "role", "value", "before", "after", "outlet", "words")
    echo_table(columns, rows, title=f"{page.project.title}  {page.project.id}")
