"""Dumps of Wikidata: one JSON item a line, as in `latest-all.json`, with brackets and commas around them or without."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from .candidates import KINDS, Candidate
from .lines import lines

OCCUPATIONS: dict[str, list[str]] = KINDS["wikidata"]["occupations"]
COMPANIES = frozenset(KINDS["wikidata"]["companies"]["items"])
WORKS: dict[str, list[str]] = KINDS["wikidata"]["works"]
HUMAN = "Q5"
#: The languages whose labels count: English, and the one for all languages.
LANGUAGES = ("en", "mul", "en-gb", "en-us", "en-ca")
#: Property -> scheme and what stands before the id, by the kind of thing.
TMDB = {"person": (("P4985", "person/"),), "work": (("P4947", "movie/"), ("P4983", "tv/")), "company": ()}
IMDB = {"person": r"nm\d+", "company": r"co\d+", "work": r"tt\d+"}


class Item(msgspec.Struct):
    """What is read of an item; the rest of it is passed over."""

    id: str = ""
    labels: dict[str, Any] | list[Any] = {}
    aliases: dict[str, Any] | list[Any] = {}
    claims: dict[str, list[dict[str, Any]]] | list[Any] = {}


READER = msgspec.json.Decoder(Item)


def items(file: str, wanted: Callable[[str], bool]) -> Iterator[Candidate | None]:
    """The people, companies and works with a name that is `wanted`; None for a line that cannot be read."""
    for line in lines(file):
        text = line.strip().rstrip(b",")
        if text in {b"", b"[", b"]"}:
            continue
        try:
            item = READER.decode(text)
            names = _names(item)
            found = _candidate(item, names) if any(map(wanted, names)) else _nothing()
        except (msgspec.MsgspecError, TypeError, AttributeError, KeyError, ValueError):
            yield None
            continue
        yield from found


def _nothing() -> Iterator[Candidate]:
    yield from ()


def _names(item: Item) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for language in LANGUAGES:
        if isinstance(item.labels, dict) and language in item.labels:
            found[item.labels[language]["value"]] = None
        if isinstance(item.aliases, dict):
            found.update(dict.fromkeys(alias["value"] for alias in item.aliases.get(language, ())))
    return tuple(found)


def _candidate(item: Item, names: tuple[str, ...]) -> Iterator[Candidate]:
    kinds = _values(item, "P31")
    if not re.fullmatch(r"Q\d+", item.id):
        raise ValueError("an item has an id")
    if HUMAN in kinds:
        roles = frozenset(role for job in _values(item, "P106") for role in OCCUPATIONS.get(job, ()))
        yield Candidate(
            about="person", ids=_ids(item, "person"), names=names, roles=roles or None,
            begin=_year(_values(item, "P569")), end=_year(_values(item, "P570")),
        )  # fmt: skip
    elif COMPANIES & set(kinds):
        yield Candidate(about="company", ids=_ids(item, "company"), names=names)
    elif set(WORKS) & set(kinds):
        formats = frozenset(form for kind in kinds for form in WORKS.get(kind, ()))
        yield Candidate(
            about="work", ids=_ids(item, "work"), names=names, formats=formats, begin=_year(_values(item, "P577"))
        )


def _values(item: Item, name: str) -> list[str]:
    """The values of a property: ids of items, texts, times; those of deprecated rank are left out."""
    found = []
    for claim in item.claims.get(name, ()) if isinstance(item.claims, dict) else ():
        value = claim.get("mainsnak", {}).get("datavalue", {}).get("value")
        if claim.get("rank") != "deprecated" and value is not None:
            found.append(value if isinstance(value, str) else str(value.get("id") or value.get("time") or ""))
    return found


def _year(times: list[str]) -> int | None:
    """`+1966-01-01T00:00:00Z` -> 1966; of several the earliest."""
    years = [int(found[1]) for time in times if (found := re.match(r"\+(\d{4})-", time))]
    return min(years, default=None)


def _ids(item: Item, about: str) -> tuple[tuple[str, str], ...]:
    found = [("wikidata", item.id)]
    found += [("imdb", value) for value in _values(item, "P345") if re.fullmatch(IMDB[about], value)][:1]
    for name, before in TMDB[about]:
        found += [("tmdb", before + value) for value in _values(item, name) if re.fullmatch(r"\d+", value)][:1]
    return tuple(dict(reversed(found)).items()) if len({s for s, _ in found}) < len(found) else tuple(found)
