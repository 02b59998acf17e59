"""Nouns that stand for projects without a title: which of them stand for one and the same."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from ..names import fold
from .untitled import OWNS, clear, first_of_name, listed, run_before, telling
from .words import Words

if TYPE_CHECKING:
    from .mentions import Mention


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun that stands for a project without a title, and what is said of it.

    `word` is the noun; `told` are the words before it that tell which project it is, `clear` those of them that are not
    the trade's own (`animated`) nor a company's name. `owner` is the word whose it is (`Sony's biopic`). `other` says
    that a word before it sets it apart (`a rival biopic`), `said` that the article says `untitled`.
    """

    word: str
    told: frozenset[str]
    clear: frozenset[str]
    owner: str = ""
    other: bool = False
    headline: bool = False
    said: bool = False


def noun_of(words: Words, mention: Mention) -> Noun:
    """A noun with all that tells whether it stands for the same project as another."""
    first = first_of_name(words, mention.first)
    run = range(first, mention.first)
    before = first - 1
    while before > 0 and words.tokens[before].casefold() in listed("marks"):
        before -= 1
    owned = before > 0 and words.tokens[before] in OWNS
    near = {token.casefold() for token in words.tokens[max(0, before) : mention.first]}
    return Noun(
        words.tokens[mention.first].casefold(), telling(words.tokens[i] for i in run),
        clear(telling(words.tokens[i] for i in run if not words.features[i][6])),
        fold(words.tokens[before - 1]) if owned else "", not near.isdisjoint(listed("others")),
        words.features[mention.first][1] >= 2, run_before(words, mention.first) is not None,
    )  # fmt: skip


def same_untitled(words: Words, mentions: list[Mention]) -> list[list[Mention]]:
    """Nouns that stand for projects without a title, those of one project together.

    `An untitled heist thriller` is the `Heist Thriller` of the headline, a `comedy series` one thing, and so is what
    is called by another noun at once: `the untitled Gus Halloran project, a comedy`.
    """
    groups: list[list[tuple[Mention, Noun]]] = []
    for m in mentions:
        noun = noun_of(words, m)
        home = next((g for g in groups if fits(words, g, m, noun)), None)
        if home:
            home.append((m, noun))
        else:
            groups.append([(m, noun)])
    return [[m for m, _ in group] for group in groups]


def fits(words: Words, group: list[tuple[Mention, Noun]], m: Mention, noun: Noun) -> bool:
    """Whether a noun stands for the project of others before it: one of them says so and none is against it."""
    if any(beside(words, other, m) for other, _ in group):
        return True
    alike = any(named_alike(one, noun) or renamed(words, (other, one), (m, noun)) for other, one in group)
    return alike and all(may_be_one(one, noun) for _, one in group)


def beside(words: Words, one: Mention, other: Mention) -> bool:
    """Whether nothing but nouns of the kind stand between two: `comedy series`."""
    if other.first - one.last > 2 or words.sentence[one.first] != words.sentence[other.first]:
        return False
    return all(token.casefold() in listed("heads") for token in words.tokens[one.last : other.first])


def named_alike(one: Noun, other: Noun) -> bool:
    """Whether the words before two nouns tell of one project; in headline and body they may be the trade's own."""
    shared = agree(one.clear, other.clear)
    return shared or (one.headline != other.headline and agree(one.told, other.told))


def agree(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether of two sets of words the one holds the other, and neither is empty."""
    return bool(one and other) and (one <= other or other <= one)


def renamed(words: Words, before: tuple[Mention, Noun], behind: tuple[Mention, Noun]) -> bool:
    """Whether an article that says `untitled` calls the same by another noun at once, and lists nothing there."""
    (one, first), (other, second) = before, behind
    between = [token.casefold() for token in words.tokens[one.last : min(other.first, one.last + 3)]]
    if not first.said or second.told or between not in ([",", "a"], [",", "an"]):
        return False
    end = words.sentences[words.sentence[one.first]][1]
    rest = [token.casefold() for token in words.tokens[other.last : end]]
    listing = any(a in {"and", "or"} and b in {"a", "an", "another"} for a, b in pairwise(rest))
    return rest[:1] in ([","], ["."]) and not listing


def may_be_one(one: Noun, other: Noun) -> bool:
    """Whether nothing is against it that two nouns stand for one project: two owners, a rival, a drama and a comedy."""
    if one.other or other.other or (one.owner and other.owner and one.owner != other.owner):
        return False
    return one.word == other.word or not {one.word, other.word}.isdisjoint(listed("any"))
