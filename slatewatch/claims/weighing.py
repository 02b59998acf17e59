"""How likely is a possible claim to be right? Small decision trees, grown on articles the reader had not seen.

The trees add up to log-odds. They stand in `weigher.json` of the model folder as lists over all their nodes; training
grows them (`training/weigher.py`), and nothing of what grew them is needed to read them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .vocabulary import TREE_SIGNS
from .wording import Wording


@dataclass(frozen=True, slots=True)
class Weigher:
    """Trees as arrays: node `n` asks whether sign `sign[n]` is at most `most[n]` and goes to `yes[n]` or `no[n]`.

    A leaf leads to itself and holds its part of the log-odds in `value`. `roots` are where the trees begin. `wording`
    gives the last of the signs, which all rows of an article share.
    """

    wording: Wording
    start: float
    depth: int
    roots: npt.NDArray[np.int32]
    sign: npt.NDArray[np.int32]
    most: npt.NDArray[np.float64]
    yes: npt.NDArray[np.int32]
    no: npt.NDArray[np.int32]
    value: npt.NDArray[np.float64]

    def weigh(self, rows: list[list[float]], worded: float) -> list[float]:
        """The probability of each row of signs; `worded` is what the words of the article they are of say."""
        if not rows:
            return []
        table = np.pad(np.array(rows), ((0, 0), (0, 1)), constant_values=worded)
        each = np.arange(len(rows))[:, None]
        node = np.broadcast_to(self.roots, (len(rows), len(self.roots)))
        for _ in range(self.depth):
            node = np.where(table[each, self.sign[node]] <= self.most[node], self.yes[node], self.no[node])
        total = self.start + self.value[node].sum(1)
        return [float(p) for p in 1 / (1 + np.exp(-total))]


def read_weigher(text: str) -> Weigher:
    """The trees of a `weigher.json`.

    Raises:
        ValueError: they were grown on other signs than this version takes.
    """
    kept: dict[str, Any] = json.loads(text)
    if tuple(kept["signs"]) != TREE_SIGNS:
        raise ValueError("weigher.json was grown on other signs: train again (make train)")
    said = kept["wording"]
    return Weigher(
        wording=Wording(said["shift"], {term: (rarity, weight) for term, (rarity, weight) in said["terms"].items()}),
        start=kept["start"],
        depth=kept["depth"],
        most=np.array(kept["most"], np.float64),
        value=np.array(kept["value"], np.float64),
        roots=np.array(kept["roots"], np.int32),
        sign=np.array(kept["sign"], np.int32),
        yes=np.array(kept["yes"], np.int32),
        no=np.array(kept["no"], np.int32),
    )
