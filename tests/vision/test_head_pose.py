from __future__ import annotations

import json
from math import cos, radians, sin

import numpy as np
import pytest

from livecam.vision.found_face import POINT_KINDS
from livecam.vision.head_pose import GENERIC_HEAD, head_pose
from tests import requirements


def seen(
    *, roll: float = 0.0, yaw: float = 0.0, pitch: float = 0.0, focal_length: float = 1000.0
) -> np.ndarray:
    """The generic head's points in pixels, turned: positive is clockwise, to the image's right, up."""
    r, y, p = radians(roll), radians(yaw), radians(pitch)
    tilt = np.array([[1, 0, 0], [0, cos(p), sin(p)], [0, -sin(p), cos(p)]])
    turn = np.array([[cos(y), 0, -sin(y)], [0, 1, 0], [sin(y), 0, cos(y)]])
    lean = np.array([[cos(r), -sin(r), 0], [sin(r), cos(r), 0], [0, 0, 1]])
    placed = GENERIC_HEAD @ (lean @ turn @ tilt).T + [0, 0, 20]
    return np.asarray(placed[:, :2] / placed[:, 2:] * focal_length + [640, 360], dtype=np.float32)


def test_a_head_that_looks_into_the_camera_is_not_turned() -> None:
    pose = head_pose(seen(), focal_length=1000)
    assert pose is not None
    assert (pose.roll, pose.yaw, pose.pitch) == pytest.approx((0, 0, 0), abs=0.5)


@pytest.mark.parametrize(("yaw", "pitch"), [(30, 0), (-30, 0), (0, 20), (0, -20), (25, 15)])
def test_a_turned_generic_head_is_measured(yaw: float, pitch: float) -> None:
    pose = head_pose(seen(yaw=yaw, pitch=pitch), focal_length=1000)
    assert pose is not None
    assert pose.yaw == pytest.approx(yaw, abs=5)
    assert pose.pitch == pytest.approx(pitch, abs=5)


@pytest.mark.parametrize("roll", [-60.0, -20.0, 35.0])
def test_roll_is_the_eye_lines_and_leaves_the_other_angles_alone(roll: float) -> None:
    pose = head_pose(seen(roll=roll, yaw=20), focal_length=1000)
    assert pose is not None
    assert pose.roll == pytest.approx(roll, abs=1)
    assert pose.yaw == pytest.approx(20, abs=3)
    assert pose.pitch == pytest.approx(0, abs=3)


def test_the_signs_are_those_of_a_recorded_rekognition_answer() -> None:
    (face,) = json.loads(requirements.seed_answer().read_text())["FaceDetails"]
    places = {point["Type"]: (point["X"], point["Y"]) for point in face["Landmarks"]}
    # The answer is in fractions; its picture is not known, and 16:9 is a guess from its box's proportions.
    # This answer is one of the six that GENERIC_HEAD was chosen on: it proves the signs, not the accuracy.
    points = np.array([places[kind] for kind in POINT_KINDS]) * [1600, 900]
    pose = head_pose(points.astype(np.float32), focal_length=1600)
    assert pose is not None
    assert pose.roll == pytest.approx(face["Pose"]["Roll"], abs=3)
    assert pose.yaw == pytest.approx(face["Pose"]["Yaw"], abs=6)
    assert pose.pitch == pytest.approx(face["Pose"]["Pitch"], abs=6)
    assert np.sign([pose.roll, pose.yaw, pose.pitch]).tolist() == [1, -1, 1]


@pytest.mark.parametrize("points", [np.zeros((5, 2)), np.ones((5, 2)) * 50, np.full((5, 2), np.nan)])
def test_points_that_fit_no_head_give_no_pose(points: np.ndarray) -> None:
    assert head_pose(points.astype(np.float32), focal_length=640) is None
