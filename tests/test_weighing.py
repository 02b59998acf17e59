"""What a possible claim is weighed by, and how the trees that weigh it are read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from slatewatch.claims import judged
from slatewatch.claims.decisions import surest
from slatewatch.claims.pairs import Part, State
from slatewatch.claims.reader import shipped_reader
from slatewatch.claims.signs import possible_claims, source_signs
from slatewatch.claims.vocabulary import SIGNS, TREE_SIGNS
from slatewatch.claims.weighing import read_weigher
from slatewatch.model import Article

TEXT = (
    "Mara Quill will direct the thriller “Low Water” for Tidal Pictures, with Ivo Brandt in talks to star. "
    "No writer has been found yet for “Low Water,” which is to shoot in Malta in May."
)


def trees(**changes: Any) -> str:
    """Two trees: one asks two questions in turn, the other is a leaf alone."""
    kept = {
        "signs": TREE_SIGNS, "wording": {"shift": 0.0, "terms": {"box": [1.0, 2.0]}},
        "start": 0.0, "depth": 2, "roots": [0, 5],
        "sign": [0, 0, 1, 0, 0, 0], "most": [0.5, 0, 2.0, 0, 0, 0],
        "yes": [1, 1, 3, 3, 4, 5], "no": [2, 1, 4, 3, 4, 5], "value": [0, -2.0, 0, 1.0, 3.0, 0.25],
    }  # fmt: skip
    return json.dumps(kept | changes)


def row(first: float, second: float) -> list[float]:
    return [first, second, *[0.0] * (len(SIGNS) - 2)]


def test_each_row_goes_down_every_tree() -> None:
    weigh = read_weigher(trees()).weigh
    found = weigh([row(0.5, 9.0), row(0.6, 2.0), row(0.6, 2.1)], 0.0)
    assert found == pytest.approx([1 / (1 + 2.718281828459045 ** -(x + 0.25)) for x in (-2.0, 1.0, 3.0)])
    assert weigh([], 0.0) == []


def test_what_the_words_of_the_article_say_is_the_last_sign_of_each_row() -> None:
    last = [len(SIGNS), 0, 0]
    weigh = read_weigher(
        trees(depth=1, roots=[0], sign=last, most=[1.5, 0, 0], yes=[1, 1, 2], no=[2, 1, 2], value=[0, -2.0, 2.0])
    ).weigh
    assert weigh([row(0, 0)], 1.6)[0] > 0.8
    assert weigh([row(0, 0)], 1.4)[0] < 0.2


def test_trees_grown_on_other_signs_are_refused() -> None:
    with pytest.raises(ValueError, match="make train"):
        read_weigher(trees(signs=TREE_SIGNS[1:]))


def test_every_row_has_every_sign() -> None:
    words, judgements = judged(Article(id="a", title="Quill to direct Low Water", text=TEXT), shipped_reader())
    found = list(possible_claims(words, judgements))
    assert {type(one.what) for one in found} == {Part, State}
    assert {len(one.signs) for one in found} == {len(SIGNS)} == {len(source_signs(0.5, judgements))}
    named = {(one.what.kind, SIGNS[len(SIGNS) - 10 + one.signs[-10:].index(1.0)]) for one in found}
    assert all(kind == sign for kind, sign in named)


def test_what_cannot_stand_together_does_not() -> None:
    words, judgements = judged(Article(id="a", title="Quill to direct Low Water", text=TEXT), shipped_reader())
    weighed = [(one.judgement, one.what, n / 1000) for n, one in enumerate(possible_claims(words, judgements))]
    kept = surest(weighed)
    for kind in ("status", "format"):
        of_kind = [(id(j), sure) for j, what, sure in kept if what.kind == kind]
        assert len({project for project, _ in of_kind}) == len(of_kind)
        highest = {
            id(j): max(s for k, w, s in weighed if k is j and w.kind == kind) for j, w, _ in weighed if w.kind == kind
        }
        assert dict(of_kind) == highest
    companies = [(id(j), id(w.entity)) for j, w, _ in kept if isinstance(w, Part) and w.kind == "company"]
    assert len(set(companies)) == len(companies)
