"""`python -m training`: labels -> the model folder that ships, with its card. Seeded; under two hours on two cores.

1. train without one article in five, and measure there: what weighs a claim, thresholds, scores
2. train on all labelled articles
3. write the networks, the settings and the card into slatewatch/claims/model
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .corpus import LEARNED_FROM, ROOT, fold_of, load_articles
from .export import export
from .held_back import held_back, measure, record
from .torch_reader import load
from .train import Options, add_options, options_of, save, train

MODEL = ROOT / "slatewatch/claims/model"
FOLD, FOLDS = 0, 5


def trained(articles: list[dict[str, Any]], path: Path, options: Options) -> Path:
    """Train, unless the weights are there already; the path of the weights."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        save(*train(articles, options), options, path)
    return path


def main() -> None:
    """The command line of the training."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    parser.add_argument(
        "--work", type=Path, default=ROOT / "training/work", help="weights found there are not trained again"
    )
    args = parser.parse_args()
    options = options_of(args)
    articles = load_articles()
    kept = [a for a, f in zip(articles, fold_of(articles, FOLDS), strict=True) if f != FOLD]
    partial = load(trained(kept, args.work / "held-back.pt", options), {})
    labelled = held_back(f"{FOLD}/{FOLDS}")
    measured = measure(partial, labelled, json.loads((ROOT / "training/settings.json").read_text("utf-8")))
    export(trained(articles, args.work / "all.pt", options), measured.settings, measured.weigher, MODEL)
    card = {
        "what": "tagger and judge on layers of all-MiniLM-L6-v2 (Apache 2.0), 8-bit integers",
        "made": time.strftime("%Y-%m-%d"),
        "learned_from": {f: len(list((ROOT / f).glob("*.json"))) for f in LEARNED_FROM} | {"gold/dev/seed.json": 1},
        "options": asdict(options),
        "held_back": record(measured),
    }
    (MODEL / "card.json").write_text(json.dumps(card, indent=1) + "\n", "utf-8")
    print(json.dumps(card["held_back"], indent=1))


if __name__ == "__main__":
    main()
