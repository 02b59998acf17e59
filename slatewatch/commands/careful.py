"""What the commands that read articles share: a language model beside the built-in reader, where one is asked for."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..errors import BadInput, SlatewatchError
from ..terminal import printable

if TYPE_CHECKING:
    from ..careful.purse import Purse
    from ..careful.reader import CarefulReader
    from ..careful.settings import ModelSettings
    from ..careful.tally import Tally
    from ..model import Article, Claim

Command = TypeVar("Command", bound=Callable[..., Any])
Read = tuple["Article", "list[Claim]"]
#: Option, field of ModelSettings, what it takes, how that is called, help.
OPTIONS: tuple[tuple[str, str, Any, str | None, str], ...] = (
    (
        "--llm",
        "llm",
        None,
        "URL|NAME",
        "Read with a language model too: its URL, or a name in slatewatch.toml.",
    ),
    ("--model", "model", None, "NAME", "The model that the server is asked for."),
    ("--llm-for", "which", click.Choice(["all", "unsure", "check"]), None, "What it reads, or to check claims (all)."),
    ("--llm-below", "below", click.FloatRange(0, 1), "P", "Unsure are claims right with a probability below P (0.7)."),
    ("--llm-budget", "budget", None, "N", "Spend no more than N of money, or Nt tokens."),
    ("--llm-price", "price", None, "IN/OUT", "What a million tokens cost, of prompt and of answer."),
    ("--llm-workers", "workers", click.IntRange(1, 64), "N", "So many questions at once (4)."),
    ("--llm-per-minute", "per_minute", click.IntRange(0), "N", "No more than N questions a minute."),
    ("--llm-timeout", "timeout", click.FloatRange(0.1), "S", "Wait S seconds for an answer (300)."),
)


@dataclass(frozen=True, slots=True)
class LlmOptions:
    """What the options of one command say; `settings` is None where no model is asked for."""

    settings: ModelSettings | None = None
    dry_run: bool = False

    def purse(self) -> Purse | None:
        """One budget for all that is read under these options; None without a model."""
        if self.settings is None:
            return None
        from ..careful.purse import Purse

        return Purse(self.settings)


def llm_options(*, dry_run: bool = True) -> Callable[[Command], Command]:
    """Options of a language model, on a command that takes them all as `llm: LlmOptions`."""

    def decorate(command: Command) -> Command:
        @functools.wraps(command)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            said = {field: kwargs.pop(f"llm_{field}") for _, field, *_ in OPTIONS}
            dry = bool(kwargs.pop("dry_run", False))
            return command(*args, llm=_options(said, dry), **kwargs)

        taken: Any = wrapped
        if dry_run:
            taken = click.option(
                "--dry-run", is_flag=True, help="Tell what the model would cost; ask and store nothing."
            )(taken)
        for option, field, kind, metavar, words in reversed(OPTIONS):
            taken = click.option(option, f"llm_{field}", type=kind, metavar=metavar, help=words)(taken)
        return taken  # type: ignore[no-any-return]

    return decorate


def _options(said: dict[str, Any], dry_run: bool) -> LlmOptions:
    llm = said.pop("llm")
    if llm is None:
        given = [option for option, field, *_ in OPTIONS if said.get(field) is not None]
        if given or dry_run:
            raise click.UsageError(f"{(given or ['--dry-run'])[0]} goes with --llm URL: name the model's server")
        return LlmOptions()
    from ..careful.settings import price_of, settings_from

    prices = price_of(said.pop("price"))
    return LlmOptions(settings_from(llm, given={**said, **prices}), dry_run)


class Reading:
    """The readers of one run: the built-in one, and a language model where the options ask for one."""

    def __init__(self, careful: CarefulReader | None) -> None:
        self.careful = careful

    @property
    def failed(self) -> bool:
        """Whether the model could not read an article that it should have read."""
        return self.careful is not None and self.careful.failed

    def claims(self, article: Article) -> list[Claim]:
        """The claims of one article."""
        if self.careful is not None:
            return self.careful.claims(article)
        from ..claims import find_claims

        return find_claims(article)

    def read(self, found: Iterable[Article | SlatewatchError]) -> Iterator[Read | SlatewatchError]:
        """Each article with its claims, in order, several under way at once; what is no article passes through."""
        if self.careful is not None:
            yield from self.careful.read(found)
            return
        for one in found:
            yield one if isinstance(one, SlatewatchError) else (one, self.claims(one))

    def numbers(self) -> dict[str, Any] | None:
        """What the model did and cost, as one JSON object; None without a model."""
        return None if self.careful is None else self.careful.tally.numbers(self.careful.settings, self.careful.purse)


@contextmanager
def reading(llm: LlmOptions, *, quiet: bool, purse: Purse | None = None) -> Iterator[Reading]:
    """The readers of a run. At its end, or where it is broken off, what the model did and cost is told.

    `purse` is what earlier runs spent from, where one budget is for all of them.
    """
    if llm.settings is None:
        yield Reading(None)
        return
    from ..careful.reader import CarefulReader
    from ..careful.settings import key_of_environment

    with CarefulReader(llm.settings, key=key_of_environment(), purse=purse) as careful:
        try:
            yield Reading(careful)
        finally:
            echo_model(careful.settings, careful.tally, careful.purse, careful.answers.broken, quiet=quiet)


def echo_model(settings: ModelSettings, tally: Tally, purse: Purse, broken: str | None, *, quiet: bool) -> None:
    """Tell what a model did and cost. `broken` says why answers could not be kept."""
    lines = list(tally.lines(settings, purse))
    if broken:
        lines.append(f"answers could not be kept for another run ({broken}): name a folder with SLATEWATCH_CACHE")
    # Failures are errors: they stay where notes are silent.
    for line in lines if not quiet else (line for line in lines if "by the built-in reader alone: " in line):
        click.echo(f"slatewatch: {printable(line, limit=600)}", err=True)


def echo_estimate(llm: LlmOptions, found: Iterable[Article | SlatewatchError], *, as_json: bool) -> int:
    """Print what a run would ask and cost, and what cannot be read. Nothing is asked and nothing stored."""
    from ..careful.reader import CarefulReader

    if llm.settings is None:
        raise BadInput("--dry-run goes with --llm URL: name the model's server")
    failures = 0

    def readable() -> Iterator[Article]:
        nonlocal failures
        for one in found:
            if isinstance(one, SlatewatchError):
                failures += 1
                click.echo(f"slatewatch: {printable(str(one), limit=500)}", err=True)
            else:
                yield one

    with CarefulReader(llm.settings) as careful:
        estimate = careful.estimate(readable())
    if as_json:
        import msgspec

        click.echo(msgspec.json.encode(estimate))
    else:
        click.echo("\n".join(estimate.lines(llm.settings)))
    return 1 if failures else 0
