from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from livecam.bench.latency.live_pictures import LivePictures
from livecam.bench.latency.pictures import StillPictures
from livecam.bench.latency.plan_text import FREE
from livecam.bench.latency.request import Request
from livecam.clock import SystemClock
from livecam.compose.detector import Permission
from livecam.compose.latency_bench import (
    charge_of,
    detectors_for,
    is_live,
    pictures_of,
    require_permission,
    require_writable,
    source_name,
    targets_of,
)
from livecam.config import load_settings
from livecam.errors import CloudError, UsageError
from livecam.local_aws.canned_eyes import CannedEyes
from livecam.local_aws.endpoint import Setup
from livecam.local_aws.server import in_background
from livecam.native import cv2
from tests.aws.environment import use_stub_environment
from tests.builders import a_frame

LOCAL = "http://127.0.0.1:4577"


@pytest.fixture(autouse=True)
def _stub_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    use_stub_environment(monkeypatch)


def test_the_region_is_that_of_a_run_unless_others_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    (usual,) = targets_of(Request(), load_settings({}))
    assert (usual.region, usual.own_endpoint) == ("eu-west-1", None)
    named = targets_of(Request(regions=("us-east-1", "us-west-2")), load_settings({"endpoint_url": LOCAL}))
    assert [target.region for target in named] == ["us-east-1", "us-west-2"]
    assert named[0].own_endpoint == LOCAL


@pytest.mark.parametrize(
    ("region", "said"), [("us-esat-1", "did you mean us-east-1"), ("nowhere", "--region 'nowhere'")]
)
def test_a_region_that_does_not_exist_is_refused(region: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        targets_of(Request(regions=(region,)), load_settings({}))


def test_without_any_region_it_is_said_how_to_give_one() -> None:
    with pytest.raises(UsageError, match="no AWS Region is set"):
        targets_of(Request(), load_settings({}))


def test_calls_to_this_machine_are_free_and_those_to_aws_cost_what_the_prices_say(tmp_path: Path) -> None:
    prices = tmp_path / "prices.toml"
    prices.write_text("detect_faces = 0.002")
    request = Request(regions=("us-east-1",))
    settings = load_settings({"prices": prices})
    assert charge_of(settings, targets_of(request, settings)).of(10) == pytest.approx(0.02)
    local = load_settings({"endpoint_url": LOCAL})
    assert charge_of(local, targets_of(request, local)) == FREE


def test_pictures_leave_this_machine_with_consent_alone() -> None:
    request = Request(regions=("us-east-1",))
    aws = targets_of(request, load_settings({}))
    with pytest.raises(UsageError, match=r"have not agreed .* or add --yes"):
        require_permission(request, aws, Permission(), "a.jpg")
    require_permission(request, aws, Permission(yes=True), "a.jpg")
    require_permission(request, aws, Permission(asker=lambda _: lambda _: "yes"), "a.jpg")
    require_permission(request, aws, Permission(), "a.jpg")  # it is remembered
    require_permission(
        request, targets_of(request, load_settings({"endpoint_url": LOCAL})), Permission(), "a"
    )


def test_stills_are_looked_at_and_a_camera_goes_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    cv2.imwrite(str(path), np.zeros((90, 120, 3), np.uint8))
    settings, clock = load_settings({}), SystemClock()
    assert isinstance(pictures_of(Request(sources=(str(path),)), settings, clock), StillPictures)
    assert isinstance(pictures_of(Request(sources=("0",)), settings, clock), LivePictures)
    with pytest.raises(UsageError, match="0 is live and goes alone"):
        pictures_of(Request(sources=("0", str(path))), settings, clock)
    assert [is_live(name) for name in ("demo", str(path), "rtsp://h/x", "gone.jpg")] == [
        False,
        False,
        True,
        False,
    ]


def test_what_is_sent_is_named_without_passwords() -> None:
    names = [source_name(Request(sources=each)) for each in ((), ("0",), ("rtsp://u:pw@h/x",), ("a", "b"))]
    assert names == ["the demo scene", "camera 0", "rtsp://h/x", "2 pictures and clips"]


def test_files_that_cannot_be_written_are_refused_before_anything_is_sent(tmp_path: Path) -> None:
    picture = tmp_path / "a.jpg"
    picture.touch()
    require_writable({"--save": tmp_path / "a.json", "--csv": tmp_path / "a.csv"}, [str(picture)])
    for outputs in (
        {"--save": picture},
        {"--save": tmp_path},
        {"--save": Path(os.devnull)},
        {"--save": tmp_path / "none" / "a.json"},
        {"--save": tmp_path / "a.json", "--csv": tmp_path / "a.json"},
    ):
        with pytest.raises(UsageError, match="give"):
            require_writable(outputs, [str(picture)])


def test_each_condition_is_called_as_it_says_by_a_client_of_its_region() -> None:
    frame = a_frame(width=400, height=300)
    with in_background(Setup(eyes=CannedEyes(2), with_moto=False)) as endpoint:
        request = Request(widths=(100, 400), regions=("us-east-1", "eu-west-1"))
        targets = targets_of(request, load_settings({"endpoint_url": endpoint.url}))
        conditions = request.conditions(tuple(target.region for target in targets))
        detectors, make_client = detectors_for(request, conditions, targets, SystemClock(), Permission())
        creation = [make_client(index) for index in range(len(conditions))]
        found = [detector.detect(frame) for detector in detectors]
    assert creation[0] == creation[2]  # widths share a client...
    assert creation[0] != creation[1]  # ...and Regions do not
    sizes = [each.bytes_sent or 0 for each in found]
    assert sizes[0] == sizes[1] < sizes[2] == sizes[3]
    assert all(len(each.faces) == 2 for each in found)


def test_nothing_is_sent_to_aws_by_a_detector_without_consent() -> None:
    request = Request(regions=("us-east-1",))
    targets = targets_of(request, load_settings({}))
    conditions = request.conditions(("us-east-1",))
    detectors, _ = detectors_for(request, conditions, targets, SystemClock(), Permission())
    with pytest.raises(CloudError, match="have not agreed"):
        detectors[0].detect(a_frame(width=100, height=100))
