"""Shards -> projects, without a store: the same versions, blocks and merging as there, the blocks on many processes.

1. The versions of an article become the one that counts.  2. Its claims become mentions, its words a sketch.  3. By
their sketches articles are found to be copies of others.  4. Mentions are put into blocks.  5. Blocks are merged, some
hundred pieces of work apart from each other.  6. Projects are written by the first letter of their block, sorted.
"""

from __future__ import annotations

import dataclasses
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec

from ..answers.shapes import json_line, project_shape
from ..errors import SlatewatchError
from ..model import Article, Claim, Mention
from ..names import Known, canonical, company_key, person_key
from ..projects import merge_claims
from ..projects.blocks import blocks
from ..projects.mentions import mentions_of, renamings, report_of
from .copies import Stories
from .loading import Read, read_shards
from .spreading import spread

#: How many letters of a block's id name a piece of work, and a file.
PIECE, FILE = 2, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What became of shards: numbers, and what could not be read."""

    articles: int
    mentions: int
    blocks: int
    projects: int
    bad: tuple[SlatewatchError, ...]


def merge_shards(shards: Sequence[str], to: Path, *, workers: int = 1, ray: str | None = None) -> Merged:
    """Write `projects-0.jsonl` to `projects-f.jsonl` into the folder `to`, in the shape of `slatewatch projects`."""
    mentions: list[Mention] = []
    renamed: set[tuple[str, str]] = set()
    bad: list[SlatewatchError] = []
    stories = Stories()
    count = 0
    for versions in _by_article(read_shards(shards), bad):
        article, claims, first_seen, moved = present(versions)
        count += 1
        report = report_of(article, first_seen=first_seen, clock="archive", moved=moved)
        mentions += mentions_of(report, claims, article.text)
        stories.add(article, claims, report)
        for about, old, new, _ in renamings(article, claims):
            key = person_key if about == "person" else company_key
            renamed.add((min(key(old), key(new)), max(key(old), key(new))))
    mentions = _with_originals(mentions, stories.originals())
    found = blocks(mentions)
    same = dict(canonical(sorted(renamed)))
    lines: dict[str, list[bytes]] = {letter: [] for letter in "0123456789abcdef"}
    projects = 0
    for result in spread(merged, list(_pieces(found, same)), workers=workers, ray=ray):
        for letter, part in msgspec.json.decode(result, type=list[tuple[str, str]]):
            lines[letter].append(part.encode())
            projects += 1
    to.mkdir(parents=True, exist_ok=True)
    for letter, one in lines.items():
        _write(to / f"projects-{letter}.jsonl", sorted(one))
    return Merged(articles=count, mentions=len(mentions), blocks=len(found), projects=projects, bad=tuple(bad))


def present(versions: Sequence[Read]) -> tuple[Article, list[Claim], str, str | None]:
    """(article, claims, when it was first seen, the day it was moved to): what the store keeps of versions in order.

    The newest by the page's own clock counts, of equals the last; the earliest publication date that any has borne.
    """
    article, claims = versions[0]
    first_seen, hashes, moved = article.seen or "", {article.hash}, None
    for newer, its_claims in versions[1:]:
        dates = sorted(day for day in {article.published, moved, newer.published} if day)
        if newer.hash == article.hash:
            claims = its_claims
        elif newer.hash in hashes:
            continue
        else:
            hashes.add(newer.hash)
            if (newer.modified or "") < (article.modified or ""):
                continue
            article, claims = dataclasses.replace(newer, published=article.published), its_claims
        if dates:
            moved = dates[-1] if dates[-1][:10] != dates[0][:10] else None
            article = dataclasses.replace(article, published=dates[0])
    return article, claims, first_seen, moved


def _with_originals(mentions: Sequence[Mention], originals: dict[str, str]) -> list[Mention]:
    """The mentions, those of copies with the article that each is a copy of."""
    return [
        dataclasses.replace(one, report=dataclasses.replace(one.report, copy_of=originals[one.report.id]))
        if one.report.id in originals
        else one
        for one in mentions
    ]


def _by_article(found: Iterable[Read | SlatewatchError], bad: list[SlatewatchError]) -> Iterator[list[Read]]:
    def good() -> Iterator[Read]:
        for one in found:
            if isinstance(one, SlatewatchError):
                bad.append(one)
            else:
                yield one

    for _, versions in groupby(good(), key=lambda read: read[0].id):
        yield list(versions)


def _pieces(found: Sequence[Sequence[Mention]], same: dict[str, str]) -> Iterator[bytes]:
    """Blocks by the first letters of their ids, each piece with what is known of the names in it."""
    pieces: dict[str, list[Sequence[Mention]]] = defaultdict(list)
    for block in found:
        pieces[block[0].id[:PIECE]].append(block)
    for letters in sorted(pieces):
        names = {
            key(claim.value)
            for block in pieces[letters] for mention in block for claim in mention.claims if claim.value
            for key in (person_key, company_key)
        }  # fmt: skip
        known = {name: same[name] for name in sorted(names & same.keys())}
        yield msgspec.json.encode({"same": known, "blocks": pieces[letters]})


def merged(piece: bytes) -> bytes:
    """A piece of work -> [first letter of the block, line of a project] for each project in it."""
    said: dict[str, Any] = msgspec.json.decode(piece)
    known = Known(same=said["same"])
    found: list[tuple[str, str]] = []
    for block in msgspec.convert(said["blocks"], list[list[Mention]]):
        for project in merge_claims(block, known=known):
            found.append((block[0].id[:FILE], json_line(project_shape(project)).decode()))
    return msgspec.json.encode(found)


def _write(target: Path, lines: Sequence[bytes]) -> None:
    part = target.with_name(target.name + ".part")
    part.write_bytes(b"".join(line + b"\n" for line in lines))
    os.replace(part, target)
