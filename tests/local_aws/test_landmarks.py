from __future__ import annotations

import json
from math import hypot

import numpy as np
from botocore.loaders import Loader  # type: ignore[import-untyped]

from livecam.local_aws.landmarks import thirty_landmarks
from livecam.vision.found_face import POINT_KINDS
from tests import requirements

LEVEL = np.array([[100, 100], [160, 102], [130, 135], [108, 165], [155, 166]], np.float32)


def places(points: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> dict[str, tuple[float, float]]:
    return {kind: (x, y) for kind, x, y in thirty_landmarks(points)}


def test_there_are_all_thirty_of_the_service() -> None:
    shapes = Loader().load_service_model("rekognition", "service-2")["shapes"]
    assert sorted(places(LEVEL)) == sorted(shapes["LandmarkType"]["enum"])


def test_the_five_that_are_known_stay_where_they_are() -> None:
    found = places(LEVEL)
    for kind, point in zip(POINT_KINDS, LEVEL.tolist(), strict=True):
        assert found[kind] == tuple(point)
    assert found["leftPupil"] == found["eyeLeft"]


def test_the_others_are_where_a_face_has_them_also_when_it_lies_on_its_side() -> None:
    found = places(LEVEL)
    assert found["leftEyeBrowLeft"][0] < found["leftEyeBrowRight"][0] < found["leftEyeBrowUp"][0]
    assert found["leftEyeBrowUp"][1] < found["eyeLeft"][1] < found["mouthDown"][1] < found["chinBottom"][1]
    turned = places(LEVEL[:, ::-1] * np.array([-1, 1], np.float32))
    x, y = found["chinBottom"]
    assert np.allclose(turned["chinBottom"], (-y, x), atol=1e-3)


def test_they_lie_near_those_of_the_one_real_answer() -> None:
    answer = json.loads(requirements.seed_answer().read_text(encoding="utf-8"))
    face = answer["FaceDetails"][0]
    aspect = 16 / 9  # of the picture; guessed, since the answer does not say
    real = {each["Type"]: (each["X"] * aspect, each["Y"]) for each in face["Landmarks"]}
    found = places(np.array([real[kind] for kind in POINT_KINDS], np.float32))
    between_eyes = hypot(real["eyeRight"][0] - real["eyeLeft"][0], real["eyeRight"][1] - real["eyeLeft"][1])
    for kind, (x, y) in real.items():
        assert hypot(found[kind][0] - x, found[kind][1] - y) < 0.25 * between_eyes, kind
