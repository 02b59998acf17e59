"""The scores of the cross-validation and of the learning curve: `crosswise.json`, which `scripts/quality` prints."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from slatewatch.claims import find_claims
from slatewatch.claims.weighing import read_weigher
from slatewatch.claims.wording import Wording
from slatewatch.evaluate import Labelled, Score, labelled_files, read_labelled
from slatewatch.model import CORE_KINDS, Article, Claim
from slatewatch.reliability import calibration_error, curve, recall_at

from .corpus import ROOT, fold_of, load_articles
from .cuts import CUTS, least_cut
from .folds import CURVED, FEWER, FOLDED, FOLDS, shown_without, weights_of
from .held_back import plain, rates
from .stories import Told, merged, told, truth
from .torch_reader import Remembering, load
from .weigher import grow, kept_rows, rows_of, with_wording
from .wording import unseen

FIGURES = Path(__file__).parent / "crosswise.json"
PRECISION = 0.8  # of the core claims of the other folds, where a fold's are cut
WIRES = "efimn"  # the slices of gold/train that are of the trade's wires
SETTINGS = ROOT / "slatewatch/claims/model/settings.json"


def dealt() -> dict[int, list[Labelled]]:
    """The labelled articles by fold."""
    articles = load_articles(FOLDED)
    of = {a["id"]: k for a, k in zip(articles, fold_of(articles, FOLDS), strict=True)}
    labelled = [read_labelled(p) for p in labelled_files([ROOT / folder for folder in FOLDED])]
    return {k: [x for x in labelled if of[x.article.id] == k] for k in range(FOLDS)}


def score(work: Path) -> dict[str, Any]:
    """The figures over all folds, the learning curve's and the stories'.

    What a fold is weighed and cut by comes of the others.
    """
    folds = dealt()
    readers = weighed(work, folds)
    cuts = cuts_of(folds, readers)
    parts: dict[str, Score] = {}
    read: list[tuple[Article, list[Claim]]] = []
    for k, labelled in folds.items():
        for x in labelled:
            found = found_anew(x, readers[k], cuts[k])
            read += [(x.article, found)] if is_of_story(x.article.id) else []
            for part in parts_of(x.article.id, k):
                parts.setdefault(part, Score()).add(x.article, x.claims, found)
    wires = {k: [x for x in some if "trade wires" in parts_of(x.article.id, k)] for k, some in folds.items()}
    parts["trade wires, cut for themselves"] = result = Score()
    for k, cut in cuts_of(wires, readers).items():
        found_in(wires[k], readers[k], cut, result)
    return {
        "parts": {part: figures(parts[part]) for part in sorted(parts)},
        "learned_from": learning(work, folds, readers, cuts),
        "stories": merging(told(truth(), merged(sorted(read, key=lambda one: one[0].id)))),
    }


def weighed(work: Path, folds: dict[int, list[Labelled]]) -> dict[int, Remembering]:
    """The reader of each fold, weighed by trees that grew on the other folds and on gold/more."""
    settings = json.loads(SETTINGS.read_text("utf-8"))
    readers = {k: Remembering(load(weights_of(work, k), settings)) for k in folds}
    rows = {k: {x.article.id: rows_of(x, readers[k]) for x in folds[k]} for k in folds}
    dealt_out = {article for found in rows.values() for article in found}
    more = {article: kept for article, kept in kept_rows().items() if article not in dealt_out}
    for k in folds:
        wordings = unseen(frozenset(rows[k]))
        those = more | {article: found for j in folds if j != k for article, found in rows[j].items()}
        readers[k].weigher = read_weigher(grow(with_wording(those, wordings.log_odds()), Wording(0.0, {})))
        readers[k].wordings = wordings
    return readers


def cuts_of(folds: dict[int, list[Labelled]], readers: dict[int, Remembering]) -> dict[int, float]:
    """For each fold the least probability at which the core claims of the others are as precise as is asked."""
    loose = {k: found_in(folds[k], readers[k], CUTS[0]).sure for k in folds}
    sure = {k: [(p, right) for kind, p, right in loose[k] if kind in CORE_KINDS] for k in folds}
    return {k: least_cut(others(sure, k), PRECISION) for k in folds}


def learning(
    work: Path, folds: dict[int, list[Labelled]], readers: dict[int, Remembering], cuts: dict[int, float]
) -> dict[int, Any]:
    """The figures of weights that learned from fewer articles of the other folds, by how many."""
    found = {}
    for few in (0, *FEWER, None):
        result = Score()
        for k in CURVED:
            reader = Remembering(load(weights_of(work, k, few), readers[k].settings))
            reader.weigher, reader.wordings = readers[k].weigher, readers[k].wordings
            found_in(folds[k], reader, cuts[k], result)
        found[shown_at(few)] = figures(result)
    return found


def merging(result: Told) -> dict[str, float]:
    """What is kept of how the stories merged."""
    return {"clustering_f1": round(result.f1, 3), "state_f1": round(result.state.f1, 3)}


def found_anew(x: Labelled, reader: Remembering, cut: float) -> list[Claim]:
    """What a reader claims by a wording that is new to the article, of the core kinds what is at least so likely."""
    reader.settings = {**reader.settings, "least": {**reader.settings["least"], **dict.fromkeys(CORE_KINDS, cut)}}
    reader.weigher = replace(reader.weigher, wording=reader.wordings.of(x.article.id))
    return find_claims(x.article, reader)


def found_in(labelled: list[Labelled], reader: Remembering, cut: float, result: Score | None = None) -> Score:
    """The score of a reader over labelled articles at a cut, added to another if there is one."""
    result = Score() if result is None else result
    for x in labelled:
        result.add(x.article, x.claims, found_anew(x, reader, cut))
    return result


def shown_at(few: int | None) -> int:
    """How many articles weights of the learning curve learned from; about, where it is all of the other folds."""
    return few if few is not None else round(sum(len(shown_without(k)) for k in CURVED) / len(CURVED))


def others(rows: dict[int, list[Any]], fold: int) -> list[Any]:
    """What there is of all folds but one."""
    return [row for k, found in rows.items() if k != fold for row in found]


def is_of_story(article: str) -> bool:
    """Whether an article is of a story, by its id: others have a letter and a number."""
    return not article[1:].isdigit()


def parts_of(article: str, fold: int) -> list[str]:
    """What an article's score counts for: everything, its fold, its slice or the stories, the trade's wires."""
    slice_ = "stories" if is_of_story(article) else article[0]
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
        "firmness": {m: plain(result.modality(m)) for m in result.modalities},
    }
