"""`slatewatch archive` and `slatewatch merge`: web archives into shards, shards into projects, on many machines."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from ..terminal import printable
from .careful import LlmOptions, echo_estimate, echo_model, llm_options
from .progress import progress
from .tables import echo_json

if TYPE_CHECKING:
    from ..shards.writing import Done

_TO = click.option("--to", required=True, metavar="DIR", help="The folder, or s3:// address, to write to.")
_RAY = click.option("--ray", metavar="ADDRESS", help="Do it on the Ray cluster at this address (HOST:PORT, or auto).")
_WORKERS = click.option(
    "--workers", type=click.IntRange(1), metavar="N", help="So many processes; one for each core unless you say so."
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print the numbers as JSON.")


@click.command("archive")
@click.argument("sources", nargs=-1, required=True, metavar="WARC...")
@_TO
@click.option("--base", metavar="ADDRESS", help="Where the paths in a paths file begin (s3://commoncrawl/).")
@_WORKERS
@_RAY
@_JSON
@llm_options()
@click.pass_obj
def archive(
    settings: dict[str, object], sources: tuple[str, ...], to: str, base: str | None, workers: int | None,
    ray: str | None, as_json: bool, llm: LlmOptions,
) -> int:  # fmt: skip
    """Find the articles with claims in web archives: one sorted shard an archive file, for `slatewatch add`.

    WARC is an archive file (.warc, .warc.gz, .wet.gz), a folder or glob of them, a paths file as Common Crawl publishes
    them (warc.paths.gz), or any of these on S3 (s3://bucket/path). A run that was stopped goes on where it was.

    \b
    Examples:
      slatewatch archive crawl.warc.gz --to shards
      slatewatch archive 'crawls/*.warc.gz' --to shards --workers 4
      slatewatch archive warc.paths.gz --to s3://bucket/shards --ray ray://head:10001

    A language model is asked by each process for itself: --llm-budget, --llm-workers and --llm-per-minute are those of
    one process. A shard is never taken for one that other readers made.

    Exit code 1 if an archive could not be read, or the model failed; the others are all the same.
    """
    from ..shards.running import run_archives
    from ..shards.sources import COMMON_CRAWL, archives
    from ..shards.writing import Tally, articles_in

    found = archives(sources, base=base or COMMON_CRAWL)
    if llm.dry_run:
        return echo_estimate(llm, (one for path in found for one in articles_in(path)), as_json=as_json)
    if llm.settings:
        from ..careful.settings import key_of_environment

        key_of_environment()  # A key that no header can carry is told before any process begins.
    outcomes: Counter[str] = Counter()
    total, failures, asked = Tally(), [], _Asked(llm)
    with progress("archives", quiet=bool(settings["quiet"]), total=len(found)) as step:
        for done in run_archives(found, to, workers=workers, ray=ray, llm=llm.settings):
            step()
            asked.add(done)
            outcomes[done.outcome] += 1
            total.add(done.tally)
            if done.outcome == "failed":
                failures.append(done.why)
    numbers = {"archives": len(found), **{name: outcomes[name] for name in ("made", "there", "failed")}}
    _report(settings, numbers | asdict(total), failures, as_json, asked.numbers())
    asked.tell(quiet=bool(settings["quiet"]))
    return 1 if failures or asked.failed else 0


class _Asked:
    """What a model did and cost, over all archives and processes."""

    def __init__(self, llm: LlmOptions) -> None:
        self._settings, self._purse, self._broken = llm.settings, llm.purse(), ""
        if llm.settings:
            from ..careful.tally import Tally

            self._tally = Tally()

    def add(self, done: Done) -> None:
        if done.llm and self._purse:
            done.llm.into(self._tally, self._purse)
            self._broken = self._broken or done.llm.broken or ""

    @property
    def failed(self) -> bool:
        return bool(self._settings and self._tally.failed)

    def numbers(self) -> dict[str, Any] | None:
        return self._tally.numbers(self._settings, self._purse) if self._settings and self._purse else None

    def tell(self, *, quiet: bool) -> None:
        if self._settings and self._purse:
            echo_model(self._settings, self._tally, self._purse, self._broken or None, quiet=quiet)


@click.command("merge")
@click.argument("sources", nargs=-1, required=True, metavar="SHARD...")
@_TO
@_WORKERS
@_RAY
@_JSON
@click.pass_obj
def merge(
    settings: dict[str, object], sources: tuple[str, ...], to: str, workers: int | None, ray: str | None, as_json: bool
) -> int:
    """Merge the claims of shards into projects without a store: sorted files of the lines of `slatewatch projects`.

    SHARD is what `slatewatch archive` makes, a folder or glob of those, or an s3:// address. What comes out is what
    `slatewatch add SHARD...` and `slatewatch projects --json` give.

    \b
    Examples:
      slatewatch merge shards --to projects
      slatewatch merge shards --to projects --ray auto

    Exit code 1 if a shard could not be read; the others are all the same.
    """
    from pathlib import Path

    from ..errors import BadInput
    from ..shards.loading import shard_files
    from ..shards.merging import merge_shards
    from ..shards.sources import is_remote
    from ..shards.spreading import default_workers

    if is_remote(to):
        raise BadInput(f"{to}: projects are written to a folder; name one, and copy it there")
    done = merge_shards(shard_files(sources), Path(to), workers=workers or default_workers(), ray=ray)
    numbers = {name: getattr(done, name) for name in ("articles", "mentions", "blocks", "projects")}
    _report(settings, numbers | {"unreadable": len(done.bad)}, [str(error) for error in done.bad], as_json)
    return 1 if done.bad else 0


def _report(
    settings: dict[str, object], numbers: dict[str, int], failures: list[str], as_json: bool,
    llm: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    if as_json:
        echo_json([numbers if llm is None else {**numbers, "llm": llm}])
    elif not settings["quiet"]:
        words = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in numbers.items())
        click.echo(f"slatewatch: {words}", err=True)
    for failure in failures:
        click.echo(f"slatewatch: {printable(failure, limit=500)}", err=True)
