"""How a head is turned, from its five points. Pure arithmetic but for OpenCV's solver.

Roll is the angle of the eye line. Yaw and pitch come from fitting a generic head to the points: coarse,
and less than that for a face in profile. Signs are Rekognition's: roll is positive when the head leans
to the image's right (clockwise), yaw when the nose points to the image's right, pitch when it points up.
"""

from __future__ import annotations

from math import asin, atan2, degrees
from typing import TYPE_CHECKING

import numpy as np

from livecam.faces import Pose
from livecam.native import cv2
from livecam.vision.face_crop import eye_line_angle

if TYPE_CHECKING:
    from numpy.typing import NDArray

GENERIC_HEAD = np.array(
    [[-1.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.2, -0.9], [-0.75, 2.3, -0.1], [0.75, 2.3, -0.1]]
)
"""Eyes, nose tip, mouth corners: right, down, away, in halves of the distance between the eyes.

Chosen on a coarse grid, by least error against six published Rekognition answers (yaw -33 to 26, pitch -8
to 23): 5.8 degrees in yaw and 2.4 in pitch on those same six, so expect worse elsewhere. The proportions of
five of the six pictures had to be guessed. Which way an
axis counts is plain from the large angles; the sign of an angle of a few degrees hangs on the fit.
"""
FURTHEST_TURN = 80.0
"""Degrees of yaw or pitch beyond which five points cannot have been seen; the fit went astray."""


def head_pose(points: NDArray[np.float32], *, focal_length: float) -> Pose | None:
    """Return the head's pose, or None when the points fit no head.

    Args:
        points: shape (5, 2), in pixels.
        focal_length: the camera's, in pixels; a frame's longer side is a fair guess.
    """
    roll = eye_line_angle(points)
    level = _levelled(points, roll)
    camera = np.array([[focal_length, 0.0, 0.0], [0.0, focal_length, 0.0], [0.0, 0.0, 1.0]])
    try:
        is_solved, turn, _ = cv2.solvePnP(GENERIC_HEAD, level, camera, None, flags=cv2.SOLVEPNP_SQPNP)
    except cv2.error:  # coinciding points
        return None
    if not is_solved:
        return None
    rotation, _ = cv2.Rodrigues(np.asarray(turn, dtype=np.float64))
    x, y, z = (-np.asarray(rotation)[:, 2]).tolist()  # where the nose points
    if not np.isfinite([x, y, z]).all():
        return None
    yaw, pitch = degrees(atan2(x, -z)), degrees(asin(max(-1.0, min(1.0, -y))))
    if max(abs(yaw), abs(pitch)) > FURTHEST_TURN:
        return None
    return Pose(roll=degrees(roll), yaw=yaw, pitch=pitch)


def _levelled(points: NDArray[np.float32], roll: float) -> NDArray[np.float64]:
    """Return the points turned upright about the middle of the eyes, which becomes the origin."""
    cos, sin = float(np.cos(roll)), float(np.sin(roll))
    upright = np.array([[cos, -sin], [sin, cos]])
    centred = points.astype(np.float64) - points[:2].mean(axis=0)
    return np.ascontiguousarray(centred @ upright)
