"""The same article in another dress: how many of its claims are still found.

    python -m training.robustness [--articles N]     prints the share of claims that survive each change

What is found in an article of gold/train is compared with what is found after a change that alters nothing of what it
states; where names are exchanged they are exchanged in the claims as well.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from slatewatch.claims import find_claims
from slatewatch.evaluate import matches
from slatewatch.model import Article, Claim

from .augment import QUOTED, Pool, name_table, swap_words
from .corpus import load_articles

Record = dict[str, Any]
BYLINE = "By Staff Reporter | 9 hours ago"
RESIDUE = "Share this\n\nRelated: The week in pictures\n\nLoading more posts..."


def names_swapped(record: Record, pool: Pool) -> Record:
    """Persons under other names, the same new one for the same old one."""
    return swap_words(record, name_table(record, random.Random(record["id"]), pool.persons))


def marks_changed(record: Record, pool: Pool) -> Record:
    """Double quotation marks around titles where single ones stood, and the other way round."""
    style = "“{}”" if "‘" in record["text"] else "‘{}’"

    def change(text: str) -> str:
        return QUOTED.sub(lambda m: style.format(next(g for g in m.groups() if g is not None)), text)

    return record | {"title": change(record["title"]), "text": change(record["text"])}


def paragraphs_joined(record: Record, pool: Pool) -> Record:
    """The whole text as one paragraph."""
    return record | {"text": record["text"].replace("\n\n", " ")}


def byline_added(record: Record, pool: Pool) -> Record:
    """A line above the text that says who wrote it when."""
    return record | {"text": f"{BYLINE}\n\n{record['text']}"}


def residue_added(record: Record, pool: Pool) -> Record:
    """What a page leaves behind below its text."""
    return record | {"text": f"{record['text']}\n\n{RESIDUE}"}


def headline_lower(record: Record, pool: Pool) -> Record:
    """A headline without capitals."""
    return record | {"title": record["title"].lower()}


def headline_upper(record: Record, pool: Pool) -> Record:
    """A headline in capitals."""
    return record | {"title": record["title"].upper()}


CHANGES: tuple[tuple[str, Callable[[Record, Pool], Record]], ...] = (
    ("names swapped", names_swapped), ("quotation marks changed", marks_changed),
    ("paragraphs joined", paragraphs_joined), ("byline added", byline_added), ("residue added", residue_added),
    ("headline in lower case", headline_lower), ("headline in capitals", headline_upper),
)  # fmt: skip


def article_of(record: Record) -> Article:
    """A labelled record as the reader sees it."""
    return Article(
        id=record["id"], title=record["title"], text=record["text"], outlet=record.get("outlet"),
        published=record.get("published"),
    )  # fmt: skip


def renamed(claims: Iterable[Claim], record: Record, changed: Record) -> list[Claim]:
    """Claims of an article with the names that its changed form has: looked up by pairing the words of both."""
    old, new = re.findall(r"\S+", record["text"]), re.findall(r"\S+", changed["text"])
    if len(old) != len(new):
        return list(claims)
    table = dict(zip(old, new, strict=True))

    def words(text: str | None) -> str | None:
        return text and " ".join(table.get(w, w) for w in text.split(" "))

    return [replace(c, project=words(c.project), subject=words(c.subject), value=words(c.value)) for c in claims]


def survivors(record: Record, change: Callable[[Record, Pool], Record], pool: Pool) -> tuple[int, int]:
    """(claims still found, claims found before) of one article under one change."""
    before = find_claims(article_of(record))
    changed = change(record, pool)
    after = find_claims(article_of(changed))
    expected = renamed(before, record, changed) if change is names_swapped else before
    return len(matches(expected, after)), len(before)


def shares(records: list[Record], pool: Pool) -> dict[str, tuple[int, int]]:
    """For each change: how many claims survive, of how many."""
    found = {}
    for name, change in CHANGES:
        pairs = [survivors(record, change, pool) for record in records]
        found[name] = (sum(kept for kept, _ in pairs), sum(of for _, of in pairs))
    return found


def main() -> None:
    """The command line of the measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=60, metavar="N", help="N articles spread over gold/train")
    args = parser.parse_args()
    records = [a for a in load_articles(("gold/train",)) if a["claims"]]
    chosen = records[:: max(1, len(records) // args.articles)][: args.articles]
    found = shares(chosen, Pool(load_articles()))
    for name, (kept, of) in found.items():
        print(f"{name:<26}{kept / of:>7.3f}  {kept} of {of}")
    kept, of = (sum(pair[k] for pair in found.values()) for k in (0, 1))
    print(f"{'all':<26}{kept / of:>7.3f}  {kept} of {of}")


if __name__ == "__main__":
    main()
