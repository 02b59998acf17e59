"""Article.words -> Words: tokens with offsets, sentences and the shape features that the learned reader sees.

The encoder is uncased, so case, quotation marks, brackets and the gazetteers reach it as small integer features, one
row a token. Everything downstream counts in tokens of this module and turns them back into offsets here.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from ..names import fold
from .phrases import phrase_words

TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}"  # U.S., J.J.
    r"|\d+(?:[.,:]\d+)*(?:st|nd|rd|th|s)?(?![^\W\d_])"
    r"|[^\W_]+(?:[-'’][^\W_]+)*[+]?"
    r"|\.\.\.|…|--|\S",
)
OPENERS = {"“": "”", "‘": "’", '"': '"', "'": "'", "«": "»"}
QUOTE_LIMIT = 40  # tokens: a longer run between marks is speech or a stray apostrophe

#: name and number of values of each feature column, in the order of `Words.features`
FEATURES: tuple[tuple[str, int], ...] = (
    ("shape", 7), ("position", 4), ("quote", 4), ("bracket", 2), ("given", 2), ("surname", 2),
    ("company", 6), ("place", 2), ("outlet", 2), ("markup", 2),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """The tokens of one string. All lists but `sentences` run parallel to `tokens`; `sentences` are token ranges."""

    string: str
    tokens: list[str]
    starts: list[int]
    ends: list[int]
    sentence: list[int]
    sentences: list[tuple[int, int]]
    paragraph: list[int]
    features: list[tuple[int, ...]]
    quotes: list[tuple[int, int]]

    def slice(self, first: int, last: int) -> str:
        """The characters from token `first` to before token `last`."""
        return self.string[self.starts[first] : self.ends[last - 1]]


@cache
def gazetteers() -> dict[str, frozenset[tuple[str, ...]]]:
    """Names of the trade, each as a tuple of tokens, by the kind that names.toml gives them."""
    data = tomllib.loads((files(__package__) / "names.toml").read_text("utf-8"))
    return {kind: frozenset(tuple(TOKEN.findall(name)) for name in names) for kind, names in data.items()}


@cache
def company_words() -> frozenset[str]:
    """What the names of many companies end in, folded: `films`, `pictures`."""
    return frozenset(fold(name[0]) for name in gazetteers()["company_words"])


@cache
def name_list(name: str) -> frozenset[str]:
    """The names of a list that ships beside this module, one a line."""
    return frozenset((files(__package__) / name).read_text("utf-8").split("\n"))


@cache
def outlet_names() -> frozenset[tuple[str, ...]]:
    """The names and abbreviations of known outlets, as tuples of tokens."""
    from ..outlets import all_names

    return frozenset(tuple(TOKEN.findall(name)) for name in all_names())


KEPT_WORD = 40  # characters: a page may hold words of a megabyte, and those are not kept for the next article


def shape(token: str) -> int:
    """0 lower case, 1 Title, 2 UPPER, 3 MiXed, 4 number, 5 mark, 6 single capital or initials."""
    first = token[0]
    if first.isdigit():
        return 4
    if not first.isalpha():
        return 5
    if token.islower():
        return 0
    if len(token) == 1 or "." in token:
        return 6
    if token.isupper():
        return 2
    if first.isupper() and all(part[1:].islower() or len(part) < 2 for part in re.split(r"[-'’]", token)):
        return 1
    return 3


def tokenize(string: str) -> list[tuple[str, int, int]]:
    """Tokens with offsets; a possessive 's is a token of its own, so that names end where they should."""
    found = []
    for match in TOKEN.finditer(string):
        token, start, end = match.group(), match.start(), match.end()
        if len(token) > 2 and token[-2] in "'’" and token[-1] in "sS":
            found += [(token[:-2], start, end - 2), (token[-2:], end - 2, end)]
        else:
            found.append((token, start, end))
    return found


def split_sentences(string: str, tokens: list[str], starts: list[int], ends: list[int]) -> list[int]:
    """The number of the sentence of each token. A paragraph's end always ends a sentence."""
    numbers, number = [], 0
    for i in range(len(tokens)):
        if i:
            gap = string[ends[i - 1] : starts[i]]
            if "\n" in gap or (gap and ends_sentence(tokens, i)):
                number += 1
        numbers.append(number)
    return numbers


def ends_sentence(tokens: list[str], i: int) -> bool:
    """Whether the sentence before token `i` is over: a full stop, perhaps with closing marks behind it."""
    j = i - 1
    while j > 0 and tokens[j] in ")]”’\"'":
        j -= 1
    stop, before, after = tokens[j], tokens[j - 1] if j else "", tokens[i]
    if stop in {"!", "?", "…", "..."}:
        return after[0].isupper() or after[0] in "“‘\"'("
    if stop != "." or not (after[0].isupper() or after[0].isdigit() or after[0] in "“‘\"'("):
        return False
    return before.casefold() not in phrase_words("sentences", "abbreviations") and not (
        len(before) == 1 and before.isupper()
    )


def find_quotes(string: str, tokens: list[str], starts: list[int], ends: list[int]) -> list[tuple[int, int]]:
    """Token ranges between quotation marks, marks left out. An apostrophe is no mark."""
    found, i = [], 0
    while i < len(tokens):
        close = OPENERS.get(tokens[i])
        opens = starts[i] == 0 or not string[starts[i] - 1].isalnum()
        if close and opens and i + 1 < len(tokens) and ends[i] == starts[i + 1]:
            j = closing(string, tokens, starts, ends, i, close)
            if j:
                found.append((i + 1, j))
                if j - i > 12:  # speech: titles may stand in marks inside it
                    i += 1
                    continue
                i = j
        i += 1
    return found


def closing(string: str, tokens: list[str], starts: list[int], ends: list[int], i: int, close: str) -> int:
    """The token that closes the mark at token `i`, 0 where none does within the paragraph and the limit."""
    for j in range(i + 2, min(len(tokens), i + QUOTE_LIMIT)):
        if "\n" in string[ends[j - 1] : starts[j]]:
            return 0
        if tokens[j] == close and starts[j] == ends[j - 1]:
            after = string[ends[j] : ends[j] + 1]
            if not after.isalnum():
                return j
    return 0


@cache
def beginnings(names: frozenset[tuple[str, ...]]) -> frozenset[str]:
    """The first tokens of a gazetteer's names."""
    return frozenset(name[0] for name in names)


def mark_names(tokens: list[str], names: frozenset[tuple[str, ...]], longest: int = 4) -> set[int]:
    """The tokens covered by names of a gazetteer, longest first."""
    covered: set[int] = set()
    starts = beginnings(names)
    for i, token in enumerate(tokens):
        if token not in starts or token[0].islower() or i in covered:
            continue
        for size in range(min(longest, len(tokens) - i), 0, -1):
            if tuple(tokens[i : i + size]) in names:
                covered.update(range(i, i + size))
                break
    return covered


def read_words(string: str, title_end: int = 0, marked: tuple[tuple[int, int], ...] = ()) -> Words:
    """Tokens, sentences and features of a string.

    `title_end` is the length of the headline, `marked` the character ranges that the markup sets in italics or bold.
    """
    parts = tokenize(string)
    tokens = [p[0] for p in parts]
    starts, ends = [p[1] for p in parts], [p[2] for p in parts]
    sentence = split_sentences(string, tokens, starts, ends)
    quotes = find_quotes(string, tokens, starts, ends)
    paragraph, number = [], 0
    for i in range(len(tokens)):
        number += bool(i and "\n" in string[ends[i - 1] : starts[i]])
        paragraph.append(number)
    sentences: list[tuple[int, int]] = []
    for i, n in enumerate(sentence):
        if n == len(sentences):
            sentences.append((i, i + 1))
        else:
            sentences[n] = (sentences[n][0], i + 1)
    columns = feature_columns(tokens, starts, sentence, quotes, title_end, marked)
    return Words(string, tokens, starts, ends, sentence, sentences, paragraph, columns, quotes)


@lru_cache(maxsize=1 << 15)
def token_features(token: str) -> tuple[int, int, int, int]:
    """What a token shows alone: its shape, whether it is a given name, a surname, the last word of a company."""
    if not token[0].isupper():
        return shape(token), 0, 0, 0
    suffixes = {name[0] for name in gazetteers()["company_words"]}
    return (
        shape(token), int(token.split("-")[0].title() in name_list("given-names.txt")),
        int(token.title() in name_list("surnames.txt")), 4 if token in suffixes else 0,
    )  # fmt: skip


def feature_columns(
    tokens: list[str], starts: list[int], sentence: list[int], quotes: list[tuple[int, int]],
    title_end: int, marked: tuple[tuple[int, int], ...],
) -> list[tuple[int, ...]]:  # fmt: skip
    """One row of small integers a token, in the order of `FEATURES`."""
    lists = gazetteers()
    in_quote = [0] * len(tokens)
    for first, last in quotes:
        value = 3 if last - first > 12 else 2
        for i in range(first, last):
            in_quote[i] = max(in_quote[i], value) if value == 2 else in_quote[i] or 3
        if value == 2:
            in_quote[first] = 1
    company = [0] * len(tokens)
    for value, kind in ((1, "studios"), (2, "networks"), (3, "agencies")):
        for i in mark_names(tokens, lists[kind]):
            company[i] = company[i] or value
    places = mark_names(tokens, lists["places"])
    outlets = mark_names(tokens, outlet_names())
    rows: list[tuple[int, ...]] = []
    depth = 0
    for i, token in enumerate(tokens):
        depth = min(1, depth + 1) if token in "([" else depth
        first = i == 0 or sentence[i] != sentence[i - 1]
        position = 2 + first if starts[i] < title_end else int(first)
        alone = token_features if len(token) <= KEPT_WORD else token_features.__wrapped__
        form, given, surname, suffix = alone(token)
        rows.append((
            form, position, in_quote[i], depth, given, surname, company[i] or suffix, int(i in places),
            int(i in outlets), int(any(a <= starts[i] < b for a, b in marked)),
        ))  # fmt: skip
        depth = 0 if token in ")]" else depth
    return rows
