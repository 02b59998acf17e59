"""Score weights on articles that they did not see; grow the weigher and choose the thresholds there.

    python -m training.held_back --weights DIR/weights.pt [--fold K/N] [--settings FILE] [--choose DIR]

The articles are those that are held back from every training, or with `--fold` one fold of all.

The scores are crosswise: what weighs the claims of one part of the held-back articles was grown on the other parts.
With `--choose` settings.json and weigher.json are written, grown on all parts.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from slatewatch.causes import causes, table
from slatewatch.claims import find_claims
from slatewatch.claims.reader import Reader
from slatewatch.claims.vocabulary import TIES
from slatewatch.evaluate import Labelled, Rate, Score, labelled_files, matches, read_labelled
from slatewatch.model import CORE_KINDS
from slatewatch.reliability import calibration_error

from .corpus import LEARNED_FROM, ROOT, fold_of, is_apart, is_held_back, load_articles
from .cuts import CUTS, FLOOR, PRECISION_OF_TIES, best_f1, least_cut, shared_cuts
from .torch_reader import Remembering, load
from .weigher import Row, crosswise, grow, kept_rows, rows_of, with_wording
from .wording import Wordings, fit_wording, unseen


@dataclass(frozen=True, slots=True)
class Measured:
    """What held-back articles gave: settings, the weigher as text, the crosswise score and the causes of its errors."""

    settings: dict[str, Any]
    weigher: str
    score: Score
    causes: Counter[tuple[str, str]]


def held_back(fold: str | None = None) -> list[Labelled]:
    """The labelled articles that are held back from every training, or those of the fold "K/N"."""
    articles = load_articles()
    if fold is None:
        out = {a["id"] for a in articles if is_held_back(a)}
    else:
        k, n = map(int, fold.split("/"))
        out = {a["id"] for a, f in zip(articles, fold_of(articles, n), strict=True) if f == k and not is_apart(a)}
    found = (read_labelled(p) for p in labelled_files([ROOT / folder for folder in LEARNED_FROM]))
    return [x for x in found if x.article.id in out]


def fit(rows: list[tuple[float, bool]]) -> tuple[float, float]:
    """A logistic curve over log-odds: (slope, shift), so that sigmoid(slope * logit + shift) is the share right."""
    p = np.clip(np.array([r[0] for r in rows]), 1e-4, 1 - 1e-4)
    x, y = np.log(p / (1 - p)), np.array([float(r[1]) for r in rows])
    a, b = 1.0, 0.0
    for _ in range(400):
        q = 1 / (1 + np.exp(-(a * x + b)))
        a -= 0.5 * float(((q - y) * x).mean() / max(1.0, float((x**2).mean())) + 1e-3 * (a - 1))
        b -= 0.5 * float((q - y).mean())
    return round(a, 3), round(b, 3)


def with_ties(reader: Remembering, labelled: list[Labelled], settings: dict[str, Any]) -> dict[str, Any]:
    """Settings with the least threshold at which ties of a kind are as precise as is asked, and their calibration."""
    least = {**settings["least"], **dict.fromkeys(TIES, FLOOR)}
    reader.settings = {**settings, "calibration": {}, "least": least}
    rows: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for x in labelled:
        found = sorted(find_claims(x.article, reader), key=lambda c: -c.sure)
        right = {id(g) for _, g in matches(x.claims, found)}
        for c in found:
            rows[c.kind].append((c.sure, id(c) in right))
    own = {kind: least_cut(rows[kind], PRECISION_OF_TIES) for kind in TIES}
    calibration = {kind: fit(rows[kind]) for kind in TIES if len(rows[kind]) >= 30}
    return {**settings, "least": {**settings["least"], **own}, "calibration": calibration}


def score_crosswise(
    reader: Remembering, labelled: list[Labelled], more: list[Row], wordings: Wordings
) -> tuple[Score, Counter[tuple[str, str]]]:
    """The score of a reader over labelled articles by weighers that did not see them, and the causes of its errors."""
    weighers = crosswise(labelled, reader, more, wordings)
    result, counted = Score(), Counter[tuple[str, str]]()
    for x in labelled:
        reader.weigher = weighers[x.article.id]
        found = find_claims(x.article, reader)
        result.add(x.article, x.claims, found)
        counted += causes(x.claims, found)
    return result, counted


def core_cuts(
    reader: Remembering, labelled: list[Labelled], settings: dict[str, Any], more: list[Row], wordings: Wordings
) -> dict[str, float]:
    """The cut of each core kind by claims weighed crosswise."""
    reader.settings = {**settings, "least": {**settings["least"], **dict.fromkeys(CORE_KINDS, CUTS[0])}}
    result, _ = score_crosswise(reader, labelled, more, wordings)
    rows: dict[str, list[tuple[float, bool]]] = {kind: [] for kind in sorted(CORE_KINDS)}
    for kind, sure, right in result.sure:
        if kind in rows:
            rows[kind].append((sure, right))
    return shared_cuts(rows, {kind: best_f1(rows[kind], result.kind(kind).there) for kind in rows})


def measure(reads: Reader, labelled: list[Labelled], settings: dict[str, Any]) -> Measured:
    """Settings, weigher and scores out of held-back articles; the weigher grows on rows kept of other articles too."""
    own, reader = {x.article.id for x in labelled}, Remembering(reads)
    wordings = unseen(frozenset(own))
    said = wordings.log_odds()
    more = with_wording({article: rows for article, rows in kept_rows().items() if article not in own}, said)
    settings = with_ties(reader, labelled, settings)
    cuts = core_cuts(reader, labelled, settings, more, wordings)
    settings = reader.settings = {**settings, "least": {**settings["least"], **cuts}}
    result, counted = score_crosswise(reader, labelled, more, wordings)
    last = with_wording({x.article.id: rows_of(x, reader) for x in labelled}, said)
    grown = grow([*more, *last], fit_wording([a for a in load_articles() if not is_apart(a)]))
    return Measured(settings, grown, result, counted)


def write_choice(measured: Measured, folder: Path) -> None:
    """Write the settings and the weigher into a folder."""
    (folder / "settings.json").write_text(json.dumps(measured.settings, indent=1, sort_keys=True) + "\n", "utf-8")
    (folder / "weigher.json").write_text(measured.weigher, "utf-8")


def record(measured: Measured) -> dict[str, Any]:
    """What the model's card says of the articles held back: scores, and causes as (missed, wrong)."""
    result, counted = measured.score, measured.causes
    names = sorted({cause for _, cause in counted})
    rows = [(sure, right) for _, sure, right in result.sure]
    return {
        "note": "By weights trained without them; what weighs the claims of one fifth was grown on the other four",
        "articles": result.articles,
        "false_alarms": result.alarms,
        "without_claims": result.quiet,
        "calibration_error": round(calibration_error(rows), 3),
        "rates": rates(result),
        "causes": {name: (counted["missed", name], counted["wrong", name]) for name in names},
    }


def rates(result: Score) -> dict[str, dict[str, float]]:
    """Precision, recall and F1 by kind and over the core kinds, rounded."""
    core = [result.kind(k) for k in CORE_KINDS]
    hit, said, there = (sum(getattr(r, n) for r in core) for n in ("hit", "said", "there"))
    rows = {k: result.kind(k) for k in sorted(result.there)} | {"core": Rate(hit, said, there)}
    return {k: plain(r) for k, r in rows.items()}


def plain(rate: Rate) -> dict[str, float]:
    """A rate as it is kept, rounded."""
    shares = {name: round(getattr(rate, name), 3) for name in ("precision", "recall", "f1")}
    return shares | {"labelled": rate.there}


def main() -> None:
    """The command line of the scoring."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--fold", help="K/N: one fold of all articles, in place of those held back")
    parser.add_argument("--settings", type=Path, default=ROOT / "training/settings.json")
    parser.add_argument("--choose", type=Path)
    parser.add_argument("--only", default="", help="ids that begin with one of these letters")
    args = parser.parse_args()
    settings = json.loads(args.settings.read_text("utf-8"))
    labelled = [x for x in held_back(args.fold) if not args.only or x.article.id[0] in args.only]
    measured = measure(load(args.weights, settings), labelled, settings)
    if args.choose:
        args.choose.mkdir(parents=True, exist_ok=True)
        write_choice(measured, args.choose)
    for kind, row in rates(measured.score).items():
        print(f"{kind:16}{row['precision']:7.3f}{row['recall']:7.3f}{row['f1']:7.3f}{row['labelled']:7.0f}")
    print("\n".join(table(measured.causes)))
    print(f"false alarms on {measured.score.alarms} of {measured.score.quiet} articles without claims")


if __name__ == "__main__":
    main()
