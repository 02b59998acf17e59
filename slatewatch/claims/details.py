"""What stands beside a claim in plain words: the character of a part, the authors and the year of a source work."""

from __future__ import annotations

import re

from .entities import Entity
from .mentions import Mention
from .phrases import phrase_words
from .words import Words

YEAR = re.compile(r"^(?:1[89]|20)\d\d$")


def character_of(words: Words, mention: Mention) -> str | None:
    """The part that a clause gives to an actor: behind `as`, `plays`, `the role of`, up to the next stop."""
    end = words.sentences[words.sentence[mention.first]][1]
    for i in range(mention.last, min(end, mention.last + 14)):
        token = words.tokens[i].lower()
        if token in {".", ";"}:
            return None
        if token == "as" or token in phrase_words("parts", "plays"):
            return run_after(words, i + 1, end)
        if token in {"role", "part"} and i + 1 < end and words.tokens[i + 1] == "of":
            return run_after(words, i + 2, end)
    return None


def run_after(words: Words, start: int, end: int) -> str | None:
    """Up to eight tokens from `start`, until a word that begins something else; `the role of` is passed over."""
    if words.tokens[start : start + 3] in (["the", "role", "of"], ["the", "part", "of"]):
        start += 3
    last = start
    while last < min(end, start + 8) and words.tokens[last].lower() not in phrase_words("parts", "part_ends"):
        last += 1
    name = words.slice(start, last) if last > start else ""
    return name.strip("“”‘’\"' ") or None


def creators_of(words: Words, mention: Mention, people: list[Entity]) -> tuple[str, ...]:
    """Who made a source work: the persons `by` whom it is, or whose it is, in its own sentence."""
    first, last = words.sentences[words.sentence[mention.first]]
    found = []
    for e in people:
        for m in e.mentions:
            if not first <= m.first < last or min(abs(m.first - mention.first), abs(m.first - mention.last)) > 16:
                continue
            before = words.tokens[m.first - 1] if m.first > first else ""
            after = words.tokens[m.last] if m.last < last else ""
            owns = after in {"'s", "’s"} and 0 <= mention.first - m.last <= 8
            if owns or (before.lower() in phrase_words("parts", "made_by") and m.first >= mention.last - 1):
                found.append(e.name)
                break
    return tuple(dict.fromkeys(found))


def year_of(words: Words, mention: Mention) -> int | None:
    """The year that stands by a source work."""
    first, last = words.sentences[words.sentence[mention.first]]
    near = range(max(first, mention.first - 6), min(last, mention.last + 10))
    years = [i for i in near if YEAR.match(words.tokens[i]) and not mention.first <= i < mention.last]
    return int(words.tokens[min(years, key=lambda i: abs(i - mention.last))]) if years else None
