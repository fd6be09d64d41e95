from __future__ import annotations

import os
import subprocess
import sys
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.encoding.h264 import H264Writer
from livecam.errors import OutputError
from livecam.events import Event, FrameDropped
from livecam.frames import SourceInfo
from livecam.native import av
from livecam.sinks.background_writer import QUEUE_LIMITS
from livecam.sinks.video_file import VideoFileSink
from tests.builders import a_frame, a_picture
from tests.requirements import skip_unless

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.frames import Image
    from livecam.pictures import Picture

PATIENCE = 10.0
CAMERA = SourceInfo("test", "a camera", 64, 48, 30.0)
FILE = replace(CAMERA, description="a file", is_live=False)
HUGE_CAMERA = replace(CAMERA, width=10_000, height=10_000)
"""Its pictures are so large that the fewest may wait only."""

DISK_GETS_FULL = """
import resource, sys
from pathlib import Path
import numpy as np
from livecam.frames import Frame, SourceInfo
from livecam.pictures import Picture, Status
from livecam.sinks.video_file import VideoFileSink
noise = np.random.default_rng(0)
status = Status("test", "playing", "none")
sink = VideoFileSink(Path(sys.argv[1]), publish=print, on_failure=lambda error: print("told:", error))
sink.open(SourceInfo("test", "a test", 128, 96, 30.0, is_live=False))
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
for number in range(60):
    image = noise.integers(0, 255, (96, 128, 3), np.uint8)
    sink.write(Picture(Frame("test", number, 0.0, number / 30, image), (), status, 0.0, image))
sink.close()
print("went on")
"""


class Recorder:
    """Keeps what a sink tells."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.failures: list[Exception] = []

    def publish(self, event: Event) -> None:
        self.events.append(event)

    def a_sink(self, path: Path) -> VideoFileSink:
        return VideoFileSink(path, publish=self.publish, on_failure=self.failures.append)


class GatedWriter(H264Writer):
    """An encoder that does nothing before its gate is open."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.gate = threading.Event()
        self.entered = threading.Event()

    def write(self, image: Image, media_time: float) -> None:
        self.entered.set()
        assert self.gate.wait(PATIENCE)
        super().write(image, media_time)


class BreakingWriter(H264Writer):
    """An encoder that fails once it has got two pictures."""

    pictures = 0

    def write(self, image: Image, media_time: float) -> None:
        if self.pictures == 2:
            raise OutputError("broken")
        self.pictures += 1
        super().write(image, media_time)


def a_picture_at(time: float, *, sequence: int = 0) -> Picture:
    return a_picture(replace(a_frame(sequence), media_time=time))


def decoded(path: Path) -> list[av.VideoFrame]:
    with av.open(str(path)) as container:
        return list(container.decode(container.streams.video[0]))


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_pictures_become_a_video_with_the_frames_own_times(tmp_path: Path) -> None:
    told, path = Recorder(), tmp_path / "out.mp4"
    sink = told.a_sink(path)
    sink.open(CAMERA)
    times = [0.0, 0.02, 0.5, 0.533, 2.1]
    for number, time in enumerate(times):
        sink.write(a_picture_at(time, sequence=number))
    sink.close()
    with av.open(str(path)) as container:
        assert container.streams.video[0].codec_context.name == "h264"
    assert [frame.time for frame in decoded(path)] == pytest.approx(times, abs=1e-4)
    assert names_in(tmp_path) == ["out.mp4"]
    assert (told.events, told.failures) == ([], [])


def test_it_is_the_annotated_picture_that_is_written(tmp_path: Path) -> None:
    sink = Recorder().a_sink(tmp_path / "out.mp4")
    sink.open(CAMERA)
    sink.write(replace(a_picture(), image=np.full((48, 64, 3), 250, np.uint8)))
    sink.close()
    assert decoded(tmp_path / "out.mp4")[0].to_ndarray(format="bgr24").mean() > 240


def test_the_file_has_its_name_only_once_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "out.mp4"
    path.write_bytes(b"an older one")
    sink = Recorder().a_sink(path)
    encoder = sink._encoder = GatedWriter(sink._part)
    sink.open(CAMERA)
    sink.write(a_picture_at(0.0))
    assert encoder.entered.wait(PATIENCE)
    assert names_in(tmp_path) == ["out.mp4", "out.part.mp4"]
    assert path.read_bytes() == b"an older one"
    encoder.gate.set()
    sink.close()
    assert names_in(tmp_path) == ["out.mp4"]
    assert len(decoded(path)) == 1


def test_without_a_picture_no_file_is_left(tmp_path: Path) -> None:
    told = Recorder()
    sink = told.a_sink(tmp_path / "out.mp4")
    sink.open(CAMERA)
    sink.write(replace(a_picture(), image=None))
    sink.close()
    assert names_in(tmp_path) == []
    assert told.failures == []


def test_an_older_file_stays_when_there_was_no_picture(tmp_path: Path) -> None:
    path = tmp_path / "out.mp4"
    path.write_bytes(b"an older one")
    sink = Recorder().a_sink(path)
    sink.open(CAMERA)
    sink.close()
    assert path.read_bytes() == b"an older one"


def test_a_full_queue_drops_pictures_and_says_so(tmp_path: Path) -> None:
    told, path = Recorder(), tmp_path / "out.mp4"
    sink = told.a_sink(path)
    encoder = sink._encoder = GatedWriter(sink._part)
    sink.open(HUGE_CAMERA)
    sink.write(a_picture_at(0.0))
    assert encoder.entered.wait(PATIENCE)
    held = 1 + QUEUE_LIMITS[0]
    for number in range(1, held + 2):
        sink.write(a_picture_at(number / 30, sequence=number))
    assert told.events == [
        FrameDropped(at=100.01, source="test", frame=number, reason="output busy")
        for number in (held, held + 1)
    ]
    encoder.gate.set()
    sink.close()
    assert len(decoded(path)) == held


def test_small_pictures_may_wait_in_greater_number(tmp_path: Path) -> None:
    told = Recorder()
    sink = told.a_sink(tmp_path / "out.mp4")
    encoder = sink._encoder = GatedWriter(sink._part)
    sink.open(CAMERA)
    for number in range(QUEUE_LIMITS[1]):
        sink.write(a_picture_at(number / 30, sequence=number))
    assert told.events == []
    encoder.gate.set()
    sink.close()


def test_a_source_that_can_wait_loses_nothing(tmp_path: Path) -> None:
    told, path = Recorder(), tmp_path / "out.mp4"
    sink = told.a_sink(path)
    encoder = sink._encoder = GatedWriter(sink._part)
    sink.open(replace(HUGE_CAMERA, is_live=False))

    def write_many() -> None:
        for number in range(50):
            sink.write(a_picture_at(number / 30, sequence=number))

    thread = threading.Thread(target=write_many, daemon=True)
    thread.start()
    assert encoder.entered.wait(PATIENCE)
    encoder.gate.set()
    thread.join(PATIENCE)
    sink.close()
    assert told.events == []
    assert len(decoded(path)) == 50


@pytest.mark.parametrize("size", [(1280, 720), (48, 64), (32, 24)])
def test_a_camera_that_comes_back_with_another_size_keeps_the_videos(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    told, path = Recorder(), tmp_path / "out.mp4"
    sink = told.a_sink(path)
    sink.open(CAMERA)
    sink.write(a_picture_at(0.0))
    sink.write(a_picture(replace(a_frame(1, width=size[0], height=size[1]), media_time=0.1)))
    sink.write(a_picture_at(0.2, sequence=2))
    sink.close()
    frames = decoded(path)
    assert [(frame.width, frame.height) for frame in frames] == [(64, 48)] * 3
    assert frames[1].to_ndarray(format="bgr24")[24, 32].tolist() == pytest.approx([90] * 3, abs=4)
    assert (told.events, told.failures) == ([], [])


def test_larger_pictures_do_not_wait_in_their_own_size(tmp_path: Path) -> None:
    sink = Recorder().a_sink(tmp_path / "out.mp4")
    encoder = sink._encoder = GatedWriter(sink._part)
    sizes: list[int] = []
    sink.open(CAMERA)
    assert sink._writer is not None
    put = sink._writer.put

    def measuring(item: tuple[Image, float], *, waits: bool = False) -> bool:
        sizes.append(item[0].size)
        return put(item, waits=waits)

    sink._writer.put = measuring  # type: ignore[method-assign]
    for number, size in enumerate([(64, 48), (1280, 720), (32, 24)]):
        sink.write(a_picture(a_frame(number, width=size[0], height=size[1])))
    encoder.gate.set()
    sink.close()
    assert sizes == [64 * 48 * 3, 64 * 48 * 3, 32 * 24 * 3]


def test_a_folder_that_is_not_there_is_told_when_the_sink_is_opened(tmp_path: Path) -> None:
    sink = Recorder().a_sink(tmp_path / "no-folder" / "out.mp4")
    with pytest.raises(OutputError, match=r"no-folder/out\.mp4 cannot be written: No such file"):
        sink.open(CAMERA)
    sink.close()


def test_a_folder_in_the_files_place_is_told_when_the_sink_is_opened(tmp_path: Path) -> None:
    (tmp_path / "out.mp4").mkdir()
    with pytest.raises(OutputError, match=r"out\.mp4 cannot be written: it is a folder"):
        Recorder().a_sink(tmp_path / "out.mp4").open(CAMERA)
    assert names_in(tmp_path) == ["out.mp4"]


def test_a_device_is_never_replaced(tmp_path: Path) -> None:
    skip_unless(hasattr(os, "mkfifo"), "there are no named pipes")
    os.mkfifo(tmp_path / "out.mp4")
    with pytest.raises(
        OutputError, match=r"out\.mp4 cannot be replaced by a video: it is a device or a pipe"
    ):
        Recorder().a_sink(tmp_path / "out.mp4").open(CAMERA)
    assert names_in(tmp_path) == ["out.mp4"]


def test_an_encoder_that_breaks_is_told_and_its_file_is_not_passed_off_as_whole(tmp_path: Path) -> None:
    told = Recorder()
    sink = told.a_sink(tmp_path / "out.mp4")
    sink._encoder = BreakingWriter(sink._part)
    sink.open(FILE)
    for number in range(5):
        sink.write(a_picture_at(number / 30, sequence=number))
    sink.close()
    assert [str(failure) for failure in told.failures] == ["broken"]
    assert names_in(tmp_path) == ["out.part.mp4"]
    assert len(decoded(tmp_path / "out.part.mp4")) == 2


def test_a_disk_that_gets_full_is_told_and_the_process_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "out.mp4"
    command = [sys.executable, "-c", DISK_GETS_FULL, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=40)
    part = tmp_path / "out.part.mp4"
    assert done.stdout.splitlines() == [f"told: {part} cannot be written: File too large", "went on"]
    assert names_in(tmp_path) == ["out.part.mp4"]
    with av.open(str(part)) as container:
        frames = container.decode(container.streams.video[0])
        # All but the picture that the disk cut short can be played.
        assert all(next(frames).width == 128 for _ in range(2))
