"""`python -m training`: labels -> the model folder that ships, with its card. Seeded.

    python -m training         from the encoder: gold/more first, then everything; two hours of two cores
    python -m training --on    on from the weights that ship, over all labels, where there is no time for that
    python -m training --weigh the weights that ship as they are: trees and cuts alone anew, in some minutes

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
from typing import Any

from slatewatch.claims.reader import OnnxReader

from .corpus import LEARNED_FROM, ROOT, is_apart, load_articles
from .course import LAST, ON, train_base, train_from, train_on
from .export import export
from .held_back import held_back, measure, record, write_choice
from .shipped import load_shipped
from .torch_reader import CREDULOUS, load
from .train import add_options, options_of, save
from .weigher import kept_rows

MODEL = ROOT / "slatewatch/claims/model"


def main() -> None:
    """The command line of the training."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    parser.add_argument("--work", type=Path, default=ROOT / "training/work", help="weights there are not trained again")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--on", action="store_true", help="from the weights that ship, not from the encoder")
    how.add_argument("--weigh", action="store_true", help="trees, wording and cuts alone, for the weights that ship")
    args = parser.parse_args()
    card = weigh() if args.weigh else train(args)
    (MODEL / "card.json").write_text(json.dumps(card, indent=1) + "\n", "utf-8")
    print(json.dumps(card["held_back"], indent=1))


def train(args: argparse.Namespace) -> dict[str, Any]:
    """Train, measure and write the model folder; returns its card."""
    goes, weights = [options_of(args, one) for one in (ON if args.on else (LAST,))], args.work / "weights.pt"
    args.work.mkdir(parents=True, exist_ok=True)
    if not args.on:
        train_base(args.work / "base.pt")
    if not weights.exists():
        made = train_on(load_shipped(MODEL), goes) if args.on else train_from(args.work / "base.pt", *goes)
        save(*made, goes[-1], weights)
    measured = measure(load(weights, {}), held_back(), asked())
    export(weights, measured.settings, measured.weigher, MODEL)
    return {
        "what": "tagger and judge on narrowed layers of all-MiniLM-L6-v2 (Apache 2.0), in 7 of 8 bits; boosted trees",
        "made": time.strftime("%Y-%m-%d"),
        "learned_from": labels(),
        "held_back_of_these": len(held_back()),
        "apart_of_these": sum(map(is_apart, load_articles())),
        "trained": "on from the weights that shipped before" if args.on else "from the encoder",
        "options": [asdict(one) for one in goes],
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


def labels() -> dict[str, int]:
    """How many labelled articles there are in each folder."""
    return {f: len(list((ROOT / f).glob("*.json"))) for f in LEARNED_FROM} | {"gold/dev/seed.json": 1}


def weighed() -> dict[str, Any]:
    """Of what the trees and the wording come: articles new to the networks, and all that is not apart."""
    return {
        "made": time.strftime("%Y-%m-%d"),
        "rows_of_articles": len(kept_rows()) + len(held_back()),
        "wording_of_articles": sum(not is_apart(a) for a in load_articles()),
    }


if __name__ == "__main__":
    main()
