"""The status words of IMDb and TMDB, and which of ours they mean (statuses.toml)."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from .errors import BadInput
from .model import STATUSES

ELSEWHERE: dict[str, dict[str, list[str]]] = tomllib.loads(Path(__file__).with_name("statuses.toml").read_text("utf-8"))


def plain(word: str) -> str:
    """`Post-production`, `Post Production`, `Treatment/Outline` -> `post_production`, `treatment_outline`."""
    return re.sub(r"[\W_]+", "_", word.strip().casefold()).strip("_")


def statuses_elsewhere(scheme: str, word: str) -> tuple[str, ...]:
    """Our statuses that a word of IMDb's or TMDB's may mean; none for `unknown`. Raises BadInput for no such word."""
    words = ELSEWHERE[scheme]
    if plain(word) not in words:
        raise BadInput(f"{scheme} has no status {word[:80]!r}; it has {', '.join(words)}")
    return tuple(words[plain(word)])


def statuses_meant(word: str) -> tuple[str, ...]:
    """The statuses that a word means: ours, or else IMDb's or TMDB's. Raises BadInput where it is none of them."""
    name = plain(word)
    if name in STATUSES:
        return (name,)
    for words in ELSEWHERE.values():
        if words.get(name):
            return tuple(words[name])
    raise BadInput(f"there is no status {word!r}; there are {', '.join(STATUSES)}, and the words of IMDb and TMDB")
