"""Tags of words -> mentions, and mentions -> entities: who is who again in one article."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from ..names import fold
from .dates import When
from .phrases import phrase_words
from .reader import Floats, Reading
from .vocabulary import MENTION_TYPES, TAGS
from .words import Words, gazetteers, name_list

TITLES = ("PROJECT", "WORK")
PROJECT, WORK = MENTION_TYPES.index("PROJECT"), MENTION_TYPES.index("WORK")
HONORIFICS = {"Sir", "Dame", "Dr", "Dr.", "Mr", "Mrs", "Ms", "Mr.", "Mrs.", "Ms.", "Lord", "Lady", "Prof"}
EDGE_MARKS = frozenset("“”‘’\"'«»,.;:!?()[]–—-…/|")
CLOSERS = frozenset("“”‘’\"'«»,;:()[]–—|")
LINKS = frozenset({"and", "&", "of", "the", "in", "for", "a", "an", "to", "or", "with", "on", "at", "from", "by"})
FAINT = 0.1  # least probability at which a noun is looked at as a project without a title
QUOTE_TITLE = 12  # tokens: what stands between marks and is longer is speech


@dataclass(frozen=True, slots=True)
class Mention:
    """Tokens `first` to before `last`; `odds` are the mean probabilities of the mention types over them."""

    first: int
    last: int
    type: str
    odds: tuple[float, ...] = ()


@dataclass(slots=True)
class Entity:
    """One person, company, title, place or date of the article, with all its mentions in order."""

    type: str
    name: str
    mentions: list[Mention] = field(default_factory=list)
    value: str | None = None

    def likely(self, type_: str) -> float:
        """The mean probability that its mentions are of a type."""
        column = MENTION_TYPES.index(type_)
        odds = [m.odds[column] for m in self.mentions if m.odds]
        return sum(odds) / len(odds) if odds else 0.0


def softmax(x: Floats) -> Floats:
    """Probabilities over the last axis."""
    e = np.exp(x - x.max(-1, keepdims=True))
    return np.asarray(e / e.sum(-1, keepdims=True), np.float32)


def legal_moves() -> Floats:
    """0 where a tag may follow a tag, a large minus where not: an inside needs its own begin or inside before it."""
    moves = np.zeros((len(TAGS), len(TAGS)), np.float32)
    for j, tag in enumerate(TAGS):
        if tag.startswith("I-"):
            moves[:, j] = -1e4
            moves[j, j] = moves[j - 1, j] = 0
    return moves


MOVES = legal_moves()


def best_tags(scores: Floats) -> list[int]:
    """The most likely legal sequence of tags (Viterbi)."""
    logp = np.log(softmax(scores) + 1e-9)
    best, back = logp[0] + np.where([t.startswith("I-") for t in TAGS], -1e4, 0), []
    for row in logp[1:]:
        table = best[:, None] + MOVES
        back.append(table.argmax(0))
        best = table.max(0) + row
    path = [int(best.argmax())]
    for pointers in reversed(back):
        path.append(int(pointers[path[-1]]))
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
    found = mend(words, found)
    return sorted(found + nouns_for_projects(words, probs, found), key=lambda m: m.first)


def nouns_for_projects(words: Words, probs: Floats, found: list[Mention]) -> list[Mention]:
    """Nouns that may stand for a project without a title; the judge decides, so a faint trace is enough here."""
    taken = {i for m in found for i in range(m.first, m.last)}
    column = TAGS.index("B-UNTITLED")
    heads = frozenset(phrase_words("untitled", "heads"))
    return [
        Mention(i, i + 1, "UNTITLED", tuple(float(x) for x in probs[i, 1::2] + probs[i, 2::2]))
        for i in range(len(probs))
        if i not in taken and probs[i, column] >= FAINT and words.tokens[i].casefold() in heads
    ]


def mend(words: Words, found: list[Mention]) -> list[Mention]:
    """Names that were tagged in pieces put together again, loose ends cut off, and what cannot be a name left out."""
    kept: list[Mention] = []
    for m in found:
        last = kept[-1] if kept else None
        if last and goes_on(words, last, m):
            kept[-1] = replace(last, last=m.last, type=m.type if m.type in TITLES else last.type)
        else:
            kept.append(m)
    apart = [piece for m in kept for piece in (split_list(words, m) if m.type in TITLES else [m])]
    trimmed = [trim_title(words, m) if m.type in TITLES else m for m in apart]
    return [m for m in trimmed if m.first < m.last and named(words, m)]


def goes_on(words: Words, last: Mention, m: Mention) -> bool:
    """Whether a mention is the rest of the one before it: of the same kind, or behind a title that ends in `of`."""
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
    """Whether nothing, or a colon alone, stands between two mentions of one sentence."""
    between = words.tokens[one.last : other.first]
    return words.sentence[one.first] == words.sentence[other.first] and (not between or between == [":"])


def in_quotes(words: Words, m: Mention) -> bool:
    """Whether a mention is just what stands between quotation marks."""
    return any(a <= m.first and m.last <= b and b - a <= QUOTE_TITLE for a, b in words.quotes)


def trim_title(words: Words, m: Mention) -> Mention:
    """A title without quotation marks: it runs on over `and` or `of` to the next capital, and ends at a dash."""
    if in_quotes(words, m):
        return m
    first, last = m.first, m.last
    sentence_end = words.sentences[words.sentence[first]][1]
    while last < sentence_end and words.tokens[last - 1].lower() in LINKS and words.tokens[last][0].isupper():
        last += 1
    while last > first and words.tokens[last - 1].lower() in LINKS:
        last -= 1
    dash = next((i for i in range(first + 1, last) if words.tokens[i] in {"–", "—", "--", "|"}), last)
    while first < dash - 1 and words.tokens[first].islower() and not words.tokens[first + 1].islower():
        first += 1
    return replace(m, first=first, last=dash)


def named(words: Words, m: Mention) -> bool:
    """Whether a mention has a capital or a number in it, and is more than an article or a preposition."""
    run = words.tokens[m.first : m.last]
    if m.type in {"PLACE", "CHARACTER"} or in_quotes(words, m):
        return True
    return any(t[0].isupper() or t[0].isdigit() for t in run) and not all(t.lower() in LINKS for t in run)


def tidy(words: Words, first: int, last: int, kind: str) -> tuple[int, int] | None:
    """A span without marks and honorifics at its edges; a title in quotation marks takes all that stands in them."""
    if kind in TITLES:
        for a, b in words.quotes:
            if a < last and first < b and b - a <= QUOTE_TITLE and words.tokens[a][0].isalnum():
                first, last = a, b
                break
    while first < last and (words.tokens[first] in CLOSERS or (kind == "PERSON" and words.tokens[first] in HONORIFICS)):
        first += 1
    while first < last and (
        words.tokens[last - 1] in CLOSERS or words.tokens[last - 1] in {"'s", "’s", "'S", "’S"}
        or (words.tokens[last - 1] == "." and words.tokens[last - 2] not in {"Bros", "Inc", "Jr", "Sr", "Ltd", "Co"})
    ):  # fmt: skip
        if words.tokens[last - 1] in {"!", "?"}:
            break
        last -= 1
    return (first, last) if first < last else None


def name_of(words: Words, mention: Mention) -> str:
    """The words of a mention as one line."""
    return re.sub(r"\s+", " ", words.slice(mention.first, mention.last))


def group(words: Words, mentions: list[Mention], dates: list[When]) -> list[Entity]:
    """Mentions to entities: persons by their surnames, companies and titles by what they share, dates by value."""
    entities: list[Entity] = []
    entities += group_people(words, [m for m in mentions if m.type == "PERSON"])
    entities += group_titles(words, [m for m in mentions if m.type in TITLES])
    entities += group_companies(words, [m for m in mentions if m.type == "COMPANY"])
    for kind in ("PLACE", "CHARACTER"):
        entities += group_same(words, [m for m in mentions if m.type == kind], kind)
    entities += [Entity("UNTITLED", name_of(words, m), [m]) for m in mentions if m.type == "UNTITLED"]
    entities = again(words, entities)
    taken = {i for e in entities for m in e.mentions for i in range(m.first, m.last)}
    return entities + date_entities(words, dates, taken)


def group_same(words: Words, mentions: list[Mention], kind: str) -> list[Entity]:
    """Mentions of one folded name together."""
    groups: dict[str, list[Mention]] = defaultdict(list)
    for m in mentions:
        groups[fold(name_of(words, m))].append(m)
    return [Entity(kind, best_name(words, ms), ms) for key, ms in groups.items() if key]


def best_name(words: Words, mentions: list[Mention]) -> str:
    """The form of a name to show: out of the body rather than the headline, mixed case rather than capitals."""
    forms = Counter(name_of(words, m) for m in mentions)
    body = {name_of(words, m) for m in mentions if words.features[m.first][1] < 2}
    return max(forms, key=lambda n: (n in body, not n.isupper(), forms[n], n))


def surname_of(name: str) -> str:
    """The last word of a name, folded, `Jr.` left out."""
    parts = [p for p in fold(name).split() if p not in {"jr", "sr", "ii", "iii", "iv"}]
    return parts[-1] if parts else ""


def group_people(words: Words, mentions: list[Mention]) -> list[Entity]:
    """Full names make the persons; a surname alone goes to the person of that name who was last named in full."""
    people: dict[str, Entity] = {}
    for m in mentions:
        name = name_of(words, m)
        if m.last - m.first > 1 and len(name.split()) > 1:
            people.setdefault(fold(name), Entity("PERSON", name)).mentions.append(m)
    merge_shorter(people)
    singles: dict[str, Entity] = {}
    for m in mentions:
        name = name_of(words, m)
        if len(name.split()) > 1 and m.last - m.first > 1:
            continue
        owner = shared_surname(words, m, people) or last_named(fold(name), m, people)
        if owner is None:
            owner = singles.setdefault(fold(name), Entity("PERSON", name))
        owner.mentions.append(m)
    found = [*people.values(), *singles.values()]
    for e in found:
        e.mentions.sort(key=lambda m: m.first)
    return found


def merge_shorter(people: dict[str, Entity]) -> None:
    """`Chris Lee` is `Chris S. Lee`: the fuller name takes the shorter one's mentions."""
    for short in sorted(people, key=len):
        parts = short.split()
        for long in sorted(people, key=len, reverse=True):
            other = long.split()
            if short == long or len(other) <= len(parts):
                continue
            tail = other[-len(parts) :] == parts
            if tail or (parts[0] == other[0] and parts[-1] == other[-1] and len(parts) == 2):
                people[long].mentions += people.pop(short).mentions
                break


def shared_surname(words: Words, m: Mention, people: dict[str, Entity]) -> Entity | None:
    """`Jen` of "Jen and Sylvia Soska" is Jen Soska: a given name joined to a full one takes its surname."""
    if words.tokens[m.first] not in name_list("given-names.txt") or m.last + 2 >= len(words.tokens):
        return None
    if words.tokens[m.last] not in {"and", "&"}:
        return None
    after = next(
        (e for e in people.values() for o in e.mentions if o.first == m.last + 1 and o.last - o.first > 1), None
    )
    if after is None:
        return None
    name = f"{name_of(words, m)} {after.name.split()[-1]}"
    return people.setdefault(fold(name), Entity("PERSON", name))


def last_named(key: str, m: Mention, people: dict[str, Entity]) -> Entity | None:
    """The person with a surname (or, failing that, a given name), the one last named in full before the mention."""
    fitting = [e for e in people.values() if surname_of(e.name) == key or fold(e.name).endswith(" " + key)]
    fitting = fitting or [e for e in people.values() if fold(e.name).split()[0] == key]

    def nearness(e: Entity) -> tuple[bool, int]:
        before = [o.first for o in e.mentions if o.first <= m.first]
        return (bool(before), max(before, default=-min((o.first for o in e.mentions), default=0)))

    return max(fitting, key=nearness) if fitting else None


def group_titles(words: Words, mentions: list[Mention]) -> list[Entity]:
    """Titles by folded name; the same words are all projects or all released works, by the sum of their odds."""
    found = []
    for e in group_same(words, mentions, "WORK"):
        votes = [sum(m.odds[k] for m in e.mentions) for k in (PROJECT, WORK)]
        e.type = "PROJECT" if votes[0] >= votes[1] else "WORK"
        e.mentions = [replace(m, type=e.type) for m in e.mentions]
        found.append(e)
    return join_subtitles(found)


def join_subtitles(titles: list[Entity]) -> list[Entity]:
    """A project named with and without its subtitle is one; a book with a subtitle stays beside its film."""
    kept: list[Entity] = []
    for e in sorted(titles, key=lambda e: -len(e.name)):
        home = next(
            (
                k
                for k in kept
                if k.type == e.type == "PROJECT" and ":" in k.name and fold(k.name.split(":")[0]) == fold(e.name)
            ),
            None,
        )
        if home:
            home.mentions = sorted([*home.mentions, *e.mentions], key=lambda m: m.first)
        else:
            kept.append(e)
    return kept


def group_companies(words: Words, mentions: list[Mention]) -> list[Entity]:
    """Companies by folded name; a name without its `Films` or `Pictures` goes to the full one."""
    found = group_same(words, mentions, "COMPANY")
    suffixes = {fold(n[0]) for n in gazetteers()["company_words"]}
    by_key = {fold(e.name): e for e in found}
    for key, e in list(by_key.items()):
        for other_key, other in by_key.items():
            rest = other_key[len(key) :].split() if other_key.startswith(key + " ") else []
            if rest and all(w in suffixes for w in rest) and other.mentions:
                other.mentions = sorted([*other.mentions, *e.mentions], key=lambda m: m.first)
                e.mentions = []
                break
    for e in found:
        e.name = re.sub(r"^[Tt]he ", "", e.name)
    return [e for e in found if e.mentions]


def again(words: Words, entities: list[Entity]) -> list[Entity]:
    """Further mentions of what is known: the same words elsewhere, where nothing was tagged."""
    taken = {i for e in entities for m in e.mentions for i in range(m.first, m.last)}
    places: dict[str, list[int]] = defaultdict(list)
    for i, token in enumerate(words.tokens):
        places[token].append(i)
    for e in sorted(entities, key=lambda e: -len(e.name)):
        if e.type not in {"PERSON", "PROJECT", "WORK", "COMPANY"} or not e.mentions:
            continue
        model = e.mentions[0]
        tokens = words.tokens[model.first : model.last]
        if len(tokens) < 2 and (e.type == "PERSON" or len(tokens[0]) < 4 or not tokens[0][0].isupper()):
            continue
        for i in places[tokens[0]]:
            span = range(i, i + len(tokens))
            if words.tokens[i : i + len(tokens)] == tokens and not taken & set(span):
                taken.update(span)
                e.mentions.append(Mention(i, i + len(tokens), e.type))
        e.mentions.sort(key=lambda m: m.first)
    return entities


def date_entities(words: Words, dates: list[When], taken: set[int]) -> list[Entity]:
    """Dates by value, where their words are not part of a name."""
    found: dict[str, Entity] = {}
    for when in dates:
        inside = [
            i for i, (a, b) in enumerate(zip(words.starts, words.ends, strict=True)) if a < when.end and b > when.start
        ]
        if inside and not taken & set(inside):
            mention = Mention(inside[0], inside[-1] + 1, "DATE")
            found.setdefault(when.value, Entity("DATE", when.value, value=when.value)).mentions.append(mention)
    return list(found.values())
