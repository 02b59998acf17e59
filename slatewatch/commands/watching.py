"""`slatewatch watch`: what to watch for, and what has changed of it."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import click

from ..terminal import printable
from .days import DAY
from .tables import echo_json, echo_table, opened

if TYPE_CHECKING:
    from ..errors import SlatewatchError
    from ..watching.digest import Told

JSON = click.option("--json", "as_json", is_flag=True, help="JSON, one line a record.")


@click.group("watch")
def watch() -> None:
    """Watch projects, people, companies, roles, statuses, source works: each changed fact is told once.

    \b
    Examples:
      slatewatch watch add "any project with a director open at Netflix"
      slatewatch watch add --person "Ines Marrow" --name marrow
      slatewatch watch run
    """


@watch.command("add")
@click.argument("words", nargs=-1)
@click.option("--name", help="What to call it; its meaning, if not said.")
@click.option("--project", "projects", multiple=True, metavar="PROJECT", help="A project, by its id or title.")
@click.option("--person", "people", multiple=True, metavar="NAME", help="A person.")
@click.option("--company", "companies", multiple=True, metavar="NAME", help="A company.")
@click.option("--based-on", "works", multiple=True, metavar="TITLE", help="Projects based on this work.")
@click.option("--open", "open_", multiple=True, metavar="ROLE", help="A post of this role opens or is filled.")
@click.option("--role", "roles", multiple=True, metavar="ROLE", help="Whoever comes or leaves in this role.")
@click.option("--status", "statuses", multiple=True, metavar="STATUS", help="A project gets this far.")
@click.option("--format", "formats", multiple=True, metavar="FORMAT", help="Projects of this format alone.")
@click.option("--modality", "modalities", multiple=True, metavar="MODALITY", help="Changes to this firmness alone.")
@click.option("--all", "everything", is_flag=True, help="Everything.")
@JSON
@click.pass_obj
def add(
    settings: dict[str, object], /, words: tuple[str, ...], name: str | None, everything: bool, as_json: bool,
    **options: tuple[str, ...],
) -> None:  # fmt: skip
    """Watch for what WORDS and options mean together; of one option given twice, either will do.

    WORDS are understood, not searched for: what they were taken for is printed, and what is not understood is refused.

    \b
    Examples:
      slatewatch watch add "films at Lantern Yard without a director"
      slatewatch watch add --project "Harbour Lights"
      slatewatch watch add --open director --company Netflix --format series --name "netflix shows"
    """
    from ..watching.conditions import described, made_of
    from ..watching.finding import add_watch
    from ..watching.words import conditions_in

    asked: dict[str, list[str]] = {field.rstrip("_"): list(values) for field, values in options.items()}
    said = " ".join(words)
    if not (said or everything or any(asked.values())):
        raise click.UsageError("say what to watch for: WORDS, an option, or --all")
    with opened(settings, write=True) as db:
        for field, values in (conditions_in(db, said) if said else {}).items():
            asked.setdefault(field, []).extend(values)
        conditions, unheard = made_of(db, asked)
        meaning = described(db, conditions)
        made = add_watch(db, name or said or meaning, said or meaning, conditions)
    if as_json:
        echo_json([made])
    elif not settings["quiet"]:
        click.echo(f"slatewatch: watching {printable(made.name)}: {printable(meaning)}", err=True)
    for one in unheard if not settings["quiet"] else ():
        click.echo(f"slatewatch: nobody has written of {printable(one, limit=200)} yet", err=True)


@watch.command("list")
@JSON
@click.pass_obj
def list_(settings: dict[str, object], as_json: bool) -> None:
    """The watches, as they were asked for and as they were understood."""
    from ..watching.finding import all_watches

    with opened(settings) as db:
        found = all_watches(db)
    if as_json:
        echo_json(found)
        return
    rows = ((w.name, w.meaning, w.made[:10], w.id) for w in found)
    echo_table(("name", "meaning", "since", "id"), rows, empty="nothing is watched; `slatewatch watch add` begins")


@watch.command("remove")
@click.argument("name")
@click.pass_obj
def remove(settings: dict[str, object], name: str) -> None:
    """Watch no more for what NAME (or its id) stands for; what it found goes with it."""
    from ..watching.finding import remove_watch

    with opened(settings, write=True) as db:
        gone = remove_watch(db, name)
    if not settings["quiet"]:
        click.echo(f"slatewatch: {printable(gone.name)} is watched no more", err=True)


@watch.command("alerts")
@click.argument("name", required=False)
@click.option("--since", type=DAY, help="Only those found since DAY.")
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="At most so many, the newest.")
@click.option("--markdown", is_flag=True, help="As Markdown.")
@click.option("--html", is_flag=True, help="As a page of HTML.")
@JSON
@click.pass_obj
def alerts(
    settings: dict[str, object], name: str | None, since: str | None, limit: int, markdown: bool, html: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """What the watch NAME, or any, has found, told or not, with the outlets that have reported it by now.

    \b
    Example:
      slatewatch watch alerts marrow --since 2026-03-01 --markdown
    """
    from ..watching import finding, telling

    with opened(settings) as db:
        watch_id = finding.watch_named(db, name).id if name else None
        told = telling.with_sources(db, finding.alerts(db, watch=watch_id, since=since or "", limit=limit))
    echo_told(told, _form(markdown=markdown, html=html, as_json=as_json))
    if not told and not settings["quiet"]:
        click.echo("slatewatch: nothing was found yet", err=True)


def _form(*, markdown: bool, html: bool, as_json: bool) -> str:
    chosen = [name for name, given in (("markdown", markdown), ("html", html), ("json", as_json)) if given]
    if len(chosen) > 1:
        raise click.UsageError(f"--{chosen[0]} or --{chosen[1]}, not both")
    return chosen[0] if chosen else "text"


def echo_told(told: list[Told], form: str) -> None:
    """A digest on standard output; nothing where there is nothing to tell."""
    from ..watching import digest

    if form == "json":
        echo_json(told)
    elif told:
        write = {"markdown": digest.as_markdown, "html": digest.as_html, "text": digest.as_text}[form]
        click.echo(write(told), nl=False)


@watch.command("run")
@click.option("--markdown", is_flag=True, help="The digest as Markdown.")
@click.option("--html", is_flag=True, help="The digest as a page of HTML.")
@JSON
@click.option("--mail-to", "mailboxes", multiple=True, metavar="ADDRESS", help="Mail the digest, once a day at most.")
@click.option("--mail-from", "sender", metavar="ADDRESS", envvar="SLATEWATCH_MAIL_FROM", help="Who the mail is from.")
@click.option("--smtp", metavar="URL", envvar="SLATEWATCH_SMTP", help="The mail server: smtp://USER@HOST:587.")
@click.option("--now", is_flag=True, help="Mail now, though today's digest has gone out.")
@click.option("--webhook", "webhooks", multiple=True, metavar="URL", help="POST each changed fact there, signed.")
@click.option(
    "--allow-private", "private", multiple=True, metavar="HOST", help="A host on a private network to POST to."
)
@click.option("--atom", type=click.Path(file_okay=False), metavar="FOLDER", help="Write an Atom feed a watch there.")
@click.option("--dry-run", is_flag=True, help="Print what would be told, and tell and keep nothing.")
@click.pass_obj
def run(
    settings: dict[str, object], markdown: bool, html: bool, as_json: bool, mailboxes: tuple[str, ...],
    sender: str | None, smtp: str | None, now: bool, webhooks: tuple[str, ...], private: tuple[str, ...],
    atom: str | None, dry_run: bool,
) -> int:  # fmt: skip
    """Look what has changed, and tell of each changed fact once: here, by mail, by webhook, in feeds.

    Prints nothing where nothing has changed, so that it can run every hour. Whoever could not be told is told the next
    time; the exit code is then 1. The settings SLATEWATCH_SMTP_PASSWORD and SLATEWATCH_WEBHOOK_SECRET hold the secrets.

    \b
    Examples:
      slatewatch watch run --markdown > today.md
      slatewatch watch run --mail-to desk@agency.example --mail-from slate@agency.example --smtp smtp://localhost:25
      slatewatch watch run --atom feeds/ --webhook https://hooks.example/slate
    """
    from ..watching import finding, rounds

    form = _form(markdown=markdown, html=html, as_json=as_json)
    mail = rounds.mail_of(mailboxes, sender, smtp, now=now)
    hooks = rounds.hooks_of(webhooks, private)
    with opened(settings, write=True) as db:
        if dry_run:
            echo_told(_preview(db), form)
            return 0
        finding.find_alerts(db)
        rounds.tell_here(db, lambda told: echo_told(told, form))
        problems: list[SlatewatchError] = []
        for tell in (*mail, *hooks):
            problems += tell(db)
        if atom:
            rounds.write_feeds(db, atom)
    for problem in problems:
        click.echo(f"slatewatch: {printable(str(problem), limit=500)}", err=True)
    return 1 if problems else 0


def _preview(db: sqlite3.Connection) -> list[Told]:
    from ..watching import rounds

    return rounds.preview(db)
