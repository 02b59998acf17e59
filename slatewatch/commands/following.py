"""`slatewatch follow`, `unfollow` and `follows`: which feeds the store is fed by."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import click

from ..terminal import printable
from .tables import echo_json, echo_table, opened

if TYPE_CHECKING:
    from ..feeds.parsing import Listed

PRIVATE = click.option(
    "--allow-private",
    "private",
    multiple=True,
    metavar="HOST",
    envvar="SLATEWATCH_ALLOW_PRIVATE",
    help="A host of this machine or network that may be asked (HOST or HOST:PORT; may be given again).",
)


@click.command("follow")
@click.argument("sources", nargs=-1, required=True, metavar="FEED...")
@PRIVATE
@click.option("--json", "as_json", is_flag=True, help="One line of JSON a feed that is followed from now on.")
@click.pass_obj
def follow(settings: dict[str, object], sources: tuple[str, ...], private: tuple[str, ...], as_json: bool) -> int:
    """Follow feeds: `slatewatch update` then reads what they bring.

    FEED is the address of an RSS, Atom or JSON feed, of a site whose feed is found, or an OPML list: its address, a
    file, or - for standard input.

    \b
    Examples:
      slatewatch follow https://outlet.example/feed
      slatewatch follow outlet.example
      slatewatch follow feeds.opml

    Exit code 1 if any could not be followed; the others are all the same.
    """
    from ..errors import UnreadablePage
    from ..feeds.finding import find_feeds
    from ..feeds.manners import Asking

    asking, failed = Asking(private=private), 0
    with opened(settings, write=True) as db:
        for source in sources:
            try:
                found = find_feeds(source, asking)
            except UnreadablePage as error:
                failed += 1
                click.echo(f"slatewatch: {printable(str(error), limit=500)}", err=True)
                continue
            new = _keep(db, found.feeds)
            if as_json:
                echo_json({"url": feed.url, "title": feed.title} for feed in new)
            if not settings["quiet"]:
                _tell(new, len(found.feeds) - len(new), found.others)
    return 1 if failed else 0


def _keep(db: sqlite3.Connection, feeds: tuple[Listed, ...]) -> list[Listed]:
    """Those that were not followed before."""
    from ..store import feeds as kept
    from ..store.adding import moment
    from ..store.opening import transaction

    with transaction(db):
        return [feed for feed in feeds if kept.follow(db, feed.url, feed.title, now=moment())]


def _tell(new: list[Listed], known: int, others: tuple[Listed, ...]) -> None:
    for feed in new:
        title = f" ({printable(feed.title, limit=80)})" if feed.title else ""
        click.echo(f"slatewatch: follows {printable(feed.url)}{title}", err=True)
    if known:
        click.echo(f"slatewatch: {known} followed already", err=True)
    for feed in others[:5]:
        click.echo(f"slatewatch: the site names this feed as well: {printable(feed.url)}", err=True)


@click.command("unfollow")
@click.argument("feeds", nargs=-1, required=True, metavar="FEED...")
@click.pass_obj
def unfollow(settings: dict[str, object], feeds: tuple[str, ...]) -> None:
    """Follow feeds no more. FEED is an address or a title of `slatewatch follows`; what was read stays.

    \b
    Example:
      slatewatch unfollow https://outlet.example/feed
    """
    from ..store import feeds as kept
    from ..store.opening import transaction

    with opened(settings, write=True) as db, transaction(db):
        # All are looked up first: a name that means nothing stops it before anything is done.
        for url in [named(db, name) for name in feeds]:
            kept.unfollow(db, url)
            if not settings["quiet"]:
                click.echo(f"slatewatch: no longer follows {printable(url)}", err=True)


def named(db: sqlite3.Connection, name: str) -> str:
    """The address of the feed that is followed under this address or title. Raises BadInput for none or several."""
    from ..errors import BadInput
    from ..store import feeds as kept

    rows = kept.feeds(db)
    forms = {name, name.rstrip("/"), f"{name.rstrip('/')}/"}
    found = [row["url"] for row in rows if row["url"] in forms]
    found = found or [row["url"] for row in rows if (row["title"] or "").casefold() == name.casefold()]
    if len(found) == 1:
        return str(found[0])
    if found:
        raise BadInput(f"{len(found)} feeds are called {name!r}: say which by its address: {', '.join(found[:5])}")
    raise BadInput(f"no feed {name!r} is followed: `slatewatch follows` lists those that are")


@click.command("follows")
@click.option("--failures", is_flag=True, help="The pages that no article came of, with the reason.")
@click.option("--opml", "as_opml", is_flag=True, help="An OPML list, for another reader of feeds.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON a feed, or a page.")
@click.pass_obj
def follows(settings: dict[str, object], failures: bool, as_opml: bool, as_json: bool) -> None:
    """The feeds that are followed, and how they are: when asked, how many pages were read, wait or failed.

    \b
    Examples:
      slatewatch follows
      slatewatch follows --failures
      slatewatch follows --opml > feeds.opml
    """
    from ..store import feeds as kept

    if as_opml and (as_json or failures):
        raise click.UsageError("--opml stands alone")
    with opened(settings) as db:
        rows = kept.troubled_pages(db) if failures else kept.feeds(db)
    if as_opml:
        from ..feeds.parsing import Listed, opml

        click.echo(opml(Listed(url=row["url"], title=row["title"]) for row in rows), nl=False)
        return
    if as_json:
        names = PAGE_FIELDS if failures else FEED_FIELDS
        echo_json({name: row[name] for name in names} for row in rows)
    elif failures:
        cells = ((row["url"], row["state"], _when(row["asked"]), row["reason"]) for row in rows)
        echo_table(("page", "state", "asked", "what is wrong"), cells, empty="every page gave an article")
    else:
        cells = ((_called(row), _when(row["asked"]), _counted(row), row["reason"]) for row in rows)
        nothing = "no feed is followed: `slatewatch follow FEED` follows one"
        echo_table(("feed", "asked", "pages", "what is wrong"), cells, empty=nothing)


FEED_FIELDS = ("url", "title", "kind", "asked", "changed", "listed", "read", "waiting", "failed", "reason")
PAGE_FIELDS = ("url", "state", "asked", "failures", "feed", "reason")


def _called(row: sqlite3.Row) -> str:
    return f"{row['title']}: {row['url']}" if row["title"] else str(row["url"])


def _when(time: str | None) -> str:
    return (time or "never")[:16].replace("T", " ")


def _counted(row: sqlite3.Row) -> str:
    counts = ((row[name], name) for name in ("listed", "read", "waiting", "failed"))
    return ", ".join(f"{count} {name}" for count, name in counts if count)
