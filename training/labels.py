"""A labelled article -> what the learned reader should say of it: mentions, parts, states, ties."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from slatewatch.claims.dates import find_dates
from slatewatch.claims.vocabulary import FIRMNESS, MENTION_TYPES, PARTS, STATES, TIES
from slatewatch.claims.words import OPENERS, Words, gazetteers, name_list, read_words, tokenize

from .nouns import HEADS, fold, token_range, untitled_heads

ORDER = ("PROJECT", "WORK", "PERSON", "COMPANY", "CHARACTER", "PLACE")
PARTICLES = {
    "de",
    "da",
    "di",
    "del",
    "della",
    "van",
    "von",
    "der",
    "den",
    "la",
    "le",
    "el",
    "al",
    "bin",
    "ní",
    "ó",
    "ter",
    "dos",
}


@dataclass(slots=True)
class Mention:
    """Tokens `first` to before `last` name an entity; dates carry their value as the entity.

    A stray mention looks like one and has no label: the tagger must pass it over, and the judge, should it be tagged
    all the same, must give it no part.
    """

    first: int
    last: int
    type: str
    entity: int
    stray: bool = False


@dataclass(slots=True)
class Example:
    """One article with its targets. Entities are numbered; targets speak of their numbers and of token ranges."""

    id: str
    words: Words
    mentions: list[Mention]
    entities: list[tuple[str, str]]
    #: project entity -> {(entity, part): (first, last) of the quote}
    parts: dict[int, dict[tuple[int, int], tuple[int, int]]] = field(default_factory=dict)
    firmness: dict[tuple[int, int, int], int] = field(default_factory=dict)
    #: project entity -> {state: (first, last) of the quote}
    states: dict[int, dict[int, tuple[int, int]]] = field(default_factory=dict)
    ties: dict[tuple[int, int, int], tuple[int, int]] = field(default_factory=dict)
    sources: set[int] = field(default_factory=set)
    projects: list[int] = field(default_factory=list)
    others: list[int] = field(default_factory=list)


def entity_strings(claims: list[dict[str, Any]]) -> dict[str, set[str]]:
    """The names that the labels hold, by type of mention."""
    found: dict[str, set[str]] = {name: set() for name in ORDER}
    for c in claims:
        kind, value = c["kind"], c.get("value")
        if c.get("project") and not c["project"].lower().startswith("untitled"):
            found["PROJECT"].add(c["project"])
        if kind == "credit" or (kind == "based_on" and c.get("role") == "life"):
            found["PERSON"].add(value)
        elif kind in {"company", "affiliation", "source"} or (kind == "representation" and not personal(value)):
            found["COMPANY"].add(value)
        elif kind == "representation":
            found["PERSON"].add(value)
        elif kind in {"known_for", "alias", "based_on"}:
            found["WORK"].add(value)
        elif kind in {"location", "place"}:
            found["PLACE"].add(value)
        found["PERSON"].update(c.get("creators") or [])
        if kind in {"representation"}:
            found["PERSON"].add(c["subject"])
        if kind == "place":
            found["COMPANY"].add(c["subject"])
        if c.get("character"):
            found["CHARACTER"].add(c["character"])
    for c in claims:
        if c["kind"] in {"affiliation", "known_for"} and c["subject"] not in found["COMPANY"]:
            words = c["subject"].split()
            company = words[-1] in {n[0] for n in gazetteers()["company_words"]}
            found["COMPANY" if company else "PERSON"].add(c["subject"])
    for name in ("PERSON", "WORK"):
        found[name] -= found["COMPANY"] | found["PROJECT"]
    found["CHARACTER"] -= found["PERSON"]
    return found


def personal(name: str) -> bool:
    """Whether a representative is a person and not a firm."""
    words = name.split()
    return len(words) in {2, 3} and words[0].title() in name_list("given-names.txt") and words[-1].title() not in {
        n[0] for n in gazetteers()["company_words"]
    }  # fmt: skip


def short_forms(name: str, kind: str) -> Iterator[str]:
    """Other forms under which the article may name the same thing."""
    words = name.split()
    if kind == "PERSON" and len(words) > 1:
        cut = next((i for i, w in enumerate(words[1:], 1) if w.lower() in PARTICLES), len(words) - 1)
        yield " ".join(words[cut:])
        yield words[-1]
        if words[-1] in {"Jr.", "Jr", "III", "II"} and len(words) > 2:
            yield words[-2]
    if kind in {"PROJECT", "WORK"}:
        if ":" in name:
            yield name.split(":")[0]
        if words[0] in {"The", "A", "An"} and len(words) > 2:
            yield " ".join(words[1:])
    if kind == "COMPANY" and len(words) > 1 and words[-1] in {n[0] for n in gazetteers()["company_words"]}:
        yield " ".join(words[:-1])


def locate(words: Words, found: dict[str, set[str]]) -> tuple[list[Mention], list[tuple[str, str]]]:
    """Every occurrence of every name, longest first, no token twice."""
    entities: list[tuple[str, str]] = [(kind, name) for kind in ORDER for name in sorted(found[kind])]
    forms: dict[tuple[str, ...], tuple[int, bool]] = {}
    for full in (True, False):
        for number, (kind, name) in enumerate(entities):
            for form in [name] if full else short_forms(name, kind):
                forms.setdefault(tuple(fold(t) for t, _, _ in tokenize(form)), (number, full))
    folded = [fold(t) for t in words.tokens]
    taken = [False] * len(folded)
    mentions = []
    for form in sorted(forms, key=lambda f: (-len(f), forms[f])):
        number, full = forms[form]
        kind = entities[number][0]
        for i in range(len(folded) - len(form) + 1):
            if tuple(folded[i : i + len(form)]) != form or any(taken[i : i + len(form)]):
                continue
            token = words.tokens[i]
            if kind != "CHARACTER" and token[0].islower() and len(form) < 3 and not entities[number][1][0].islower():
                continue
            if kind == "CHARACTER" and not any(t[0].isupper() for t in words.tokens[i : i + len(form)]):
                continue
            taken[i : i + len(form)] = [True] * len(form)
            mentions.append(Mention(i, i + len(form), kind, number))
    mentions += shared_surnames(words, entities, mentions, taken)
    return sorted(mentions, key=lambda m: m.first), entities


def shared_surnames(
    words: Words, entities: list[tuple[str, str]], mentions: list[Mention], taken: list[bool]
) -> list[Mention]:
    """`Jen` in "Jen and Sylvia Soska", for persons whose full name does not stand in the text."""
    there = {m.entity for m in mentions}
    found = []
    for number, (kind, name) in enumerate(entities):
        parts = name.split()
        full = any(words.slice(m.first, m.last) == name for m in mentions if m.entity == number)
        if kind != "PERSON" or len(parts) < 2 or (number in there and full):
            continue
        for i, token in enumerate(words.tokens[:-2]):
            if (
                token == parts[0]
                and not taken[i]
                and words.tokens[i + 1] in {"and", "&", ","}
                and parts[-1] in words.tokens[i + 2 : i + 6]
            ):
                taken[i] = True
                found.append(Mention(i, i + 1, "PERSON", number))
    return found


def build(article: dict[str, Any]) -> Example:
    """The example of one labelled article."""
    string = f"{article['title']}\n\n{article['text']}"
    words = read_words(string, len(article["title"]))
    claims = article["claims"]
    mentions, entities = locate(words, entity_strings(claims))
    numbers = {entity: n for n, entity in enumerate(entities)}
    by_project: dict[str, list[dict[str, Any]]] = {}
    for c in claims:
        if c.get("project"):
            by_project.setdefault(c["project"], []).append(c)
    project_number: dict[str, int] = {}
    for name, said in by_project.items():
        if ("PROJECT", name) in numbers:
            project_number[name] = numbers["PROJECT", name]
            continue
        heads = untitled_heads(words, said, {i for m in mentions for i in range(m.first, m.last)})
        if heads:
            entities.append(("UNTITLED", name))
            project_number[name] = len(entities) - 1
            mentions += [Mention(i, i + 1, "UNTITLED", len(entities) - 1) for i in heads]
    there = {m.entity for m in mentions}
    project_number = {n: k for n, k in project_number.items() if k in there}
    spans = [(words.starts[a], words.ends[b - 1]) for a, b in words.sentences]
    for when in find_dates(string, article.get("published"), spans):
        first, last = token_range(words, "") if when.start == when.end else char_range(words, when.start, when.end)
        if last > first and not any(m.first < last and first < m.last for m in mentions):
            if ("DATE", when.value) not in entities:
                entities.append(("DATE", when.value))
            mentions.append(Mention(first, last, "DATE", entities.index(("DATE", when.value))))
    mentions += stray_mentions(words, entities, mentions)
    mentions.sort(key=lambda m: m.first)
    example = Example(article["id"], words, mentions, entities, projects=sorted(set(project_number.values())))
    label(example, claims, project_number)
    example.others = sorted(
        {
            n
            for n, (kind, _) in enumerate(entities)
            if kind in {"WORK", "UNTITLED"} and n not in example.projects and any(m.entity == n for m in mentions)
        }
    )
    return example


def stray_mentions(words: Words, entities: list[tuple[str, str]], mentions: list[Mention]) -> list[Mention]:
    """Runs of capitals that look like persons, companies or titles and that no label names; each a new entity."""
    taken = {i for m in mentions for i in range(m.first, m.last)}
    known = {fold(t) for _, name in entities for t in name.split()}
    inner = [(a, b - (words.tokens[b - 1] in {",", "."})) for a, b in words.quotes]
    spans = [(a, b, "WORK") for a, b in inner if a < b <= a + 8 and words.tokens[a][0].isupper()]
    i = 0
    while i < len(words.tokens):
        j = i
        while j < len(words.tokens) and words.features[j][0] in {1, 2, 3, 6} and words.sentence[j] == words.sentence[i]:
            j += 1
        row = words.features[i]
        if j - i in {2, 3} and row[4]:
            spans.append((i, j, "PERSON"))
        elif 0 < j - i <= 4 and any(words.features[k][6] for k in range(i, j)):
            spans.append((i, j, "COMPANY"))
        elif 1 < j - i <= 5 or (j - i == 1 and lone_name(words, i)):
            spans.append((i, j, "WORK"))
        i = max(j, i + 1)
    nouns = [i for i, t in enumerate(words.tokens) if fold(t) in HEADS and words.features[i][1] < 2]
    spans += [(i, i + 1, "UNTITLED") for i in nouns[:1]]
    found = []
    for first, last, kind in spans:
        run, quoted = range(first, last), (first, last) in inner
        if taken & set(run) or any(fold(words.tokens[k]) in known for k in run):
            continue
        if words.features[first][1] >= 2 and not quoted:  # capitals of a headline are no sign of a name
            continue
        taken.update(run)
        name = (kind, f"{words.slice(first, last)} {first}" if kind == "UNTITLED" else words.slice(first, last))
        if name not in entities:
            entities.append(name)
        found.append(Mention(first, last, kind, entities.index(name), stray=True))
    return found + named_again(words, found, taken)


def lone_name(words: Words, i: int) -> bool:
    """Whether one word with a capital may be a name: not as the first of a sentence or of what somebody says."""
    begins = words.features[i][1] & 1 or (i > 0 and words.tokens[i - 1] in OPENERS)
    return not begins and len(words.tokens[i]) > 2 and words.tokens[i].lower() not in words.tokens


def named_again(words: Words, found: list[Mention], taken: set[int]) -> list[Mention]:
    """Where else strays are named, in the headline above all: were only projects marked there, a mark would tell."""
    again: list[Mention] = []
    entities = {m.entity: m for m in found if m.type != "UNTITLED"}
    for m in sorted(entities.values(), key=lambda m: m.first - m.last):
        name = words.tokens[m.first : m.last]
        for i in range(len(words.tokens) - len(name) + 1):
            run = range(i, i + len(name))
            if words.tokens[i : i + len(name)] == name and not taken & set(run):
                taken.update(run)
                again.append(Mention(i, i + len(name), m.type, m.entity, stray=True))
    return again


def char_range(words: Words, start: int, end: int) -> tuple[int, int]:
    """The tokens between two character offsets."""
    inside = [i for i, (a, b) in enumerate(zip(words.starts, words.ends, strict=True)) if a < end and b > start]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


def find_entity(entities: list[tuple[str, str]], name: str | None, kinds: tuple[str, ...]) -> int | None:
    """The number of an entity by its name, in the order of the types asked for."""
    for kind in kinds:
        if (kind, name) in entities:
            return entities.index((kind, name))
    return None


def label(example: Example, claims: list[dict[str, Any]], project_number: dict[str, int]) -> None:
    """Write the targets of every claim into the example."""
    for number in example.projects:
        example.parts[number], example.states[number] = {}, {}
    for c in claims:
        quote = token_range(example.words, c["quote"])
        kind, value = c["kind"], c.get("value")
        if kind == "source":
            number = find_entity(example.entities, value, ("COMPANY",))
            if number is not None:
                example.sources.add(number)
        elif kind in TIES:
            subject = find_entity(example.entities, c["subject"], ("PERSON", "COMPANY"))
            object_ = find_entity(example.entities, value, ("COMPANY", "WORK", "PLACE", "PERSON", "PROJECT"))
            if subject is not None and object_ is not None:
                example.ties[subject, object_, TIES.index(kind)] = quote
        else:
            project = project_number.get(c["project"])
            if project is None:
                continue
            if kind in {"status", "format"}:
                example.states[project][STATES.index((kind, value))] = quote
            elif kind == "open_role":
                example.states[project][STATES.index((kind, c["role"]))] = quote
            else:
                label_part(example, project, c, quote)


def label_part(example: Example, project: int, c: dict[str, Any], quote: tuple[int, int]) -> None:
    """The target of a credit, a company, a source work, a date, a place or another title."""
    kinds = {
        "credit": ("PERSON", "COMPANY"), "company": ("COMPANY", "PERSON"), "date": ("DATE",), "location": ("PLACE",),
        "based_on": ("PROJECT", "WORK", "PERSON", "CHARACTER", "COMPANY"), "alias": ("WORK", "PROJECT"),
    }[c["kind"]]  # fmt: skip
    number = find_entity(example.entities, c["value"], kinds)
    if number is None:
        return
    part = PARTS.index((c["kind"], c.get("role")))
    example.parts[project][number, part] = quote
    if c.get("modality"):
        example.firmness[project, number, part] = FIRMNESS.index(c["modality"])


def tag_targets(example: Example) -> list[int]:
    """The BIO tag of each token."""
    tags = [0] * len(example.words.tokens)
    for m in example.mentions:
        if m.type in MENTION_TYPES and not m.stray:
            base = 1 + 2 * MENTION_TYPES.index(m.type)
            tags[m.first : m.last] = [base] + [base + 1] * (m.last - m.first - 1)
    return tags
