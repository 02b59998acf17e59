"""What a run with a language model did and what it cost, counted and told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any

from .agreement import Part
from .grounding import Dropped
from .purse import Purse
from .settings import ModelSettings
from .trouble import Reason

#: Why a claim of the model was not made, in words.
DROPPED: dict[Dropped, str] = {
    "vocabulary": "outside the vocabulary",
    "quote": "without its words in the article",
    "name": "with a name that is not in the article",
    "again": "made twice",
}
#: What became of the claims of both readers, in words, in the order told.
PARTS: dict[Part, str] = {
    "both": "made by both readers",
    "model": "by the model alone",
    "built-in": "by the built-in reader alone",
    "left out": "left out, which the built-in reader was not sure of and the model did not make",
    "contradicted": "left out, of which the model says otherwise",
    "confirmed": "confirmed",
    "denied": "denied",
    "not settled": "left as they were",
}


@dataclass(slots=True)
class Tally:
    """Counts of one run. `failed` are articles by what went wrong; `told` one message for each of those reasons."""

    articles: int = 0
    passed_over: int = 0
    asked: int = 0
    kept: int = 0
    retries: int = 0
    pieces: int = 0
    cut: int = 0
    shortened: int = 0
    seconds: float = 0.0
    failed: Counter[Reason] = field(default_factory=Counter)
    told: dict[Reason, str] = field(default_factory=dict)
    dropped: Counter[Dropped] = field(default_factory=Counter)
    parts: Counter[Part] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Count what another run did as well."""
        for one in fields(self):
            mine, its = getattr(self, one.name), getattr(other, one.name)
            if isinstance(mine, Counter):
                mine.update(its)
            elif isinstance(mine, dict):
                mine.update({reason: told for reason, told in its.items() if reason not in mine})
            else:
                setattr(self, one.name, mine + its)

    def numbers(self, settings: ModelSettings, purse: Purse) -> dict[str, Any]:
        """Everything as one JSON object."""
        return {
            "model": settings.model,
            "for": settings.which,
            "articles": self.articles,
            "asked": self.asked,
            "kept_answers": self.kept,
            "not_asked": self.passed_over,
            "failed": dict(self.failed),
            "retries": self.retries,
            "broken_answers": self.pieces,
            "cut_answers": self.cut,
            "shortened_articles": self.shortened,
            "dropped": dict(self.dropped),
            "claims": dict(self.parts),
            "tokens_in": purse.tokens_in,
            "tokens_out": purse.tokens_out,
            "cost": purse.cost if settings.price_in or settings.price_out else None,
            "seconds": round(self.seconds, 3),
        }

    def lines(self, settings: ModelSettings, purse: Purse) -> Iterator[str]:
        """The same for a person, a line each."""
        reading = f"{settings.model}: {_many(self.asked, 'article')} asked, {self.kept} answered before"
        if self.passed_over:
            reading += f", {self.passed_over} not asked"
        tokens = f"{purse.tokens_in:,} tokens in, {purse.tokens_out:,} out"
        yield f"{reading}; {tokens}{_money(settings, purse)}; {self.seconds:.1f} seconds of answering"
        if self.parts:
            listed = ", ".join(f"{self.parts[part]} {words}" for part, words in PARTS.items() if self.parts[part])
            yield f"claims: {listed}"
        if self.dropped:
            listed = ", ".join(f"{self.dropped[lack]} {words}" for lack, words in DROPPED.items() if self.dropped[lack])
            yield f"claims of the model thrown away: {listed}"
        notes = (
            (self.pieces, "answers that were not the JSON asked for, their claims picked out"),
            (self.cut, "answers cut at the limit of their length (max_tokens)"),
            (self.shortened, "articles of which the model read the beginning alone (longest)"),
            (self.retries, "questions asked again"),
        )
        if any(count for count, _ in notes):
            yield "; ".join(f"{count} {words}" for count, words in notes if count)
        for reason, count in self.failed.most_common():
            yield f"{_many(count, 'article')} read by the built-in reader alone: {reason}: {self.told[reason]}"


def _many(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def _money(settings: ModelSettings, purse: Purse) -> str:
    return f", {purse.cost:.4f} at the price given" if settings.price_in or settings.price_out else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a run would ask and cost, before a question is sent. `kept` answers cost nothing. Tokens are rough."""

    articles: int
    questions: int
    kept: int
    tokens_in: int
    tokens_out: int
    cost: float | None
    prompt: str

    def lines(self, settings: ModelSettings) -> Iterator[str]:
        yield (
            f"{settings.model} would be asked about {self.questions} of {_many(self.articles, 'article')} "
            f"({self.kept} answered before), with prompt {self.prompt}"
        )
        money = "" if self.cost is None else f": about {self.cost:.4f} at the price given"
        yield f"about {self.tokens_in:,} tokens in and {self.tokens_out:,} out{money}"
