"""Titles that the tagger saw only in parts: runs of capitals that an article repeats, judged over all of them.

One occurrence of an unmarked title is often doubtful and several together seldom are.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from .reader import Floats
from .vocabulary import MENTION_TYPES
from .words import Words

LEAST = 0.35  # mean probability of being a title over all tokens of all occurrences
LONGEST = 6
HEADING = range(2, 9)  # words in capitals before a colon
SMALL = frozenset({"of", "the", "and", "&", "in", "a", "to", "for"})


def runs(words: Words) -> dict[tuple[str, ...], list[int]]:
    """Runs of two to six capitalised tokens, small words inside allowed, and where each begins."""
    found: dict[tuple[str, ...], list[int]] = defaultdict(list)
    capital = [row[0] in {1, 2, 3, 6} for row in words.features]
    for i in range(len(capital)):
        if not capital[i] or words.tokens[i].lower() in SMALL - {"the", "a"}:
            continue
        for j in range(i + 1, min(len(capital), i + LONGEST)):
            token = words.tokens[j]
            if not (capital[j] or token in SMALL) or words.sentence[j] != words.sentence[i]:
                break
            if capital[j]:
                found[tuple(words.tokens[i : j + 1])].append(i)
    return found


def repeated_titles(words: Words, by_type: Floats) -> list[tuple[int, int, str]]:
    """(first, last, type) of every occurrence of a repeated run that is likelier a title than anything else.

    `by_type` holds the probability of each mention type a word. Of runs within each other the longest that is repeated
    as often counts.
    """
    columns = {name: MENTION_TYPES.index(name) for name in MENTION_TYPES}
    chosen: list[tuple[float, tuple[str, ...], list[int], str]] = []
    for run, starts in runs(words).items():
        inside = [i for i in starts if i + len(run) <= len(by_type)]
        if len(inside) < 2:
            continue
        mean = np.mean([by_type[i : i + len(run)].mean(0) for i in inside], axis=0)
        title = float(mean[columns["PROJECT"]] + mean[columns["WORK"]])
        other = max(float(mean[columns[name]]) for name in ("PERSON", "COMPANY", "PLACE", "CHARACTER"))
        if title >= LEAST and title > other:
            kind = "PROJECT" if mean[columns["PROJECT"]] >= mean[columns["WORK"]] / 2 else "WORK"
            chosen.append((len(inside) * len(run), run, inside, kind))
    taken: set[int] = set()
    found = []
    for _, run, starts, kind in sorted(chosen, key=lambda c: (-c[0], c[1])):
        spans = [range(i, i + len(run)) for i in starts]
        if any(taken & set(span) for span in spans):
            continue
        for span in spans:
            taken.update(span)
            found.append((span.start, span.stop, kind))
    return found


def heading_end(words: Words, first: int) -> int | None:
    """The colon that ends a paragraph's heading in capitals, `DRY HARBOUR: Feature by ...`, if one begins there.

    A single word may be the first of a title: `CSI: Reykjavik`.
    """
    start, tokens, here = first, words.tokens, words.paragraph
    while start and here[start - 1] == here[first] and not tokens[start - 1].isalpha():
        start -= 1
    colon = next((i for i in range(first, min(first + HEADING.stop, len(tokens) - 1)) if tokens[i] == ":"), None)
    if colon is None or colon - first not in HEADING or (start and here[start - 1] == here[first]):
        return None
    small = here[colon + 1] == here[first] and any(c.islower() for c in tokens[colon + 1])
    return colon if small and "".join(tokens[first:colon]).isupper() else None
