"""Where words of an answer stand in the article: white space, quotation marks and dashes folded, offsets its own."""

from __future__ import annotations

from functools import lru_cache

from ..model import Article

#: Marks that models exchange for each other, and what they all become.
FOLDED = {
    **dict.fromkeys("‘’‚‛′`´“”„‟″«»‹›\"'", "'"),
    **dict.fromkeys("‐‑‒–—―−-", "-"),
    "…": "...",
}
#: Signs that nobody sees: they are passed over.
UNSEEN = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
#: Marks at the ends of a quote that a model may have put there: tried without, where it is not found with them.
EDGES = "'.,;:- "

#: Letters and digits that words need to show anything.
FEWEST = 2


def find_span(article: Article, said: str) -> tuple[int, int] | None:
    """The first place of these words in `article.words`, as start and end.

    Whole words: never a part of one, nor marks alone, nor a run from the title into the text.
    """
    wanted = _folded(said)[0].strip()
    if sum(character.isalnum() for character in wanted) < FEWEST:
        return None
    text, places = _folded(article.words)
    title_end = len(article.title)
    for words in dict.fromkeys((wanted, wanted.strip(EDGES))):
        at = text.find(words) if words else -1
        while at >= 0:
            start, end = places[at], places[at + len(words) - 1] + 1
            if not start < title_end < end and not _cuts(text, at, at + len(words)):
                return start, end
            at = text.find(words, at + 1)
    return None


def _cuts(text: str, start: int, end: int) -> bool:
    """Whether a run begins or ends within a word."""
    begins_inside = start > 0 and text[start - 1 : start + 1].isalnum()
    return begins_inside or (end < len(text) and text[end - 1 : end + 1].isalnum())


@lru_cache(maxsize=256)
def _folded(text: str) -> tuple[str, list[int]]:
    """The text with marks folded and runs of white space as one space, and where each character of it stands in it.

    Two marks side by side ('' for ") are one.
    """
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if character in UNSEEN:
            continue
        folded = " " if character.isspace() else FOLDED.get(character, character)
        if folded in (" ", "'") and characters and characters[-1] == folded:
            continue
        for one in folded:
            characters.append(one)
            places.append(place)
    return "".join(characters), places
