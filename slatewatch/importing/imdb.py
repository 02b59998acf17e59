"""IMDb's published tables: name.basics.tsv and title.basics.tsv, with a line of headings, `\\N` for what is missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from slatewatch.errors import BadInput

from .candidates import KINDS, Candidate
from .lines import lines

NAMES = ("nconst", "primaryName", "birthYear", "deathYear", "primaryProfession", "knownForTitles")
TITLES = (
    "tconst",
    "titleType",
    "primaryTitle",
    "originalTitle",
    "isAdult",
    "startYear",
    "endYear",
    "runtimeMinutes",
    "genres",
)
PROFESSIONS: dict[str, list[str]] = KINDS["imdb"]["professions"]
TYPES: dict[str, list[str]] = KINDS["imdb"]["types"]
MISSING = "\\N"


def names(file: str, wanted: Callable[[str], bool]) -> Iterator[Candidate | None]:
    """The people of name.basics whose names are `wanted`; None for a line that cannot be read.

    Raises BadInput for any other table.
    """
    for row in _rows(file, NAMES):
        if row is None or not re.fullmatch(r"nm\d+", row[0]):
            yield None
        elif wanted(row[1]):
            yield Candidate(
                about="person", ids=(("imdb", row[0]),), names=(row[1],), begin=_year(row[2]), end=_year(row[3]),
                roles=_roles(_listed(row[4])), works=tuple(_listed(row[5])),
            )  # fmt: skip


def titles(file: str, wanted: Callable[[str, str], bool]) -> Iterator[Candidate | None]:
    """The works of title.basics of which `wanted` (id, title) is true by either title; None for an unreadable line."""
    for row in _rows(file, TITLES):
        if row is None or not re.fullmatch(r"tt\d+", row[0]):
            yield None
        elif row[1] in TYPES and (wanted(row[0], row[2]) or wanted(row[0], row[3])):
            yield Candidate(
                about="work", ids=(("imdb", row[0]),), names=tuple(dict.fromkeys((row[2], row[3]))),
                formats=frozenset(TYPES[row[1]]), begin=_year(row[5]),
            )  # fmt: skip


def _rows(file: str, header: Sequence[str]) -> Iterator[list[str] | None]:
    """The cells of each line, None for one that has too few or too many. Raises BadInput for another header."""
    found = lines(file)
    first = next(found, b"").decode("utf-8", "replace").lstrip("\ufeff").split("\t")
    if first[: len(header)] != list(header):
        table = "name.basics.tsv" if header is NAMES else "title.basics.tsv"
        raise BadInput(f"{file} is no {table} of IMDb: its first line has to be {' '.join(header)}")
    for line in found:
        cells = line.decode("utf-8", "replace").split("\t")
        if line:
            yield cells if len(cells) == len(first) else None


def _year(cell: str) -> int | None:
    return int(cell) if re.fullmatch(r"\d{4}", cell, re.ASCII) else None


def _listed(cell: str) -> list[str]:
    return [] if cell in {MISSING, ""} else cell.split(",")


def _roles(professions: Sequence[str]) -> frozenset[str] | None:
    known = [PROFESSIONS[p] for p in professions if p in PROFESSIONS]
    return frozenset(role for roles in known for role in roles) if known else None
