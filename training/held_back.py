"""Score weights on the fold that they did not see, and choose the thresholds there.

    python -m training.held_back --weights DIR/weights.pt --fold K/N [--settings FILE] [--choose OUT]

`--choose` writes settings with the threshold of each kind and role that serves F-beta best, and the calibration of the
probabilities: a logistic curve for each kind, fitted to whether the held-back claims were right.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from slatewatch.causes import causes, table
from slatewatch.claims import find_claims, judged
from slatewatch.claims.gate import SIGNS, signs
from slatewatch.evaluate import Labelled, Rate, Score, labelled_files, matches, read_labelled, same_title
from slatewatch.model import CORE_KINDS, Claim

from .corpus import LEARNED_FROM, ROOT, fold_of, load_articles
from .torch_reader import TorchReader, load

BETA = 0.5  # a wrong claim costs four times a missing one: precision before recall
FLOOR = 0.12


def held_back(fold: str, folders: tuple[str, ...] = LEARNED_FROM) -> list[Labelled]:
    """The labelled articles of one fold."""
    k, n = map(int, fold.split("/"))
    articles = load_articles()
    out = {a["id"] for a, f in zip(articles, fold_of(articles, n), strict=True) if f == k}
    return [x for x in (read_labelled(p) for p in labelled_files([ROOT / f for f in folders])) if x.article.id in out]


def f_beta(hit: float, said: float, there: float) -> float:
    """F-measure with precision weighted by `BETA`."""
    return (1 + BETA**2) * hit / (BETA**2 * there + said) if said + there else 0.0


def best_threshold(rows: list[tuple[float, bool]], there: int) -> float:
    """The threshold over (probability, whether right) that serves F-beta best."""
    best, at, hit = 0.0, 0.9, 0
    ordered = sorted(rows, reverse=True)
    for said, (sure, right) in enumerate(ordered, 1):
        hit += right
        value = f_beta(hit, said, there)
        if value > best:
            best, at = value, sure
    return max(0.0, math.floor(at * 1000 - 1) / 1000)


def collect(
    reader: TorchReader, labelled: list[Labelled]
) -> tuple[dict[str, list[tuple[float, bool]]], dict[str, int]]:
    """(probability, whether right) of every claim above a floor, by kind and kind/role; how many are labelled."""
    rows: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    there: dict[str, int] = defaultdict(int)
    for x in labelled:
        found = sorted(find_claims(x.article, reader), key=lambda c: -c.sure)
        right = {id(g) for _, g in matches(x.claims, found)}
        for c in found:
            for key in keys(c):
                rows[key].append((c.sure, id(c) in right))
        for c in x.claims:
            for key in keys(c):
                there[key] += 1
    return rows, there


def keys(c: Claim) -> list[str]:
    """What a threshold can hang on."""
    role = (
        c.role
        if c.kind in {"credit", "company", "based_on", "date", "open_role"}
        else c.value
        if c.kind in {"status", "format"}
        else None
    )
    return [c.kind, f"{c.kind}/{role}"] if role else [c.kind]


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


def fit_gate(reader: TorchReader, labelled: list[Labelled]) -> list[float]:
    """Weights of the signs by which a candidate is a project: ridge logistic regression, Newton's method."""
    rows, right = [], []
    for x in labelled:
        titles = {c.project for c in x.claims if c.project}
        _, judgements = judged(x.article, reader)
        for judgement in judgements:
            name = judgement.project.name if judgement.project.type != "UNTITLED" else "untitled"
            rows.append(signs(judgement))
            right.append(float(any(same_title(name, title) for title in titles)))
    x_, y = np.array(rows), np.array(right)
    w = np.zeros(len(SIGNS))
    for _ in range(50):
        p = 1 / (1 + np.exp(-x_ @ w))
        w -= np.linalg.solve((x_ * (p * (1 - p))[:, None]).T @ x_ + np.eye(len(w)), x_.T @ (p - y) + w)
    return [round(float(v), 3) for v in w]


def choose(
    rows: dict[str, list[tuple[float, bool]]], there: dict[str, int], settings: dict[str, Any]
) -> dict[str, Any]:
    """Settings with measured thresholds; a role has its own where at least 40 of it are labelled."""
    least: dict[str, float] = {}
    for kind in settings["least"]:
        if "/" in kind:
            continue
        least[kind] = round(best_threshold(rows[kind], there[kind]), 3) if rows[kind] else 0.9
        for key in sorted(k for k in rows if k.startswith(kind + "/")):
            if there[key] >= 40:
                own = best_threshold(rows[key], there[key])
                least[key] = round((own + least[kind]) / 2, 3)
    calibration = {k: fit(rows[k]) for k in settings["least"] if "/" not in k and k != "source" and len(rows[k]) >= 30}
    return {**settings, "least": least, "calibration": calibration}


def score_fold(reader: TorchReader, labelled: list[Labelled]) -> tuple[Score, Counter[tuple[str, str]]]:
    """The score of a reader over labelled articles, and the causes of what it missed and got wrong."""
    result, counted = Score(), Counter[tuple[str, str]]()
    for x in labelled:
        found = find_claims(x.article, reader)
        result.add(x.article, x.claims, found)
        counted += causes(x.claims, found)
    return result, counted


def record(reader: TorchReader, labelled: list[Labelled]) -> dict[str, Any]:
    """What the model's card says of the articles held back: scores, and causes as (missed, wrong)."""
    result, counted = score_fold(reader, labelled)
    names = sorted({cause for _, cause in counted})
    return {
        "note": "By weights trained without them; gate, thresholds and calibration were chosen on them",
        "articles": len(labelled),
        "false_alarms": result.alarms,
        "without_claims": result.quiet,
        "rates": rates(result),
        "causes": {name: (counted["missed", name], counted["wrong", name]) for name in names},
    }


def rates(result: Score) -> dict[str, dict[str, float]]:
    """Precision, recall and F1 by kind and over the core kinds, rounded."""
    core = [result.kind(k) for k in CORE_KINDS]
    hit, said, there = (sum(getattr(r, n) for r in core) for n in ("hit", "said", "there"))
    rows = {k: result.kind(k) for k in sorted(result.there)} | {"core": Rate(hit, said, there)}
    return {
        k: {"precision": round(r.precision, 3), "recall": round(r.recall, 3), "f1": round(r.f1, 3), "labelled": r.there}
        for k, r in rows.items()
    }


def measure(reader: TorchReader, labelled: list[Labelled], settings: dict[str, Any]) -> dict[str, Any]:
    """Settings with the gate, thresholds and calibration fitted to held-back articles."""
    reader.settings = settings
    settings = {**settings, "gate": fit_gate(reader, labelled)}
    reader.settings = {
        **settings,
        "calibration": {},
        "least": dict.fromkeys((k for k in settings["least"] if "/" not in k), FLOOR),
    }
    return choose(*collect(reader, labelled), settings)


def main() -> None:
    """The command line of the scoring."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--fold", required=True)
    parser.add_argument("--settings", type=Path, default=ROOT / "training/settings.json")
    parser.add_argument("--choose", type=Path)
    parser.add_argument("--only", default="", help="ids that begin with one of these letters")
    args = parser.parse_args()
    settings = json.loads(args.settings.read_text("utf-8"))
    labelled = held_back(args.fold)
    reader = load(args.weights, settings)
    if args.choose:
        settings = reader.settings = measure(reader, labelled, settings)
        args.choose.write_text(json.dumps(settings, indent=1, sort_keys=True) + "\n", "utf-8")
    chosen = [x for x in labelled if not args.only or x.article.id[0] in args.only]
    result, counted = score_fold(reader, chosen)
    for kind, row in rates(result).items():
        print(f"{kind:16}{row['precision']:7.3f}{row['recall']:7.3f}{row['f1']:7.3f}{row['labelled']:7.0f}")
    print("\n".join(table(counted)))
    print(f"false alarms on {result.alarms} of {result.quiet} articles without claims")


if __name__ == "__main__":
    main()
