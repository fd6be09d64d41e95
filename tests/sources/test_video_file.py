from __future__ import annotations

import logging
import math
import re
import struct
import threading
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from livecam.encoding.h264 import H264Writer
from livecam.errors import SourceUnavailable
from livecam.native import av, cv2
from livecam.pipeline.latest_slot import LatestSlot
from livecam.sources.playback import PATIENCE
from livecam.sources.video_file import GROWTH_PATIENCE, GROWTH_POLL, VideoFileSource
from livecam.testing.clock import FakeClock
from livecam.testing.recording_slot import RecordingSlot
from tests.sources.fakes import write_clip
from tests.sources.test_upright import a_marked_clip, mark_of, with_display_matrix

if TYPE_CHECKING:
    from pathlib import Path

DEAD_AFTER = 20
UNEVEN = (0.0, 0.01, 0.4, 0.45, 1.7, 1.701, 3.0)
"""Seconds; multiples of 1/90000, so that they survive exactly enough."""


ANIMATIONS = [(".gif", "gif", "gif", "rgb8"), (".png", "apng", "apng", "rgb24")]
GROWING = [
    (".ts", "mpegts", "libx264", {}),
    (".mp4", "mp4", "libx264", {"movflags": "frag_keyframe+empty_moov"}),
    (".mkv", "matroska", "libx264", {"live": "1"}),
    (".avi", "avi", "mpeg4", {}),
    (".avi", "avi", "rawvideo", {}),
    (".mjpeg", "mjpeg", "mjpeg", {}),
]
"""Suffix, container, codec and options of files that can be played while they are written."""


def a_film(
    path: Path,
    *,
    kind: str,
    codec: str,
    pixel_format: str = "yuv420p",
    pictures: int = 100,
    options: dict[str, str] | None = None,
) -> Path:
    """Write a film of pictures that can be told apart, five per second."""
    with av.open(str(path), "w", format=kind, options=options or {}) as container:
        stream = cast("av.VideoStream", container.add_stream(codec, rate=5))
        stream.width, stream.height, stream.pix_fmt = 64, 48, pixel_format
        stream.codec_context.gop_size = 10
        noise = np.random.default_rng(0)
        for number in range(pictures):
            image = noise.integers(0, 255, (48, 64, 3), np.uint8)
            image[:24] = 20 + 2 * number
            frame = av.VideoFrame.from_ndarray(image, format="bgr24").reformat(format=pixel_format)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.fixture(scope="module")
def damaged_films(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return the bytes of whole films, to be damaged, by their suffix."""
    folder = tmp_path_factory.mktemp("films")
    kinds = {suffix: (kind, codec, options) for suffix, kind, codec, options in GROWING}
    return {
        suffix: a_film(
            folder / f"a{suffix}", kind=kind, codec=codec, options=options, pictures=20
        ).read_bytes()
        for suffix, (kind, codec, options) in kinds.items()
        if suffix != ".mjpeg"
    }


class Recorder:
    """A program that is still writing a file: a piece more when the source has waited for it so often."""

    def __init__(self, path: Path, content: bytes, *, pieces: int, every: int = 1) -> None:
        self._path = path
        self._every = every
        self._looks = 0
        size = len(content) // pieces + 1
        self._pieces = [content[begin : begin + size] for begin in range(0, len(content), size)]
        self.waits: list[float] = []
        """Seconds of each wait since the file was whole."""

    def write(self) -> None:
        """Add a piece to the file, while there is one."""
        with self._path.open("ab") as file:
            file.write(self._pieces.pop(0))

    def is_stopped_within(self, stopped: threading.Event, seconds: float) -> bool:
        self._looks += 1
        if self._pieces and self._looks % self._every == 0:
            self.write()
        elif not self._pieces:
            self.waits.append(seconds)
        return stopped.is_set()

    def a_source(self) -> VideoFileSource:
        return VideoFileSource(
            self._path,
            source="growing",
            clock=FakeClock(),
            is_fast=True,
            is_stopped_within=self.is_stopped_within,
        )


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


@pytest.mark.parametrize(("suffix", "kind", "codec", "pixel_format"), ANIMATIONS)
def test_an_animated_picture_is_played(
    tmp_path: Path, suffix: str, kind: str, codec: str, pixel_format: str
) -> None:
    path = a_film(tmp_path / f"a{suffix}", kind=kind, codec=codec, pixel_format=pixel_format, pictures=5)
    slot = play(path)
    assert [frame.media_time for frame in slot.frames] == pytest.approx([0.0, 0.2, 0.4, 0.6, 0.8])
    assert slot.frames[0].image.shape == (48, 64, 3)


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


def test_a_portrait_film_announces_and_delivers_the_size_that_is_shown(tmp_path: Path) -> None:
    clip = with_display_matrix(a_marked_clip(tmp_path / "clip.mp4", aspect=Fraction(4, 3)), (0, 1, -1, 0))
    source, slot = a_source(clip), RecordingSlot()
    info = source.open()
    source.start(slot)
    slot.wait_until_closed()
    source.close()
    assert (info.width, info.height) == (48, 85)
    assert {frame.image.shape for frame in slot.frames} == {(85, 48, 3)}
    assert {mark_of(frame.image) for frame in slot.frames} == {("top", "right")}


def test_a_header_that_lies_about_the_size_is_not_believed(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", [0.0, 0.1])
    size = struct.pack(">HH", 64, 48)
    assert size in clip.read_bytes()
    clip.write_bytes(clip.read_bytes().replace(size, struct.pack(">HH", 60_000, 45_000)))
    source, slot = a_source(clip), RecordingSlot()
    info = source.open()
    source.start(slot)
    slot.wait_until_closed()
    source.close()
    assert (info.width, info.height) == (64, 48)
    assert [frame.image.shape for frame in slot.frames] == [(48, 64, 3)] * 2


@pytest.mark.parametrize(("rate", "believed"), [(1000, None), (90_000, None), (25, 25.0)])
def test_a_rate_is_told_when_it_can_be_believed(tmp_path: Path, rate: int, believed: float | None) -> None:
    source = a_source(write_clip(tmp_path / "clip.mp4", [index / rate for index in range(20)]))
    assert source.open().fps == (None if believed is None else pytest.approx(believed, rel=0.01))
    source.close()


def test_a_film_without_times_plays_at_its_nominal_rate(tmp_path: Path) -> None:
    slot = play(a_film(tmp_path / "a.h264", kind="h264", codec="libx264", pictures=50))
    times = [frame.media_time for frame in slot.frames]
    assert len(times) == 50
    assert all(earlier < later for earlier, later in pairwise(times))


def test_joined_recordings_play_one_after_the_other(tmp_path: Path) -> None:
    film = a_film(tmp_path / "a.ts", kind="mpegts", codec="libx264", pictures=20).read_bytes()
    (tmp_path / "joined.ts").write_bytes(film * 3)
    times = [frame.media_time for frame in play(tmp_path / "joined.ts").frames]
    assert len(times) == 60
    assert all(earlier < later for earlier, later in pairwise(times))
    assert times[-1] == pytest.approx(59 / 5, abs=0.3)


def test_a_damaged_title_is_no_reason_not_to_play(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    with av.open(str(path), "w") as container:
        container.metadata["title"] = "a title"
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        container.mux(stream.encode(av.VideoFrame(64, 48, "yuv420p")))
        container.mux(stream.encode(None))
    path.write_bytes(path.read_bytes().replace(b"a title", b"\xff\xfe\xc3\x28\xa0\xa1t"))
    assert len(play(path).frames) == 1


def test_a_cover_is_no_film(tmp_path: Path) -> None:
    path = tmp_path / "song.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mjpeg", rate=1)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuvj420p"
        stream.disposition = av.stream.Disposition.attached_pic
        container.mux(stream.encode(av.VideoFrame(64, 48, "yuvj420p")))
        container.mux(stream.encode(None))
    assert "holds no video" in unavailable(path)


@pytest.mark.parametrize(("suffix", "kind", "codec", "options"), GROWING)
def test_a_file_that_is_still_being_written_is_followed_to_its_end(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    suffix: str,
    kind: str,
    codec: str,
    options: dict[str, str],
) -> None:
    pixel_format = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    whole = a_film(
        tmp_path / f"whole{suffix}", kind=kind, codec=codec, pixel_format=pixel_format, options=options
    )
    expected = play(whole).frames
    recorder = Recorder(tmp_path / f"growing{suffix}", whole.read_bytes(), pieces=7)
    recorder.write()
    recorder.write()
    source, slot = recorder.a_source(), RecordingSlot()
    source.open()
    recorder.write()
    source.start(slot)
    assert slot.wait_until_closed() is None
    source.close()
    assert len(expected) == 100
    assert len(slot.frames) == 100
    assert [frame.media_time for frame in slot.frames] == pytest.approx(
        [frame.media_time for frame in expected], abs=2e-3
    )
    assert all(
        np.array_equal(frame.image, original.image)
        for frame, original in zip(slot.frames, expected, strict=True)
    )
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []
    assert GROWTH_PATIENCE <= sum(recorder.waits) <= GROWTH_PATIENCE + 2 * GROWTH_POLL


def test_a_file_that_grows_slowly_is_followed_as_well(tmp_path: Path) -> None:
    content = a_film(tmp_path / "a.ts", kind="mpegts", codec="libx264", pictures=30).read_bytes()
    looks = int(GROWTH_PATIENCE / GROWTH_POLL)
    recorder = Recorder(tmp_path / "growing.ts", content, pieces=90, every=looks)  # three make a picture
    for _ in range(30):
        recorder.write()
    source, slot = recorder.a_source(), RecordingSlot()
    source.open()
    recorder.write()
    source.start(slot)
    assert slot.wait_until_closed() is None
    source.close()
    assert len(slot.frames) == 30


def test_a_file_that_does_not_grow_is_not_waited_for(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "clip.mp4", b"", pieces=1)
    write_clip(tmp_path / "clip.mp4", [0.0, 0.1])
    source, slot = recorder.a_source(), RecordingSlot()
    source.open()
    source.start(slot)
    slot.wait_until_closed()
    source.close()
    assert len(slot.frames) == 2
    assert recorder.waits == []


def test_the_wait_for_more_ends_when_the_source_is_closed(tmp_path: Path) -> None:
    content = a_film(tmp_path / "a.ts", kind="mpegts", codec="libx264").read_bytes()
    growing = tmp_path / "growing.ts"
    growing.write_bytes(content[: len(content) // 2])
    waiting = threading.Event()

    def is_stopped_within(stopped: threading.Event, seconds: float) -> bool:
        waiting.set()
        return stopped.wait(DEAD_AFTER)

    source = VideoFileSource(
        growing, source="growing", clock=FakeClock(), is_fast=True, is_stopped_within=is_stopped_within
    )
    slot = RecordingSlot()
    source.open()
    growing.write_bytes(content)
    source.start(slot)
    assert waiting.wait(DEAD_AFTER)
    source.close()
    assert slot.wait_until_closed() is None
    assert "livecam-source" not in {thread.name for thread in threading.enumerate()}


def test_a_growing_file_that_is_replaced_ends(tmp_path: Path) -> None:
    content = a_film(tmp_path / "a.ts", kind="mpegts", codec="libx264").read_bytes()
    growing = tmp_path / "growing.ts"
    growing.write_bytes(content[: len(content) // 2])

    def is_stopped_within(stopped: threading.Event, seconds: float) -> bool:
        growing.write_bytes(b"another")
        return stopped.is_set()

    source = VideoFileSource(
        growing, source="growing", clock=FakeClock(), is_fast=True, is_stopped_within=is_stopped_within
    )
    slot = RecordingSlot()
    source.open()
    growing.write_bytes(content)
    source.start(slot)
    assert slot.wait_until_closed() is None
    source.close()
    assert len(slot.frames) == 100


def test_damage_is_told_once_with_its_count(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    content = bytearray(a_film(tmp_path / "a.mp4", kind="mp4", codec="libx264").read_bytes())
    begin = len(content) // 2
    content[begin : begin + 30_000] = bytes(30_000)
    (tmp_path / "damaged.mp4").write_bytes(content)
    slot = play(tmp_path / "damaged.mp4")
    assert 20 < len(slot.frames) < 100
    (warning,) = [record.getMessage() for record in caplog.records]
    assert re.fullmatch(r"damaged\.mp4: \d+ damaged packets? (was|were) skipped", warning)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([".ts", ".mp4", ".avi"]), st.floats(0, 1), st.binary(max_size=40), st.floats(0, 1))
def test_whatever_is_damaged_plays_or_is_refused_in_one_sentence(
    damaged_films: dict[str, bytes], tmp_path: Path, suffix: str, place: float, noise: bytes, end: float
) -> None:
    content = damaged_films[suffix]
    begin = int(place * len(content))
    content = content[:begin] + noise + content[begin + len(noise) :]
    path = tmp_path / f"damaged{suffix}"
    path.write_bytes(content[: int(len(content) * max(end, 0.05))])
    source, slot = a_source(path), RecordingSlot()
    try:
        info = source.open()
    except SourceUnavailable:
        source.close()
        assert "damaged" in unavailable(path)
        return
    source.start(slot)
    assert slot.wait_until_closed() is None
    source.close()
    assert slot.frames[0].image.shape == (info.height, info.width, 3)
    assert all(earlier.media_time < later.media_time for earlier, later in pairwise(slot.frames))
