"""Calibration and the trade of precision against recall, on rows whose figures are plain."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slatewatch.reliability import bins, calibration_error, curve, recall_at, table

ROWS = [(0.95, True), (0.95, True), (0.85, False), (0.85, True), (0.2, False)]
probabilities = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60)


def test_bins_hold_what_lies_in_them() -> None:
    found = bins([*ROWS, (1.0, True)])
    assert [(b.low, b.count) for b in found] == [(0.2, 1), (0.8, 2), (0.9, 3)]
    assert found[1].right == pytest.approx(0.5)


def test_the_calibration_error_is_the_mean_distance() -> None:
    assert calibration_error(ROWS) == pytest.approx((0.2 + 2 * 0.35 + 2 * 0.05) / 5)
    assert calibration_error([]) == 0.0
    assert table(ROWS)[-1] == "expected calibration error 0.200"


def test_surer_claims_are_fewer() -> None:
    points = curve(ROWS, there=4)
    assert [(p.least, p.precision, p.recall) for p in points] == [
        (0.95, 1.0, 0.5),
        (0.85, 0.75, 0.75),
        (0.2, 0.6, 0.75),
    ]
    assert (best := recall_at(points, 0.95)) is not None
    assert best.recall == 0.5
    assert recall_at(curve([(0.9, False)], 1), 0.95) is None


@given(probabilities)
def test_every_claim_is_in_one_bin_and_recall_only_grows(rows: list[tuple[float, bool]]) -> None:
    assert sum(b.count for b in bins(rows)) == len(rows)
    recalls = [p.recall for p in curve(rows, there=len(rows))]
    assert recalls == sorted(recalls)
    assert 0 <= calibration_error(rows) <= 1
