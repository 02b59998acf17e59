"""Grow the trees that weigh a possible claim, on articles that the reader was not trained on.

Gradient-boosted trees out of scikit-learn, written as plain lists: reading them needs numpy alone. `unseen.npz` keeps
the rows of weights of before on articles that they had not seen; they help, since what a sign means changes little
from one training to the next (docs/experiments.md).

    python -m training.weigher --weights WEIGHTS --ids REGEX    put rows of articles not trained on into it
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from slatewatch.claims import first_look, words_of
from slatewatch.claims.decisions import claim_of, make
from slatewatch.claims.pairs import FAINT, judge_projects
from slatewatch.claims.reader import OnnxReader, Reader
from slatewatch.claims.signs import possible_claims, source_signs
from slatewatch.claims.ties import find_sources
from slatewatch.claims.vocabulary import SIGNS, TREE_SIGNS
from slatewatch.claims.weighing import Weigher, read_weigher
from slatewatch.claims.wording import Wording
from slatewatch.evaluate import Labelled, labelled_files, read_labelled, same_claim
from slatewatch.model import Claim

from .corpus import APART, LEARNED_FROM, ROOT
from .torch_reader import CREDULOUS, load
from .wording import Wordings

TREES, LEAVES, DEPTH, RATE = 200, 16, 6, 0.06
ROWS = Path(__file__).parent / "unseen.npz"
Row = tuple[list[float], bool]


def possible(x: Labelled, reader: Reader) -> Iterator[tuple[list[float], Claim]]:
    """The signs of everything that could be claimed of an article, and the claim that it would be."""
    words = words_of(x.article)
    reading, entities = first_look(x.article, words, reader)
    judgements = judge_projects(reader, words, reading, entities)
    people = [e for e in entities if e.type == "PERSON"]
    for one in possible_claims(words, judgements):
        yield one.signs, claim_of(x.article, words, people, (one.judgement, one.what, 0.0))
    for name, sure, start, end in find_sources(words, reading, entities, x.article.outlet, FAINT):
        yield source_signs(sure, judgements), make(x.article, "source", start, end, value=name, sure=0.0)


def rows_of(x: Labelled, reader: Reader) -> list[Row]:
    """The signs of each possible claim of an article and whether the labels hold it."""
    return [(signs, any(same_claim(label, c) for label in x.claims)) for signs, c in possible(x, reader)]


def kept_rows() -> dict[str, list[Row]]:
    """The rows of `unseen.npz` by article; none of other signs than today's."""
    found: dict[str, list[Row]] = {}
    with np.load(ROWS) as kept:
        if tuple(kept["names"]) == SIGNS:
            for article, signs, right in zip(kept["articles"], kept["signs"], kept["right"], strict=True):
                found.setdefault(str(article), []).append((signs.astype(float).tolist(), bool(right)))
    return found


def with_wording(found: dict[str, list[Row]], said: dict[str, float]) -> list[Row]:
    """Rows by article, each with what the article's words alone say as its last sign."""
    return [([*signs, said[article]], right) for article, rows in found.items() for signs, right in rows]


def keep_rows(found: dict[str, list[Row]], path: Path = ROWS) -> None:
    """Write rows by article as `unseen.npz`."""
    flat = [(article, signs, right) for article, rows in found.items() for signs, right in rows]
    articles, signs, right = zip(*flat, strict=True)
    np.savez_compressed(
        path,
        names=np.array(SIGNS),
        articles=np.array(articles),
        signs=np.array(signs, np.float32),
        right=np.array(right),
    )


def grow(rows: list[Row], wording: Wording) -> str:
    """The `weigher.json` that tells right from wrong rows of `TREE_SIGNS`, with the wording that gives their last.

    Raises:
        ValueError: rows of other signs.
    """
    if {len(signs) for signs, _ in rows} != {len(TREE_SIGNS)}:
        raise ValueError("trees grow on rows with what is worded how: see with_wording")
    model = HistGradientBoostingClassifier(
        max_iter=TREES, learning_rate=RATE, max_leaf_nodes=LEAVES, max_depth=DEPTH, min_samples_leaf=60,
        l2_regularization=3.0, early_stopping=False, random_state=1,
    )  # fmt: skip
    model.fit(np.array([signs for signs, _ in rows]), np.array([right for _, right in rows]))
    said = {"shift": wording.shift, "terms": wording.terms}
    return json.dumps({**plain(model), "wording": said}, separators=(",", ":"), ensure_ascii=False) + "\n"


def plain(model: HistGradientBoostingClassifier) -> dict[str, Any]:
    """Its trees as lists over all nodes; a leaf leads to itself."""
    kept: dict[str, list[Any]] = {name: [] for name in ("roots", "sign", "most", "yes", "no", "value")}
    deepest = 0
    for (tree,) in model._predictors:
        base = len(kept["sign"])
        kept["roots"].append(base)
        for n, node in enumerate(tree.nodes):
            leaf = bool(node["is_leaf"])
            deepest = max(deepest, int(node["depth"]))
            kept["sign"].append(0 if leaf else int(node["feature_idx"]))
            kept["most"].append(0.0 if leaf else float(f"{node['num_threshold']:.9g}"))
            kept["yes"].append(base + (n if leaf else int(node["left"])))
            kept["no"].append(base + (n if leaf else int(node["right"])))
            kept["value"].append(round(float(node["value"]), 6) if leaf else 0.0)
    start = float(np.ravel(model._baseline_prediction)[0])
    return {"signs": TREE_SIGNS, "start": start, "depth": deepest, **kept}


def part_of(ident: str, parts: int = 5) -> int:
    """The part of the held-back articles that one belongs to when they are dealt out again."""
    return int(hashlib.sha256(f"part of {ident}".encode()).hexdigest(), 16) % parts


def crosswise(
    labelled: list[Labelled], reader: Reader, more: list[Row], wordings: Wordings, parts: int = 5
) -> dict[str, Weigher]:
    """For each held-back article a weigher grown on parts that it is not of, and on the rows of `more`."""
    rows, said = {x.article.id: rows_of(x, reader) for x in labelled}, wordings.log_odds()
    others = {k: {a: found for a, found in rows.items() if part_of(a, parts) != k} for k in range(parts)}
    none = Wording(0.0, {})  # each article has its own, below
    grown = {k: read_weigher(grow([*more, *with_wording(found, said)], none)) for k, found in others.items()}
    return {a: replace(grown[part_of(a, parts)], wording=wordings.of(a)) for a in rows}


def main() -> None:
    """The command line that keeps rows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True, help="a file of weights, or a model folder")
    parser.add_argument("--ids", required=True, help="what the ids of the articles match: none that was trained on")
    args = parser.parse_args()
    settings = json.loads((ROOT / "training/settings.json").read_text("utf-8"))
    shipped = args.weights.is_dir()
    reader: Reader = OnnxReader(args.weights, CREDULOUS) if shipped else load(args.weights, settings)
    labelled = [read_labelled(p) for p in labelled_files([ROOT / f for f in LEARNED_FROM])]
    chosen = [x for x in labelled if re.fullmatch(args.ids, x.article.id) and not APART.fullmatch(x.article.id)]
    keep_rows(kept_rows() | {x.article.id: rows_of(x, reader) for x in chosen})


if __name__ == "__main__":
    main()
