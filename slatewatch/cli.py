"""The command line. Each command stands in a module of `commands`, loaded only when it is called."""

from __future__ import annotations

import atexit
import importlib
import keyword
import os
import sys
from typing import NoReturn, cast

import click

from .errors import BadInput, SlatewatchError
from .terminal import printable

#: name, module of `slatewatch.commands`, one line for `slatewatch --help` (kept here so that help loads no command).
COMMANDS: tuple[tuple[str, str, str], ...] = (
    ("read", "reading", "Print the claims of articles: files, folders, URLs or - for standard input."),
    ("add", "adding", "Read articles, keep them in the store, and merge their claims into projects."),
    ("follow", "following", "Follow feeds: RSS, Atom, JSON Feed, OPML, or a site that has one."),
    ("unfollow", "following", "Follow a feed no more; what was read stays."),
    ("follows", "following", "List the feeds followed, and how they are."),
    ("update", "updating", "Ask the feeds for news, read what is new and what was edited."),
    ("archive", "archiving", "Find articles with claims in web archives: one sorted shard an archive file."),
    ("merge", "archiving", "Merge the claims of shards into projects, on one machine or many."),
    ("projects", "projects", "List the projects."),
    ("show", "projects", "Show a project's record, each value with its outlet, date and quote."),
    ("history", "projects", "Show what changed in a project."),
    ("open", "grid", "Show the grid of posts that stand open."),
    ("people", "naming", "List the people on projects."),
    ("person", "naming", "Show the projects a person is or was on."),
    ("companies", "naming", "List the companies on projects."),
    ("company", "naming", "Show a company's slate."),
    ("find", "naming", "Search titles, names and quotes."),
    ("changes", "grid", "Show what changed, since a day."),
    ("edits", "edits", "Show articles that were edited, with the claims that came and went."),
    ("watch", "watching", "Watch for changes, and be told of each changed fact once."),
    ("import", "importing", "Take over ids and status words from IMDb, TMDB and Wikidata."),
    ("review", "deciding", "Show pairs of projects that may be one."),
    ("decide", "deciding", "Say that two projects, people or companies are one, or are not."),
    ("export", "exporting", "Write the store, or projects, in the formats of the field."),
    ("serve", "serving", "Open the store in a browser: pages, JSON API, Atom feeds."),
    ("mcp", "protocol", "Serve the store to assistants (Model Context Protocol)."),
    ("evaluate", "evaluating", "Score the claims found against labelled articles."),
)


class CommandList(click.Group):
    """The commands of `COMMANDS`, in that order, each imported on its first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name, _, _ in COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        for name, module, _ in COMMANDS:
            if name == cmd_name:
                loaded = importlib.import_module(f"slatewatch.commands.{module}")
                # A word that Python keeps for itself has a line after it.
                word = f"{name}_" if keyword.iskeyword(name) else name.replace("-", "_")
                return cast(click.Command, getattr(loaded, word))
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, _, line in COMMANDS])


@click.group(cls=CommandList, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="slatewatch")
@click.option(
    "--db",
    metavar="FILE",
    envvar="SLATEWATCH_DB",
    default="slate.db",
    show_default=True,
    help="The store (or SLATEWATCH_DB).",
)
@click.option("-q", "--quiet", is_flag=True, help="No progress and no notes on standard error; errors stay.")
@click.pass_context
def slatewatch(ctx: click.Context, db: str, quiet: bool) -> None:
    """Reads film and television news and keeps one record a project, every value traced to the words of an article.

    \b
    Examples:
      slatewatch read article.html
      slatewatch read --json articles/ > claims.jsonl
      cat article.txt | slatewatch read -
    """
    ctx.obj = {"db": db, "quiet": quiet}


def main(args: list[str] | None = None) -> int:
    """Run one command. Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted. Never a traceback."""
    try:
        code = slatewatch.main(args=args, prog_name="slatewatch", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.exceptions.Abort:
        click.echo("slatewatch: interrupted", err=True)
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except SlatewatchError as error:
        click.echo(f"slatewatch: {printable(str(error), limit=1000)}", err=True)
        return 2 if isinstance(error, BadInput) else 1
    except BrokenPipeError:
        # The reader of our pipe has gone (`| head`): nobody is left to tell, and Python must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        if os.environ.get("SLATEWATCH_DEBUG"):
            raise
        click.echo(
            f"slatewatch: this should not happen: {type(error).__name__}: {error} "
            "(set SLATEWATCH_DEBUG=1 to see where, and report it)",
            err=True,
        )
        return 1


def run() -> NoReturn:
    """Run one command and end the process.

    The threads of Daft's engine may still be at work when its results are there, and an interpreter that is taken down
    under them crashes (once in some twenty runs): what is to be done at the end is done, and the process left as it is.
    """
    code = main()
    if "daft" in sys.modules:
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    run()
