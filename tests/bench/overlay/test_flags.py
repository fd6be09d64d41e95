from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam.bench.overlay.conventions import OTHER, BoxConvention
from livecam.bench.overlay.flags import request_from
from livecam.bench.overlay.request import METHODS, Request
from livecam.errors import ModelMissing, UsageError

if TYPE_CHECKING:
    from pathlib import Path

WITHOUT_FINDER = {"finder": "off"}


@pytest.fixture
def no_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVECAM_MODELS", str(tmp_path / "none"))


@pytest.mark.usefixtures("models")
def test_without_flags_the_defaults_hold() -> None:
    assert request_from([], {}) == Request()
    assert request_from([], {"latency": None, "truth": None}) == Request()


def test_every_flag_sets_its_value(tmp_path: Path) -> None:
    clip, truth = tmp_path / "a.mp4", tmp_path / "a.jsonl"
    clip.touch()
    truth.touch()
    given = {
        "truth": str(truth),
        "latency": "0.8",
        "rate": "1.5",
        "jitter": ".5",
        "misses": "0.1",
        "convention": "other",
        "noise": "0.03",
        "speed": "2",
        "finder": "off",
        "method": "flow, hold",
        "seed": "7",
        "duration": "12.5",
    }
    assert request_from([str(clip)], given, shake=True) == Request(
        clips=(clip,),
        truth=truth,
        latency=0.8,
        rate=1.5,
        jitter=0.5,
        misses=0.1,
        convention=OTHER,
        noise=0.03,
        shake=True,
        speed=2,
        finder=None,
        methods=("hold", "flow"),
        seed=7,
        max_seconds=12.5,
    )


@pytest.mark.parametrize("text", ["0.34", ".34", "0.34s", "340ms", " 340ms "])
def test_a_latency_is_seconds_or_milliseconds(text: str) -> None:
    assert request_from([], WITHOUT_FINDER | {"latency": text}).latency == pytest.approx(0.34)


def test_a_convention_may_be_spelt_out() -> None:
    found = request_from([], WITHOUT_FINDER | {"convention": "height=1.1,up=0.05"})
    assert found.convention == BoxConvention(height=1.1, up=0.05)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("latency", "soon"),
        ("latency", "-1"),
        ("latency", "70"),
        ("rate", "often"),
        ("rate", "0"),
        ("rate", "nan"),
        ("jitter", "-1"),
        ("misses", "2"),
        ("misses", "10%"),
        ("noise", "inf"),
        ("convention", "tall"),
        ("speed", "1.5"),
        ("speed", "0"),
        ("seed", "x"),
        ("duration", "0"),
        ("duration", ""),
        ("method", "magic"),
        ("method", ","),
    ],
)
def test_a_bad_value_is_named_with_what_to_give(name: str, text: str) -> None:
    with pytest.raises(UsageError, match=name) as caught:
        request_from([], WITHOUT_FINDER | {name: text})
    assert text.rstrip("%") in str(caught.value) or "range" in str(caught.value)


@pytest.mark.parametrize("text", ["sometimes", "-5", "0", "1000"])
@pytest.mark.usefixtures("models")
def test_a_bad_pace_of_the_finder_is_named(text: str) -> None:
    with pytest.raises(UsageError, match="finder"):
        request_from([], {"finder": text})


def test_a_clip_or_reference_that_is_not_there_is_named() -> None:
    with pytest.raises(UsageError, match=r"clip gone\.mp4 is not a file"):
        request_from(["gone.mp4"], {})
    with pytest.raises(UsageError, match=r"--truth gone\.jsonl is not a file"):
        request_from([], {"truth": "gone.jsonl"})


def test_demo_is_the_demo_scene() -> None:
    assert request_from(["demo"], WITHOUT_FINDER).clips == ()


@pytest.mark.usefixtures("models")
def test_the_finder_looks_as_often_as_asked() -> None:
    assert request_from([], {"finder": "8"}).finder == 8.0
    assert request_from([], {"finder": "auto"}).methods == METHODS


def test_without_the_finder_nothing_is_merged() -> None:
    assert request_from([], WITHOUT_FINDER).methods == ("hold", "flow")
    with pytest.raises(UsageError, match="leave out --finder off"):
        request_from([], WITHOUT_FINDER | {"method": "hold,merged"})


@pytest.mark.usefixtures("no_models")
def test_a_finder_without_its_model_is_left_out_and_that_is_said(caplog: pytest.LogCaptureFixture) -> None:
    found = request_from([], {})
    assert (found.finder, found.methods) == (None, ("hold", "flow"))
    assert "livecam models install" in caplog.text


@pytest.mark.parametrize("given", [{"finder": "5"}, {"method": "merged"}])
@pytest.mark.usefixtures("no_models")
def test_a_finder_that_was_asked_for_needs_its_model(given: dict[str, str]) -> None:
    with pytest.raises(ModelMissing, match="livecam models install"):
        request_from([], given)
