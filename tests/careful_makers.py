"""What the tests of careful reading are made of: articles, what a model may say of them, the readers that ask it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from slatewatch.careful.reader import CarefulReader
from slatewatch.careful.settings import ModelSettings
from slatewatch.model import Article, Claim

#: An article with names and marks of every kind, and one claim of it.
TEXT = (
    "EXCLUSIVE: Ines Marrow is set to direct ‘Harbour Lights,’ based on the novel by Otto Quill, for Tern House —\n\n"
    "the company’s first film. Marrow’s “Cold Ledger” opened in May. Ada and Runa Vole will star."
)
ARTICLE = Article(id="a", title="Marrow Boards ‘Harbour Lights’", text=TEXT, published="2026-03-01")
DIRECTOR: dict[str, Any] = {
    "kind": "credit", "project": "Harbour Lights", "role": "director", "value": "Ines Marrow", "modality": "attached",
    "quote": "Ines Marrow is set to direct",
}  # fmt: skip
#: What the articles of `article` begin with, and a whole claim of it.
WORDS = "“Harbour Lights” has found its director. Ines Marrow will direct the film for Tern House."
GOOD: dict[str, Any] = {
    "kind": "credit", "project": "Harbour Lights", "role": "director", "value": "Ines Marrow", "modality": "attached",
    "character": None, "quote": "Ines Marrow will direct",
}  # fmt: skip


def article(name: str, more: str = "") -> Article:
    return Article(id=name, title=f"News of {name}", text=f"{WORDS} {more}".strip(), published="2026-03-01")


def built_in(found: Article) -> list[Claim]:
    """A reader that is not sure of the one thing it says."""
    start = found.words.index("the film")
    return [
        Claim(
            kind="format", article=found.id, project="Harbour Lights", value="film", quote="the film", start=start,
            end=start + 8, sure=0.9,
        )
    ]  # fmt: skip


def settings(url: str, **more: Any) -> ModelSettings:
    fields: dict[str, Any] = {"url": url, "model": "test", "timeout": 5.0, "examples": 0, **more}
    return ModelSettings(**fields)


def reader_of(url: str, found: Sequence[Claim] = (), **more: Any) -> CarefulReader:
    """A reader beside a built-in one that has `found` these claims, or those that are in the list by then."""
    return CarefulReader(settings(url, model="m", **more), find=lambda _: list(found))


def read(url: str, articles: list[Article], **more: Any) -> tuple[CarefulReader, list[tuple[Article, list[Claim]]]]:
    with CarefulReader(settings(url, **more), find=built_in) as reader:
        return reader, list(reader.read(articles))


def credits_of(claims: list[Claim]) -> list[str | None]:
    return [claim.value for claim in claims if claim.kind == "credit"]
