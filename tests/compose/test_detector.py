from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam import plugins
from livecam.compose.detector import ON_DEVICE_RATE, UNPACED, choose_detector, detection_of
from livecam.config import load_settings
from livecam.detectors.region import RegionDetector
from livecam.detectors.scripted import ScriptedDetector
from livecam.errors import ModelMissing
from livecam.pipeline.throttled_pacer import ThrottledPacer
from livecam.testing.clock import FakeClock
from tests.pipeline.parts import Happenings

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.clock import Clock


def test_no_detector_means_none() -> None:
    assert choose_detector(load_settings({"detector": "none"}), FakeClock()) is None


@pytest.mark.parametrize("detector", ["on-device", "auto"])
def test_missing_models_are_told_before_anything_starts(
    detector: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LIVECAM_MODELS", str(tmp_path / "nowhere"))
    with pytest.raises(ModelMissing, match="run: livecam models install"):
        choose_detector(load_settings({"detector": detector}), FakeClock())


def test_a_plugin_is_called_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    made = ScriptedDetector(lambda _: ())

    def make(*, clock: Clock) -> ScriptedDetector:
        return made

    monkeypatch.setattr(plugins, "names", lambda _: ["mine"])
    monkeypatch.setattr(plugins, "load", lambda _group, _name: make)
    assert choose_detector(load_settings({"detector": "mine"}), FakeClock()) is made


@pytest.mark.parametrize(
    ("given", "are_stills", "rate"),
    [({}, False, ON_DEVICE_RATE), ({}, True, UNPACED), ({"rate": 3}, False, 3.0), ({"rate": 3}, True, 3.0)],
)
def test_stills_are_answered_as_fast_as_can_be_unless_a_rate_is_set(
    given: dict[str, float], *, are_stills: bool, rate: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    rates: list[float] = []
    monkeypatch.setattr(ThrottledPacer, "__init__", lambda _, rate: rates.append(rate))
    detector = ScriptedDetector(lambda _: ())
    detection_of(load_settings(given), detector, FakeClock(), Happenings(), are_stills=are_stills)
    assert rates == [rate]


def test_a_region_of_interest_is_all_that_a_detector_sees() -> None:
    settings, detector = load_settings({"roi": "0,0,0.5,0.5"}), ScriptedDetector(lambda _: ())
    loop = detection_of(settings, detector, FakeClock(), Happenings(), are_stills=False)
    assert isinstance(loop._detector, RegionDetector)
