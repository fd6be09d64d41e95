from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.archive.film import rewrite, transcode
from livecam.encoding.h264 import H264Writer
from livecam.encoding.probe import probe, why_refused
from livecam.errors import SourceUnavailable
from livecam.native import av, cv2

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.frames import Image

TIMES = [0.0, 0.04, 0.2, 0.24, 0.5]


def a_picture(brightness: int) -> Image:
    return np.full((48, 64, 3), brightness, np.uint8)


def a_video(path: Path) -> Path:
    writer = H264Writer(path)
    for index, time in enumerate(TIMES):
        writer.write(a_picture(50 + 30 * index), time)
    writer.close()
    return path


def an_mpeg4(path: Path, frames: int = 12) -> Path:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 24.0, (64, 48))
    for index in range(frames):
        writer.write(a_picture(20 * index))
    writer.release()
    return path


def times_of(path: Path) -> list[float]:
    with av.open(str(path)) as film:
        return [frame.time for frame in film.decode(video=0)]


def test_pictures_keep_their_times_and_are_touched_up(tmp_path: Path) -> None:
    told: list[tuple[float, int]] = []
    done: list[int] = []

    def touch_up(image: Image, time: float) -> Image:
        told.append((round(time, 3), int(image.mean())))
        return image

    video = a_video(tmp_path / "a.mp4")
    assert rewrite(video, tmp_path / "b.mp4", touch_up, on_progress=done.append) == 5
    assert times_of(tmp_path / "b.mp4") == pytest.approx(TIMES, abs=0.001)
    assert [time for time, _ in told] == TIMES
    assert done == [1, 2, 3, 4, 5]
    assert {path.name for path in tmp_path.iterdir()} == {"a.mp4", "b.mp4"}


def test_what_rekognition_would_refuse_becomes_what_it_takes(tmp_path: Path) -> None:
    video = an_mpeg4(tmp_path / "a.mp4")
    assert why_refused(probe(video)) is not None
    transcode(video, tmp_path / "b.mp4")
    facts = probe(tmp_path / "b.mp4")
    assert why_refused(facts) is None
    assert (facts.frames, facts.is_faststart) == (12, True)
    assert facts.duration == pytest.approx(0.5, abs=0.01)
    assert {path.name for path in tmp_path.iterdir()} == {"a.mp4", "b.mp4"}


def test_what_holds_no_picture_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"nothing")
    with pytest.raises(SourceUnavailable, match="cannot be read"):
        transcode(tmp_path / "a.mp4", tmp_path / "b.mp4")
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]
