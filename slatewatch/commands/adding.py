"""`slatewatch add`: articles into the store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from ..terminal import printable
from .careful import LlmOptions, echo_estimate, llm_options, reading
from .progress import progress
from .reading import every_article
from .tables import echo_json, opened

if TYPE_CHECKING:
    from ..errors import SlatewatchError
    from ..model import Article, Claim

    Read = tuple[Article, Sequence[Claim]]


@click.command("add")
@click.argument("sources", nargs=-1, metavar="SOURCE...")
@click.option("--claims", "labelled", is_flag=True, help="SOURCE are labelled articles: take their claims as they are.")
@click.option("--rebuild", is_flag=True, help="Then make all projects anew from claims and decisions.")
@click.option("--json", "as_json", is_flag=True, help="Print the numbers as one line of JSON.")
@llm_options()
@click.pass_obj
def add(
    settings: dict[str, object], sources: tuple[str, ...], labelled: bool, rebuild: bool, as_json: bool,
    llm: LlmOptions,
) -> int:  # fmt: skip
    """Read articles, keep them with their claims in the store, and merge the claims into projects.

    SOURCE is a file, a folder, a URL or - as for `slatewatch read`, or a shard of `slatewatch archive`. Adding an
    article again changes nothing; one that was edited becomes a new version.

    \b
    Examples:
      slatewatch add articles/
      slatewatch --db films.db add https://outlet.example/news/42
      slatewatch add --claims gold/train

    Exit code 1 if anything could not be read; the rest is added all the same.
    """
    from ..shards.loading import is_shard, read_shards, shard_files
    from ..store.adding import add_articles, moment
    from ..store.merging import rebuild as make_anew
    from ..store.opening import transaction

    if not sources and not rebuild:
        raise click.UsageError("name at least one SOURCE, or say --rebuild")
    if labelled and llm.settings:
        raise click.UsageError("--claims takes claims as they are and --llm reads anew: leave one out")
    if llm.dry_run:
        return echo_estimate(llm, every_article(sources), as_json=as_json)
    quiet = bool(settings["quiet"])
    with opened(settings, write=True) as db:
        with reading(llm, quiet=quiet) as readers, progress("adding", quiet=quiet) as step:
            shards = [source for source in sources if not labelled and is_shard(source)]
            others = tuple(source for source in sources if source not in shards)
            found = _labelled(others) if labelled else readers.read(every_article(others))
            outcomes, bad = add_articles(db, found, step=step)
            if shards:
                loaded, wrong = add_articles(db, read_shards(shard_files(shards)), clock="archive", step=step)
                outcomes, bad = outcomes + loaded, bad + wrong
        if rebuild:
            with transaction(db):
                make_anew(db, now=moment())
    numbers = {name: outcomes[name] for name in ("new", "edited", "same", "older")} | {"unreadable": len(bad)}
    if as_json:
        told = readers.numbers()
        echo_json([numbers if told is None else {**numbers, "llm": told}])
    elif not quiet:
        click.echo("slatewatch: " + ", ".join(f"{n} {name}" for name, n in numbers.items()), err=True)
    for error in bad:
        click.echo(f"slatewatch: {printable(str(error), limit=500)}", err=True)
    return 1 if bad or readers.failed else 0


def _labelled(sources: Sequence[str]) -> Iterator[Read | SlatewatchError]:
    from ..labelled import labelled

    for source in sources:
        yield from labelled(source)
