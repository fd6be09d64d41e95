from __future__ import annotations

import numpy as np
import pytest

from livecam.sources.demo_scene.expressions import Mouth
from livecam.sources.demo_scene.mouth import DROP, HALF_WIDTH, LIFT, LINE_X, LINE_Y, part_lips

COLUMNS, ROWS = np.meshgrid(np.arange(150, 380), np.arange(125, 385))
XS, YS = COLUMNS.astype(np.float32), ROWS.astype(np.float32)
MIDDLE = round(LINE_X) - 150


@pytest.mark.parametrize("jaw", [0.2, 0.6, 1.0])
def test_the_opening_is_as_high_as_the_jaw_drops(jaw: float) -> None:
    opening = part_lips(XS, YS, Mouth(jaw=jaw)).opening[:, MIDDLE]
    assert float(opening.sum()) == pytest.approx(jaw * (DROP + LIFT), abs=1.5)


def test_a_round_mouth_is_narrower() -> None:
    def width(roundness: float) -> int:
        lips = part_lips(XS, YS, Mouth(jaw=1.0, roundness=roundness))
        return int((lips.opening > 0.5).any(axis=0).sum())

    assert width(1.0) < 0.7 * width(0.0)
    assert width(0.0) <= 2 * HALF_WIDTH


@pytest.mark.parametrize("jaw", [0.1, 0.5, 1.0])
@pytest.mark.parametrize("roundness", [0.0, 1.0])
def test_no_skin_is_ever_folded_over(jaw: float, roundness: float) -> None:
    rows_from = part_lips(XS, YS, Mouth(jaw=jaw, roundness=roundness)).from_y
    assert np.diff(rows_from, axis=0).min() >= -1e-3


def test_lips_meet_the_opening_with_their_own_edge() -> None:
    lips = part_lips(XS, YS, Mouth(jaw=1.0))
    inside = np.flatnonzero(lips.opening[:, MIDDLE] > 0.9)
    assert lips.from_y[inside[0], MIDDLE] == pytest.approx(LINE_Y, abs=2)
    assert lips.from_y[inside[-1], MIDDLE] == pytest.approx(LINE_Y, abs=2)


def test_the_forehead_does_not_follow_the_jaw() -> None:
    lips = part_lips(XS, YS, Mouth(jaw=1.0))
    assert np.allclose(lips.from_y[:100], YS[:100], atol=1e-3)


def test_teeth_are_bright_and_above() -> None:
    lips = part_lips(XS, YS, Mouth(jaw=0.8, teeth=0.6))
    rows = np.flatnonzero(lips.opening[:, MIDDLE] > 0.9)
    column = lips.inside[:, MIDDLE].mean(axis=1)
    assert column[rows[2]] > 130
    assert column[rows[-3]] < 110
