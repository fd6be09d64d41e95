from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.bench.image import ImageResult, payload_of
from livecam.clock import SystemClock
from livecam.compose.detector import Permission
from livecam.compose.image_bench import annotated_target, cost_of_calls, measure_image, write_annotated
from livecam.config import load_settings
from livecam.errors import CloudError, UsageError
from livecam.native import cv2
from livecam.state.consent import ConsentStore
from tests.aws.environment import use_stub_environment
from tests.aws.wire import WireServer
from tests.bench.test_image import GOOD, a_picture
from tests.bench.test_image_text import RESULT

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.config import Settings

CLOCK = SystemClock()


@pytest.fixture(autouse=True)
def _in_an_empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    use_stub_environment(monkeypatch)
    monkeypatch.chdir(tmp_path)


def settings_for(url: str) -> Settings:
    return load_settings({"endpoint_url": url, "region": "eu-west-1", "attributes": "ALL", "source": "a.jpg"})


def measured(url: str, folder: Path) -> ImageResult:
    payload = payload_of(a_picture(folder / "a.jpg"), CLOCK)
    store = ConsentStore(folder / "consents.json")
    return measure_image(settings_for(url), payload, 1, Permission(store=store), CLOCK)


def test_this_machine_needs_no_consent_and_costs_nothing(tmp_path: Path) -> None:
    with WireServer([GOOD]) as server:
        result = measured(server.url, tmp_path)
        assert cost_of_calls(settings_for(server.url), result) == (0.0, "the endpoint is on this machine")


def test_nothing_is_sent_elsewhere_without_consent(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"you have not agreed to send pictures to https://example\.invalid"):
        measured("https://example.invalid", tmp_path)


def test_each_call_has_its_price_also_the_one_that_failed(tmp_path: Path) -> None:
    cost, note = cost_of_calls(settings_for("https://rekognition.eu-west-1.amazonaws.com"), RESULT)
    assert cost == pytest.approx(0.002)
    assert note.startswith("US East list price")


def test_the_annotated_picture_goes_beside_nothing_that_is_there(tmp_path: Path) -> None:
    source = tmp_path / "a.jpg"
    usual = annotated_target(None, source)
    assert usual is not None
    assert usual.name == "a-annotated.jpg"
    usual.touch()
    assert annotated_target(None, source) is None


@pytest.mark.parametrize(
    ("name", "message"),
    [("a.jpg", "is there already"), ("b.gif", "has to end in one of"), ("no/b.jpg", "there is no folder no")],
)
def test_a_file_that_cannot_be_the_annotated_picture_is_refused_before_any_call(
    name: str, message: str, tmp_path: Path
) -> None:
    from pathlib import Path

    a_picture(tmp_path / "a.jpg")
    with pytest.raises(UsageError, match=message):
        annotated_target(Path(name), tmp_path / "a.jpg")


def test_the_annotated_picture_has_the_size_of_the_file(tmp_path: Path) -> None:
    target = tmp_path / "b.png"
    write_annotated(RESULT, target, CLOCK)
    drawn = cv2.imdecode(np.fromfile(target, np.uint8), cv2.IMREAD_COLOR)
    assert drawn is not None
    assert drawn.shape == RESULT.payload.image.shape
    assert drawn.any()


def test_a_price_file_that_cannot_be_used_is_told_before_any_call(tmp_path: Path) -> None:
    (tmp_path / "prices.toml").write_text("detect_faces = 'much'")
    payload = payload_of(a_picture(tmp_path / "a.jpg"), CLOCK)
    with WireServer([GOOD]) as server:
        settings = settings_for(server.url).model_copy(update={"prices": tmp_path / "prices.toml"})
        with pytest.raises(UsageError, match="detect_faces"):
            measure_image(settings, payload, 1, Permission(), CLOCK)
        assert not server.connections


def test_a_refused_call_costs_nothing() -> None:
    refused = replace(
        RESULT,
        failure=CloudError("fewer calls", code="ThrottlingException", blame="service", is_throttle=True),
    )
    cost, _ = cost_of_calls(settings_for("https://rekognition.eu-west-1.amazonaws.com"), refused)
    assert cost == pytest.approx(0.002)
