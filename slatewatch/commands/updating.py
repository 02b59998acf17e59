"""`slatewatch update`: news from the feeds."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from time import sleep
from typing import TYPE_CHECKING, Any

import click

from ..terminal import printable
from .careful import LlmOptions, Reading, llm_options, reading
from .following import PRIVATE, named
from .progress import Step, progress
from .tables import echo_json, opened

if TYPE_CHECKING:
    from ..feeds.manners import Limits
    from ..feeds.updating import Failure, Plan, Update

#: Failures told one by one at the end; `slatewatch follows --failures` has them all.
TOLD = 40


@click.command("update")
@click.argument("feeds", nargs=-1, metavar="[FEED]...")
@click.option("--watch", is_flag=True, help="Keep going: ask again every so often, until Ctrl-C.")
@click.option(
    "--every",
    type=click.FloatRange(min=0, min_open=True),
    default=30.0,
    show_default=True,
    metavar="MINUTES",
    help="With --watch, how often.",
)
@click.option(
    "--limit",
    type=click.IntRange(0),
    default=200,
    show_default=True,
    help="Pages of one feed at most; the others wait.",
)
@click.option(
    "--again", type=click.FloatRange(0), default=0.0, metavar="DAYS", help="Ask for the pages of so many days again."
)
@click.option("--retry", is_flag=True, help="Try pages again that were given up.")
@click.option(
    "--pause",
    type=click.FloatRange(0),
    default=1.0,
    show_default=True,
    metavar="SECONDS",
    help="Between two requests to one host, at the least.",
)
@PRIVATE
@click.option("--json", "as_json", is_flag=True, help="The numbers and the failures as one line of JSON.")
@llm_options(dry_run=False)
@click.pass_obj
def update(
    settings: dict[str, object], feeds: tuple[str, ...], watch: bool, every: float, limit: int, again: float,
    retry: bool, pause: float, private: tuple[str, ...], as_json: bool, llm: LlmOptions,
) -> int:  # fmt: skip
    """Ask the feeds (or only these, by address or title) for news; read what is new and what was edited, and add it.

    \b
    Examples:
      slatewatch update
      slatewatch update --watch --every 15
      slatewatch update --again 3

    Exit code 1 if anything could not be had, or the model failed; the rest is added all the same, and what could not
    be had is tried again next time.
    """
    from ..feeds.manners import Limits
    from ..feeds.updating import Plan

    limits, quiet, purse = Limits(pause=pause), bool(settings["quiet"]), llm.purse()
    while True:
        # A server that was gone is asked again in the next round; the budget is one for all rounds.
        with reading(llm, quiet=quiet, purse=purse) as readers, opened(settings, write=True) as db:
            only = {named(db, name) for name in feeds} if feeds else None
            plan = Plan(most=limit, only=only, dropped=retry, again=again)
            done = _run(db, limits, plan, private, readers, quiet=quiet)
        _tell(done, as_json=as_json, quiet=quiet, llm=readers.numbers())
        if not watch:
            return 1 if done.failures or readers.failed else 0
        try:
            sleep(every * 60)
        except KeyboardInterrupt:
            return 0


def _run(
    db: sqlite3.Connection, limits: Limits, plan: Plan, private: tuple[str, ...], readers: Reading, *, quiet: bool
) -> Update:
    from ..feeds.manners import Asking
    from ..feeds.updating import remembered
    from ..feeds.updating import update as ask
    from ..store import feeds as kept

    asking = Asking(limits=limits, private=private, known=remembered(db))
    count = len(plan.only) if plan.only is not None else len(kept.feeds(db))
    with _bars(count, quiet=quiet) as bars:
        return ask(
            db, asking, readers.read, plan, feed_done=bars.feed, pages_due=bars.pages, page_done=lambda: bars.page()
        )


class _Bars:
    """Progress of feeds, then of their pages, whose number is known only once the feeds have been asked."""

    def __init__(self, stack: contextlib.ExitStack, count: int, *, quiet: bool) -> None:
        self._stack, self._quiet = stack, quiet
        self.feed: Step = stack.enter_context(progress("asking feeds", quiet=quiet, total=count))
        self.page: Step = lambda: None

    def pages(self, count: int) -> None:
        self._stack.close()
        self.page = self._stack.enter_context(progress("reading pages", quiet=self._quiet, total=count))


@contextlib.contextmanager
def _bars(count: int, *, quiet: bool) -> Iterator[_Bars]:
    with contextlib.ExitStack() as stack:
        yield _Bars(stack, count, quiet=quiet)


def _tell(done: Update, *, as_json: bool, quiet: bool, llm: dict[str, Any] | None) -> None:
    numbers = {
        "feeds": done.feeds, "changed": done.changed,
        **{name: done.articles[name] for name in ("new", "edited", "same", "older")},
        "unchanged": done.unchanged, "empty": done.empty, "waiting": done.later, "failed": len(done.failures),
    }  # fmt: skip
    if as_json:
        echo_json([{**numbers, "failures": done.failures} | ({} if llm is None else {"llm": llm})])
    elif not quiet:
        if not done.feeds:
            click.echo("slatewatch: no feed is followed: `slatewatch follow FEED` follows one", err=True)
        said = [f"{count} {name}" for name, count in numbers.items() if count and name != "feeds"]
        asked = f"{done.feeds} feed{'' if done.feeds == 1 else 's'} asked"
        click.echo(f"slatewatch: {', '.join([asked, *(said or ['nothing new'])])}", err=True)
    lines = list(_lines(done.failures))
    for line in lines[:TOLD]:
        click.echo(f"slatewatch: {line}", err=True)
    if len(lines) > TOLD:
        more = len(lines) - TOLD
        click.echo(f"slatewatch: and {more} more: `slatewatch follows --failures` lists them", err=True)


def _lines(failures: list[Failure]) -> Iterator[str]:
    """A line a failure; pages of one feed that failed for one reason share a line."""
    alike: dict[tuple[str, str], list[str]] = {}
    for failure in failures:
        alike.setdefault((failure.feed, failure.reason), []).append(failure.url)
    for (_, reason), urls in alike.items():
        others = f" (and {len(urls) - 1} others of its feed)" if len(urls) > 1 else ""
        yield f"{printable(urls[0], limit=300)}{others}: {printable(reason, limit=400)}"
