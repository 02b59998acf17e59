"""`slatewatch people`, `person`, `companies`, `company` and `find`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .tables import echo_json, echo_table, opened

if TYPE_CHECKING:
    from ..answers.records import NamePage, NameRow

LIMIT = click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="At most so many.")
JSON = click.option("--json", "as_json", is_flag=True, help="JSON, one line a record.")


@click.command("people")
@click.argument("words", required=False)
@LIMIT
@JSON
@click.pass_obj
def people(settings: dict[str, object], words: str | None, limit: int, as_json: bool) -> None:
    """The people on projects, or those whose names hold WORDS.

    \b
    Example:
      slatewatch people lerner
    """
    from .. import answers

    with opened(settings) as db:
        _echo_names(answers.people(db, words, limit=limit), as_json)


@click.command("companies")
@click.argument("words", required=False)
@LIMIT
@JSON
@click.pass_obj
def companies(settings: dict[str, object], words: str | None, limit: int, as_json: bool) -> None:
    """The companies on projects, or those whose names hold WORDS.

    \b
    Example:
      slatewatch companies --limit 20
    """
    from .. import answers

    with opened(settings) as db:
        _echo_names(answers.companies(db, words, limit=limit), as_json)


def _echo_names(rows: list[NameRow], as_json: bool) -> None:
    if as_json:
        echo_json(rows)
        return
    echo_table(
        ("name", "projects", "last heard"), ((r.name, r.projects, r.last_day) for r in rows), empty="nobody fits"
    )


@click.command("person")
@click.argument("name")
@JSON
@click.pass_obj
def person(settings: dict[str, object], name: str, as_json: bool) -> None:
    """The projects that the person called NAME is or was on.

    \b
    Example:
      slatewatch person "Ines Marrow"
    """
    from .. import answers

    with opened(settings) as db:
        _echo_page(answers.person(db, name), as_json)


@click.command("company")
@click.argument("name")
@JSON
@click.pass_obj
def company(settings: dict[str, object], name: str, as_json: bool) -> None:
    """The slate of the company called NAME.

    \b
    Example:
      slatewatch company "Lantern Yard"
    """
    from .. import answers

    with opened(settings) as db:
        _echo_page(answers.company(db, name), as_json)


def _echo_page(page: NamePage, as_json: bool) -> None:
    if as_json:
        echo_json([page])
        return
    rows = (
        (c.project.title, c.role, c.modality, c.character, c.project.status, c.confirmed, c.outlet,
         c.evidence[0].quote if c.evidence else "")
        for c in page.credits
    )  # fmt: skip
    columns = ("project", "role", "how", "part", "status", "confirmed", "outlet", "words")
    echo_table(columns, rows, title=page.name, empty=f"{page.name} is on no project")
    ties = [(t.kind, t.value, t.evidence[0].day, t.evidence[0].outlet) for t in page.ties]
    ties += [("here", t.value, t.evidence[0].day, t.evidence[0].outlet) for t in page.people]
    ties += [(f"id {one.scheme}", one.value, "", one.why) for one in page.ids]
    if ties:
        echo_table(("tie", "value", "last said", "outlet"), ties)


@click.command("find")
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="At most so many of each.")
@JSON
@click.pass_obj
def find(settings: dict[str, object], words: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Search titles, names and quotes; the last word may be unfinished.

    \b
    Example:
      slatewatch find harbour li
    """
    from .. import answers

    with opened(settings) as db:
        found = answers.find(db, " ".join(words), limit=limit)
    if as_json:
        echo_json([found])
        return
    rows = [
        ("project", p.title, f"{p.status or ''} {p.format or ''}".strip(), p.last_day, p.id) for p in found.projects
    ]
    rows += [("person", n.name, f"{n.projects} projects", n.last_day, "") for n in found.people]
    rows += [("company", n.name, f"{n.projects} projects", n.last_day, "") for n in found.companies]
    rows += [("quote", q.quote, q.title or "", q.day, q.article) for q in found.quotes]
    echo_table(("what", "words", "of", "day", "id"), rows, empty="nothing was found")
