"""`slatewatch evaluate`: how many of the claims of labelled articles are found, and how many found are right."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..model import KINDS
from .careful import LlmOptions, llm_options
from .progress import progress

if TYPE_CHECKING:
    from ..evaluate import Rate, Score


@click.command("evaluate")
@click.argument("gold", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="GOLD...")
@click.option("--json", "as_json", is_flag=True, help="Print the numbers as one JSON object.")
@click.option("--show", type=click.IntRange(0), default=0, metavar="N", help="Show the first N missed or wrong claims.")
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice(KINDS), metavar="K", help="Only this kind; repeatable."
)
@click.option("--by-modality", is_flag=True, help="A second table: credits and companies by how firm they are.")
@click.option("--causes", is_flag=True, help="A table of why claims were missed or are wrong.")
@click.option("--reliability", is_flag=True, help="A table of how often claims of a probability are right.")
@llm_options()
@click.pass_obj
def evaluate(
    settings: dict[str, object], gold: tuple[Path, ...], as_json: bool, show: int, kinds: tuple[str, ...],
    by_modality: bool, causes: bool, reliability: bool, llm: LlmOptions,
) -> int:  # fmt: skip
    """Score the claims found against labelled articles.

    GOLD is a folder of labelled articles (docs/claims.md says what they hold), or such files. P is the share of the
    claims found that are right, R the share of the labelled ones that are found. With --show the text of each
    difference is shown like a diff: [-missed-] and {+wrong+}. --kind chooses rows and differences; the totals at the
    foot are over all kinds. With --llm a language model is scored beside the built-in reader, alone and together with
    it, with time and cost an article; --show then shows what the model missed.

    \b
    Examples:
      slatewatch evaluate gold/train
      slatewatch evaluate gold/train --show 20 --kind credit
      slatewatch evaluate gold/train --json --by-modality
      slatewatch evaluate gold/train --llm http://127.0.0.1:8080/v1 --model NAME
    """
    if llm.settings:
        from .comparing import compare

        return compare(gold, llm, quiet=bool(settings["quiet"]), as_json=as_json, show=show, kinds=kinds)
    result, counted = _score(gold, quiet=bool(settings["quiet"]))
    if show:
        # Beside --json the differences are notes: data alone goes to standard output.
        show_differences(result, show, kinds, to_stderr=as_json)
    if as_json:
        click.echo(_numbers(result, counted if causes else None))
        return 0
    click.echo("\n".join(_table(result, kinds, by_modality)))
    if causes:
        from ..causes import table

        click.echo("\n".join(["", *table(counted)]))
    if reliability:
        from ..reliability import table as reliability_table

        click.echo("\n".join(["", *reliability_table([(sure, right) for _, sure, right in result.sure])]))
    return 0


def _score(gold: tuple[Path, ...], *, quiet: bool) -> tuple[Score, Counter[tuple[str, str]]]:
    from ..causes import causes
    from ..claims import find_claims
    from ..evaluate import Score, labelled_files, read_labelled

    paths = labelled_files(gold)
    result = Score()
    counted: Counter[tuple[str, str]] = Counter()
    with progress("scoring", quiet=quiet, total=len(paths)) as step:
        for path in paths:
            labelled = read_labelled(path)
            found = find_claims(labelled.article)
            result.add(labelled.article, labelled.claims, found)
            counted += causes(labelled.claims, found)
            step()
    return result, counted


def show_differences(result: Score, count: int, kinds: tuple[str, ...], *, to_stderr: bool) -> None:
    from rich.console import Console

    from ..differences import differences

    chosen = [difference for difference in result.differences if not kinds or difference.claim.kind in kinds]
    console = Console(highlight=False, soft_wrap=True, stderr=to_stderr)
    for block in differences(chosen[:count]):
        console.print(block)


def _numbers(result: Score, counted: Counter[tuple[str, str]] | None) -> bytes:
    import msgspec

    from ..evaluate import as_numbers

    numbers = as_numbers(result)
    if counted is not None:
        numbers["causes"] = [
            {"cause": cause, "side": side, "count": count} for (side, cause), count in sorted(counted.items())
        ]
    return msgspec.json.encode(numbers)


def _table(result: Score, kinds: tuple[str, ...], by_modality: bool) -> list[str]:
    lines = [_row("kind", None)]
    lines += [_row(kind, result.kind(kind)) for kind in result.kinds if not kinds or kind in kinds]
    lines += [_row("core", result.core), _row("ties", result.ties), _row("all", result.all)]
    if by_modality:
        lines += ["", _row("modality", None), *(_row(name, result.modality(name)) for name in result.modalities)]
    lines.append(
        f"without modality F1 {result.without_modality.f1:.3f}; ungrounded quotes {result.ungrounded}; "
        f"false alarms on {result.alarms} of {result.quiet} articles without claims"
    )
    return lines


def _row(name: str, rate: Rate | None) -> str:
    if rate is None:
        return f"{name:<16}{'P':>7}{'R':>7}{'F1':>7}{'gold':>7}{'said':>7}"
    return f"{name:<16}{rate.precision:>7.3f}{rate.recall:>7.3f}{rate.f1:>7.3f}{rate.there:>7}{rate.said:>7}"
