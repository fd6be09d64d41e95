from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from livecam.compose import finder as composing
from livecam.compose.finder import AUTO_RATE, KeptConvention, finder_of, finds_alone
from livecam.config import load_settings
from livecam.detections import DetectorInfo
from livecam.detectors.on_device import INFO
from livecam.detectors.scripted import ScriptedDetector
from livecam.errors import ModelDamaged, ModelMissing
from livecam.events import FinderUnavailable
from livecam.faces import BoundingBox
from livecam.native import cv2
from livecam.state.conventions import ConventionStore
from livecam.testing.clock import FakeClock
from livecam.tracking.convention import Convention
from livecam.tracking.relation import Relation
from livecam.vision import model_files
from livecam.vision.face_locator import OnDeviceLocator
from tests.pipeline.parts import Happenings

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.pipeline.finder_loop import FinderLoop
    from livecam.protocols import FaceDetector

FAR = ScriptedDetector(lambda _: (), info=DetectorInfo("rekognition", False, 50.0))
NEAR = ScriptedDetector(lambda _: (), info=INFO)
LEARNT = Convention(Relation(0.0, -0.08, -0.08, 0.14), 9)


@pytest.fixture
def _model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_files, "load_verified", lambda *_: b"")


@pytest.fixture
def _no_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LIVECAM_MODELS", str(tmp_path / "nowhere"))


def found(
    detector: FaceDetector | None,
    told: Happenings | None = None,
    **given: Any,  # noqa: ANN401
) -> FinderLoop | None:
    return finder_of(load_settings(given), detector, FakeClock(), told or Happenings())


def rate_of(loop: FinderLoop | None) -> float | None:
    return loop._schedule.rate if loop else None


@pytest.mark.usefixtures("_model")
@pytest.mark.parametrize(
    ("setting", "detector", "rate"),
    [
        ("auto", FAR, AUTO_RATE),
        ("auto", NEAR, None),
        ("auto", None, None),
        ("off", FAR, None),
        ("3", FAR, 3.0),
        ("3", NEAR, 3.0),
        ("3", None, 3.0),
    ],
)
def test_how_often_it_looks_follows_from_the_setting_and_the_detector(
    setting: str, detector: FaceDetector | None, rate: float | None
) -> None:
    assert rate_of(found(detector, finder=setting)) == rate


@pytest.mark.usefixtures("_model")
def test_stills_are_looked_at_by_the_detector_alone(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), np.zeros((9, 9, 3), np.uint8))
    assert found(FAR, source=str(tmp_path / "a.png"), finder="5") is None


@pytest.mark.usefixtures("_model")
def test_it_sees_no_more_than_the_region_of_interest() -> None:
    loop = found(FAR, roi="0,0,0.5,1")
    assert loop is not None
    assert isinstance(loop._locator, OnDeviceLocator)
    assert loop._locator._region == BoundingBox(0, 0, 0.5, 1)


@pytest.mark.usefixtures("_no_model")
def test_without_its_model_it_is_off_by_itself_and_says_so() -> None:
    told = Happenings()
    loop = found(FAR, told)
    assert loop is not None
    loop.start()
    event = told.wait_for(FinderUnavailable)
    loop.close()
    assert isinstance(event, FinderUnavailable)
    assert event.error == "ModelMissing"
    assert "run: livecam models install" in event.message


@pytest.mark.usefixtures("_no_model")
def test_where_it_was_asked_for_a_missing_or_damaged_model_is_told_before_anything_starts(
    tmp_path: Path,
) -> None:
    with pytest.raises(ModelMissing, match="run: livecam models install"):
        found(FAR, finder="5")
    (tmp_path / "nowhere").mkdir()
    (tmp_path / "nowhere" / model_files.FACE_FINDER.name).write_bytes(b"no model")
    with pytest.raises(ModelDamaged, match="run: livecam models install"):
        found(FAR, finder="5")


def test_what_opencvs_threads_do_is_reckoned_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composing, "thread_cpu", lambda: 2.0)
    for threads, cost in ((1, 2.0), (2, 4.0), (16, 8.0)):
        monkeypatch.setattr(cv2, "getNumThreads", lambda threads=threads: threads)
        assert composing._cpu() == cost


def test_what_was_learnt_of_a_detector_is_known_in_the_next_run(tmp_path: Path) -> None:
    store = ConventionStore(tmp_path / "conventions.json")
    first = KeptConvention.of(FAR, store)
    assert first.known is None
    first.keep(LEARNT)
    assert KeptConvention.of(FAR, store).known == LEARNT
    assert KeptConvention.of(NEAR, store).known is None


def test_where_nothing_was_learnt_nothing_is_written(tmp_path: Path) -> None:
    store = ConventionStore(tmp_path / "conventions.json")
    KeptConvention.of(FAR, store).keep(Convention())
    assert not store.path.exists()
    KeptConvention.of(FAR, store).keep(LEARNT)
    known = KeptConvention.of(FAR, store)
    store.path.unlink()
    known.keep(LEARNT)
    assert not store.path.exists()


@pytest.mark.usefixtures("_model")
@pytest.mark.parametrize(
    ("finder", "blur", "rate"),
    [("auto", "shown", AUTO_RATE), ("auto", "off", None), ("off", "all", None), ("3", "all", 3.0)],
)
def test_without_a_detector_it_looks_by_itself_where_faces_are_to_be_blurred(
    finder: str, blur: str, rate: float | None
) -> None:
    assert rate_of(found(None, finder=finder, blur=blur)) == rate
    assert finds_alone(load_settings({"finder": finder, "blur": blur})) == (rate is not None)
