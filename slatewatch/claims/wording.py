"""Is an article worded like news of projects? Its words and pairs of words, weighed whatever they stand beside.

The networks look at names and at what is around them; that an article is a review, a sports report or on a series that
has run for years shows in words all over it. What they say is one sign among those a possible claim is weighed by.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

#: What the words of an article are counted as, each with how rare it is and what it speaks for.
Terms = dict[str, tuple[float, float]]
DIGITS = str.maketrans("0123456789", "0" * 10)


@dataclass(frozen=True, slots=True)
class Wording:
    """Term -> (rarity, weight): above zero speaks for news of projects. `shift` is what no words at all say."""

    shift: float
    terms: Terms

    def log_odds(self, tokens: Iterable[str]) -> float:
        """The log-odds that what is worded so states something of a project, where half of all articles do.

        Source: sublinear term frequency times rarity at unit length (Manning, Raghavan and Schütze 2008, 6.4).
        """
        found = [(self.terms[t], count) for t, count in Counter(terms_of(tokens)).items() if t in self.terms]
        values = [((1 + math.log(count)) * rarity, weight) for (rarity, weight), count in found]
        length = math.sqrt(sum(value * value for value, _ in values))
        return self.shift + (sum(value * weight for value, weight in values) / length if length else 0.0)


def terms_of(tokens: Iterable[str]) -> list[str]:
    """Words in small letters, their digits all alike, and pairs of neighbours; signs are passed over."""
    words = [t.casefold().translate(DIGITS) for t in tokens if t[0].isalnum()]
    return words + [f"{one} {other}" for one, other in pairwise(words)]
