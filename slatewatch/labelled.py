"""Labelled articles: JSON files with `claims`, as docs/claims.md describes them -> articles and their claims."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .errors import BadInput, SlatewatchError, UnreadablePage
from .model import Article, Claim

TEXT_FIELDS = ("outlet", "url", "author", "published", "modified", "language", "seen")


def labelled(source: str) -> Iterator[tuple[Article, list[Claim]] | SlatewatchError]:
    """Each labelled article of a file, a folder's `.json` files or standard input (`-`), or what is wrong with it."""
    if source == "-":
        yield parsed("standard input", sys.stdin.read())
        return
    path = Path(source)
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    if not files:
        yield UnreadablePage(f"{source}: there is no .json file in this folder")
    for file in files:
        try:
            yield parsed(str(file), file.read_text("utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            yield UnreadablePage(f"{file}: cannot be read: {error}")


def parsed(name: str, body: str | bytes) -> tuple[Article, list[Claim]] | SlatewatchError:
    """The labelled article in a text of JSON called `name`, or what is wrong with it."""
    try:
        record = json.loads(body)
        article = _article(record, name)
        return article, [_claim(article, claim) for claim in record["claims"]]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        return UnreadablePage(f"{name}: not a labelled article (JSON with id, title, text and claims): {error!r}")
    except BadInput as error:
        return UnreadablePage(f"{name}: {error}")


def _article(record: Mapping[str, Any], name: str) -> Article:
    said: dict[str, Any] = {field: record.get(field) for field in TEXT_FIELDS}
    wrong = [
        k
        for k, v in {**said, **{k: record[k] for k in ("id", "title", "text")}}.items()
        if not isinstance(v, str | None)
    ]
    if wrong:
        raise BadInput(f"{', '.join(wrong)} must be text")
    return Article(id=record["id"] or Path(name).stem, title=record["title"] or "", text=record["text"] or "", **said)


def _claim(article: Article, record: Mapping[str, Any]) -> Claim:
    quote = record["quote"]
    start = record.get("start")
    if not isinstance(start, int) or article.words[start : start + len(quote)] != quote:
        start = article.words.find(quote)
    if start < 0:
        raise BadInput(f"the quote is not in the article: {quote[:80]!r}")
    makers = tuple(str(maker) for maker in record.get("makers") or [record.get("maker", "labelled")])
    return Claim(
        kind=record["kind"], article=article.id, quote=quote, start=start, end=start + len(quote),
        project=record.get("project"), subject=record.get("subject"), role=record.get("role"),
        value=record.get("value"), modality=record.get("modality"), character=record.get("character"),
        creators=tuple(record.get("creators") or ()), year=record.get("year"), sure=float(record.get("sure", 1.0)),
        maker=makers[0], also=makers[1:],
    )  # fmt: skip
