from __future__ import annotations

import json
import struct
from dataclasses import replace

from livecam.dashboard.message import frame_message, live_face, split_message, status_record
from livecam.face_record import face_record
from livecam.faces import Landmark
from tests.builders import a_frame, a_label, a_picture, a_status


def test_picture_and_what_is_said_about_it_are_one_message() -> None:
    picture = a_picture(a_frame(7), a_label(3))
    head, jpeg = split_message(frame_message(picture, b"JPEG", seq=2, sent_at=101.0, mirror=True))
    assert jpeg == b"JPEG"
    assert (head["schema"], head["type"], head["seq"], head["frame"]) == ("livecam.live/1", "frame", 2, 7)
    assert (head["captured_at"], head["displayed_at"], head["sent_at"]) == (100.0, 100.01, 101.0)
    assert (head["width"], head["height"], head["mirror"]) == (64, 48, True)
    assert [face["track_id"] for face in head["faces"]] == [3]
    assert head["status"]["source_state"] == "live"


def test_the_length_comes_first_in_network_order_and_counts_bytes() -> None:
    message = frame_message(a_picture(), b"", seq=1, sent_at=0.0, mirror=False)
    assert struct.unpack(">I", message[:4]) == (len(message) - 4,)
    assert json.loads(message[4:])["faces"] == []


def test_a_face_is_said_as_in_a_trace_and_with_all_that_is_drawn() -> None:
    label = a_label()
    face = live_face(label, 100.5)
    assert face.items() >= face_record(label, 100.5).items()
    assert face["opacity"] == face["box_opacity"] == 1.0
    assert face["scores"] == []
    assert face["landmarks"] == []


def test_landmarks_are_rounded_points_and_no_part_of_a_trace() -> None:
    label = replace(a_label(), landmarks=(Landmark("nose", 0.123456, 1.2), Landmark("eyeLeft", 0.1, -0.01)))
    assert live_face(label, 100.5)["landmarks"] == [[0.1235, 1.2], [0.1, -0.01]]
    assert "landmarks" not in face_record(label, 100.5)


def test_a_status_keeps_its_names() -> None:
    assert status_record(a_status())["detector"] == "scripted"


def test_a_status_names_files_without_their_folders() -> None:
    status = replace(
        a_status(), trouble="/home/me/faces.csv cannot be written", source="/home/me/a.mp4 64x48"
    )
    record = status_record(status)
    assert record["trouble"] == "faces.csv cannot be written"
    assert record["source"] == "a.mp4 64x48"
    assert record["notice"] is None
