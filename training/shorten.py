"""Articles with paragraphs left out: what is known by heart of an article is of less use in half of it.

Only what takes its facts along is left out: a paragraph of whose facts nothing is said elsewhere, and without which
the titles, persons, companies and works of the other labels still stand in full.
"""

from __future__ import annotations

import random
from typing import Any

from slatewatch.claims.words import company_words
from slatewatch.names import fold

PARAGRAPH = "\n\n"
#: Kinds whose value is no name that could be looked for: a paragraph that shows one stays.
ANYWHERE = frozenset({"status", "format", "date", "open_role"})
SHORTENED = 0.4  # share of articles of which something is left out
ONE_MORE = 0.4  # of those, what is shortened once more
SHORT = 3  # letters of a word that tells nothing alone


def shortened(article: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """The article with one paragraph or more left out, where that can be done."""
    while places := [n for n in range(paragraphs(article)) if can_go(article, n)]:
        article = without(article, rng.choice(places))
        if rng.random() >= ONE_MORE:
            break
    return article


def paragraphs(article: dict[str, Any]) -> int:
    """How many paragraphs may be left out: all, but of a single one none."""
    count: int = article["text"].count(PARAGRAPH) + 1
    return count if count > 1 else 0


def rest(text: str, number: int) -> str:
    """A text without one of its paragraphs."""
    kept = text.split(PARAGRAPH)
    return PARAGRAPH.join(kept[:number] + kept[number + 1 :])


def without(article: dict[str, Any], number: int) -> dict[str, Any]:
    """The article without a paragraph and what is shown there."""
    text = rest(article["text"], number)
    left = f"{article['title']}{PARAGRAPH}{text}"
    return article | {"text": text, "claims": [c for c in article["claims"] if c["quote"] in left]}


def can_go(article: dict[str, Any], number: int) -> bool:
    """Whether a paragraph can be left out and the other labels are still all and right."""
    whole, less = (f"{article['title']}{PARAGRAPH}{t}" for t in (article["text"], rest(article["text"], number)))
    claims = article["claims"]
    left = [claim["quote"] in less for claim in claims]
    if claims and not any(left):
        return False
    return all(stays(c, whole, less) if shown else goes(c, less) for c, shown in zip(claims, left, strict=True))


def goes(claim: dict[str, Any], less: str) -> bool:
    """Whether a claim is said nowhere else: no telling word of its value is there any more."""
    if claim["kind"] in ANYWHERE:
        return False
    words = fold(claim["value"]).split()
    telling = [word for word in words if len(word) > SHORT and word not in company_words()] or words
    return not any(word in fold(less) for word in telling)


def stays(claim: dict[str, Any], whole: str, less: str) -> bool:
    """Whether all names of a claim that stood in the whole article still stand there in full."""
    names = [claim.get("project"), claim.get("subject"), claim.get("value"), *claim.get("creators", [])]
    return all(name in less or name not in whole for name in names if name)
