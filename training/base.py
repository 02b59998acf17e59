"""The base that `make train` goes on from, made anew from the encoder: `python -m training.base`, or `make base`.

First over gold/more, then over everything in several stages whose ends are meaned (`course.py`): an hour and a half on
two cores that multiply bfloat16 in tiles, several on others. Afterwards `make train` makes of it what ships.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict
from pathlib import Path

from .corpus import ROOT, label_counts
from .course import BASE, LAST, THEN, train_base, train_from
from .export import export_networks
from .goes import KEPT
from .torch_reader import load
from .train import save


def main() -> None:
    """The command line of the base."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=ROOT / "training/work", help="weights there are taken as they are")
    work: Path = parser.parse_args().work
    weights = work / "whole.pt"
    train_base(work / "base.pt")
    if not weights.exists():
        save(*train_from(work / "base.pt", LAST), LAST, weights)
    export_networks(load(weights, {}), KEPT)
    card = {
        "made": time.strftime("%Y-%m-%d"),
        "learned_from": label_counts(),
        "trained": "from the encoder",
        "options": [asdict(one) for one in (BASE, *(options for options, _ in THEN), LAST)],
    }
    (KEPT / "card.json").write_text(json.dumps(card, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
