"""`slatewatch import`: what people, companies and works are called elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..terminal import printable
from .progress import progress
from .tables import echo_json, opened

if TYPE_CHECKING:
    from ..importing.running import Imported

JSON = click.option("--json", "as_json", is_flag=True, help="The links, one line of JSON each.")


@click.group("import")
def import_() -> None:
    """Take over ids and status words from IMDb, TMDB and Wikidata. They are kept through rebuilds and merges.

    \b
    Examples:
      slatewatch import imdb --names name.basics.tsv.gz --titles title.basics.tsv.gz
      slatewatch import wikidata latest-all.json.bz2
      slatewatch import statuses --from tmdb list.csv
      slatewatch import id person "Ines Marrow" imdb nm0012345
    """


@import_.command("imdb")
@click.option("--names", metavar="FILE", help="IMDb's name.basics.tsv, as it is or with .gz.")
@click.option("--titles", metavar="FILE", help="IMDb's title.basics.tsv, as it is or with .gz.")
@JSON
@click.pass_obj
def imdb(settings: dict[str, object], names: str | None, titles: str | None, as_json: bool) -> None:
    """Link people, projects and source works to their ids at IMDb. With both files namesakes are told apart better."""
    from ..importing.running import import_imdb

    if not (names or titles):
        raise click.UsageError("name --names FILE, --titles FILE or both")
    with opened(settings, write=True) as db, progress("importing", quiet=bool(settings["quiet"])) as step:
        done = import_imdb(db, names, titles, step=step)
    _echo(settings, done, as_json)


@import_.command("wikidata")
@click.argument("file")
@JSON
@click.pass_obj
def wikidata(settings: dict[str, object], file: str, as_json: bool) -> None:
    """Link people, companies, projects and source works to items of Wikidata, from its JSON dump, packed or not."""
    from ..importing.running import import_wikidata

    with opened(settings, write=True) as db, progress("importing", quiet=bool(settings["quiet"])) as step:
        done = import_wikidata(db, file, step=step)
    _echo(settings, done, as_json)


@import_.command("statuses")
@click.argument("file")
@click.option("--from", "scheme", type=click.Choice(["imdb", "tmdb"]), required=True, help="Whose words they are.")
@JSON
@click.pass_obj
def statuses(settings: dict[str, object], file: str, scheme: str, as_json: bool) -> int:
    """Note how far IMDb or TMDB say that projects are: a CSV or TSV with a column `status`, or TMDB's answers as lines.

    Projects are found by imdb_id, tmdb_id or their title. The words stand beside our own status, never in its place.
    """
    from ..importing.running import import_statuses

    with opened(settings, write=True) as db:
        done = import_statuses(db, file, scheme)
    if as_json:
        echo_json([{"statuses": done.new, "unclear": done.unclear, "unreadable": done.unreadable}])
    elif not settings["quiet"]:
        click.echo(
            f"slatewatch: {done.new} statuses, {done.unclear} rows fit no project, {done.unreadable} unreadable",
            err=True,
        )
    for problem in done.problems[:20]:
        click.echo(f"slatewatch: {printable(problem, limit=500)}", err=True)
    return 1 if done.unclear or done.unreadable else 0


@import_.command("id")
@click.argument("about", type=click.Choice(["person", "company", "project"]))
@click.argument("name")
@click.argument("scheme", type=click.Choice(["imdb", "tmdb", "wikidata"]))
@click.argument("value", metavar="ID")
@click.pass_obj
def id_(settings: dict[str, object], about: str, name: str, scheme: str, value: str) -> None:
    """Say yourself what NAME's id is; `none` says that there is none. No import changes it again."""
    from ..importing.running import give_id

    with opened(settings, write=True) as db:
        _, shown = give_id(db, about, name, scheme, None if value == "none" else value)
    if not settings["quiet"]:
        click.echo(f"slatewatch: {printable(shown)}: {scheme} {value}", err=True)


def _echo(settings: dict[str, object], done: Imported, as_json: bool) -> None:
    from ..importing.linking import shown

    if as_json:
        echo_json(shown(done.links))
    if settings["quiet"]:
        return
    counts = {
        about: sum(link.about == about for link in done.links) for about in ("person", "company", "project", "work")
    }
    said = ", ".join(f"{n} {about}" for about, n in counts.items())
    click.echo(
        f"slatewatch: linked {said}; {done.new} new ids, {done.unclear} fit several, {done.unreadable} unreadable",
        err=True,
    )
