"""The labelled articles that may be learned from, and how they are dealt into folds. Needs no torch."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LEARNED_FROM = ("gold/train", "gold/more", "gold/stories/dev")
SEED = "gold/dev/seed.json"  # the one article of dev that may be read and learned from


#: One fold of these labels is never trained on, the weigher grows and the card's scores are taken there.
HELD_BACK = re.compile(r"[be][a-z]\d\d")
HELD_FOLD, FOLDS = 0, 5
#: Fair samples of a week's news, and of what holds none: nothing is trained, grown or cut on them.
APART = re.compile(r"(jg|lh|ma|nh)\d\d")
Times = tuple[tuple[re.Pattern[str], int], ...]
#: Articles shown more than once an epoch: what the seed holds is rare among the others, and gold/train and the stories
#: (a letter and a number, a name and a number) are labelled by the hands that wrote the rulings.
OFTENER: Times = ((re.compile(r"seed|demo"), 3), (re.compile(r"z\d\d|[e-o]\d\d|[a-z]+-\d+"), 2))
#: The same later in a training, with source works and companies, which the reader was weakest at, what looks like
#: news and holds none, and what was written in the manner of gold/train.
OFTENEST: Times = (
    (re.compile("seed"), 60), (re.compile("demo"), 15), (re.compile(r"z\d\d"), 4),
    (re.compile(r"[e-o]\d\d|[a-z]+-\d+"), 3), (re.compile(r"(cc|dc|fe|gd|ja|jb)\d\d"), 2),
    (re.compile(r"(jc|k[ade]|l[a-g])\d\d"), 2), (re.compile(r"[no][a-z]\d\d"), 3),
)  # fmt: skip


def load_articles(folders: tuple[str, ...] = LEARNED_FROM) -> list[dict[str, Any]]:
    """Every labelled article of some folders, by id; with all that may be learned from, the seed too."""
    files = [p for folder in folders for p in sorted((ROOT / folder).glob("*.json"))]
    if folders == LEARNED_FROM:
        files.append(ROOT / SEED)
    return [json.loads(p.read_text("utf-8")) for p in files]


def fold_of(articles: list[dict[str, Any]], folds: int) -> list[int]:
    """The fold of each article: a story's articles together, and the same whatever other articles there are."""
    groups = [a["id"].rsplit("-", 1)[0] for a in articles]
    return [int(hashlib.sha256(g.encode()).hexdigest(), 16) % folds for g in groups]


def by_chance(articles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Articles in an order of chance that their ids make: the same whatever other articles there are."""
    return sorted(articles, key=lambda a: hashlib.sha256(a["id"].encode()).hexdigest())


def is_held_back(article: dict[str, Any]) -> bool:
    """Whether an article is kept from training, to measure by."""
    return bool(HELD_BACK.fullmatch(article["id"])) and fold_of([article], FOLDS) == [HELD_FOLD]


def is_apart(article: dict[str, Any]) -> bool:
    """Whether an article is kept from training and from all choices that are made on what is held back."""
    return bool(APART.fullmatch(article["id"]))


def may_be_learned(article: dict[str, Any]) -> bool:
    """Whether an article may be trained on."""
    return not is_held_back(article) and not is_apart(article)


def shown(articles: list[dict[str, Any]], often: Times = OFTENER) -> list[dict[str, Any]]:
    """What an epoch goes through: articles that may be trained on, some of them oftener than once."""
    found: list[dict[str, Any]] = []
    for article in articles:
        if may_be_learned(article):
            found += [article] * next((times for ids, times in often if ids.fullmatch(article["id"])), 1)
    return found


def label_counts() -> dict[str, int]:
    """How many labelled articles there are in each folder."""
    return {f: len(list((ROOT / f).glob("*.json"))) for f in LEARNED_FROM} | {SEED: 1}
