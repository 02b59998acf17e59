"""`python -m training`: labels -> the model folder that ships, with its card. Seeded.

    python -m training         from the encoder: gold/more first, then everything; two hours of two cores
    python -m training --on    on from the weights that ship, over all labels, where there is no time for that

1. train on all labelled articles but those held back (`course.py`)
2. measure on those: what weighs a claim, thresholds, scores
3. write the networks, the settings, the weigher and the card into slatewatch/claims/model
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict
from pathlib import Path

from .corpus import LEARNED_FROM, ROOT
from .course import LAST, ON, train_base, train_from, train_on
from .export import export
from .held_back import held_back, measure, record
from .shipped import load_shipped
from .torch_reader import load
from .train import add_options, options_of, save

MODEL = ROOT / "slatewatch/claims/model"


def main() -> None:
    """The command line of the training."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    parser.add_argument("--work", type=Path, default=ROOT / "training/work", help="weights there are not trained again")
    parser.add_argument("--on", action="store_true", help="from the weights that ship, not from the encoder")
    args = parser.parse_args()
    goes, weights = [options_of(args, one) for one in (ON if args.on else (LAST,))], args.work / "weights.pt"
    args.work.mkdir(parents=True, exist_ok=True)
    if not args.on:
        train_base(args.work / "base.pt")
    if not weights.exists():
        made = train_on(load_shipped(MODEL), goes) if args.on else train_from(args.work / "base.pt", *goes)
        save(*made, goes[-1], weights)
    measured = measure(load(weights, {}), held_back(), json.loads((ROOT / "training/settings.json").read_text("utf-8")))
    export(weights, measured.settings, measured.weigher, MODEL)
    card = {
        "what": "tagger and judge on narrowed layers of all-MiniLM-L6-v2 (Apache 2.0), in 7 of 8 bits; boosted trees",
        "made": time.strftime("%Y-%m-%d"),
        "learned_from": {f: len(list((ROOT / f).glob("*.json"))) for f in LEARNED_FROM} | {"gold/dev/seed.json": 1},
        "held_back_of_these": len(held_back()),
        "trained": "on from the weights that shipped before" if args.on else "from the encoder",
        "options": [asdict(one) for one in goes],
        "held_back": record(measured),
    }
    (MODEL / "card.json").write_text(json.dumps(card, indent=1) + "\n", "utf-8")
    print(json.dumps(card["held_back"], indent=1))


if __name__ == "__main__":
    main()
