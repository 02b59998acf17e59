"""Are two names or titles the same? Each comparison gives a score from 0 to 1 and a reason that a person can read."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from rapidfuzz.distance import Levenshtein

DATA = tomllib.loads(Path(__file__).with_name("names.toml").read_text("utf-8"))
GENERIC = frozenset(DATA["titles"]["generic"].split())
SEQUEL = frozenset(DATA["titles"]["sequel"].split())
ORDINALS: dict[str, int] = DATA["titles"]["ordinals"]
SUFFIXES = frozenset(DATA["people"]["suffixes"].split())
TAILS = frozenset(DATA["companies"]["tails"].split())
ARMS = frozenset(DATA["companies"]["arms"].split())
FULLEST: dict[str, str] = {form: group[-1] for group in DATA["companies"]["same"] for form in group}
NICKNAMES: dict[str, set[int]] = {}
for number, line in enumerate(DATA["people"]["nicknames"]):
    for form in line.split():
        NICKNAMES.setdefault(form, set()).add(number)

#: Names and titles whose keys are remembered, the last ones met: those of an article and of what it is compared with.
REMEMBERED = 8192
#: At this score two names in one project are taken for one; what lies between this and UNSURE is for a person to say.
SAME = 0.8
UNSURE = 0.5


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two things are, 0 to 1 (projects: points, any number), and why."""

    score: float
    why: str


@lru_cache(maxsize=REMEMBERED)
def plain(text: str) -> str:
    """A text without case and accents, its marks as they were."""
    bare = unicodedata.normalize("NFKD", text)
    return "".join(c for c in bare if not unicodedata.combining(c)).casefold()


POSSESSIVE = re.compile(r"['’‘`]s\b")
MARK = re.compile(r"[^\w\s]")


@lru_cache(maxsize=REMEMBERED)
def fold(text: str) -> str:
    """A name without case, accents, punctuation and leading article: `The Émigré's Tale` -> `emigres tale`.

    Folding a folded name changes nothing.
    """
    plain = POSSESSIVE.sub("s", _bare(text))
    # A title of marks alone ("$", "?") keeps them: an empty key would make all such titles one.
    marks = MARK.sub(" ", plain).replace("_", " ")
    words = (marks if marks.strip() else plain).split()
    while len(words) > 1 and words[0] in {"the", "a", "an"}:
        words = words[1:]
    return " ".join(words)


def _bare(text: str) -> str:
    """Without case and accents, signs for words written out."""
    if text.isascii():
        # Most names are, and have no accents to look for.
        return text.replace("&", " and ").replace("+", " plus ").lower()
    plain = unicodedata.normalize("NFKD", text).replace("&", " and ").replace("+", " plus ")
    plain = unicodedata.normalize("NFKD", "".join(c for c in plain if not unicodedata.combining(c)).casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))


@lru_cache(maxsize=REMEMBERED)
def title_key(title: str) -> str:
    """What two spellings of one title share: the folded title without spaces (`Spider-Man`, `Spiderman`)."""
    return fold(title).replace(" ", "")


@lru_cache(maxsize=REMEMBERED)
def is_untitled(title: str) -> bool:
    return fold(title).startswith("untitled")


@lru_cache(maxsize=REMEMBERED)
def telling_words(title: str) -> frozenset[str]:
    """The words of an untitled project's description that say which one it is."""
    return frozenset(fold(title).split()) - GENERIC


def is_sequel(title: str) -> bool:
    """Whether an untitled project is described as following another work."""
    return is_untitled(title) and bool(SEQUEL & set(fold(title).split()))


def head(title: str) -> str | None:
    """The folded title before its subtitle, None where it has none."""
    before, mark, after = re.sub(r"\s[–—-]\s", ":", title).partition(":")
    return fold(before) if mark and before.strip() and after.strip() else None


@lru_cache(maxsize=REMEMBERED)
def part_number(title: str) -> int:
    """Which of a run of works the title names: `Deadpool 2` -> 2, `Dune: Part Two` -> 2, 1 where it does not say."""
    words = fold(title).split()
    for at, word in enumerate(words[1:], 1):
        after_part = words[at - 1] in {"part", "chapter", "volume", "vol", "book", "season"}
        last = at == len(words) - 1 or (":" in title and at == len(fold(title.partition(":")[0]).split()) - 1)
        if word.isdecimal() and len(word) <= 2 and (after_part or last):
            return int(word)
        if word in ORDINALS and (after_part or (last and word not in {"one", "ten"} and word.strip("iv") == "")):
            return ORDINALS[word]
    return 1


def same_title(a: str, b: str) -> bool:
    return title_key(a) == title_key(b)


def compare_titles(a: str, b: str) -> Likeness:
    """How alike two titles are as titles of projects. Untitled ones are compared by their telling words."""
    if same_title(a, b):
        return Likeness(1.0, "same title")
    if part_number(a) != part_number(b):
        sequels = is_sequel(a) or is_sequel(b)
        if sequels and max(part_number(a), part_number(b)) == 2 and telling_words(a) & telling_words(b):
            return Likeness(0.6, "one is the sequel that the other is called")
        return Likeness(0.0, "another part of a series of works")
    if is_untitled(a) or is_untitled(b):
        return _compare_untitled(a, b)
    if head(a) == fold(b) or head(b) == fold(a):
        return Likeness(0.6, "one title is the other without its subtitle")
    near = Levenshtein.normalized_similarity(fold(a), fold(b))
    digits = re.findall(r"\d+", fold(a)) == re.findall(r"\d+", fold(b))
    if near >= 0.9 and digits and min(len(a), len(b)) >= 8:
        return Likeness(0.7, "titles differ by a letter or two")
    return Likeness(0.0, "different titles")


def _compare_untitled(a: str, b: str) -> Likeness:
    if is_sequel(a) != is_sequel(b):
        return Likeness(0.0, "one is described as following another work")
    shared = telling_words(a) & telling_words(b)
    if shared:
        return Likeness(0.5, f"both are called by {', '.join(sorted(shared))}")
    return Likeness(0.2, "untitled, no word in common")


@lru_cache(maxsize=REMEMBERED)
def person_key(name: str) -> str:
    """`J.J. Abrams`, `J. J. Abrams` and `JJ Abrams` -> `jj abrams`."""
    words: list[str] = []
    run = ""
    for word in fold(name).split():
        if len(word) == 1:
            run += word
            continue
        if run:
            words.append(run)
        words.append(word)
        run = ""
    return " ".join([*words, run] if run else words)


def surname(name: str) -> str:
    words = [w for w in person_key(name).split() if w not in SUFFIXES]
    return words[-1] if words else ""


def compare_people(a: str, b: str) -> Likeness:
    """How likely two names met in one project are one person's. A shared surname alone is no reason at all."""
    left, right = person_key(a).split(), person_key(b).split()
    if left == right:
        return Likeness(1.0, "same name")
    if not left or not right or surname(a) != surname(b):
        return Likeness(0.0, "different surnames")
    if len(left) == 1 or len(right) == 1:
        return Likeness(0.8, "the surname alone")
    if ("jr" in left) != ("jr" in right):
        return Likeness(0.3, "one is a junior")
    first, second = left[0], right[0]
    if first == second:
        return _compare_middles(left, right)
    if NICKNAMES.get(first, set()) & NICKNAMES.get(second, set()):
        return Likeness(0.85, f"{first} and {second} are forms of one name")
    if first[0] == second[0] and min(len(first), len(second)) <= 2 and max(len(first), len(second)) > 2:
        return Likeness(0.7, "an initial for a first name")
    if Levenshtein.distance(first, second) == 1 and min(len(first), len(second)) >= 5:
        return Likeness(0.8, "first names differ by a letter")
    return Likeness(0.1, "one surname, different first names")


def _compare_middles(left: list[str], right: list[str]) -> Likeness:
    middles = set(left[1:-1]), set(right[1:-1])
    if not middles[0] or not middles[1]:
        return Likeness(0.8, "one leaves out a middle name")
    initials = {m[0] for m in middles[0]} & {m[0] for m in middles[1]}
    return Likeness(0.8, "a middle name shortened") if initials else Likeness(0.3, "different middle names")


@lru_cache(maxsize=REMEMBERED)
def company_key(name: str) -> str:
    """The folded name, in the fullest of its known forms: `Fox` -> `20th century fox`."""
    plain = FULLEST.get(fold(name), fold(name))
    return re.sub(r" tv$", " television", plain)


@lru_cache(maxsize=REMEMBERED)
def company_core(name: str) -> tuple[str, ...]:
    """The words that say which company: `Millennium Films` -> `millennium`. All words, where none would be left."""
    words = company_key(name).split()
    core = list(words)
    while core and core[-1] in TAILS:
        core.pop()
    return tuple(core or words)


@lru_cache(maxsize=REMEMBERED)
def compare_companies(a: str, b: str) -> Likeness:
    """How likely two company names met in one project are one company's."""
    if company_key(a) == company_key(b):
        return Likeness(1.0, "same company")
    left, right = company_core(a), company_core(b)
    if (ARMS & set(left)) != (ARMS & set(right)) and ARMS & set(left) and ARMS & set(right):
        return Likeness(0.2, "two arms of one house")
    if left == right:
        return Likeness(0.85, "the names differ in what a company calls itself")
    if set(left) < set(right) or set(right) < set(left):
        more = set(left) ^ set(right)
        return Likeness(0.4, "an arm of the other") if more & ARMS else Likeness(0.7, "one name within the other")
    return Likeness(0.0, "different companies")


def fullest(names: Iterable[tuple[str, str]]) -> str:
    """The form to show, out of (day, name) pairs: the latest name, or a longer one that says the same and more."""
    ranked = sorted(names)
    best = ranked[-1][1]
    for _, name in ranked:
        words, have = fold(name).split(), fold(best).split()
        if len(words) > len(have) and set(have) < set(words):
            best = name
    return best


def canonical(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Each key named in pairs of equal keys -> the least key of its group."""
    root: dict[str, str] = {}

    def find(key: str) -> str:
        while root.setdefault(key, key) != key:
            key = root[key]
        return key

    for left, right in pairs:
        low, high = sorted((find(left), find(right)))
        root[high] = low
    return {key: find(key) for key in sorted(root)}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of names from elsewhere: keys that are one person's or company's, and pairs that are not."""

    same: Mapping[str, str] = field(default_factory=dict)
    apart: frozenset[tuple[str, str]] = frozenset()

    def key(self, key: str) -> str:
        return self.same.get(key, key)

    def are_two(self, left: str, right: str) -> bool:
        return (min(left, right), max(left, right)) in self.apart


NOTHING_KNOWN = Known()
