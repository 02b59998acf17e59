"""Cross-validation: gold/train and the stories in five folds, each read by weights and weighed by trees without it.

    python -m training.folds --work DIR            everything below, what is there already left as it is
    python -m training.folds --work DIR --base     only the weights that all folds start from
    python -m training.folds --work DIR --fold K   only the weights of one fold
    python -m training.folds --work DIR --score    only the scores, written into training/crosswise.json

Five whole courses would take days. So one course goes from the encoder over the articles of gold/more alone, none of
which is of the folds, and what has learned there goes on over four folds to read the fifth.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from slatewatch.claims import find_claims
from slatewatch.claims.weighing import read_weigher
from slatewatch.evaluate import Labelled, Score, labelled_files, read_labelled
from slatewatch.model import CORE_KINDS
from slatewatch.reliability import calibration_error, curve, recall_at

from .corpus import ROOT, fold_of, is_held_back, load_articles
from .course import train
from .held_back import rates
from .torch_reader import Remembering, load
from .train import Options, learn, load_weights, save
from .weigher import Row, grow, kept_rows, rows_of

FOLDS = 5
OTHERS, FOLDED = ("gold/more",), ("gold/train", "gold/stories/dev")
FIGURES = Path(__file__).parent / "crosswise.json"
WIRES = "efimn"  # the slices of gold/train that are of the trade's wires
SETTINGS = ROOT / "slatewatch/claims/model/settings.json"
BASE = Options(wide=0.2, epochs=4)
FOLD = Options(epochs=3, rate=1e-4)
LONGEST = 400  # words of an article of the base: longer ones cost more than they teach


def base_articles() -> list[dict[str, Any]]:
    """What the base learns from: nothing of the folds, nor of the page that ships, which tells of the seed."""
    found = [a for a in load_articles(OTHERS) if not is_held_back(a) and a["id"] != "demo"]
    return [a for a in found if len(a["text"].split()) <= LONGEST]


def train_base(work: Path) -> None:
    """The weights that all folds start from."""
    save(*train(base_articles(), BASE), BASE, work / "base.pt")


def train_fold(work: Path, fold: int) -> None:
    """Weights that go on from the base over all folds but one."""
    reader, judge, made = load_weights(work / "base.pt")
    articles = load_articles(FOLDED)
    shown = [a for a, k in zip(articles, fold_of(articles, FOLDS), strict=True) if k != fold]
    learn(reader, judge, shown, FOLD, FOLD.epochs)
    save(reader.eval(), judge.eval(), replace(FOLD, depth=made.depth), work / f"fold-{fold}.pt")


def folds() -> dict[int, list[Labelled]]:
    """The labelled articles by fold."""
    articles = load_articles(FOLDED)
    of = {a["id"]: k for a, k in zip(articles, fold_of(articles, FOLDS), strict=True)}
    labelled = [read_labelled(p) for p in labelled_files([ROOT / folder for folder in FOLDED])]
    return {k: [x for x in labelled if of[x.article.id] == k] for k in range(FOLDS)}


def score(work: Path) -> dict[str, Any]:
    """The figures over all folds; the cuts are those that ship, the trees of a fold grew on the others."""
    settings = json.loads(SETTINGS.read_text("utf-8"))
    dealt = folds()
    readers = {k: Remembering(load(work / f"fold-{k}.pt", settings)) for k in dealt}
    rows = {k: [row for x in dealt[k] for row in rows_of(x, readers[k])] for k in dealt}
    more = [row for kept in kept_rows().values() for row in kept]
    parts: dict[str, Score] = {}
    for k, labelled in dealt.items():
        readers[k].weigher = read_weigher(grow([*more, *others(rows, k)]))
        for x in labelled:
            found = find_claims(x.article, readers[k])
            for part in parts_of(x.article.id, k):
                parts.setdefault(part, Score()).add(x.article, x.claims, found)
    return {part: figures(parts[part]) for part in sorted(parts)}


def others(rows: dict[int, list[Row]], fold: int) -> list[Row]:
    """The rows of all folds but one."""
    return [row for k, found in rows.items() if k != fold for row in found]


def parts_of(article: str, fold: int) -> list[str]:
    """What an article's score counts for: everything, its fold, its slice or the stories, the trade's wires."""
    slice_ = article[0] if article[1:].isdigit() else "stories"
    return ["all", f"fold {fold}", f"slice {slice_}", *(["trade wires"] if slice_ in WIRES else [])]


def figures(result: Score) -> dict[str, Any]:
    """What is kept of a score."""
    core = [(sure, right) for kind, sure, right in result.sure if kind in CORE_KINDS]
    best = recall_at(curve(core, result.core.there), 0.95)
    return {
        "articles": result.articles,
        "without_claims": result.quiet,
        "false_alarms": result.alarms,
        "recall_at_95": round(best.recall, 3) if best else 0.0,
        "calibration_error": round(calibration_error([(s, right) for _, s, right in result.sure]), 3),
        "rates": rates(result),
    }


def main() -> None:
    """The command line of the cross-validation."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=ROOT / "training/work")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--base", action="store_true")
    only.add_argument("--fold", type=int, choices=range(FOLDS))
    only.add_argument("--score", action="store_true")
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    whole = not (args.base or args.score or args.fold is not None)
    if args.base or (whole and not (args.work / "base.pt").exists()):
        train_base(args.work)
    for fold in range(FOLDS) if whole else [args.fold] if args.fold is not None else []:
        if not (args.work / f"fold-{fold}.pt").exists():
            train_fold(args.work, fold)
    if args.score or whole:
        found = score(args.work)
        FIGURES.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
        print(json.dumps({part: row["rates"]["core"] for part, row in found.items()}, indent=1))


if __name__ == "__main__":
    main()
