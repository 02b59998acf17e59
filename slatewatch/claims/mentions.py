"""Tags of words -> mentions: the names and titles of an article, with their edges tidied."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from ..residue import is_residue
from .phrases import phrase_words
from .reader import Floats, Reading
from .titles import heading_end, repeated_titles
from .untitled import said_untitled
from .vocabulary import MENTION_TYPES, TAGS
from .words import Words

TITLES = ("PROJECT", "WORK")
PROJECT, WORK = MENTION_TYPES.index("PROJECT"), MENTION_TYPES.index("WORK")
CLOSERS = frozenset("“”‘’\"'«»,;:()[]–—|")
SHORT = frozenset({"Bros", "Inc", "Jr", "Sr", "Ltd", "Co"})  # words that a full stop belongs to
LINKS = frozenset({"and", "&", "of", "the", "in", "for", "a", "an", "to", "or", "with", "on", "at", "from", "by"})
FAINT = 0.1  # least probability at which a noun is looked at as a project without a title
CERTAIN = 0.999  # probability of being outside of all names at which no other tag comes into question
QUOTED = 0.15  # least probability of being a title for what stands between quotation marks
QUOTE_TITLE = 12  # tokens: what stands between marks and is longer is speech


@dataclass(frozen=True, slots=True)
class Mention:
    """Tokens `first` to before `last`; `odds` are the mean probabilities of the mention types over them.

    `edges`, of a title: how likely it begins and ends just there, and is no piece of a longer one; and how likely the
    weakest of its words is part of one.
    """

    first: int
    last: int
    type: str
    odds: tuple[float, ...] = ()
    edges: tuple[float, float, float] | None = None


def softmax(x: Floats) -> Floats:
    """Probabilities over the last axis."""
    e = np.exp(x - x.max(-1, keepdims=True))
    return np.asarray(e / e.sum(-1, keepdims=True), np.float32)


def best_tags(scores: Floats) -> list[int]:
    """The most likely legal sequence of tags: an inside needs the begin or inside of its own type before it.

    Tag 0 is outside, then begin and inside of each type in turn. Words that are outside beyond doubt part the article
    into stretches, and only those that are not legal as they stand are looked at closely.
    """
    likeliest = scores.argmax(-1)
    before = np.concatenate([[0], likeliest[:-1]])
    inner_tag = (likeliest > 0) & (likeliest % 2 == 0)
    illegal = np.flatnonzero(inner_tag & (before != likeliest) & (before != likeliest - 1))
    tags: list[int] = likeliest.tolist()
    if not len(illegal):
        return tags  # nothing can be likelier
    rows = softmax(scores)
    apart = np.flatnonzero(rows[:, 0] >= CERTAIN)
    done = 0
    for at in illegal.tolist():
        if at < done:
            continue
        number = int(np.searchsorted(apart, at))
        first = int(apart[number - 1]) if number else 0
        done = int(apart[number]) + 1 if number < len(apart) else len(tags)
        tags[first:done] = likeliest_path(np.log(rows[first:done] + 1e-9))
    return tags


def likeliest_path(rows: Floats) -> list[int]:
    """The legal sequence of tags that has the highest sum of log-probabilities (Viterbi)."""
    free, inner = rows[:, [0, *range(1, len(TAGS), 2)]].tolist(), rows[:, 2::2].tolist()
    best, inside = free[0], [-1e4] * len(MENTION_TYPES)
    back: list[tuple[int, list[bool]]] = []
    for here, within in zip(free[1:], inner[1:], strict=True):
        top = max(best)
        surest = max(inside)
        at = best.index(top) if top >= surest else len(best) + inside.index(surest)
        stays = [i > b for b, i in zip(best[1:], inside, strict=True)]
        grown = [max(b, i) + w for b, i, w in zip(best[1:], inside, within, strict=True)]
        most = max(top, surest)
        best, inside = [most + h for h in here], grown
        back.append((at, stays))
    size = len(MENTION_TYPES) + 1
    both = best + inside
    state, path = both.index(max(both)), []
    for at, stays in [*reversed(back), (0, [])]:
        kind = state - size  # of an inside
        path.append(2 + 2 * kind if kind >= 0 else max(0, 2 * state - 1))
        state = at if kind < 0 else state if stays and stays[kind] else kind + 1
    return path[::-1]


def find_mentions(words: Words, reading: Reading) -> list[Mention]:
    """The mentions that the reader tags, their edges tidied by quotation marks and punctuation."""
    if not reading.kept:
        return []
    probs = softmax(reading.tags)
    by_type = probs[:, 1::2] + probs[:, 2::2]
    tags = best_tags(reading.tags)
    found, i = [], 0
    while i < len(tags):
        if not tags[i] or words.tokens[i] in CLOSERS:
            i += 1
            continue
        kind, j = (tags[i] - 1) // 2, i + 1
        while j < len(tags) and tags[j] == 2 + 2 * kind and words.paragraph[j] == words.paragraph[i]:
            j += 1
        span = tidy(words, i, j, MENTION_TYPES[kind])
        if span:
            odds = tuple(float(x) for x in by_type[span[0] : span[1]].mean(0))
            found.append(Mention(*span, MENTION_TYPES[kind], odds))
        i = max(j, span[1] if span else j)
    found = mend(words, tags, found)
    found = with_quoted(words, by_type, found)
    found = with_repeated(words, by_type, found)
    runs = list(said_untitled(words))
    found = whole_untitled(runs, found)
    found += nouns_for_projects(words, probs, runs, found)
    return sorted(with_edges(words, found, probs), key=lambda m: m.first)


def with_edges(words: Words, found: list[Mention], probs: Floats) -> list[Mention]:
    """The mentions, titles with how likely each begins and ends just there and how likely its weakest word is of it.

    That a heading ends is plain to see, whatever the tagger makes of what stands behind it.
    """
    begins = (probs[:, 1 + 2 * PROJECT] + probs[:, 1 + 2 * WORK]).tolist()
    inside = (probs[:, 2 + 2 * PROJECT] + probs[:, 2 + 2 * WORK]).tolist()

    def edges(m: Mention) -> tuple[float, float, float]:
        heading = heading_end(words, m.first) == m.last
        after = inside[m.last] if m.last < len(inside) and not heading else 0.0
        # A title between quotation marks may reach over the end of what is read of a long article.
        weakest = min(begins[i] + inside[i] for i in range(m.first, min(m.last, len(begins))))
        return begins[m.first] / (begins[m.first] + inside[m.first] + 1e-9), 1 - after, weakest

    return [replace(m, edges=edges(m)) if m.type in TITLES else m for m in found]


def with_quoted(words: Words, by_type: Floats, found: list[Mention]) -> list[Mention]:
    """The mentions with what stands between quotation marks as a title, where that is not out of the question.

    A title that sounds like a company or a person is often tagged as one, or as nothing; the second look tells.
    """
    for first, last in words.quotes:
        if last - first > 8 or last > len(by_type) or not (words.tokens[first][0].isupper() or first + 1 < last):
            continue
        inside = [m for m in found if m.first < last and first < m.last]
        odds = by_type[first:last].mean(0)
        if any(m.type in TITLES or m.first < first or m.last > last for m in inside):
            continue
        if odds[PROJECT] + odds[WORK] >= QUOTED:
            found = [m for m in found if m not in inside]
            found.append(Mention(first, last, "WORK", tuple(float(x) for x in odds)))
    return sorted(found, key=lambda m: m.first)


def with_repeated(words: Words, by_type: Floats, found: list[Mention]) -> list[Mention]:
    """The mentions with titles that the article repeats, in place of what was tagged inside them.

    A longer title or a name around one is left as it is.
    """
    for first, last, kind in repeated_titles(words, by_type):
        inside = [m for m in found if m.first < last and first < m.last]
        if any(m.first < first or m.last > last or (m.first == first and m.last == last) for m in inside):
            continue
        found = [m for m in found if m not in inside]
        odds = tuple(float(x) for x in by_type[first:last].mean(0))
        found.append(Mention(first, last, kind, odds))
    return sorted(found, key=lambda m: m.first)


def nouns_for_projects(words: Words, probs: Floats, runs: list[range], found: list[Mention]) -> list[Mention]:
    """Nouns that may stand for a project without a title; the judge decides, so a faint trace is enough here.

    Behind `untitled` not even a trace is asked for.
    """
    taken = {i for m in found for i in range(m.first, m.last)}
    column = TAGS.index("B-UNTITLED")
    heads = frozenset(phrase_words("untitled", "heads"))
    said = {run[-1] for run in runs}
    return [
        Mention(i, i + 1, "UNTITLED", tuple(float(x) for x in probs[i, 1::2] + probs[i, 2::2]))
        for i in range(len(probs))
        if i not in taken and (i in said or (probs[i, column] >= FAINT and words.tokens[i].casefold() in heads))
    ]


def whole_untitled(runs: list[range], found: list[Mention]) -> list[Mention]:
    """The mentions without titles that are a part of `Untitled Coal Project`."""
    inside = {i: run for run in runs for i in run[1:]}
    return [m for m in found if m.type not in TITLES or m.first not in inside or m.last - 1 not in inside[m.first]]


def mend(words: Words, tags: list[int], found: list[Mention]) -> list[Mention]:
    """Names that were tagged in pieces put together again, loose ends cut off, and what cannot be a name left out."""
    kept: list[Mention] = []
    for m in found:
        last = kept[-1] if kept else None
        if last and goes_on(words, last, m):
            kept[-1] = replace(last, last=m.last, type=m.type if m.type in TITLES else last.type)
        else:
            kept.append(m)
    apart = [piece for m in kept for piece in (split_list(words, m) if m.type in TITLES else [m])]
    trimmed = [trim_title(words, tags, m) if m.type in TITLES else m for m in apart]
    return [m for m in trimmed if m.first < m.last and named(words, m)]


def goes_on(words: Words, last: Mention, m: Mention) -> bool:
    """Whether a mention is the rest of the one before it: of the same kind, or behind a title that ends in `of`.

    `Kerouac's Cat` is one title where both its names are tagged as titles.
    """
    if last.type in TITLES and m.type in TITLES and owned(words, last, m):
        return True
    if not joined(words, last, m):
        return False
    if last.type == m.type or (last.type in TITLES and m.type in TITLES and last.last < m.first):
        return m.type in {*TITLES, "COMPANY"}
    return last.type in TITLES and words.tokens[last.last - 1].lower() in LINKS


def split_list(words: Words, m: Mention) -> list[Mention]:
    """`Hawaii Five-O, Lost` in brackets is two titles: a comma there ends one, unless quotation marks hold both."""
    commas = [i for i in range(m.first + 1, m.last - 1) if words.tokens[i] == "," and words.features[i][3]]
    if not commas or in_quotes(words, m):
        return [m]
    edges = [m.first - 1, *commas, m.last]
    return [replace(m, first=a + 1, last=b) for a, b in pairwise(edges) if b > a + 1]


def joined(words: Words, one: Mention, other: Mention) -> bool:
    """Whether nothing, or a colon alone that ends no heading, stands between two mentions of one sentence."""
    if words.sentence[one.first] != words.sentence[other.first] or other.first > one.last + 1:
        return False
    return other.first == one.last or (words.tokens[one.last] == ":" and heading_end(words, one.first) != one.last)


def owned(words: Words, one: Mention, other: Mention) -> bool:
    """Whether a possessive alone stands between two mentions of one sentence."""
    return (
        words.tokens[one.last : other.first] in (["'s"], ["’s"])
        and words.sentence[one.first] == words.sentence[other.first]
    )


def in_quotes(words: Words, m: Mention) -> bool:
    """Whether a mention is just what stands between quotation marks."""
    return any(a <= m.first and m.last <= b and b - a <= QUOTE_TITLE for a, b in words.quotes)


def trim_title(words: Words, tags: list[int], m: Mention) -> Mention:
    """A title without quotation marks: it takes the capitals behind it that nothing else claims, and ends at a dash.

    It runs on over `and` or `of` to the next capital.
    """
    if in_quotes(words, m):
        return m
    first, last = m.first, m.last
    sentence_end = min(words.sentences[words.sentence[first]][1], len(tags))
    while last < sentence_end and words.tokens[last][0].isupper() and (
        words.tokens[last - 1].lower() in LINKS or (not tags[last] and words.tokens[last].isalpha())
    ):  # fmt: skip
        last += 1
    while last > first and words.tokens[last - 1].lower() in LINKS:
        last -= 1
    dash = next((i for i in range(first + 1, last) if words.tokens[i] in {"–", "—", "--", "|", "/"}), last)
    dash = min(dash, heading_end(words, first) or last)
    while first < dash - 1 and words.tokens[first].islower() and not words.tokens[first + 1].islower():
        first += 1
    return replace(m, first=first, last=dash)


def named(words: Words, m: Mention) -> bool:
    """Whether a mention has a capital or a number in it, and is more than an article or a preposition."""
    run = words.tokens[m.first : m.last]
    if m.type == "COMPANY" and len(run) > 1 and is_residue(name_of(words, m)):  # "All Posts" below an article
        return False
    if m.type in {"PLACE", "CHARACTER"} or in_quotes(words, m):
        return True
    return any(t[0].isupper() or t[0].isdigit() for t in run) and not all(t.lower() in LINKS for t in run)


def tidy(words: Words, first: int, last: int, kind: str) -> tuple[int, int] | None:
    """A span without marks and honorifics at its edges; a title in quotation marks takes all that stands in them."""
    if kind in TITLES:
        for a, b in words.quotes:
            if a < last and first < b and b - a <= QUOTE_TITLE and words.tokens[a][0].isalnum():
                return whole_quote(words, a, b)
    person = kind == "PERSON"
    while first < last and (
        words.tokens[first] in CLOSERS or (person and words.tokens[first] in phrase_words("names", "honorifics"))
    ):
        first += 1
    if person and last - first > 2 and words.tokens[first] in phrase_words("names", "origins"):
        first += 1
    while first < last and (
        words.tokens[last - 1] in CLOSERS or words.tokens[last - 1] in {"'s", "’s", "'S", "’S"}
        or full_stop(words, last)
    ):  # fmt: skip
        if words.tokens[last - 1] in {"!", "?"}:
            break
        last -= 1
    return (first, last) if first < last else None


def whole_quote(words: Words, first: int, last: int) -> tuple[int, int]:
    """What stands between quotation marks without marks at its end; `St. Alban's` there is all of a title."""
    while last > first + 1 and (words.tokens[last - 1] in CLOSERS or full_stop(words, last)):
        last -= 1
    return first, last


def full_stop(words: Words, last: int) -> bool:
    """Whether what stands before `last` is a full stop and not of a shortened word."""
    return words.tokens[last - 1] == "." and words.tokens[last - 2] not in SHORT


def name_of(words: Words, mention: Mention) -> str:
    """The words of a mention as one line."""
    return re.sub(r"\s+", " ", words.slice(mention.first, mention.last))
