"""Score claims against labelled articles: the same numbers that the contract of docs/claims.md is scored by."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import msgspec

from .articles import read_article
from .errors import BadInput, UnreadablePage
from .model import CORE_KINDS, PROJECT_KINDS, ROLES, TIE_KINDS, Article, Claim, Kind, Modality, Page

#: The kinds whose modality counts.
FIRM_KINDS: tuple[Kind, ...] = ("credit", "company")
#: Words of an untitled project's description that tell nothing: two untitled projects need another word in common.
GENERIC = frozenset({
    "untitled", "film", "movie", "pic", "picture", "feature", "biopic", "project", "drama", "comedy", "thriller",
    "series", "show", "a", "an", "the", "of", "about",
})  # fmt: skip
QUOTES = re.compile(r"['’‘`]s\b")
NOT_WORDS = re.compile(r"[^\w\s]")
ARTICLE_WORD = re.compile(r"^(the|a|an) ")


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledFile:
    """A labelled article as its JSON file holds it: its labels are claims without the article and the place in it."""

    id: str
    title: str
    text: str
    claims: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """The labels of a file as claims."""

    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A labelled article: its file, and its labels as claims whose offsets count in `article.words`."""

    path: Path
    article: Article
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Rate:
    """How many claims are right (`hit`), of how many made (`said`) and labelled (`there`)."""

    hit: int
    said: int
    there: int

    @property
    def precision(self) -> float:
        return self.hit / self.said if self.said else 1.0

    @property
    def recall(self) -> float:
        return self.hit / self.there if self.there else 1.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Difference:
    """One claim that only the labels have (`missed`) or only the reader made (`wrong`)."""

    side: Literal["missed", "wrong"]
    article: Article
    claim: Claim


@dataclass(slots=True)
class Score:
    """Counts over a set of labelled articles. Add articles with `add`; read the rates at any time."""

    articles: int = 0
    quiet: int = 0
    alarms: int = 0
    ungrounded: int = 0
    hit: Counter[Kind] = field(default_factory=Counter)
    loose: Counter[Kind] = field(default_factory=Counter)
    said: Counter[Kind] = field(default_factory=Counter)
    there: Counter[Kind] = field(default_factory=Counter)
    firm_hit: Counter[Modality] = field(default_factory=Counter)
    firm_said: Counter[Modality] = field(default_factory=Counter)
    firm_there: Counter[Modality] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)
    #: the probability of each claim made, and whether it is right
    sure: list[tuple[Kind, float, bool]] = field(default_factory=list)

    def add(self, article: Article, labels: Sequence[Claim], guesses: Sequence[Claim]) -> None:
        """Count one article."""
        self.articles += 1
        self.quiet += not labels
        self.alarms += not labels and bool(guesses)
        # One line break, as in the contract: a quote may not run from the title into the text.
        words = f"{article.title}\n{article.text}"
        self.ungrounded += sum(1 for guess in guesses if not guess.quote or guess.quote not in words)
        pairs = matches(labels, guesses)
        self.there.update(claim.kind for claim in labels)
        self.said.update(guess.kind for guess in guesses)
        self.hit.update(claim.kind for claim, _ in pairs)
        self.loose.update(claim.kind for claim, _ in matches(labels, guesses, firmness=False))
        self.firm_there.update(_modalities(labels))
        self.firm_said.update(_modalities(guesses))
        self.firm_hit.update(_modalities(claim for claim, _ in pairs))
        found, used = {id(claim) for claim, _ in pairs}, {id(guess) for _, guess in pairs}
        self.sure += [(guess.kind, guess.sure, id(guess) in used) for guess in guesses]
        self.differences += [Difference("missed", article, claim) for claim in labels if id(claim) not in found]
        self.differences += [Difference("wrong", article, guess) for guess in guesses if id(guess) not in used]

    def kind(self, kind: Kind) -> Rate:
        return Rate(self.hit[kind], self.said[kind], self.there[kind])

    def modality(self, modality: Modality) -> Rate:
        """The rate over credits and companies that are labelled, or said to be, so firm."""
        return Rate(self.firm_hit[modality], self.firm_said[modality], self.firm_there[modality])

    @property
    def kinds(self) -> list[Kind]:
        """The kinds that occur, by name."""
        return sorted(set(self.there) | set(self.said))

    @property
    def modalities(self) -> list[Modality]:
        return sorted(set(self.firm_there) | set(self.firm_said))

    @property
    def core(self) -> Rate:
        return self._over(CORE_KINDS)

    @property
    def ties(self) -> Rate:
        return self._over(TIE_KINDS)

    @property
    def all(self) -> Rate:
        return self._over(self.kinds)

    @property
    def without_modality(self) -> Rate:
        return Rate(self.loose.total(), self.said.total(), self.there.total())

    def _over(self, kinds: Iterable[Kind]) -> Rate:
        chosen = list(kinds)
        return Rate(*(sum(counts[kind] for kind in chosen) for counts in (self.hit, self.said, self.there)))


def _modalities(claims: Iterable[Claim]) -> Iterator[Modality]:
    return (claim.modality for claim in claims if claim.kind in FIRM_KINDS and claim.modality)


def fold(text: str | None) -> str:
    """A name with case, accents, punctuation, quotation marks and a leading article taken away."""
    if not text:
        return ""
    spread = unicodedata.normalize("NFKD", text).replace("&", " and ")
    plain = QUOTES.sub("s", "".join(c for c in spread if not unicodedata.combining(c)).casefold())
    return ARTICLE_WORD.sub("", " ".join(NOT_WORDS.sub(" ", plain).split()))


def same_title(one: str | None, other: str | None, *, subtitle: bool = False) -> bool:
    """Whether two titles name one work: equal when folded, or both untitled with a telling word in common.

    With `subtitle` a title also equals itself with its subtitle, as for source works and past credits.
    """
    folded, against = fold(one), fold(other)
    if folded == against:
        return True
    if not folded or not against:
        return False
    if folded.startswith("untitled") and against.startswith("untitled"):
        words, others = set(folded.split()) - GENERIC, set(against.split()) - GENERIC
        return not words or not others or bool(words & others)
    first, second = one or "", other or ""
    heads_agree = fold(first.split(":")[0]) == fold(second.split(":")[0])
    return subtitle and heads_agree and (":" in first) != (":" in second)


def same_claim(label: Claim, guess: Claim, *, firmness: bool = True) -> bool:
    """Whether a guess says what a label says; `firmness` asks for the same modality too."""
    kind = label.kind
    if kind != guess.kind or (kind in ROLES and label.role != guess.role):
        return False
    if kind in PROJECT_KINDS and not same_title(label.project, guess.project):
        return False
    if kind in TIE_KINDS and fold(label.subject) != fold(guess.subject):
        return False
    if firmness and kind in FIRM_KINDS and label.modality != guess.modality:
        return False
    if kind in ("based_on", "known_for"):
        return same_title(label.value, guess.value, subtitle=True)
    return fold(label.value) == fold(guess.value)


def matches(labels: Sequence[Claim], guesses: Sequence[Claim], *, firmness: bool = True) -> list[tuple[Claim, Claim]]:
    """Pairs of a label and its guess, each in at most one pair, first come first served."""
    left, pairs = list(guesses), []
    for label in labels:
        for place, guess in enumerate(left):
            if same_claim(label, guess, firmness=firmness):
                pairs.append((label, left.pop(place)))
                break
    return pairs


def score(labelled: Iterable[Labelled], find: Callable[[Article], Sequence[Claim]]) -> Score:
    """Read each labelled article with `find` and count."""
    result = Score()
    for one in labelled:
        result.add(one.article, one.claims, find(one.article))
    return result


def labelled_files(places: Iterable[Path]) -> list[Path]:
    """The JSON files among and directly in `places`, in the order of their names. BadInput where there is none."""
    paths = [path for place in places for path in (sorted(place.glob("*.json")) if place.is_dir() else [place])]
    if not paths:
        raise BadInput("no labelled article: give files like those of docs/claims.md, or a folder of them (*.json)")
    return paths


def read_labelled(path: Path) -> Labelled:
    """One labelled article, its text read as `slatewatch read` reads it.

    BadInput, with the field that is wrong, where the file does not obey docs/claims.md.
    """
    try:
        body = path.read_bytes()
        labelled = msgspec.json.decode(body, type=LabelledFile)
        article = read_article(Page(name=str(path), body=body))
        claims = msgspec.convert({"claims": [_placed(label, article) for label in labelled.claims]}, Labels).claims
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: no labelled article: {error}") from error
    except UnreadablePage as error:
        raise BadInput(str(error)) from error
    return Labelled(path, article, claims)


def _placed(label: dict[str, Any], article: Article) -> dict[str, Any]:
    """The label with its quote looked up in the article's words (start -1 where it is not there)."""
    quote = label.get("quote")
    start = article.words.find(quote) if isinstance(quote, str) else -1
    return {**label, "article": article.id, "start": start, "end": start + len(str(quote))}


def as_numbers(result: Score) -> dict[str, object]:
    """The score as one JSON object, its names those of the contract's scorer, and the rates by modality beside them."""

    def row(rate: Rate) -> list[float]:
        return [rate.precision, rate.recall, rate.f1, rate.there, rate.said]

    numbers: dict[str, object] = {"articles": result.articles, "claims": result.there.total()}
    numbers["guesses"] = result.said.total()
    for prefix, rate in (("", result.all), ("core_", result.core), ("ties_", result.ties)):
        numbers |= {f"{prefix}precision": rate.precision, f"{prefix}recall": rate.recall, f"{prefix}f1": rate.f1}
    numbers["f1_without_modality"] = result.without_modality.f1
    numbers["ungrounded"] = result.ungrounded
    numbers["articles_without_claims"] = result.quiet
    numbers["false_alarms"] = result.alarms
    numbers["by_kind"] = {kind: row(result.kind(kind)) for kind in result.kinds}
    numbers["by_modality"] = {modality: row(result.modality(modality)) for modality in result.modalities}
    return numbers
