"""A card shows everything that an article states about a project, and the words."""

from __future__ import annotations

import io
import unicodedata
from dataclasses import fields
from pathlib import Path

import pytest
from rich.console import Console

from slatewatch.cards import cards
from slatewatch.evaluate import read_labelled
from slatewatch.model import MODALITIES, Article, Claim, Kind

ARTICLE = Article(id="a1", title="Marlow Plans Undertow", text="…", outlet="Reel Courier", published="2021-05-06")


def claim(
    kind: Kind, value: str | None, *, project: str | None = "Undertow", quote: str = "words", **said: object
) -> Claim:
    return Claim(
        kind=kind, value=value, project=project, quote=quote, article="a1", start=0, end=len(quote), **said  # type: ignore[arg-type]
    )  # fmt: skip


def shown(article: Article, claims: list[Claim], width: int = 400) -> str:
    console = Console(file=io.StringIO(), width=width)
    console.print(cards(article, claims, width=width))
    output = console.file
    assert isinstance(output, io.StringIO)
    return output.getvalue()


def test_every_value_of_the_seed_is_on_its_card(root: Path) -> None:
    seed = read_labelled(root / "gold" / "dev" / "seed.json")
    card = shown(seed.article, list(seed.claims))
    assert card.count("╭") == 1, "one project, one card"
    for said in seed.claims:
        for value in (said.value, said.character, *said.creators, str(said.year or "")):
            assert (value or "") in card
        assert said.quote in card


@pytest.mark.parametrize("modality", MODALITIES)
def test_firmness_is_said_in_words(modality: str) -> None:
    card = shown(ARTICLE, [claim("credit", "Ines Marlow", role="director", modality=modality)])
    assert modality.replace("_", " ") in card


def test_each_project_has_its_card_and_a_source_stands_on_the_first() -> None:
    said = [
        claim("format", "film"),
        claim("format", "series", project="Low Tide"),
        claim("source", "Daybill", project=None),
    ]
    card = shown(ARTICLE, said)
    assert card.count("╭") == 2
    assert card.index("Undertow ─") < card.index("Daybill") < card.index("Low Tide ─")
    assert card.count("Daybill") == 1


def test_a_tie_stands_once_beside_its_name() -> None:
    said = [
        claim("credit", "Ines Marlow", role="director", modality="attached"),
        claim("credit", "Ines Marlow", role="writer", modality="attached"),
        claim("known_for", "Saltmarsh", project=None, subject="Ines Marlow"),
        claim("representation", "Harrow Talent", project=None, subject="Ines Marlow"),
    ]
    card = shown(ARTICLE, said)
    assert card.count("known for Saltmarsh") == 1
    assert card.count("represented by Harrow Talent") == 1


def test_a_tie_of_nobody_on_a_card_is_shown_all_the_same() -> None:
    card = shown(ARTICLE, [claim("format", "film"), claim("place", "Lisbon", project=None, subject="Harbour Nine")])
    assert "Harbour Nine" in card
    assert "in Lisbon" in card


def test_silence_is_said() -> None:
    assert "states nothing" in shown(ARTICLE, [])


@pytest.mark.parametrize("width", [30, 80, 109, 110, 200])
def test_a_card_fits_its_terminal(width: int, root: Path) -> None:
    seed = read_labelled(root / "gold" / "dev" / "seed.json")
    assert max(len(line) for line in shown(seed.article, list(seed.claims), width).splitlines()) <= width


def test_nothing_from_a_page_commands_the_terminal() -> None:
    evil = "\x1b]0;owned\x07\x9b2J\u202e[red]bold[/red]"
    texts = {f.name: evil for f in fields(Claim) if f.name in ("project", "value", "character", "quote", "role")}
    article = Article(id=evil, title=evil, text=evil, outlet=evil, url=evil, published=evil)
    said = [Claim(kind=kind, article="a", start=0, end=1, creators=(evil,), **texts) for kind in ("credit", "based_on")]  # type: ignore[arg-type]
    card = shown(article, [*said, claim("known_for", evil, project=None, subject=evil)])
    assert not [c for c in card if unicodedata.category(c) in ("Cc", "Cf") and c != "\n"]
    assert "[red]bold[/red]" in card, "markup of a page is text"
