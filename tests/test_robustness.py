"""An article in another dress says the same: most claims survive (scripts/quality measures how many)."""

from __future__ import annotations

from training.augment import Pool
from training.corpus import load_articles
from training.robustness import CHANGES, shares

#: The least share of claims that survive over all changes; a floor under what was measured, and it only goes up.
FLOOR = 0.9
ARTICLES = 24


def test_claims_survive_what_changes_nothing() -> None:
    records = [a for a in load_articles(("gold/train",)) if a["claims"]]
    chosen = records[:: len(records) // ARTICLES][:ARTICLES]
    found = shares(chosen, Pool(load_articles()))
    assert set(found) == {name for name, _ in CHANGES}
    kept, of = (sum(pair[k] for pair in found.values()) for k in (0, 1))
    assert of > 1000
    assert kept / of >= FLOOR, {name: round(a / b, 3) for name, (a, b) in found.items()}
