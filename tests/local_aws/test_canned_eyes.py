from __future__ import annotations

import numpy as np
import pytest

from livecam.local_aws.canned_eyes import CannedEyes
from livecam.local_aws.detect_faces import members_for
from livecam.local_aws.service_model import rekognition


@pytest.mark.parametrize("count", [0, 1, 100])
def test_there_are_always_as_many_whole_and_valid_faces(count: int) -> None:
    faces = CannedEyes(count).look(np.zeros((8, 8, 3), np.uint8))
    assert len(faces) == count
    assert all(set(face) == members_for(["ALL"]) for face in faces)
    assert rekognition().problems_of_answer("DetectFaces", {"FaceDetails": faces}) == []
