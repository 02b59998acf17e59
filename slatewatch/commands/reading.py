"""`slatewatch read`: articles in, their claims out."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import SlatewatchError
from ..terminal import printable
from .careful import LlmOptions, echo_estimate, llm_options, reading
from .progress import progress

if TYPE_CHECKING:
    from ..model import Article, Claim


@click.command("read")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON an article (what a pipe gets anyway).")
@click.option("--cards", "as_cards", is_flag=True, help="A card a project (what a terminal gets anyway).")
@click.option(
    "--min-sure",
    "--min-confidence",
    "min_sure",
    type=click.FloatRange(0, 1),
    default=0.0,
    metavar="P",
    help="Leave out claims that are right with a probability below P, 0 to 1.",
)
@llm_options()
@click.pass_obj
def read(
    settings: dict[str, object], sources: tuple[str, ...], as_json: bool, as_cards: bool, min_sure: float,
    llm: LlmOptions,
) -> int:  # fmt: skip
    """Print what articles state about film and television projects that are not out yet.

    SOURCE is a file (HTML, plain text, JSON like the labelled articles, or such JSON a line), a folder of them, a URL,
    or - for standard input. On a terminal each project gets a card; in a pipe each article is one line of JSON.

    \b
    Examples:
      slatewatch read article.html
      slatewatch read https://outlet.example/news/42
      slatewatch read --json articles/ > claims.jsonl
      cat article.txt | slatewatch read -

    Exit code 1 if any source could not be read; the others are read all the same.
    """
    if as_json and as_cards:
        raise click.UsageError("--json and --cards exclude each other: leave one out")
    if llm.dry_run:
        return echo_estimate(llm, every_article(sources), as_json=as_json)
    show = _print_line if as_json or not (as_cards or on_terminal()) else _print_cards
    failures = 0
    quiet = bool(settings["quiet"])
    # On a terminal the cards themselves show how far it is.
    total = None if any(Path(source).is_dir() for source in sources) else len(sources)
    with (
        reading(llm, quiet=quiet) as readers,
        progress("reading", quiet=quiet or on_terminal(), total=total) as step,
    ):
        for found in readers.read(every_article(sources)):
            step()
            if isinstance(found, SlatewatchError):
                failures += 1
                click.echo(f"slatewatch: {printable(str(found), limit=500)}", err=True)
            else:
                show(found[0], [claim for claim in found[1] if claim.sure >= min_sure])
    return 1 if failures or readers.failed else 0


def on_terminal() -> bool:
    """Whether a person reads standard output."""
    return sys.stdout.isatty()


def every_article(sources: Iterable[str]) -> Iterator[Article | SlatewatchError]:
    """The articles of all sources, one after the other."""
    from ..articles import read_articles

    for source in sources:
        yield from read_articles(source)


def _print_line(article: Article, claims: list[Claim]) -> None:
    from ..lines import line

    # Bytes: the lines are UTF-8 whatever the terminal or the locale speaks.
    click.echo(line(article, claims).encode())


def _print_cards(article: Article, claims: list[Claim]) -> None:
    from rich.console import Console

    from ..cards import cards

    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that speaks an old character set shows "?" for what it lacks.
        sys.stdout.reconfigure(errors="replace")
    console = Console(highlight=False)
    console.print(cards(article, claims, width=console.width))
