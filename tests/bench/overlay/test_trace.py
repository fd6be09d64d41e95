from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from livecam.bench.overlay.request import Request
from livecam.bench.overlay.trace import read_trace, score_trace, shown_frames
from livecam.errors import UsageError
from livecam.faces import Emotion
from livecam.sinks.trace import as_trace
from tests.bench.overlay.clips import FPS, write_moving_face
from tests.bench.overlay.faces import a_true_face
from tests.builders import a_frame, a_label, a_picture

if TYPE_CHECKING:
    from pathlib import Path


def a_line(
    frame: int, *lefts: float, answer_age: float | None = 0.3, source: str | None = "scripted"
) -> dict[str, Any]:
    """A displayed frame at 10 a second with boxes 0.2 wide; 0.01 s from capture to display."""
    captured_at = 500 + frame / 10
    return {
        "source": "moving.mp4",
        "frame": frame,
        "captured_at": captured_at,
        "displayed_at": captured_at + 0.01,
        "answer_age": answer_age,
        "faces": [
            {
                "track_id": index + 1,
                "box": [left, 0.4, 0.2, 0.2],
                "emotion": "HAPPY" if source else None,
                "emotion_source": source,
            }
            for index, left in enumerate(lefts)
        ],
    }


def a_trace(folder: Path, *lines: dict[str, Any]) -> Path:
    path = folder / "trace.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def test_a_trace_is_read_as_a_run_writes_it(tmp_path: Path) -> None:
    path = a_trace(tmp_path, as_trace(a_picture(a_frame(7), a_label(3))))

    (frame,) = read_trace(path)

    (face,) = frame.faces
    assert (frame.sequence, frame.captured_at, frame.answered_at) == (7, 100.0, None)
    assert (face.track_id, face.box, face.emotion) == (3, a_label().box, Emotion.HAPPY)
    assert frame.answered == {3}


def a_damaged_line(**members: object) -> str:
    return json.dumps(a_line(1) | members)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "x",
        "[]",
        "{}",
        '{"frame": 1, "captured_at": 2}',
        "null",
        "[" * 50_000,
        a_damaged_line(frame=10**400),
        a_damaged_line(frame=-1),
        a_damaged_line(frame=1.5),
        a_damaged_line(captured_at=10**400),
        a_damaged_line(captured_at=float("nan")),
        a_damaged_line(faces=[a_line(1, 0.1)["faces"][0] | {"box": [float("nan"), 0, 1, 1]}]),
        a_damaged_line(faces=[a_line(1, 0.1)["faces"][0] | {"box": [0.1, 0.1, 0, 0]}]),
    ],
)
def test_what_is_no_trace_is_refused_with_its_line(tmp_path: Path, line: str) -> None:
    path = a_trace(tmp_path, a_line(0))
    with path.open("a", encoding="utf-8") as file:
        file.write(line + "\n")

    with pytest.raises(UsageError, match=r"line 2: this is not a line of a trace"):
        read_trace(path)


def test_a_trace_that_is_missing_or_empty_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_trace(tmp_path / "none")
    with pytest.raises(UsageError, match="nothing was displayed"):
        read_trace(a_trace(tmp_path))


def test_a_frame_that_was_dropped_has_the_boxes_of_the_one_before(tmp_path: Path) -> None:
    traced = read_trace(a_trace(tmp_path, a_line(0, 0.1), a_line(1, 0.3), a_line(3, 0.2)))

    shown = shown_frames(traced, [0.0, 0.1, 0.2, 0.3], [()] * 4)

    assert [frame.faces[0].box.left for frame in shown] == [0.1, 0.3, 0.3, 0.2]
    assert [frame.at for frame in shown] == [0.0, 0.1, 0.2, 0.3]


def test_a_person_is_answered_about_from_the_first_scored_face_on_them(tmp_path: Path) -> None:
    lines = [a_line(0, 0.4, source=None), a_line(1, 0.4), a_line(2), a_line(3, 0.4, source=None)]
    traced = read_trace(a_trace(tmp_path, *lines))

    shown = shown_frames(traced, [0.0, 0.1, 0.2, 0.3], [(a_true_face(5),)] * 4)

    assert [frame.known for frame in shown] == [set(), {5}, {5}, {5}]


def test_the_answered_frame_is_found_by_its_age(tmp_path: Path) -> None:
    lines = [
        a_line(4, answer_age=None),
        a_line(5, answer_age=0.11),
        a_line(6, answer_age=0.21),
        a_line(7, answer_age=0.1101),
    ]
    traced = read_trace(a_trace(tmp_path, *lines))

    shown = shown_frames(traced, [0.4, 0.5, 0.6, 0.7], [()] * 4)

    assert [frame.answered for frame in shown] == [None, 0, 0, 2]
    assert [frame.answers for frame in shown] == [0, 1, 0, 1]
    assert [frame.sequence for frame in shown] == [4, 5, 6, 7]


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return write_moving_face(tmp_path, seconds=1.0)


def a_run(folder: Path, clip: Path, frames: range) -> Path:
    """A trace with the reference's own boxes."""
    lines = clip.with_name("moving.faces.jsonl").read_text(encoding="utf-8").splitlines()
    truth = [json.loads(line)["faces"][0][:4] for line in lines]
    traced = []
    for frame in frames:
        line = a_line(frame, 0.0)
        line["faces"][0]["box"] = truth[frame]
        traced.append(line)
    return a_trace(folder, *traced)


def test_a_run_is_scored_from_its_first_displayed_frame_to_its_last(tmp_path: Path, clip: Path) -> None:
    told: list[int] = []

    result = score_trace(
        Request(), clip, a_run(tmp_path, clip, range(5, 20)), lambda done, _: told.append(done)
    )

    (method,) = result.methods
    assert (method.method, len(method.shown), len(result.truth)) == ("trace", 15, 15)
    assert method.scores.iou == pytest.approx(1.0, abs=0.02)
    assert method.scores.labels_right is None  # nobody knows what the man of noise feels
    assert method.scores.cpu_ms is None
    assert method.shown[0].at == pytest.approx(5 / FPS, abs=1e-3)
    assert told[-1] == 20


def test_a_trace_of_a_longer_clip_is_refused(tmp_path: Path, clip: Path) -> None:
    with pytest.raises(UsageError, match="has frame 30, but moving has 30"):
        score_trace(Request(), clip, a_trace(tmp_path, a_line(30)))


def test_a_trace_of_something_else_is_refused(tmp_path: Path, clip: Path) -> None:
    other = clip.with_name("other.mp4")
    clip.rename(other)
    with pytest.raises(UsageError, match=r"is a trace of moving\.mp4, not of other\.mp4"):
        score_trace(
            Request(truth=other.with_name("moving.faces.jsonl"), clips=(other,)),
            other,
            a_trace(tmp_path, a_line(3)),
        )
