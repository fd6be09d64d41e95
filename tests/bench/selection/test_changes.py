from __future__ import annotations

from livecam.bench.selection.results import Change
from tests.bench.selection.samples import CALM, HAPPY, SAD, a_clip


def test_each_change_is_told_with_its_instant() -> None:
    assert a_clip(CALM, CALM, HAPPY, HAPPY, SAD).changes == (Change(0, 0.2, HAPPY), Change(0, 0.4, SAD))


def test_somebody_new_is_no_change() -> None:
    assert a_clip(CALM, None, HAPPY).changes == ()
    assert a_clip(None, None).changes == ()
