"""Projects without a title: the noun that one goes by ("a film about bees"), and what it is called then."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .phrases import phrase_words
from .words import Words

if TYPE_CHECKING:
    from .mentions import Mention

LONGEST = 8  # words from `untitled` to the noun
BEFORE = 5  # words before the noun that tell which project it is
PART_OF_NAME = re.compile(r"^(?:[\w’'.-]+|[&/])$")


def untitled_name(words: Words, mention: Mention) -> str:
    """`untitled` and what stands before the noun that a project without a title goes by."""
    said = run_before(words, mention.first)
    i = said[1] if said else first_of_name(words, mention.first)
    run = [t for t in words.tokens[i : mention.last] if t.lower() not in phrase_words("untitled", "marks")]
    return " ".join(["untitled", *run])


def first_of_name(words: Words, noun: int) -> int:
    """The first of the words before a noun that tell which project it stands for."""
    least = max(words.sentences[words.sentence[noun]][0], noun - BEFORE)
    i = noun
    while i > least and PART_OF_NAME.match(words.tokens[i - 1]):
        word = words.tokens[i - 1].lower()
        if word in phrase_words("untitled", "skip") or says(words, i - 1) or word in {"'s", "’s", "&", "/"}:
            break
        i -= 1
    return i


def says(words: Words, place: int) -> bool:
    """Whether a word says that a project has no title."""
    return words.tokens[place].casefold() in phrase_words("untitled", "said")


def said_untitled(words: Words) -> Iterator[range]:
    """Where the article itself says `untitled`, from that word to the noun behind: `Untitled Ann Lee Choir Project`."""
    said = frozenset(phrase_words("untitled", "said"))
    for i, token in enumerate(words.tokens):
        if token.casefold() in said and (run := run_from(words, i)):
            yield run


def run_from(words: Words, first: int) -> range | None:
    """From a word that says `untitled` to the last noun that may stand for its project, if there is one."""
    heads, last = phrase_words("untitled", "heads"), None
    for i in range(first + 1, min(words.sentences[words.sentence[first]][1], first + 1 + LONGEST)):
        token = words.tokens[i].casefold()
        if token in phrase_words("untitled", "stops") or not PART_OF_NAME.match(token):
            break
        last = i if token in heads else last
    return range(first, last + 1) if last else None


def run_before(words: Words, noun: int) -> range | None:
    """The same for the noun, if it has such a word before it."""
    near = range(max(0, noun - LONGEST), noun)
    runs = (run_from(words, i) for i in near if says(words, i))
    return next((run for run in runs if run and run[-1] == noun), None)
