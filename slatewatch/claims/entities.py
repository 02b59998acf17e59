"""Mentions -> entities: who is who again in one article, and which titles, companies and dates are the same."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace

from ..names import fold
from .dates import When
from .mentions import PROJECT, TITLES, WORK, Mention, in_quotes, name_of
from .nouns import same_untitled
from .untitled import said_untitled
from .vocabulary import MENTION_TYPES
from .words import Words, company_words, name_list

#: What may follow a title and make it another one: a sequel's number.
NUMERALS = frozenset({"ii", "iii", "iv", "v", "vi", "two", "three", "four", "five", "part", "chapter", "volume"})
ALONE = 4  # letters of a title of one word that a headline may run on from


@dataclass(slots=True)
class Entity:
    """One person, company, title, place or date of the article, with all its mentions in order."""

    type: str
    name: str
    mentions: list[Mention] = field(default_factory=list)
    value: str | None = None

    def likely(self, type_: str) -> float:
        """The mean probability that its mentions are of a type; of nouns for a project without a title the greatest."""
        column = MENTION_TYPES.index(type_)
        odds = [m.odds[column] for m in self.mentions if m.odds]
        if self.type == "UNTITLED":
            return max(odds, default=0.0)
        return sum(odds) / len(odds) if odds else 0.0


def group(words: Words, mentions: list[Mention], dates: list[When]) -> list[Entity]:
    """Mentions to entities: persons by their surnames, companies and titles by what they share, dates by value."""
    mentions = run_on_cut(words, agreed(words, mentions))
    entities: list[Entity] = []
    entities += group_people(words, [m for m in mentions if m.type == "PERSON"])
    entities += group_titles(words, [m for m in mentions if m.type in TITLES])
    entities += group_companies(words, [m for m in mentions if m.type == "COMPANY"])
    for kind in ("PLACE", "CHARACTER"):
        entities += group_same(words, [m for m in mentions if m.type == kind], kind)
    nouns = same_untitled(words, [m for m in mentions if m.type == "UNTITLED"])
    entities += [Entity("UNTITLED", name_of(words, some[0]), some) for some in nouns]
    entities = again(words, entities)
    taken = {i for e in entities for m in e.mentions for i in range(m.first, m.last)}
    return entities + date_entities(words, dates, taken)


def agreed(words: Words, mentions: list[Mention]) -> list[Mention]:
    """The mentions with what is tagged as a title here and as a company or a full name there made one of them.

    The sum of the odds over all mentions of the same words decides.
    """
    groups: dict[str, list[int]] = defaultdict(list)
    for i, m in enumerate(mentions):
        if m.odds and (m.type in TITLES or m.type == "COMPANY" or (m.type == "PERSON" and m.last - m.first > 1)):
            groups[fold(name_of(words, m))].append(i)
    found = list(mentions)
    for places in groups.values():
        types = {mentions[i].type for i in places}
        if not types & set(TITLES) or types <= set(TITLES):
            continue
        votes = {name: sum(mentions[i].odds[k] for i in places) for k, name in enumerate(MENTION_TYPES)}
        other = max(("COMPANY", "PERSON"), key=lambda name: votes[name])
        kind = "WORK" if votes["PROJECT"] + votes["WORK"] >= votes[other] else other
        for i in places:
            found[i] = replace(
                mentions[i], type=mentions[i].type if kind == "WORK" and mentions[i].type in TITLES else kind
            )
    return found


def run_on_cut(words: Words, mentions: list[Mention]) -> list[Mention]:
    """The mentions with titles of the headline cut where the body ends them.

    In a headline in capitals a title runs on: `Deep Water Finds Its Lead` is on `Deep Water`, if the body names that.
    """
    titles = [m for m in mentions if m.type in TITLES and words.features[m.first][1] < 2]
    named = [(before_colon(words.tokens[m.first : m.last]), m.type) for m in titles]
    known = {name for name, type_ in named if len(name) > 1 or (type_ == "PROJECT" and len(name[0]) >= ALONE)}
    of_headline = [words.features[m.first][1] >= 2 and m.type in TITLES for m in mentions]
    return [cut_to(words, m, known) if inside else m for m, inside in zip(mentions, of_headline, strict=True)]


def before_colon(tokens: list[str]) -> tuple[str, ...]:
    """A title without its subtitle, in small letters."""
    end = tokens.index(":") if ":" in tokens[1:] else len(tokens)
    return tuple(token.lower() for token in tokens[:end])


def cut_to(words: Words, m: Mention, known: set[tuple[str, ...]]) -> Mention:
    """A title of the headline, or the longest known one that it begins with and runs on from in words."""
    tokens = tuple(token.lower() for token in words.tokens[m.first : m.last])
    if tokens in known or in_quotes(words, m):
        return m
    for size in range(len(tokens) - 1, 0, -1):
        if tokens[:size] in known and tokens[size].isalpha() and tokens[size] not in NUMERALS:
            return replace(m, last=m.first + size)
    return m


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
    by_key = {fold(e.name): e for e in found}
    for key, e in list(by_key.items()):
        for other_key, other in by_key.items():
            rest = other_key[len(key) :].split() if other_key.startswith(key + " ") else []
            if rest and company_words().issuperset(rest) and other.mentions:
                other.mentions = sorted([*other.mentions, *e.mentions], key=lambda m: m.first)
                e.mentions = []
                break
    for e in found:
        e.name = re.sub(r"^[Tt]he ", "", e.name)
    return [e for e in found if e.mentions]


def again(words: Words, entities: list[Entity]) -> list[Entity]:
    """Further mentions of what is known: the same words elsewhere, where nothing was tagged."""
    taken = {i for e in entities for m in e.mentions for i in range(m.first, m.last)}
    hidden = {i for run in said_untitled(words) for i in run}  # no title stands in there
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
            if e.type in TITLES and not hidden.isdisjoint(span):
                continue
            if words.tokens[i : i + len(tokens)] == tokens and taken.isdisjoint(span):
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
