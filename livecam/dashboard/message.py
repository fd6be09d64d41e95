"""One message per frame, picture and what is said about it together: u32 big-endian length | JSON | JPEG.

They cannot be out of step then. The JSON is `livecam.live/1`; instants are monotonic seconds of the server.
"""

from __future__ import annotations

import dataclasses
import json
import struct
from typing import TYPE_CHECKING, Any

from livecam.dashboard.wording import without_folders
from livecam.face_record import face_record

if TYPE_CHECKING:
    from livecam.pictures import FaceLabel, Picture, Status

SCHEMA = "livecam.live/1"
SENTENCES = ("source", "trouble", "notice")
"""Fields of `Status` that may name files."""


def frame_message(picture: Picture, jpeg: bytes, *, seq: int, sent_at: float, mirror: bool) -> bytes:
    """Return a picture as a message.

    Args:
        picture: what is said; boxes are fractions of the unmirrored frame.
        jpeg: its frame, unmirrored and with nothing drawn on it, of any size.
        seq: number of the message, for its acknowledgement.
        sent_at: now, monotonic seconds.
        mirror: whether it is to be shown turned left to right.
    """
    head = {
        "schema": SCHEMA,
        "type": "frame",
        "seq": seq,
        "frame": picture.frame.sequence,
        "captured_at": picture.frame.captured_at,
        "displayed_at": picture.displayed_at,
        "sent_at": sent_at,
        "width": picture.frame.width,
        "height": picture.frame.height,
        "mirror": mirror,
        "faces": [live_face(face, picture.displayed_at) for face in picture.faces],
        "status": status_record(picture.status),
    }
    data = json.dumps(head, separators=(",", ":"), ensure_ascii=False).encode()
    return struct.pack(">I", len(data)) + data + jpeg


def split_message(message: bytes) -> tuple[dict[str, Any], bytes]:
    """Return a message's JSON and its JPEG."""
    (length,) = struct.unpack_from(">I", message)
    return json.loads(message[4 : 4 + length]), message[4 + length :]


def json_object(text: str | bytes) -> dict[str, Any] | None:
    """Return what somebody else says it is an object; None where it is none."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def live_face(face: FaceLabel, displayed_at: float) -> dict[str, Any]:
    """Return a face as in a trace, with all that a viewer may want to see drawn."""
    return face_record(face, displayed_at) | {
        "scores": [[each.emotion, round(each.confidence, 1)] for each in face.scores],
        "opacity": round(face.opacity, 3),
        "box_opacity": round(face.box_opacity, 3),
        "is_outdated": face.is_outdated,
        "is_approximate": face.is_approximate,
        "landmarks": [[round(point.x, 4), round(point.y, 4)] for point in face.landmarks],
    }


def status_record(status: Status) -> dict[str, Any]:
    """Return a run's state as JSON-ready values, under the names of `Status`; without folders and secrets."""
    record = dataclasses.asdict(status)
    sentences = {name: without_folders(record[name]) for name in SENTENCES if record[name] is not None}
    return record | sentences
