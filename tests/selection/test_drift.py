from __future__ import annotations

import math

import numpy as np
import pytest

from livecam.selection.drift import GAP, TAU, Drift
from tests.selection.evidence import a_look


def settled(distance: float = 0.0, at: float = 10.0) -> Drift:
    drift = Drift()
    drift.look(a_look(distance).vector, at)
    drift.settle()
    return drift


def test_before_there_are_two_looks_to_compare_there_is_no_distance() -> None:
    drift = Drift()
    assert drift.distance is None
    drift.settle()
    drift.look(a_look().vector, 10.0)
    assert drift.distance is None
    drift.settle()
    assert drift.distance == pytest.approx(0.0)


def test_a_look_counts_by_the_time_since_the_one_before() -> None:
    drift = settled()
    drift.look(a_look(0.3).vector, 10.0 + 0.2)
    weight = 1 - math.exp(-0.2 / TAU)
    mixed = (1 - weight) * a_look().vector.astype(float) + weight * a_look(0.3).vector.astype(float)
    assert drift.distance == pytest.approx(1 - mixed[0] / float(np.linalg.norm(mixed)))
    assert drift.distance is not None
    assert drift.distance < 0.06


def test_what_stays_is_seen_in_full_and_a_blink_hardly() -> None:
    stays, blink = settled(), settled()
    for step in range(1, 11):
        stays.look(a_look(0.1).vector, 10.0 + 0.2 * step)
        blink.look(a_look(0.1 if step == 1 else 0.0).vector, 10.0 + 0.2 * step)
    assert stays.distance == pytest.approx(0.1, rel=0.02)
    assert blink.distance == pytest.approx(0.0, abs=1e-4)


def test_after_a_gap_the_new_look_counts_alone_and_the_reference_stays() -> None:
    drift = settled()
    drift.look(a_look(0.3).vector, 10.0 + GAP + 0.01)
    assert drift.distance == pytest.approx(0.3)


def test_a_look_that_is_not_newer_is_passed_over() -> None:
    drift = settled()
    drift.look(a_look(0.3).vector, 10.0)
    drift.look(a_look(0.3).vector, 9.0)
    assert drift.distance == pytest.approx(0.0)
    assert drift.seen_at == 10.0


def test_what_settled_is_the_steadied_look_and_not_the_newest() -> None:
    drift = settled()
    drift.look(a_look(0.3).vector, 10.2)
    drift.settle()
    assert drift.distance == pytest.approx(0.0)
    drift.look(a_look(0.3).vector, 11.1)
    assert drift.distance is not None
    assert drift.distance > 0.05


def test_a_forgotten_reference_leaves_the_looks() -> None:
    drift = settled()
    drift.forget()
    assert drift.distance is None
    drift.settle()
    assert drift.distance == pytest.approx(0.0)


def test_after_a_restart_looks_from_before_it_do_not_count() -> None:
    drift = settled()
    drift.restart(12.0)
    drift.look(a_look(0.3).vector, 11.9)
    drift.settle()
    assert drift.distance is None
    drift.look(a_look(0.3).vector, 12.0)
    drift.settle()
    assert drift.distance == pytest.approx(0.0)
