"""A surname that an answer gives alone -> the person's name in the fullest form that the article has."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

from .examples import known_text

PARTICLES = "de|del|della|di|da|dos|du|van|von|der|den|la|le|bin|al|el|ter|y|i|an|ó|ní|mac|nic|ap|te|st\\.?"
CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
#: A word of a name: capitalised, or a particle. What ends in a full stop ends a sentence, unless it is initials.
WORD = re.compile(rf"(?:{CAPITAL}[^\W\d_]*(?:[’'-][^\W\d_]+)*|(?:{PARTICLES}))\Z")
INITIALS = re.compile(rf"(?:(?:{CAPITAL}\.)+|{CAPITAL})\Z")
PARTICLE = re.compile(rf"(?:{PARTICLES})\Z", re.IGNORECASE)
NICKNAME = re.compile(r"[“\"‘'][^.,]+[”\"’']\Z")
HONORIFICS = frozenset({"ms", "mr", "mrs", "dr", "sir", "dame", "prof"})
SUFFIX = r"(?: (?:Jr\.?|Sr\.?|II|III|IV)(?![\w]))?"
#: So many words may stand before a surname.
MOST = 4


def full_name(name: str, text: str, span: tuple[int, int], beside: str = "") -> str:
    """The fullest name of the text that ends in `name`, if it has one; that in the quote (`span`) goes before others.

    `beside` is another name in the same record (an actor's part), which is not the one looked for.
    """
    words = name.split()
    if len(name) < 2 or len(words) > 2 or (len(words) == 2 and not _half(words)):
        return name
    inside: Counter[str] = Counter()
    body: Counter[str] = Counter()
    for found in re.finditer(rf"(?<![\w’'-]){re.escape(name)}{SUFFIX}(?![\w-])", text):
        whole = _whole(text, found.start(), found.end())
        if whole and whole.casefold() != beside.casefold():
            body[whole] += 1
            if span[0] <= found.start() < span[1]:
                inside[whole] += 1
    for counts in (inside, body):
        if counts:
            # Those with a known given name first; then the one named most often, the first of several.
            return max(counts, key=lambda one: (_given(one.split()[0]), counts[one]))
    return name


def _half(words: list[str]) -> bool:
    """Whether two words are a surname: El Masri, Downey Jr."""
    return bool(PARTICLE.match(words[0].casefold()) or re.fullmatch(SUFFIX, f" {words[1]}"))


def _whole(text: str, start: int, end: int) -> str | None:
    """The name that ends at `end`, with the given names that stand before `start`; None where there are none."""
    before = text[max(0, start - 80) : start]
    words: list[str] = []
    while len(words) < MOST:
        run = re.search(r"(\S+)[ \u00a0]\Z", before)
        bare = run[1] if run and NICKNAME.match(run[1]) else run[1].lstrip("(“‘\"'[") if run else ""
        if run is None or not _may_be_name(bare):
            break
        words.insert(0, bare)
        if bare != run[1]:
            break
        before = before[: run.start()]
    while words and PARTICLE.match(words[0]):
        words.pop(0)
    given = [place for place, word in enumerate(words) if _given(word)]
    if given:
        # One unknown word before a known given name is a first name; more of them are a title or somebody else.
        lone = given[0] == 1 and not words[0].isupper() and not re.search(r"-[a-zß-öø-ÿ]", words[0])
        first = 0 if lone and not NICKNAME.match(words[0]) else given[0]
    else:
        first = max((place for place, word in enumerate(words) if not PARTICLE.match(word)), default=len(words))
    return " ".join((*words[first:], text[start:end])) if words[first:] else None


def _may_be_name(word: str) -> bool:
    if word.casefold() in HONORIFICS or re.search(r"[’']s\Z", word):
        return False
    formed = INITIALS.match(word) or WORD.match(word) or NICKNAME.match(word) or PARTICLE.match(word)
    return bool(formed) and not _ordinary(word)


def _given(word: str) -> bool:
    return bool(INITIALS.match(word)) or word.split("-")[0].casefold() in given_names()


def _ordinary(word: str) -> bool:
    """Whether a capitalised word is one that begins a sentence or stands in a headline, and no name."""
    return not _given(word) and not PARTICLE.match(word) and word.casefold() in ordinary_words()


@cache
def ordinary_words() -> frozenset[str]:
    """The words that the shipped examples and the contract write small."""
    return frozenset(re.findall(r"(?<![\w’'-])[a-z]+(?:-[a-z]+)*(?![\w-])", known_text()))


@cache
def given_names() -> frozenset[str]:
    """The given names that ship with the built-in reader."""
    path = Path(__file__).parents[1] / "claims" / "given-names.txt"
    return frozenset(path.read_text("utf-8").casefold().split())
