"""`slatewatch export`: the store in the formats of the field."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from ..terminal import printable
from .days import DAY
from .tables import echo_json, opened

if TYPE_CHECKING:
    from ..export import Format, Job, Options

#: Things named for each reason that something was left out.
NAMED = 5
FILE = click.Path(path_type=Path)


@click.command("export")
@click.argument("format_", metavar="FORMAT")
@click.argument("projects", nargs=-1, metavar="[PROJECT]...")
@click.option("--to", metavar="FILE", help="Write to FILE, whole or not at all; - is standard output.")
@click.option("--table", type=click.Choice(["values", "evidence", "changes", "projects"]), default="values",
              show_default=True, help="What a line of csv and parquet is.")  # fmt: skip
@click.option("--as-of", type=DAY, help="As it stood on DAY.")
@click.option("--weak", is_flag=True, help="quickstatements: what is less than attached too, with its firmness.")
@click.option("--create", is_flag=True, help="quickstatements: new items for projects that have none.")
@click.option("--ids", type=FILE, metavar="FILE", help="CSV with Wikidata's ids of names: kind, name, id.")
@click.option("--wikidata", type=FILE, metavar="FILE", help="mismatches: CSV of the statements to compare with.")
@click.option("--address", default="http://127.0.0.1:8000", show_default=True, metavar="URL",
              help="jsonld, atom: where the pages of the store are.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="With --to: what was written, as one line of JSON.")
@click.pass_obj
def export(
    settings: dict[str, object], /, format_: str, projects: tuple[str, ...], to: str | None, as_json: bool,
    **asked: object,
) -> None:  # fmt: skip
    """Write the store, or each PROJECT (an id or a title), in a FORMAT.

    \b
    FORMAT is one of
      csv, parquet     a table of values; or evidence, changes, projects with --table
      jsonl            whole records, one line of JSON a project
      jsonld           schema.org: works, and claims with who had them first
      quickstatements  statements for Wikidata, each with its references
      mismatches       where Wikidata says otherwise, for its Mismatch Finder
      citations        lines with citations for Wikipedia
      names            names that need Wikidata's ids, for --ids
      atom             a feed of what changed
      html, pdf        each PROJECT on one page, to print before a meeting

    \b
    Examples:
      slatewatch export parquet --to values.parquet
      slatewatch export pdf "Harbour Lights" --to harbour.pdf
      slatewatch export quickstatements --ids names.csv "Harbour Lights"
    """
    from ..errors import BadInput
    from ..export import Options, format_named

    form = format_named(format_)
    target = None if to in {None, "-"} else Path(str(to))
    if as_json and target is None:
        raise click.UsageError("--json says what was written to a file: name it with --to")
    if form.binary and target is None and sys.stdout.isatty():
        raise BadInput(f"{form.name} is not for a terminal: name a file with --to")
    asked["address"] = _address(str(asked["address"]))
    options = Options(**asked)  # type: ignore[arg-type]
    with opened(settings) as db:
        if target is None:
            job = _run(db, form, sys.stdout.buffer, projects, options)
            sys.stdout.buffer.flush()
        else:
            job = _to_file(db, form, target, projects, options)
    if as_json:
        echo_json([{"format": form.name, "file": str(target), "projects": job.projects, "left_out": _told(job)}])
    elif not settings["quiet"]:
        for reason, things in _told(job).items():
            shown = ", ".join(printable(thing, limit=60) for thing in things[:NAMED])
            more = f" and {len(things) - NAMED} more" if len(things) > NAMED else ""
            click.echo(f"slatewatch: left out: {shown}{more}: {reason}", err=True)


def _address(address: str) -> str:
    from ..errors import BadInput
    from ..web.links import outside

    if not outside(address):
        raise BadInput(f"--address is an address like https://slate.example, not {address[:80]!r}")
    return address.rstrip("/")


def _told(job: Job) -> dict[str, list[str]]:
    return {reason: list(things) for reason, things in job.left_out.items()}


def _run(db: object, form: Format, out: BinaryIO, projects: tuple[str, ...], options: Options) -> Job:
    from ..export import export as write

    return write(db, form.name, out, projects, options)  # type: ignore[arg-type]


def _to_file(db: object, form: Format, target: Path, projects: tuple[str, ...], options: Options) -> Job:
    """Beside the file first: what stood there stays until the new one is whole."""
    from ..errors import SlatewatchError

    try:
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
            part = Path(file.name)
            try:
                job = _run(db, form, file.file, projects, options)  # type: ignore[arg-type]
                file.close()
                # A file made for one's own eyes: it gets the rights that any new file of the user gets.
                mask = os.umask(0)
                os.umask(mask)
                part.chmod(0o666 & ~mask)
                part.replace(target)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise SlatewatchError(f"{target} cannot be written: {error.strerror or error}") from error
    return job
