from __future__ import annotations

import math
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.encoding.h264 import H264Writer
from livecam.errors import SourceUnavailable
from livecam.native import av, cv2
from livecam.pipeline.latest_slot import LatestSlot
from livecam.sources.playback import PATIENCE
from livecam.sources.video_file import VideoFileSource
from livecam.testing.clock import FakeClock
from livecam.testing.recording_slot import RecordingSlot
from tests.sources.fakes import write_clip

if TYPE_CHECKING:
    from pathlib import Path

DEAD_AFTER = 20
UNEVEN = (0.0, 0.01, 0.4, 0.45, 1.7, 1.701, 3.0)
"""Seconds; multiples of 1/90000, so that they survive exactly enough."""


def a_source(path: Path, *, is_fast: bool = True) -> VideoFileSource:
    return VideoFileSource(path, source=path.name, clock=FakeClock(), is_fast=is_fast)


def play(path: Path, *, is_fast: bool = True) -> RecordingSlot:
    source, slot = a_source(path, is_fast=is_fast), RecordingSlot()
    source.open()
    source.start(slot)
    slot.wait_until_closed()
    source.close()
    return slot


def test_it_says_what_is_in_the_file(media: Path) -> None:
    source = a_source(media / "expressions_single.mp4", is_fast=False)
    info = source.open()
    source.close()
    assert (info.source, info.description) == ("expressions_single.mp4",) * 2
    assert (info.width, info.height) == (640, 360)
    assert info.fps == pytest.approx(24000 / 1001)
    assert info.duration == pytest.approx(19.7, abs=0.1)
    assert info.is_live


def test_an_unpaced_file_is_not_live(tmp_path: Path) -> None:
    source = a_source(write_clip(tmp_path / "clip.mp4", [0.0, 0.1]))
    assert not source.open().is_live
    source.close()


def test_uneven_times_are_the_true_ones(tmp_path: Path) -> None:
    slot = play(write_clip(tmp_path / "uneven.mp4", UNEVEN))
    assert [frame.media_time for frame in slot.frames] == pytest.approx(UNEVEN, abs=1e-4)


def test_times_count_from_the_first_picture(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", [0.0, 0.5])
    late = tmp_path / "late.mkv"  # cut out of a longer one, as it were: it begins at 7 s
    with av.open(str(clip)) as source, av.open(str(late), "w") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.pts is not None and packet.dts is not None and packet.time_base is not None:
                shift = round(7 / packet.time_base)
                packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
                packet.stream = stream
                target.mux(packet)
    slot = play(late)
    assert [frame.media_time for frame in slot.frames] == pytest.approx([0.0, 0.5], abs=2e-3)


def test_pictures_come_in_display_order_with_their_colours(tmp_path: Path) -> None:
    slot = play(write_clip(tmp_path / "clip.mp4", [index / 30 for index in range(20)]))
    brightness = [float(frame.image.mean()) for frame in slot.frames]
    assert brightness == sorted(brightness)
    assert brightness[0] == pytest.approx(20, abs=4)


def test_blue_stays_blue(tmp_path: Path) -> None:
    writer = H264Writer(tmp_path / "blue.mp4")
    writer.write(np.full((48, 64, 3), (200, 40, 10), np.uint8), 0.0)
    writer.close()
    (frame,) = play(tmp_path / "blue.mp4").frames
    assert frame.image[24, 32].tolist() == pytest.approx([200, 40, 10], abs=6)


def test_every_frame_of_a_shared_clip_is_there_with_b_frames_in_order(media: Path) -> None:
    slot = play(media / "crowd_enter_leave.mp4")
    assert [frame.sequence for frame in slot.frames] == list(range(105))
    assert [frame.media_time for frame in slot.frames] == pytest.approx(
        [index / 25 for index in range(105)], abs=1e-3
    )


def test_unpaced_no_frame_is_lost_to_a_slow_reader(tmp_path: Path) -> None:
    source = a_source(write_clip(tmp_path / "clip.mp4", [index / 30 for index in range(100)]))
    dropped: list[int] = []
    slot = LatestSlot(on_drop=lambda frame: dropped.append(frame.sequence))
    source.open()
    source.start(slot)
    taken = []
    while (frame := slot.take()) is not None:
        taken.append(frame.sequence)
    source.close()
    assert taken == list(range(100))
    assert dropped == []


@pytest.mark.parametrize(("is_fast", "patience"), [(True, math.inf), (False, PATIENCE)])
def test_how_long_a_frame_waits_depends_on_the_pace(tmp_path: Path, is_fast: bool, patience: float) -> None:  # noqa: FBT001
    slot = play(write_clip(tmp_path / "clip.mp4", [0.0, 1e-4, 2e-4]), is_fast=is_fast)
    assert slot.patiences == [patience] * 3


def with_contents_first(path: Path, copy: Path) -> Path:
    """Copy a clip with its table of contents before its pictures, as files for the web have it."""
    with av.open(str(path)) as source, av.open(str(copy), "w", options={"movflags": "faststart"}) as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    return copy


def unavailable(path: Path) -> str:
    source = a_source(path)
    with pytest.raises(SourceUnavailable) as raised:
        source.open()
    source.close()
    message = str(raised.value)
    assert str(path) in message
    assert "\n" not in message
    return message


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    assert "no such file" in unavailable(tmp_path / "gone.mp4")


def test_a_folder_cannot_be_read(tmp_path: Path) -> None:
    assert "cannot be read" in unavailable(tmp_path)


@pytest.mark.parametrize("content", [b"this is no film\n" * 50, b"", b"\0" * 1000])
def test_what_is_no_video_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.mp4"
    path.write_bytes(content)
    assert "not a video" in unavailable(path)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".gif", ".bmp"])
def test_a_picture_is_said_to_be_a_picture(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"still{suffix}"
    assert cv2.imwrite(str(path), np.full((48, 64, 3), 90, np.uint8))
    assert "is a picture" in unavailable(path)


def test_a_picture_under_a_films_name_is_still_a_picture(tmp_path: Path) -> None:
    still = tmp_path / "still.jpg"
    assert cv2.imwrite(str(still), np.full((48, 64, 3), 90, np.uint8))
    assert "is a picture" in unavailable(still.rename(tmp_path / "still.mp4"))


def test_sound_alone_is_no_video(tmp_path: Path) -> None:
    path = tmp_path / "sound.wav"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=8000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), format="s16", layout="mono")
        frame.sample_rate = 8000
        container.mux(stream.encode(frame))
    assert "holds no video" in unavailable(path)


def test_a_file_that_was_not_finished_plays_what_is_there(tmp_path: Path) -> None:
    writer = H264Writer(tmp_path / "whole.mp4")
    for index in range(30):
        writer.write(np.full((48, 64, 3), 5 * index, np.uint8), index / 30)
    content = (tmp_path / "whole.mp4").read_bytes()  # as a crash would have left it
    writer.close()
    torn = tmp_path / "torn.mp4"
    torn.write_bytes(content[: len(content) * 2 // 3])
    slot = play(torn)
    assert 5 < len(slot.frames) < 30
    assert [frame.sequence for frame in slot.frames] == list(range(len(slot.frames)))
    assert slot.errors == [None]


def test_a_file_cut_off_while_it_was_copied_plays_what_is_there(tmp_path: Path, media: Path) -> None:
    whole = with_contents_first(media / "webcam_single.mp4", tmp_path / "whole.mp4").read_bytes()
    torn = tmp_path / "torn.mp4"
    torn.write_bytes(whole[: len(whole) // 2])
    slot = play(torn)
    assert 50 < len(slot.frames) < 500
    assert slot.errors == [None]


def test_a_file_cut_off_before_its_table_of_contents_cannot_be_read(tmp_path: Path) -> None:
    whole = write_clip(tmp_path / "whole.mp4", [index / 30 for index in range(30)]).read_bytes()
    torn = tmp_path / "torn.mp4"
    torn.write_bytes(whole[: whole.rindex(b"moov")])
    assert "not a video" in unavailable(torn)


def test_damage_in_the_middle_costs_pictures_not_the_rest(tmp_path: Path, media: Path) -> None:
    content = bytearray((media / "webcam_single.mp4").read_bytes())
    middle = len(content) // 2
    content[middle : middle + 3000] = bytes(3000)
    (tmp_path / "damaged.mp4").write_bytes(content)
    slot = play(tmp_path / "damaged.mp4")
    assert 300 < len(slot.frames) <= 500
    assert slot.frames[-1].media_time > 19.0
    assert slot.errors == [None]


def test_a_file_may_be_closed_by_several_threads_at_once(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", [index / 30 for index in range(10)])
    together = threading.Barrier(4)

    for _ in range(20):
        source, slot = a_source(clip), RecordingSlot()
        source.open()
        source.start(slot)

        def close(source: VideoFileSource = source) -> None:
            together.wait(DEAD_AFTER)
            source.close()

        with ThreadPoolExecutor(4) as pool:
            for closing in [pool.submit(close) for _ in range(4)]:
                closing.result(DEAD_AFTER)
        slot.wait_until_closed()
