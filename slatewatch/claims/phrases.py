"""The trade's words that rules go by, out of phrases.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def phrases() -> dict[str, Any]:
    """The tables of phrases.toml."""
    return tomllib.loads((files(__package__) / "phrases.toml").read_text("utf-8"))


@cache
def phrase_words(table: str, name: str) -> tuple[str, ...]:
    """One list of words."""
    return tuple(phrases()[table][name].split())
