"""`python -m training`: labels -> the model folder that ships, with its card. Seeded.

    python -m training         on from the base that is kept (training/base), over all labels: an hour of two cores
    python -m training --weigh the weights that ship as they are: trees and cuts alone anew, in some minutes

The base is made anew by `python -m training.base`, from the encoder, in some hours.

1. train on all labelled articles but those held back (`goes.py`)
2. measure on those: what weighs a claim, thresholds, scores
3. write the networks, the settings, the weigher and the card into slatewatch/claims/model
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from slatewatch.claims.reader import OnnxReader

from .corpus import ROOT, is_apart, label_counts, load_articles
from .export import export
from .goes import GOES, train_goes
from .held_back import held_back, measure, record, write_choice
from .torch_reader import CREDULOUS, load
from .train import save
from .weigher import kept_rows

MODEL = ROOT / "slatewatch/claims/model"


def main() -> None:
    """The command line of the training."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kept = "where weights are kept; those of the same labels and code are taken"
    parser.add_argument("--work", type=Path, default=ROOT / "training/work", help=kept)
    parser.add_argument("--weigh", action="store_true", help="trees, wording and cuts alone, for the weights that ship")
    args = parser.parse_args()
    card = weigh() if args.weigh else train(args.work)
    (MODEL / "card.json").write_text(json.dumps(card, indent=1) + "\n", "utf-8")
    print(json.dumps(card["held_back"], indent=1))


def train(work: Path) -> dict[str, Any]:
    """Train, measure and write the model folder; returns its card."""
    weights = work / "weights.pt"
    save(*train_goes(GOES, work), GOES[-1], weights)
    measured = measure(load(weights, {}), held_back(), asked())
    export(weights, measured.settings, measured.weigher, MODEL)
    return {
        "what": "tagger and judge on narrowed layers of all-MiniLM-L6-v2 (Apache 2.0), in 7 of 8 bits; boosted trees",
        "made": time.strftime("%Y-%m-%d"),
        "learned_from": label_counts(),
        "held_back_of_these": len(held_back()),
        "apart_of_these": sum(map(is_apart, load_articles())),
        "trained": "on from training/base",
        "options": [asdict(one) for one in GOES],
        "weighed": weighed(),
        "held_back": record(measured),
    }


def weigh() -> dict[str, Any]:
    """Grow the trees, fit the wording and choose the cuts anew for the networks that ship; returns the card."""
    measured = measure(OnnxReader(MODEL, CREDULOUS), held_back(), asked())
    write_choice(measured, MODEL)
    card: dict[str, Any] = json.loads((MODEL / "card.json").read_text("utf-8"))
    return card | {"weighed": weighed(), "held_back": record(measured)}


def asked() -> dict[str, Any]:
    """The settings that are not measured."""
    settings: dict[str, Any] = json.loads((ROOT / "training/settings.json").read_text("utf-8"))
    return settings


def weighed() -> dict[str, Any]:
    """Of what the trees and the wording come: articles new to the networks, and all that is not apart."""
    return {
        "made": time.strftime("%Y-%m-%d"),
        "rows_of_articles": len(kept_rows()) + len(held_back()),
        "wording_of_articles": sum(not is_apart(a) for a in load_articles()),
    }


if __name__ == "__main__":
    main()
