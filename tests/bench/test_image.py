from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.aws.clients import AwsAccess
from livecam.bench.image import ImageResult, Payload, measure, payload_of
from livecam.clock import SystemClock
from livecam.errors import CloudError, UsageError
from livecam.native import cv2
from tests.aws.environment import access_to, use_stub_environment
from tests.aws.wire import WireServer, refuses, says

if TYPE_CHECKING:
    from pathlib import Path

    from tests.aws.wire import Script

GOOD = says(
    {
        "FaceDetails": [
            {
                "BoundingBox": {"Left": 0.4, "Top": 0.3, "Width": 0.2, "Height": 0.4},
                "Confidence": 99.9,
                "Emotions": [{"Type": "CALM", "Confidence": 4.0}, {"Type": "HAPPY", "Confidence": 96.0}],
            }
        ]
    }
)
CLOCK = SystemClock()


@pytest.fixture(autouse=True)
def _stub_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    use_stub_environment(monkeypatch)


def a_picture(path: Path, width: int = 200, height: int = 100, *, is_noisy: bool = False) -> Path:
    image = np.full((height, width, 3), 90, np.uint8)
    if is_noisy:
        image = np.random.default_rng(1).integers(0, 256, image.shape, dtype=np.uint8)
    is_encoded, data = cv2.imencode(path.suffix, image)
    assert is_encoded
    path.write_bytes(data.tobytes())
    return path


def measured(tmp_path: Path, *scripts: Script, calls: int = 1) -> tuple[ImageResult, WireServer]:
    payload = payload_of(a_picture(tmp_path / "a.jpg"), CLOCK)
    with WireServer(list(scripts)) as server:
        access = access_to(server.url)
        return measure(payload, access, ("ALL",), calls=calls, may_send=lambda *_: None, clock=CLOCK), server


@pytest.mark.parametrize("name", ["a.jpg", "a.png"])
def test_a_jpeg_or_png_goes_as_its_file_is(name: str, tmp_path: Path) -> None:
    path = a_picture(tmp_path / name)
    payload = payload_of(path, CLOCK)
    assert payload.data == path.read_bytes()
    assert (payload.width, payload.height, payload.is_as_it_is) == (200, 100, True)
    assert payload.told == "sent as it is"


def test_a_format_that_the_service_does_not_take_is_encoded_and_said(tmp_path: Path) -> None:
    payload = payload_of(a_picture(tmp_path / "a.webp"), CLOCK)
    assert payload.data.startswith(b"\xff\xd8\xff")
    assert payload.told.startswith(
        "the service takes JPEG and PNG only: sent as JPEG of 200x100 pixels, quality 80"
    )


def test_a_file_that_is_too_large_is_encoded_and_said(tmp_path: Path) -> None:
    payload = payload_of(a_picture(tmp_path / "a.png", 1600, 1200, is_noisy=True), CLOCK)
    assert len(payload.data) <= 5_242_880
    assert "bytes, the service takes 5,242,880 at most" in payload.told
    assert (payload.width, payload.height) == (1600, 1200)


def test_a_width_or_a_quality_that_is_asked_for_is_kept(tmp_path: Path) -> None:
    path = a_picture(tmp_path / "a.jpg", 400, 200, is_noisy=True)
    assert payload_of(path, CLOCK, width=200).width == 200
    low, high = (len(payload_of(path, CLOCK, quality=quality).data) for quality in (30, 95))
    assert low < high
    assert payload_of(path, CLOCK, quality=30).width == 400
    assert payload_of(path, CLOCK, quality=30).encode is not None


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "no such file"), (b"\xff\xd8\xff junk", "damaged, or no jpg"), (b"", "damaged, or no jpg")],
)
def test_what_is_no_picture_is_refused_in_a_sentence(
    content: bytes | None, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.jpg"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match=message):
        payload_of(path, CLOCK)


def test_a_picture_that_is_too_small_is_not_sent(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has 50x50 pixels, Amazon Rekognition takes none under 80x80"):
        payload_of(a_picture(tmp_path / "a.png", 50, 50), CLOCK)


def test_the_first_call_is_cold_and_its_parts_sum_to_it(tmp_path: Path) -> None:
    result, server = measured(tmp_path, GOOD, GOOD, GOOD, calls=3)
    assert [call.is_cold for call in result.calls] == [True, False, False]
    for call in result.calls:
        assert sum(call.parts.values()) == pytest.approx(call.seconds)
    assert result.calls[0].parts["connect"] > 0
    assert result.creation is not None
    assert len(server.exchanges) == 3


def test_the_files_bytes_and_the_attributes_are_what_the_service_gets(tmp_path: Path) -> None:
    _, server = measured(tmp_path, GOOD)
    sent = server.exchanges[0].json
    assert base64.b64decode(sent["Image"]["Bytes"]) == (tmp_path / "a.jpg").read_bytes()
    assert sent["Attributes"] == ["ALL"]


def test_details_are_as_the_service_answered(tmp_path: Path) -> None:
    result, _ = measured(tmp_path, GOOD)
    assert result.details[0]["BoundingBox"] == {"Left": 0.4, "Top": 0.3, "Width": 0.2, "Height": 0.4}
    assert len(result.faces) == 1


def test_what_was_measured_is_kept_when_a_later_call_fails(tmp_path: Path) -> None:
    result, _ = measured(tmp_path, GOOD, refuses("ThrottlingException"), calls=3)
    assert len(result.calls) == 1
    assert result.failure is not None
    assert result.failure.code == "ThrottlingException"


@pytest.mark.parametrize("code", ["ExpiredTokenException", "AccessDeniedException", "ImageTooLargeException"])
def test_a_first_call_that_fails_is_told(code: str, tmp_path: Path) -> None:
    with pytest.raises(CloudError) as told:
        measured(tmp_path, refuses(code))
    assert told.value.code == code


def test_an_answer_without_faces_is_a_failure_and_not_no_face(tmp_path: Path) -> None:
    with pytest.raises(CloudError):
        measured(tmp_path, says({}))


def test_nothing_is_sent_where_it_may_not_be(tmp_path: Path) -> None:
    def refuse(endpoint: str, region: str | None) -> None:
        raise UsageError(f"no: {endpoint} {region}")

    payload: Payload = payload_of(a_picture(tmp_path / "a.jpg"), CLOCK)
    with WireServer([GOOD]) as server:
        access = AwsAccess(region="eu-west-1", endpoint_url=server.url)
        with pytest.raises(UsageError, match=f"no: {server.url} eu-west-1"):
            measure(payload, access, ("ALL",), calls=1, may_send=refuse, clock=CLOCK)
        assert server.exchanges == []
