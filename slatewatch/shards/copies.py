"""Which articles of shards pass on the words of another: the same sketches, meeting in the same way, as in the store.

An article takes some 600 bytes of memory here: 90 numbers of a sketch, 30 of its bands. What is compared is settled by
the same pure functions as there (`slatewatch.projects.copies`), so that both find the same copies.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..model import Article, Claim, Report
from ..projects.copies import Telling, original_of, roots
from ..shingles import BANDS, Sketch, shares, sketch

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Stories:
    """The words of all articles, sketched one by one; then which of them are copies."""

    def __init__(self) -> None:
        self._tellings: list[Telling] = []
        self._sketches: list[Sketch] = []
        self._bands = array("Q")

    def add(self, article: Article, claims: Sequence[Claim], report: Report) -> None:
        """Sketch an article. One that states nothing of a project needs no copies, nor has a short text any."""
        made = sketch(article.text) if any(claim.project for claim in claims) else None
        if made is None:
            return
        credits = frozenset(claim.value for claim in claims if claim.kind == "source" and claim.value)
        self._tellings.append(
            Telling(
                id=report.id, day=report.day, published=report.published, outlet=report.outlet, credits=credits
            )
        )  # fmt: skip
        self._sketches.append(made)
        self._bands.extend(made.bands())

    def originals(self) -> dict[str, str]:
        """Copy -> the article at the beginning of its chain."""
        import numpy as np

        if not self._tellings:
            return {}
        bands = np.frombuffer(self._bands, np.uint64).reshape(-1, BANDS)
        orders = np.argsort(bands, axis=0, kind="stable")
        parents: dict[str, str] = {}
        for n in _in_company(bands, orders):
            others = _met(n, bands, orders)
            parted = [(self._tellings[m], shares(self._sketches[n], self._sketches[m])[0]) for m in others]
            if found := original_of(self._tellings[n], parted):
                parents[self._tellings[n].id] = found[0].id
        return roots(parents)


def _in_company(bands: NDArray[np.uint64], orders: NDArray[np.intp]) -> list[int]:
    """The articles that share a band with any other: few of many."""

    found: set[int] = set()
    for at in range(bands.shape[1]):
        order = orders[:, at]
        same = bands[order[1:], at] == bands[order[:-1], at]
        found.update(order[1:][same].tolist(), order[:-1][same].tolist())
    return sorted(found)


def _met(n: int, bands: NDArray[np.uint64], orders: NDArray[np.intp]) -> list[int]:
    """The other articles that share a band with article `n`."""
    import numpy as np

    found: set[int] = set()
    for at in range(bands.shape[1]):
        column, order = bands[:, at], orders[:, at]
        low = int(np.searchsorted(column, column[n], "left", sorter=order))
        high = int(np.searchsorted(column, column[n], "right", sorter=order))
        found.update(order[low:high].tolist())
    return sorted(found - {n})
