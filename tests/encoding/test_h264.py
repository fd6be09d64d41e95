from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.encoding.h264 import KEYFRAME_EVERY, H264Encoder, H264Writer, fitted
from livecam.errors import OutputError
from livecam.native import av, cv2
from tests.encoding.clips import decoded, encoded, noise, part_of, uneven_times
from tests.requirements import skip_unless

if TYPE_CHECKING:
    from collections.abc import Iterable

    from livecam.frames import Image

FULL_DISK = Path("/dev/full")
TOLERANCE = 1e-4
"""Seconds by which a time may be off; a tick of 90 kHz is a tenth of it."""

PRELUDE = """
import os, resource, sys
from pathlib import Path
import numpy as np
from livecam.encoding.h264 import H264Writer
from livecam.errors import OutputError
noise = np.random.default_rng(0)
writer = H264Writer(Path(sys.argv[1]))
for number in range(30):
    writer.write(noise.integers(0, 255, (96, 128, 3), np.uint8), number / 30)
"""
IS_KILLED = PRELUDE + "print('written', flush=True); sys.stdin.read()"
DISK_IS_FULL_AT_THE_END = (
    PRELUDE
    + """
size = os.path.getsize(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
try:
    writer.close()
except OutputError as error:
    print("told:", error)
"""
)


def an_image(level: int = 128, *, width: int = 64, height: int = 48) -> Image:
    image = np.zeros((height, width, 3), np.uint8)
    image[:, :, 0] = np.linspace(0, 255, width, dtype=np.uint8)
    image[:, :, 1] = level
    return image


def written(path: Path, times: Iterable[float], *, image: Image | None = None) -> Path:
    writer = H264Writer(path)
    for number, time in enumerate(times):
        writer.write(an_image(number % 256) if image is None else image, time)
    writer.close()
    return path


def frames_of(path: Path) -> list[av.VideoFrame]:
    with av.open(str(path)) as container:
        return list(container.decode(container.streams.video[0]))


def times_of(path: Path) -> list[float]:
    return [float(frame.time or 0.0) for frame in frames_of(path)]


def test_a_file_is_h264_in_yuv420p(tmp_path: Path) -> None:
    path = written(tmp_path / "a.mp4", [0.0, 0.1])
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert "mp4" in container.format.name
        assert stream.codec_context.name == "h264"
        assert stream.codec_context.pix_fmt == "yuv420p"
        assert (stream.width, stream.height) == (64, 48)
        assert len(container.streams) == 1


def test_ffprobe_says_the_same(tmp_path: Path) -> None:
    skip_unless(shutil.which("ffprobe") is not None, "ffprobe is not installed")
    path = written(tmp_path / "a.mp4", [0.0, 0.1, 0.5], image=an_image(width=65, height=49))
    entries = "stream=codec_name,pix_fmt,width,height,nb_read_frames,color_space,color_range"
    command = ["ffprobe", "-v", "error", "-count_frames", "-show_entries", entries, "-of", "json", str(path)]
    probe = subprocess.run(command, capture_output=True, check=True, text=True)
    assert probe.stderr == ""
    assert json.loads(probe.stdout)["streams"] == [
        {
            "codec_name": "h264",
            "width": 64,
            "height": 48,
            "pix_fmt": "yuv420p",
            "color_range": "tv",
            "color_space": "smpte170m",
            "nb_read_frames": "3",
        }
    ]


@pytest.mark.parametrize(("width", "height"), [(65, 48), (64, 49), (65, 49), (2, 2)])
def test_odd_sides_lose_a_pixel(tmp_path: Path, width: int, height: int) -> None:
    path = written(tmp_path / "a.mp4", [0.0, 0.1], image=an_image(width=width, height=height))
    assert {(frame.width, frame.height) for frame in frames_of(path)} == {(width & ~1, height & ~1)}


def test_what_was_drawn_can_be_seen_again(tmp_path: Path) -> None:
    image = an_image(200)
    shown = frames_of(written(tmp_path / "a.mp4", [0.0], image=image))[0].to_ndarray(format="bgr24")
    assert np.abs(shown.astype(int) - image).mean() < 6


def test_uneven_times_are_kept(tmp_path: Path) -> None:
    times = [0.0, 0.0123, 0.3, 0.31, 1.9, 1.95, 3.0001, 70.00005]
    assert times_of(written(tmp_path / "a.mp4", times)) == pytest.approx(times, abs=TOLERANCE)


@pytest.mark.parametrize("step", [1 / 100, 1 / 30, 0.4, 1.7])
def test_there_is_a_keyframe_at_least_every_second(tmp_path: Path, step: float) -> None:
    frames = frames_of(written(tmp_path / "a.mp4", [number * step for number in range(400)]))
    assert frames[0].key_frame
    keyframe_at = 0.0
    for frame in frames:
        assert frame.time is not None
        if frame.key_frame:
            keyframe_at = frame.time
        assert frame.time - keyframe_at < KEYFRAME_EVERY + TOLERANCE


def test_not_every_frame_of_a_fast_source_is_a_keyframe(tmp_path: Path) -> None:
    times = [number / 30 for number in range(90)]
    frames = frames_of(written(tmp_path / "a.mp4", times, image=an_image()))
    assert sum(frame.key_frame for frame in frames) == 3


def test_times_that_do_not_ascend_survive_in_the_order_they_came(tmp_path: Path) -> None:
    times = times_of(written(tmp_path / "a.mp4", [0.0, 0.5, 0.5, 0.2, 0.6]))
    assert times == sorted(set(times))
    assert times == pytest.approx([0.0, 0.5, 0.5, 0.5, 0.6], abs=TOLERANCE)


def test_a_picture_of_another_size_is_scaled_to_the_first(tmp_path: Path) -> None:
    writer = H264Writer(tmp_path / "a.mp4")
    writer.write(an_image(10), 0.0)
    white = np.full((240, 320, 3), 255, np.uint8)
    writer.write(white, 0.1)
    writer.write(an_image(20, width=33, height=21), 0.2)
    writer.close()
    frames = frames_of(tmp_path / "a.mp4")
    assert [(frame.width, frame.height) for frame in frames] == [(64, 48)] * 3
    assert frames[1].to_ndarray(format="bgr24").mean() > 245


@pytest.mark.parametrize(
    ("width", "height", "bars"),
    [(320, 120, "above and below"), (32, 12, "above and below"), (120, 240, "beside"), (1, 2000, "beside")],
)
def test_a_picture_of_another_shape_is_shown_whole_with_black_bars(
    tmp_path: Path, width: int, height: int, bars: str
) -> None:
    writer = H264Writer(tmp_path / "a.mp4")
    writer.write(an_image(10), 0.0)
    writer.write(np.full((height, width, 3), 255, np.uint8), 0.1)
    writer.close()
    image = frames_of(tmp_path / "a.mp4")[1].to_ndarray(format="bgr24")
    assert image.shape == (48, 64, 3)
    assert image[24, 31:33].max() > 200
    edges = (image[:8], image[-8:]) if bars == "above and below" else (image[:, :16], image[:, -16:])
    assert max(float(edge.mean()) for edge in edges) < 12


def test_a_fitted_picture_keeps_its_proportions_in_the_middle() -> None:
    image = fitted(np.full((50, 200, 3), 255, np.uint8), width=100, height=75)
    is_white = image[:, :, 0] > 128
    assert image.shape == (75, 100, 3)
    assert np.flatnonzero(is_white.any(axis=1)).tolist() == list(range(25, 50))
    assert is_white.any(axis=0).all()


def test_a_given_image_is_left_as_it_was(tmp_path: Path) -> None:
    image = an_image()
    before = image.copy()
    written(tmp_path / "a.mp4", [0.0], image=image)
    assert np.array_equal(image, before)


def test_closing_twice_or_without_a_picture_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    writer = H264Writer(path)
    writer.close()
    assert not path.exists()
    writer.write(an_image(), 0.0)
    writer.close()
    writer.close()
    assert len(frames_of(path)) == 1


def test_a_folder_that_is_not_there_is_an_output_error(tmp_path: Path) -> None:
    writer = H264Writer(tmp_path / "no-folder" / "a.mp4")
    with pytest.raises(OutputError, match=r"no-folder/a\.mp4 cannot be written: No such file"):
        writer.write(an_image(), 0.0)
    writer.close()


def test_a_disk_that_is_full_from_the_start_is_an_output_error() -> None:
    skip_unless(FULL_DISK.exists(), "there is no /dev/full")
    writer = H264Writer(FULL_DISK)
    with pytest.raises(OutputError, match="/dev/full cannot be written: No space left"):  # noqa: PT012
        for number in range(10):
            writer.write(an_image(number), number / 30)
    with contextlib.suppress(OutputError):
        writer.close()


def test_a_disk_that_is_full_at_the_end_is_an_output_error(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    command = [sys.executable, "-c", DISK_IS_FULL_AT_THE_END, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=40)
    assert done.stdout == f"told: {path} cannot be finished: File too large\n"


def test_the_file_of_a_process_that_was_killed_can_be_played(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    command = [sys.executable, "-c", IS_KILLED, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "written\n"
        process.kill()
    assert process.returncode == -9
    times = times_of(path)
    # The last frame is only put into the file when the next one tells how long it lasts.
    assert len(times) >= 29
    assert times == pytest.approx([number / 30 for number in range(len(times))], abs=TOLERANCE)


def test_every_picture_gives_one_packet_at_once_and_nothing_is_held_back() -> None:
    encoder = H264Encoder(64, 48)
    packets = encoded(encoder, uneven_times(60))
    assert len(packets) == 60
    assert all(packet.data for packet in packets)
    assert encoder._stream.encode(None) == []
    encoder.close()
    encoder.close()


def test_a_packet_has_the_time_of_its_picture_to_the_tick() -> None:
    times = uneven_times(100)
    packets = encoded(H264Encoder(64, 48), times)
    assert [packet.pts for packet in packets] == [round(time * 90_000) for time in times]
    assert packets[7].time == pytest.approx(times[7], abs=1e-5)


def test_packets_never_have_the_same_time() -> None:
    packets = encoded(H264Encoder(64, 48), [5.0, 5.0, 4.0, 5.1])
    assert [packet.pts for packet in packets] == [450_000, 450_001, 450_002, 459_000]


def test_the_first_packet_is_a_keyframe_and_so_is_one_in_every_second() -> None:
    packets = encoded(H264Encoder(64, 48), [1_000 + number / 20 for number in range(50)])
    assert [number for number, packet in enumerate(packets) if packet.is_key] == [0, 20, 40]


def test_a_keyframe_can_be_had_at_any_time_and_the_next_second_counts_from_it() -> None:
    encoder = H264Encoder(64, 48)
    packets = [encoder.encode(noise(n), n / 10, keyframe=n == 7) for n in range(20)]
    assert [number for number, packet in enumerate(packets) if packet.is_key] == [0, 7, 17]


@pytest.mark.parametrize("size", [(65, 49), (64, 49), (65, 48), (64, 48)])
def test_an_encoder_takes_odd_pictures_of_its_size(size: tuple[int, int]) -> None:
    encoder = H264Encoder(65, 49)
    assert (encoder.width, encoder.height) == (64, 48)
    assert encoder.encode(noise(width=size[0], height=size[1]), 0.0).is_key


def test_a_picture_of_another_size_needs_another_encoder() -> None:
    with pytest.raises(ValueError, match="66x48 was given to an encoder of 64x48"):
        H264Encoder(64, 48).encode(noise(width=66), 0.0)


@pytest.mark.parametrize("size", [(1, 48), (64, 1), (0, 0)])
def test_less_than_two_pixels_are_too_small(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="2x2 is the least"):
        H264Encoder(*size)


def test_a_size_that_no_h264_has_is_an_output_error() -> None:
    with pytest.raises(OutputError, match=r"20000x64 cannot be encoded as H\.264"):
        H264Encoder(20_000, 64)


def test_4k_can_be_encoded(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    image = cv2.resize(noise(), (3840, 2160))
    encoder = H264Encoder(3840, 2160, preset="ultrafast")
    part_of(path, encoder, [encoder.encode(np.asarray(image, np.uint8), n / 10) for n in range(3)])
    assert [(frame.width, frame.height) for frame in decoded(path)] == [(3840, 2160)] * 3


def test_a_file_begins_with_its_first_picture(tmp_path: Path) -> None:
    assert times_of(written(tmp_path / "a.mp4", [2.0, 2.5])) == pytest.approx([0.0, 0.5], abs=TOLERANCE)


def test_a_writer_writes_into_a_file_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(bytes(100_000))
    assert len(frames_of(written(tmp_path / "a.mp4", [0.0, 0.5]))) == 2
