from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from livecam.aws.responses import faces_of
from livecam.bench.image import ImageCall, ImageResult, Payload
from livecam.bench.image_text import annotated_picture, as_record, expression, pretty_lines, result_lines
from livecam.faces import Emotion
from tests.builders import a_frame

DETAIL: dict[str, Any] = {
    "BoundingBox": {"Left": 0.4, "Top": 0.3, "Width": 0.2, "Height": 0.4},
    "Confidence": 99.9,
    "Emotions": [{"Type": "CALM", "Confidence": 4.0}, {"Type": "HAPPY", "Confidence": 96.0}],
}
PAYLOAD = Payload(
    Path("a.jpg"), np.zeros((100, 200, 3), np.uint8), b"1234", 200, 100, "sent as it is", is_as_it_is=True
)
RESULT = ImageResult(
    payload=PAYLOAD,
    attributes=("ALL",),
    endpoint="https://rekognition.eu-west-1.amazonaws.com",
    region="eu-west-1",
    creation=0.4123,
    calls=(
        ImageCall(0.52, {"connect": 0.1, "wait": 0.42, "retries": 0.0}, is_cold=True, request_id="a"),
        ImageCall(0.34, {"connect": 0.0, "wait": 0.34, "retries": 0.0}, is_cold=False, request_id="b"),
    ),
    details=(DETAIL,),
    faces=faces_of({"FaceDetails": [DETAIL]}),
)


def test_creation_cold_and_warm_calls_are_told_apart() -> None:
    lines = result_lines(RESULT)
    assert lines[:2] == ["a.jpg: 200x100 pixels; sent as it is", "DetectFaces in eu-west-1, attributes ALL"]
    assert "client creation   412 ms" in lines
    assert "detection, cold   520 ms" in lines
    assert "detection, warm   340 ms" in lines


def test_the_split_has_a_column_for_each_call_and_no_part_that_took_nothing() -> None:
    lines = result_lines(RESULT)
    assert "connect               100.0      0.0" in lines
    assert "whole call            520.0    340.0" in lines
    assert not [line for line in lines if line.startswith("retries")]


def test_another_endpoint_than_aws_is_named() -> None:
    local = replace(RESULT, endpoint="http://127.0.0.1:4577")
    assert result_lines(local)[1] == "DetectFaces in eu-west-1 at http://127.0.0.1:4577, attributes ALL"


def test_no_face_is_said() -> None:
    assert result_lines(replace(RESULT, details=(), faces=()))[-1] == "no faces"


@pytest.mark.parametrize(
    ("emotions", "text"),
    [
        (DETAIL["Emotions"], "appears HAPPY 96 %"),
        ([{"Type": "SAD", "Confidence": 30.0}], "nothing stands out (SAD 30 % at most)"),
        (None, "emotions were not asked for"),
    ],
)
def test_a_face_appears_to_express_what_is_clear(emotions: object, text: str) -> None:
    assert expression({"Emotions": emotions}) == text


def test_an_answer_is_printed_whole_and_a_point_on_one_line() -> None:
    lines = pretty_lines(
        {"Pose": {"Roll": 1.5, "Yaw": -2}, "Landmarks": [{"Type": "nose", "X": 0.5}], "Smile": None}
    )
    assert lines == [
        "  {",
        '    Pose: {"Roll": 1.5, "Yaw": -2}',
        "    Landmarks: [",
        '      {"Type": "nose", "X": 0.5}',
        "    ]",
        "    Smile: null",
        "  }",
    ]


def test_a_record_has_all_of_it_and_can_be_written_as_json() -> None:
    record = json.loads(json.dumps(as_record(RESULT, cost_usd=0.002, annotated="a-annotated.jpg")))
    assert record["schema"] == "livecam.bench.image/1"
    assert record["sent"] == {"width": 200, "height": 100, "bytes": 4, "is_as_it_is": True, "encode": None}
    assert [call["is_cold"] for call in record["calls"]] == [True, False]
    assert record["face_details"] == [DETAIL]
    assert (record["cost_usd"], record["annotated"], record["error"]) == (0.002, "a-annotated.jpg", None)


def test_boxes_and_labels_are_drawn_on_a_copy() -> None:
    frame = a_frame()
    before = frame.image.copy()
    picture = annotated_picture(RESULT, frame)
    assert picture.image is not None
    assert (picture.image != before).any()
    assert (frame.image == before).all()
    (label,) = picture.faces
    assert (label.emotion, label.confidence, label.unclear) == (Emotion.HAPPY, 96.0, False)


def test_a_face_of_which_nothing_is_clear_or_asked_claims_nothing() -> None:
    unclear = {**DETAIL, "Emotions": [{"Type": "SAD", "Confidence": 30.0}]}
    bare = {key: value for key, value in DETAIL.items() if key != "Emotions"}
    faces = faces_of({"FaceDetails": [unclear, bare]})
    first, second = annotated_picture(replace(RESULT, faces=faces), a_frame()).faces
    assert (first.emotion, first.unclear) == (None, True)
    assert (second.emotion, second.unclear, second.age) == (None, False, None)
