"""The shortest run of words that still shows a claim: the clause around a mention, never more than its sentence."""

from __future__ import annotations

from .words import Words

ENDS = frozenset({",", ";", ":", "—", "–", "--", ".", "!", "?", "…", "..."})
SHORT = 5  # tokens: a clause below that is an apposition or a link of a list, and its neighbour is needed too
LONG = 28


def brackets_between(words: Words, first: int, last: int) -> int:
    """How many brackets are open after the tokens of a range."""
    run = words.tokens[first:last]
    return sum(t in "([" for t in run) - sum(t in ")]" for t in run)


def clauses(words: Words, sentence: int) -> list[tuple[int, int]]:
    """The clauses of a sentence as token ranges; a comma inside brackets or quotation marks ends none."""
    first, last = words.sentences[sentence]
    found, start, depth = [], first, 0
    for i in range(first, last):
        token = words.tokens[i]
        depth = max(0, depth + (token in "([") - (token in ")]"))
        if token in ENDS and not depth and words.features[i][2] in {0, 3}:
            if i > start:
                found.append((start, i))
            start = i + 1
    if start < last:
        found.append((start, last))
    return found or [(first, last)]


def clause_around(words: Words, first: int, last: int) -> tuple[int, int]:
    """Tokens to quote for a mention at tokens `first` to `last`: its clause, with the next one where it is short."""
    parts = clauses(words, words.sentence[first])
    at = next((k for k, (a, b) in enumerate(parts) if a <= first < b), 0)
    a, b = min(parts[at][0], first), max(parts[at][1], last)
    after = at + 1
    while b - a < SHORT and after < len(parts) and parts[after][1] - a <= LONG:
        b = parts[after][1]
        after += 1
    before = at - 1
    while b - a < SHORT and before >= 0 and b - parts[before][0] <= LONG:
        a = parts[before][0]
        before -= 1
    if b - a > LONG:
        a, b = max(a, first - LONG // 2), min(b, max(last, first + LONG // 2))
    return trim(words, a, b)


def trim(words: Words, first: int, last: int) -> tuple[int, int]:
    """A range without lone marks at its edges."""
    while last - first > 1 and words.tokens[last - 1] in ENDS | {"(", "“", "‘"}:
        last -= 1
    while last - first > 1 and words.tokens[first] in ENDS | {")", "”", "’"}:
        first += 1
    return first, last


def cover(words: Words, one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    """Tokens to quote for two mentions that a claim ties together; the second's clause where they lie far apart."""
    first, last = min(one[0], other[0]), max(one[1], other[1])
    if words.sentence[first] != words.sentence[last - 1] or last - first > LONG:
        return clause_around(words, *other)
    close = next((i for i in range(last, min(last + 2, len(words.tokens))) if words.tokens[i] in ")]"), None)
    if close is not None and brackets_between(words, first, last) > 0:
        last = close + 1
    return first, last
