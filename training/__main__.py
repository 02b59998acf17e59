"""`python -m training`: labels -> the model folder that ships, with its card. Seeded; about an hour on two cores.

1. train without one article in five, and measure there: scores, thresholds, calibration
2. train on all labelled articles; both times sixteen epochs and then four more, slowly
3. write the networks, the settings and the card into slatewatch/claims/model
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import torch

from .export import export
from .held_back import held_back, measure, rates, score_fold
from .network import Judge, Reader
from .torch_reader import load
from .train import LEARNED_FROM, ROOT, fold_of, load_articles, train

MODEL = ROOT / "slatewatch/claims/model"
FOLD, FOLDS = 0, 5


def save(reader: Reader, judge: Judge, depth: int, path: Path) -> Path:
    """Write the weights of both networks."""
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"reader": reader.state_dict(), "judge": judge.state_dict(), "depth": depth}, path)
    return path


def train_twice(articles: list[dict[str, Any]], path: Path, *, depth: int, rate: float, epochs: int, seed: int) -> Path:
    """Train, then go on for a quarter of the epochs at a third of the rate; the path of the weights."""
    save(*train(articles, epochs=epochs, seed=seed, depth=depth, rate=rate), depth, path)
    slow = train(articles, epochs=epochs // 4, seed=seed + 1, depth=depth, rate=rate * 0.3, start=path)
    return save(*slow, depth, path)


def main() -> None:
    """The command line of the training."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=16)
    parser.add_argument("--depth", type=int, default=4)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=Path, default=ROOT / "training/work")
    parser.add_argument("--measured", type=Path, help="weights of an earlier first step, to go on from")
    args = parser.parse_args()
    articles = load_articles()
    options = {"epochs": args.epochs, "depth": args.depth, "rate": args.rate, "seed": args.seed}
    if args.measured:
        partial = load(args.measured, {})
    else:
        kept = [a for a, f in zip(articles, fold_of(articles, FOLDS), strict=True) if f != FOLD]
        partial = load(train_twice(kept, args.work / "held-back.pt", **options), {})
    labelled = held_back(f"{FOLD}/{FOLDS}")
    settings = measure(partial, labelled, json.loads((ROOT / "training/settings.json").read_text("utf-8")))
    partial.settings = settings
    result = score_fold(partial, labelled)
    chosen = args.work / "settings.json"
    chosen.parent.mkdir(parents=True, exist_ok=True)
    chosen.write_text(json.dumps(settings, indent=1, sort_keys=True), "utf-8")
    weights = train_twice(articles, args.work / "all.pt", **options)
    export(weights, chosen, MODEL)
    card = {
        "what": "tagger and judge on the six layers of all-MiniLM-L6-v2 (Apache 2.0), 8-bit integers",
        "made": time.strftime("%Y-%m-%d"),
        "learned_from": {f: len(list((ROOT / f).glob("*.json"))) for f in LEARNED_FROM} | {"gold/dev/seed.json": 1},
        "options": options,
        "held_back": {
            "articles": len(labelled),
            "false_alarms": result.alarms,
            "without_claims": result.quiet,
            "rates": rates(result),
        },
    }
    (MODEL / "card.json").write_text(json.dumps(card, indent=1) + "\n", "utf-8")
    print(json.dumps(card["held_back"], indent=1))


if __name__ == "__main__":
    main()
