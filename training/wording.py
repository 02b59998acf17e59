"""Fit what an article's words alone say (`slatewatch/claims/wording.py`), by logistic regression on labelled ones."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from slatewatch.claims.wording import Wording, terms_of
from slatewatch.claims.words import tokenize

from .corpus import load_articles, may_be_learned

LEAST, KEPT, STRENGTH = 6, 8000, 10.0  # articles that a term stands in, terms kept, inverse of the penalty
FOLDS = 5


def tokens(article: dict[str, Any]) -> list[str]:
    """The words of a labelled article, its headline's first."""
    return tokens_of(f"{article['title']}\n\n{article['text']}")


@cache
def tokens_of(string: str) -> list[str]:
    """The words of a string; kept, since each article is fitted on several times."""
    return [token for token, _, _ in tokenize(string)]


def fit_wording(articles: Sequence[dict[str, Any]]) -> Wording:
    """The wording that tells articles with claims from those without, by the terms that tell most."""
    states = np.array([bool(a["claims"]) for a in articles])
    every = [terms_of(tokens(a)) for a in articles]
    first = TfidfVectorizer(analyzer=lambda x: x, min_df=LEAST, sublinear_tf=True)
    table = first.fit_transform(every)
    telling = np.abs(regression().fit(table, states).coef_[0]) * np.sqrt(table.getnnz(0))
    names = first.get_feature_names_out()[np.argsort(-telling, kind="stable")[:KEPT]]
    last = TfidfVectorizer(analyzer=lambda x: x, vocabulary=sorted(names), sublinear_tf=True)
    fitted = regression().fit(last.fit_transform(every), states)
    rows = zip(sorted(names), last.idf_, fitted.coef_[0], strict=True)
    kept = {str(term): (round(float(idf), 3), round(float(weight), 3)) for term, idf, weight in rows}
    return Wording(round(float(fitted.intercept_[0]), 3), kept)


def regression() -> LogisticRegression:
    """Both sides weigh the same: how many articles state nothing is another matter in every place."""
    return LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=300)


def slice_fold(ident: str) -> int:
    """The fold of an article's slice: what was written by one hand at one time stays together."""
    name = ident.rsplit("-", 1)[0].rstrip("0123456789")
    return int(hashlib.sha256(f"slice {name}".encode()).hexdigest(), 16) % FOLDS


@dataclass(frozen=True, slots=True)
class Wordings:
    """For each fold of slices a wording that has seen none of them."""

    by_fold: dict[int, Wording]

    def of(self, ident: str) -> Wording:
        """The one that has not seen an article, nor any other of its slice."""
        return self.by_fold[slice_fold(ident)]

    def log_odds(self) -> dict[str, float]:
        """What the words of each labelled article say by it."""
        return {a["id"]: self.of(a["id"]).log_odds(tokens(a)) for a in load_articles()}


@cache
def unseen(without: frozenset[str] = frozenset()) -> Wordings:
    """Wordings of all that may be learned from, some articles left out."""
    known = [a for a in load_articles() if may_be_learned(a) and a["id"] not in without]
    return Wordings({fold: fit_wording([a for a in known if slice_fold(a["id"]) != fold]) for fold in range(FOLDS)})
