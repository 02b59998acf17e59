"""Cross-validation: gold/train and the stories in five folds, each read by weights and weighed by trees without it.

    python -m training.folds                  everything below, what is there already left as it is
    python -m training.folds --base           only the weights that all folds start from
    python -m training.folds --fold K         only the weights of one fold
    python -m training.folds --curve          only those for the learning curve, of fewer articles
    python -m training.folds --score          only the scores, written into training/crosswise.json

Five whole courses would take five times as long. So the base, which has seen gold/more alone and none of the folds
(`course.py`), goes on over four folds to read the fifth. The learning curve is of as many steps over fewer of those
articles.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from .corpus import ROOT, by_chance, fold_of, load_articles
from .course import train_base
from .train import Options, learn, load_weights, save, steps_of

FOLDS = 5
FOLDED = ("gold/train", "gold/stories/dev")
FOLD = Options(epochs=4, rate=1e-4)
#: The learning curve: of how many articles, and the folds that are read by what learned from them.
FEWER, CURVED = (40, 80, 160), (1,)


def shown_without(fold: int) -> list[dict[str, Any]]:
    """The articles of all folds but one, in an order of chance that does not change."""
    articles = load_articles(FOLDED)
    return by_chance([a for a, k in zip(articles, fold_of(articles, FOLDS), strict=True) if k != fold])


def weights_of(work: Path, fold: int, articles: int | None = None) -> Path:
    """Where the weights of a fold are, or those that learned from so many articles of the others; none is the base."""
    if articles == 0:
        return work / "base.pt"
    return work / (f"fold-{fold}.pt" if articles is None else f"fold-{fold}-{articles}.pt")


def train_fold(work: Path, fold: int, articles: int | None = None) -> None:
    """Weights that go on from the base over all folds but one, or over so many of their articles in as many steps."""
    reader, judge, made = load_weights(work / "base.pt")
    shown = shown_without(fold)
    steps, few = steps_of(len(shown), FOLD.epochs), shown[:articles]
    learn(reader, judge, few, FOLD, steps / steps_of(len(few), 1))
    save(reader.eval(), judge.eval(), replace(FOLD, depth=made.depth), weights_of(work, fold, articles))


def main() -> None:
    """The command line of the cross-validation."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=ROOT / "training/work", help="weights there are not trained again")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--base", action="store_true")
    only.add_argument("--fold", type=int, choices=range(FOLDS))
    only.add_argument("--curve", action="store_true")
    only.add_argument("--score", action="store_true")
    args = parser.parse_args()
    whole = not (args.base or args.curve or args.score or args.fold is not None)
    if args.base or whole:
        train_base(args.work / "base.pt")
    asked: list[tuple[int, int | None]] = [(k, None) for k in range(FOLDS) if whole or args.fold == k]
    asked += [(k, few) for few in FEWER for k in CURVED if whole or args.curve]
    for fold, few in asked:
        if not weights_of(args.work, fold, few).exists():
            train_fold(args.work, fold, few)
    if args.score or whole:
        from .crosswise import FIGURES, score

        found = score(args.work)
        FIGURES.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
        print(json.dumps({part: row["rates"]["core"] for part, row in found["parts"].items()}, indent=1))


if __name__ == "__main__":
    main()
