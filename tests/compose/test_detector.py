from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from livecam import plugins
from livecam.compose import detector as choosing
from livecam.compose.detector import (
    ON_DEVICE_RATE,
    REKOGNITION_RATE,
    UNPACED,
    Permission,
    choose_detector,
    detection_of,
    dry_run_detector,
    is_called_as_rekognition,
    rate_asker,
)
from livecam.config import load_settings
from livecam.consent import ClipSending, Sending, scope_of
from livecam.detections import DetectorInfo
from livecam.detectors.on_device import OnDeviceDetector
from livecam.detectors.region import RegionDetector
from livecam.detectors.rekognition import RekognitionDetector
from livecam.detectors.scripted import ScriptedDetector
from livecam.errors import CloudError, ModelMissing, UsageError
from livecam.native import cv2
from livecam.pacing import RAMP_FROM
from livecam.pipeline.budget import Budget
from livecam.pricing import nano
from livecam.state.consent import ConsentStore
from livecam.testing.clock import FakeClock
from tests.builders import a_frame
from tests.pipeline.parts import Happenings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from livecam.clock import Clock
    from livecam.consent import ConsentScope

FAR = "https://rekognition.eu-west-1.amazonaws.com"
NEAR = "http://127.0.0.1:4566"
REKOGNITION = DetectorInfo(name="rekognition", is_approximate=False, unclear_below=50.0)


@pytest.fixture(autouse=True)
def _no_account_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def store(tmp_path: Path) -> ConsentStore:
    return ConsentStore(tmp_path / "consent.sqlite")


@pytest.fixture
def _models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "require_all", lambda _: None)


def chosen(store: ConsentStore, **given: Any) -> object:  # noqa: ANN401
    yes = given.pop("yes", False)
    return choose_detector(load_settings(given), FakeClock(), Permission(yes=yes, store=store))


def test_no_detector_means_none() -> None:
    assert choose_detector(load_settings({"detector": "none"}), FakeClock()) is None


@pytest.mark.parametrize("detector", ["on-device", "auto"])
def test_missing_models_are_told_before_anything_starts(
    detector: str, store: ConsentStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LIVECAM_MODELS", str(tmp_path / "nowhere"))
    with pytest.raises(ModelMissing, match="run: livecam models install"):
        chosen(store, detector=detector)


def test_nothing_is_sent_to_a_far_endpoint_without_consent(store: ConsentStore) -> None:
    with pytest.raises(UsageError, match=r"you have not agreed to send pictures to Amazon Rekognition"):
        chosen(store, detector="rekognition", region="eu-west-1")


def test_consent_for_one_run_is_not_remembered(store: ConsentStore) -> None:
    detector = chosen(store, detector="rekognition", region="eu-west-1", yes=True)
    assert isinstance(detector, RekognitionDetector)
    assert store.list() == ()


def test_who_sits_at_a_terminal_is_asked_once_and_told_what_would_be_sent(store: ConsentStore) -> None:
    told: list[Sending | ClipSending] = []

    def asker(sending: Sending | ClipSending) -> Callable[[ConsentScope], str]:
        told.append(sending)
        return lambda _: "yes"

    settings = load_settings({"detector": "rekognition", "region": "eu-west-1", "rate": 1, "source": "0"})
    permission = Permission(asker=asker, store=store)
    assert isinstance(choose_detector(settings, FakeClock(), permission), RekognitionDetector)
    assert told == [Sending(source="camera 0", width=640, quality=80, rate=1.0, is_planned=True)]
    assert isinstance(choose_detector(settings, FakeClock(), Permission(store=store)), RekognitionDetector)


def test_an_endpoint_on_this_machine_needs_no_consent(store: ConsentStore) -> None:
    detector = chosen(store, detector="rekognition", region="us-east-1", endpoint_url=NEAR)
    assert isinstance(detector, RekognitionDetector)


@pytest.mark.usefixtures("_models")
@pytest.mark.parametrize(
    ("given", "has_consent", "has_keys", "is_rekognition"),
    [
        ({}, False, True, False),
        ({"region": "eu-west-1"}, True, True, True),
        ({"region": "eu-west-1"}, True, False, False),
        ({"region": "us-east-1"}, True, True, False),
        ({}, True, True, False),
        ({"region": "us-east-1", "endpoint_url": NEAR}, False, True, True),
        ({"region": "us-east-1", "endpoint_url": NEAR}, False, False, False),
        ({"profile": "nobody"}, True, True, False),
    ],
)
def test_auto_takes_rekognition_only_with_credentials_and_consent(
    given: dict[str, str],
    *,
    has_consent: bool,
    has_keys: bool,
    is_rekognition: bool,
    store: ConsentStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if has_keys:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    if has_consent:
        store.give(scope_of(FAR, region="eu-west-1", profile=None))
    assert isinstance(chosen(store, **given), RekognitionDetector) is is_rekognition


def test_a_plugin_is_called_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    made = ScriptedDetector(lambda _: ())

    def make(*, clock: Clock) -> ScriptedDetector:
        return made

    monkeypatch.setattr(plugins, "names", lambda _: ["mine"])
    monkeypatch.setattr(plugins, "load", lambda _group, _name: make)
    assert choose_detector(load_settings({"detector": "mine"}), FakeClock()) is made


@pytest.mark.parametrize(
    ("given", "info", "are_stills", "rate"),
    [
        ({}, None, False, ON_DEVICE_RATE),
        ({}, None, True, UNPACED),
        ({"rate": 3}, None, False, 3.0),
        ({"rate": 3}, None, True, 3.0),
        ({}, REKOGNITION, False, REKOGNITION_RATE),
        ({}, REKOGNITION, True, REKOGNITION_RATE),
    ],
)
def test_the_pace_is_the_detectors_own_unless_a_rate_is_set(
    given: dict[str, Any], info: DetectorInfo | None, *, are_stills: bool, rate: float, tmp_path: Path
) -> None:
    if are_stills:
        cv2.imwrite(str(tmp_path / "a.png"), np.zeros((9, 9, 3), np.uint8))
        given = given | {"source": str(tmp_path / "a.png")}
    detector = ScriptedDetector(lambda _: (), info=info) if info else ScriptedDetector(lambda _: ())
    loop = detection_of(load_settings(given), detector, FakeClock(), Happenings())
    assert loop._caller.pacer.rate == rate


def test_a_region_of_interest_is_all_that_a_detector_sees() -> None:
    settings, detector = load_settings({"roi": "0,0,0.5,0.5"}), ScriptedDetector(lambda _: ())
    loop = detection_of(settings, detector, FakeClock(), Happenings())
    assert isinstance(loop._detector, RegionDetector)


@pytest.mark.usefixtures("_models")
def test_the_on_device_engine_stands_in_only_where_it_may() -> None:
    detector = ScriptedDetector(lambda _: (), info=REKOGNITION)
    loop = detection_of(load_settings({"fallback": "on-device"}), detector, FakeClock(), Happenings())
    assert loop._fallback is not None
    assert detection_of(load_settings({}), detector, FakeClock(), Happenings())._fallback is None


def test_a_region_that_is_set_after_the_start_is_no_consent(
    store: ConsentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    detector = chosen(store, detector="rekognition")
    assert isinstance(detector, RekognitionDetector)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    with pytest.raises(CloudError, match="nothing is sent to Amazon Rekognition in eu-west-1"):
        detector.detect(a_frame(width=320, height=240))


def test_what_is_told_of_a_stream_has_no_password(store: ConsentStore) -> None:
    told: list[Sending | ClipSending] = []

    def asker(sending: Sending | ClipSending) -> None:
        told.append(sending)

    source = "rtsp://user:hunter2@cam/door?token=abc"
    settings = load_settings({"detector": "rekognition", "region": "eu-west-1", "source": source})
    with pytest.raises(UsageError):
        choose_detector(settings, FakeClock(), Permission(asker=asker, store=store))
    assert [sending.source for sending in told if isinstance(sending, Sending)] == ["rtsp://cam/door"]


@pytest.mark.parametrize(
    ("given", "rate"),
    [
        ({"region": "us-west-1", "rate": 60}, 25.0),
        ({"region": "us-west-1", "rate": 25}, 25.0),
        ({"region": "us-west-1", "rate": 60, "quota": 50}, 50.0),
        ({"region": "us-east-1", "rate": 120}, 100.0),
        ({"rate": 60}, 60.0),
        ({"profile": "nobody", "rate": 60}, 60.0),
        ({"region": "us-west-1", "endpoint_url": NEAR, "rate": 60}, 60.0),
    ],
)
def test_no_more_is_asked_for_than_the_region_allows(given: dict[str, Any], rate: float) -> None:
    detector = ScriptedDetector(lambda _: (), info=REKOGNITION)
    pacer = detection_of(load_settings(given), detector, FakeClock(), Happenings())._caller.pacer
    assert pacer.rate == RAMP_FROM  # the rest comes little by little
    for _ in range(20_000):
        pacer.succeeded()
    assert pacer.rate == rate


def test_quotas_of_aws_are_nothing_to_the_on_device_engine() -> None:
    loop = detection_of(
        load_settings({"rate": 60, "quota": 1}), ScriptedDetector(lambda _: ()), FakeClock(), Happenings()
    )
    assert loop._caller.pacer.rate == 60


def test_calls_are_paid_from_the_budget() -> None:
    budget = Budget(price=nano(0.001), detector="rekognition", clock=FakeClock(), publish=Happenings())
    detector = ScriptedDetector(lambda _: (), info=REKOGNITION)
    loop = detection_of(load_settings({}), detector, FakeClock(), Happenings(), budget)
    assert loop._caller.budget is budget


def test_what_stands_in_for_rekognition_is_called_as_often(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LIVECAM_MODELS", str(tmp_path / "nowhere"))
    detector = dry_run_detector(FakeClock())
    assert is_called_as_rekognition(detector)
    assert not detector.info.is_paid
    settings = load_settings({"fallback": "on-device", "in_flight": 3})
    loop = detection_of(settings, detector, FakeClock(), Happenings())
    assert (loop._caller.pacer.rate, loop._caller.in_flight) == (REKOGNITION_RATE, 3)
    assert loop._fallback is None


def a_rekognition() -> ScriptedDetector:
    return ScriptedDetector(lambda _: (), info=REKOGNITION)


def test_who_asks_for_another_rate_is_held_to_the_quota_as_at_the_start() -> None:
    asker = rate_asker(load_settings({"region": "us-west-1", "quota": 50}), a_rekognition())
    assert asker is not None
    assert [asker(asked) for asked in (None, 5.0, 50.0, 60.0)] == [REKOGNITION_RATE, 5.0, 50.0, 50.0]


def test_calls_about_stills_are_not_paced_unless_they_are_paid_or_it_was_said(tmp_path: Path) -> None:
    own = ScriptedDetector(lambda _: ())
    assert rate_asker(load_settings({"source": str(tmp_path)}), own) is None
    assert rate_asker(load_settings({"source": str(tmp_path), "rate": 3}), own) is not None
    assert rate_asker(load_settings({"source": str(tmp_path)}), a_rekognition()) is not None
    assert rate_asker(load_settings({"source": "demo"}), None) is None


@pytest.mark.usefixtures("_models")
def test_local_only_is_on_device_without_a_look_for_credentials(
    store: ConsentStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from livecam.aws import whoami

    for name in ("look_up", "credentials"):
        monkeypatch.setattr(whoami, name, lambda *_: pytest.fail("credentials were looked for"))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_ENDPOINT_URL", NEAR)
    with caplog.at_level("INFO"):
        assert isinstance(chosen(store, local_only=True, yes=True), OnDeviceDetector)
    assert "detector: on-device, as local-only is set; no picture leaves this machine" in caplog.messages


def test_local_only_refuses_rekognition_in_a_program_too(store: ConsentStore) -> None:
    with pytest.raises(UsageError, match="--detector rekognition needs a connection, and local-only is set"):
        chosen(store, detector="rekognition", local_only=True)
