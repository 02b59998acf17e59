"""Projects without a title: the noun that one goes by ("a film about bees"), and what it is called then."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from ..names import fold, telling_words
from .phrases import phrase_words
from .words import Words

if TYPE_CHECKING:
    from .mentions import Mention

LONGEST = 8  # words from `untitled` to the noun
BEHIND = 8  # words behind the noun that say what the project is about, `about` with them
PARTICLE = 3  # letters of a word inside a person's name at most
BEFORE = 5  # words before the noun that tell which project it is
OWNS = frozenset({"'s", "’s", "'", "’"})
PART_OF_NAME = re.compile(r"^(?:[\w’'.-]*\w[\w’'.-]*|[&/])$")


@cache
def listed(name: str) -> frozenset[str]:
    """One list of words for projects without a title."""
    return frozenset(phrase_words("untitled", name))


def untitled_name(words: Words, mention: Mention) -> str:
    """`untitled` and what stands before the noun that a project without a title goes by, or else what it is about."""
    last = mention.last
    while last < words.sentences[words.sentence[mention.first]][1] and words.tokens[last].casefold() in listed("heads"):
        last += 1
    run = [words.tokens[i] for i in range(first_of_name(words, mention.first), last)]
    name = " ".join(["untitled", *(token for token in run if token.lower() not in listed("marks"))])
    return name if clear(telling(run)) else f"{name} {told_behind(words, last)}".rstrip()


def told_behind(words: Words, first: int) -> str:
    """What a project is about, where the words behind its noun say so: `about the Supremes`."""
    noun, headline = words.tokens[first - 1].casefold(), words.features[first - 1][1] >= 2
    run = words.tokens[first : min(words.sentences[words.sentence[first - 1]][1], first + BEHIND)]
    if headline or not run or run[0].casefold() not in ({"about", "of"} if noun == "biopic" else {"about"}):
        return ""
    ends = (n for n, t in enumerate(run) if t.casefold() in listed("ends") or not any(map(str.isalnum, t)))
    size = next(ends, len(run))
    return words.slice(first, first + size) if size > 1 else ""


@cache
def vague() -> frozenset[str]:
    """Words that several projects of one article may share, folded."""
    return frozenset(map(fold, listed("vague")))


def telling(tokens: Iterable[str]) -> frozenset[str]:
    """The words among some that tell a project without a title from others: all but nouns for one, folded."""
    skipped = listed("heads") | listed("marks")
    return frozenset(fold(token) for token in tokens if token.casefold() not in skipped)


def clear(told: frozenset[str]) -> frozenset[str]:
    """Those of them that are not the trade's own."""
    return frozenset(word for word in told if telling_words(word) and word not in vague())


def best_untitled(words: Words, mentions: list[Mention]) -> str:
    """What a project is called by several such nouns: where the article says `untitled`, of the body, and short."""

    def clearness(m: Mention) -> tuple[bool, bool, bool, int]:
        name = untitled_name(words, m)
        body = words.features[m.first][1] < 2
        return bool(clear(telling(name.split()))), run_before(words, m.first) is not None, body, -len(name)

    return untitled_name(words, max(mentions, key=clearness))


def first_of_name(words: Words, noun: int) -> int:
    """The first of the words before a noun that tell which project it stands for.

    Before a name a word in small letters is none of it (`Fox makes Ada Quill biopic`), short ones apart (`van`, `de`).
    """
    if said := run_before(words, noun):
        return said[1]
    least = max(words.sentences[words.sentence[noun]][0], noun - BEFORE)
    i = noun
    while i > least and PART_OF_NAME.match(words.tokens[i - 1]):
        word = words.tokens[i - 1].lower()
        if word in listed("skip") or says(words, i - 1) or word in OWNS or word in {"&", "/"}:
            break
        if words.tokens[i][0].isupper() and i < noun and word == words.tokens[i - 1] and len(word) > PARTICLE:
            break
        i -= 1
    return i


def says(words: Words, place: int) -> bool:
    """Whether a word says that a project has no title."""
    return words.tokens[place].casefold() in listed("said")


def said_untitled(words: Words) -> Iterator[range]:
    """Where the article itself says `untitled`, from that word to the noun behind: `Untitled Ann Lee Choir Project`."""
    for i in range(len(words.tokens)):
        if says(words, i) and (run := run_from(words, i)):
            yield run


def run_from(words: Words, first: int) -> range | None:
    """From a word that says `untitled` to the last noun that may stand for its project, if there is one.

    There is none in an `untitled mystery novel`.
    """
    last, end = None, words.sentences[words.sentence[first]][1]
    for i in range(first + 1, min(end, first + 1 + LONGEST)):
        token = words.tokens[i].casefold()
        if token in listed("stops") or not PART_OF_NAME.match(token) or (last and token in OWNS):
            break
        last = i if token in listed("heads") else last
    written = last and last + 1 < end and words.tokens[last + 1].casefold() in listed("written")
    return range(first, last + 1) if last and not written else None


def run_before(words: Words, noun: int) -> range | None:
    """The same for the noun, if it has such a word before it."""
    near = range(max(0, noun - LONGEST), noun)
    runs = (run_from(words, i) for i in near if says(words, i))
    return next((run for run in runs if run and run[-1] == noun), None)
