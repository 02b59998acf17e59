"""The labelled articles that may be learned from, and how they are dealt into folds. Needs no torch."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LEARNED_FROM = ("gold/train", "gold/more", "gold/stories/dev")
SEED = "gold/dev/seed.json"  # the one article of dev that may be read and learned from


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
