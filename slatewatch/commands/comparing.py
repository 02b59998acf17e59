"""`slatewatch evaluate --llm`: a language model scored beside the built-in reader, with time and cost an article."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .careful import LlmOptions, echo_estimate, reading
from .evaluating import show_differences
from .progress import progress

if TYPE_CHECKING:
    from ..careful.reader import Job
    from ..evaluate import Labelled, Score
    from ..model import Article, Claim

#: The readers that are scored: the built-in one, the model alone, and what stands where both are heard.
READERS = ("slatewatch", "model", "together")
COLUMNS = ("core P", "core R", "core F1", "ties F1", "all F1", "alarms", "ungrounded", "s/article", "cost/article")


def compare(
    gold: tuple[Path, ...], llm: LlmOptions, *, quiet: bool, as_json: bool, show: int, kinds: Sequence[str]
) -> int:
    """Score the readers over the labelled articles and print the table. 1 where the model could not read some."""
    from ..evaluate import labelled_files, read_labelled

    assert llm.settings is not None
    labelled = [read_labelled(path) for path in labelled_files(gold)]
    if llm.dry_run:
        return echo_estimate(llm, (one.article for one in labelled), as_json=as_json)
    with reading(llm, quiet=quiet) as readers, progress("scoring", quiet=quiet, total=len(labelled)) as step:
        assert readers.careful is not None
        clock = Clock()
        readers.careful.find = clock.timed(readers.careful.find)
        scores, spent = _scores(labelled, readers.careful.jobs(one.article for one in labelled), step)
        told = readers.numbers()
    spent["slatewatch"]["seconds"] = clock.seconds
    rows = _rows(scores, spent, llm, labelled)
    if show:
        show_differences(scores["model"], show, tuple(kinds), to_stderr=as_json)
    click.echo(_numbers(scores, rows, told) if as_json else "\n".join(_table(rows, llm.settings.model)))
    return 1 if readers.failed else 0


class Clock:
    """Adds up the seconds that a function takes."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def timed(self, find: Any) -> Any:
        def find_timed(article: Article) -> Sequence[Claim]:
            began = time.perf_counter()
            found: Sequence[Claim] = find(article)
            self.seconds += time.perf_counter() - began
            return found

        return find_timed


def _scores(labelled: Sequence[Labelled], jobs: Iterator[Job], step: Any) -> tuple[dict[str, Score], dict[str, Any]]:
    """Each reader's score, and what it took: seconds, tokens, articles that it read."""
    from ..evaluate import Score

    scores = {reader: Score() for reader in READERS}
    spent = {reader: {"seconds": 0.0, "tokens_in": 0, "tokens_out": 0, "articles": 0} for reader in READERS}
    for one, job in zip(labelled, jobs, strict=True):
        # An article that the model could not read is one of which it says nothing.
        said = {"slatewatch": job.built_in, "model": job.model or [], "together": job.claims}
        for reader, claims in said.items():
            scores[reader].add(one.article, one.claims, claims)
        if job.answer:
            spent["model"]["articles"] += 1
            for name in ("seconds", "tokens_in", "tokens_out"):
                spent["model"][name] += getattr(job.answer, name)
        step()
    return scores, spent


def _rows(scores: dict[str, Score], spent: dict[str, Any], llm: LlmOptions, labelled: Sequence[Labelled]) -> Any:
    """Reader -> its figures. A model that only checks claims makes none of its own: it has no row."""
    settings = llm.settings
    assert settings is not None
    spent["slatewatch"]["articles"] = len(labelled)
    rows = {}
    for reader in READERS:
        score, used = scores[reader], spent[reader]
        if reader == "model" and settings.which == "check":
            continue
        # What both take together is what the two take.
        both = ("slatewatch", "model") if reader == "together" else (reader,)
        seconds = sum(spent[one]["seconds"] / max(1, spent[one]["articles"]) for one in both)
        used = spent["model"] if reader == "together" else used
        cost = settings.cost(used["tokens_in"], used["tokens_out"]) / max(1, used["articles"])
        rows[reader] = {
            "articles_read": used["articles"], "core_precision": score.core.precision, "core_recall": score.core.recall,
            "core_f1": score.core.f1, "ties_f1": score.ties.f1, "f1": score.all.f1, "false_alarms": score.alarms,
            "articles_without_claims": score.quiet, "ungrounded": score.ungrounded, "seconds_an_article": seconds,
            "tokens_in_an_article": used["tokens_in"] / max(1, used["articles"]),
            "tokens_out_an_article": used["tokens_out"] / max(1, used["articles"]),
            "cost_an_article": cost if settings.price_in or settings.price_out or reader == "slatewatch" else None,
        }  # fmt: skip
    return rows


def _numbers(scores: dict[str, Score], rows: Any, told: Any) -> bytes:
    import msgspec

    from ..evaluate import as_numbers

    readers = {reader: {**as_numbers(scores[reader]), **row} for reader, row in rows.items()}
    return msgspec.json.encode({"readers": readers, "llm": told})


def _table(rows: Any, model: str) -> Iterator[str]:
    names = {"slatewatch": "built-in", "model": f"{model[:24]} alone", "together": "together"}
    yield f"{'reader':<32}" + "".join(f"{column:>13}" for column in COLUMNS)
    for reader, row in rows.items():
        rates = (row["core_precision"], row["core_recall"], row["core_f1"], row["ties_f1"], row["f1"])
        cost = "unpriced" if row["cost_an_article"] is None else f"{row['cost_an_article']:.5f}"
        yield (
            f"{names[reader]:<32}"
            + "".join(f"{rate:>13.3f}" for rate in rates)
            + f"{row['false_alarms']:>13}{row['ungrounded']:>13}{row['seconds_an_article']:>13.2f}{cost:>13}"
        )
    model_row = rows.get("model", rows["together"])
    yield (
        f"{model_row['articles_read']} articles answered by the model; an article takes it "
        f"{model_row['tokens_in_an_article']:.0f} tokens in and {model_row['tokens_out_an_article']:.0f} out"
    )
