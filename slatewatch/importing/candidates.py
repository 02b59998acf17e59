"""Somebody or something in another catalogue, as it is compared with what our articles name."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

About = Literal["person", "company", "project", "work"]
#: What the words and items of IMDb and Wikidata stand for.
KINDS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("kinds.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One entry of a catalogue. `ids` are (scheme, value), the catalogue's own first; `names` as written there.

    `roles` are those its professions allow, None where it names none; `formats` what a work is; `works` the ids of what
    a person is known for; `begin` and `end` the years of a life, `begin` alone the year of a work.
    """

    about: Literal["person", "company", "work"]
    ids: tuple[tuple[str, str], ...]
    names: tuple[str, ...]
    roles: frozenset[str] | None = None
    formats: frozenset[str] = frozenset()
    works: tuple[str, ...] = ()
    begin: int | None = None
    end: int | None = None

    @property
    def id(self) -> str:
        return self.ids[0][1]
