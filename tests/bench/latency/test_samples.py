from __future__ import annotations

from dataclasses import replace

import pytest

from livecam.bench.latency.samples import Sample

LATE = Sample(0, 0, "measured", 0, due_at=1.0, began_at=1.5, sent_at=1.6, ended_at=2.0, outcome="ok")


def test_latency_counts_from_when_a_call_was_due() -> None:
    assert LATE.latency == 1.0
    assert LATE.call_time == 0.5
    assert LATE.frame_age == pytest.approx(0.6)


def test_what_was_not_sent_has_no_frame_age_and_is_not_answered() -> None:
    failed = replace(LATE, sent_at=None, outcome="ThrottlingException")
    assert failed.frame_age is None
    assert not failed.is_ok
    assert LATE.is_ok
