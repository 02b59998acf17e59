"""The same article in another dress, to learn from: what a page leaves around it, other letters in its headline.

None of it says anything, so the labels stay as they are.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

ABOVE = (
    "By {who} | {n} hours ago", "By {who}", "{who} / {day}", "Posted by {who} on {day}", "{day}",
    "Updated {n} minutes ago", "Written by {who} - {n} comments", "News | {day}", "Home > Movies > News",
    "Photo: courtesy of the studio", "{n} min read", "Image via Getty", "EXCLUSIVE", "Skip to content",
)  # fmt: skip
BELOW = (
    "Share this", "Tweet", "Loading more posts...", "Related: The week in pictures", "Read more: {headline}",
    "Tags: film, news", "Related: {headline}", "More from {who}", "{n} Comments", "Subscribe to our newsletter",
    "Leave a reply", "Trending now", "© {year} All rights reserved", "Follow us on Facebook", "Click here to sign up",
    "Previous post: {headline}", "Filed under: casting, development", "Advertisement", "Print this page",
    "What do you think? Let us know in the comments.",
)  # fmt: skip
MONTHS = "January February March April May June July August September October November December".split()


def dressed(article: dict[str, Any], rng: random.Random, persons: list[str], headlines: list[str]) -> dict[str, Any]:
    """The article with some or none of it."""
    text = article["text"]
    if rng.random() < 0.1:
        text = text.replace("\n\n", " ")
    if rng.random() < 0.35:
        text = f"{said(ABOVE, 1, rng, persons, headlines)}\n\n{text}"
    if rng.random() < 0.45:
        text = f"{text}\n\n{said(BELOW, rng.randint(1, 4), rng, persons, headlines)}"
    new = article | {"text": text}
    return in_letters(new, rng.choice((str.upper, str.lower))) if rng.random() < 0.25 else new


def in_letters(article: dict[str, Any], letters: Callable[[str], str]) -> dict[str, Any]:
    """The article with its headline in other letters, and with it what is quoted from there."""
    claims = [c | {"quote": letters(c["quote"])} if c["quote"] in article["title"] else c for c in article["claims"]]
    return article | {"title": letters(article["title"]), "claims": claims}


def said(lines: tuple[str, ...], count: int, rng: random.Random, persons: list[str], headlines: list[str]) -> str:
    """So many lines of a page's own, filled in."""
    filled = {
        "who": rng.choice(persons), "headline": rng.choice(headlines), "n": rng.randrange(2, 60),
        "day": f"{rng.choice(MONTHS)} {rng.randrange(1, 29)}, {rng.randrange(2005, 2030)}",
        "year": rng.randrange(2005, 2030),
    }  # fmt: skip
    return "\n\n".join(line.format(**filled) for line in rng.sample(lines, count))
