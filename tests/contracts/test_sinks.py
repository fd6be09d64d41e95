"""What every sink promises, whatever becomes of its pictures."""

from __future__ import annotations

import dataclasses
import io
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from livecam.archive.record_switch import RecordSwitch
from livecam.errors import OutputError
from livecam.frames import SourceInfo
from livecam.overlay.cover import Cover
from livecam.overlay.drawing import OverlayPainter
from livecam.sinks.annotated_stills import AnnotatedStillsSink
from livecam.sinks.contact_sheet import ContactSheetSink
from livecam.sinks.emotion_csv import EmotionCsvSink
from livecam.sinks.face_report import FaceReportSink
from livecam.sinks.held_back import HeldBack
from livecam.sinks.status_line import StatusLine
from livecam.sinks.trace import TraceSink
from livecam.sinks.video_file import VideoFileSink
from livecam.sinks.window import WindowSink
from livecam.testing.clock import FakeClock
from livecam.testing.recording_sink import RecordingSink
from tests.builders import a_frame, a_label, a_picture

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from livecam.pictures import Picture
    from livecam.protocols import FrameSink

INFO = SourceInfo(source="test", description="test", width=64, height=48, fps=30.0)


def never(event: object) -> None:
    raise AssertionError(event)


def a_trace(folder: Path) -> FrameSink:
    return TraceSink(folder / "trace.jsonl", on_failure=never)


def an_emotion_csv(folder: Path) -> FrameSink:
    return EmotionCsvSink(folder / "emotions.csv", clock=FakeClock(), on_failure=never)


def a_video_file(folder: Path) -> FrameSink:
    return VideoFileSink(folder / "clip.mp4", publish=never, on_failure=never)


def a_contact_sheet(folder: Path) -> FrameSink:
    return ContactSheetSink(folder / "sheet.png", times=(0.0,), title="test", caption=str)


def an_annotated_still(folder: Path) -> FrameSink:
    return AnnotatedStillsSink(folder / "out.jpg", source=folder / "photo.jpg", is_folder=False)


def a_folder_of_annotated_stills(folder: Path) -> FrameSink:
    return AnnotatedStillsSink(folder / "out", source=folder / "photos", is_folder=True)


def a_face_report(_: Path) -> FrameSink:
    return FaceReportSink(list[str]().append)


def a_status_line(_: Path) -> FrameSink:
    return StatusLine(Console(file=io.StringIO()))


def a_live_status_line(_: Path) -> FrameSink:
    return StatusLine(Console(file=io.StringIO(), force_terminal=True))


def a_window(folder: Path) -> FrameSink:
    return WindowSink(painter=OverlayPainter(), clock=FakeClock(), folder=folder)


def a_held_back(folder: Path) -> FrameSink:
    return HeldBack(a_trace(folder), Cover(), switch=RecordSwitch(), passed=RecordSwitch())


def a_recording(_: Path) -> FrameSink:
    return RecordingSink()


TO_FILES = (
    a_trace,
    an_emotion_csv,
    a_video_file,
    a_contact_sheet,
    an_annotated_still,
    a_folder_of_annotated_stills,
    a_held_back,
)
SINKS = (*TO_FILES, a_face_report, a_status_line, a_live_status_line, a_window, a_recording)


@pytest.fixture(params=SINKS, ids=lambda make: make.__name__)
def sink(request: pytest.FixtureRequest, tmp_path: Path) -> FrameSink:
    sink: FrameSink = request.param(tmp_path)
    return sink


def pictures(count: int = 3) -> list[Picture]:
    return [a_picture(a_frame(sequence), a_label()) for sequence in range(count)]


def test_it_takes_pictures_and_may_be_closed_twice(sink: FrameSink) -> None:
    sink.open(INFO)
    for picture in pictures():
        sink.write(picture)
    sink.close()
    sink.close()


def test_it_takes_pictures_without_pixels(sink: FrameSink) -> None:
    sink.open(INFO)
    for picture in pictures():
        sink.write(dataclasses.replace(picture, image=None))
    sink.close()


def test_it_may_be_opened_and_closed_without_a_picture(sink: FrameSink) -> None:
    sink.open(INFO)
    sink.close()
    sink.close()


def test_a_picture_before_it_is_opened_harms_nobody(sink: FrameSink) -> None:
    sink.write(pictures()[0])
    sink.open(INFO)
    sink.close()


def test_it_may_be_closed_without_having_been_opened(sink: FrameSink) -> None:
    sink.close()
    sink.close()


def test_a_picture_is_only_looked_at(sink: FrameSink) -> None:
    sink.open(INFO)
    for picture in pictures():
        assert picture.image is not None
        picture.image.flags.writeable = False
        sink.write(picture)
    sink.close()


def test_pictures_of_odd_and_changing_sizes_are_taken(sink: FrameSink) -> None:
    sink.open(INFO)
    for sequence, (width, height) in enumerate([(65, 49), (64, 48), (128, 96)]):
        sink.write(a_picture(a_frame(sequence, width=width, height=height)))
    sink.close()


@pytest.mark.parametrize("make", TO_FILES, ids=lambda make: make.__name__)
def test_what_was_taken_is_in_its_file_once_it_is_closed(
    make: Callable[[Path], FrameSink], tmp_path: Path
) -> None:
    sink = make(tmp_path)
    sink.open(INFO)
    for picture in pictures():
        sink.write(picture)
    sink.close()
    (file,) = tmp_path.iterdir()
    assert file.stat().st_size > 0


@pytest.mark.parametrize("make", TO_FILES, ids=lambda make: make.__name__)
def test_a_place_that_cannot_be_written_to_is_found_out_when_it_is_opened(
    make: Callable[[Path], FrameSink], tmp_path: Path
) -> None:
    sink = make(tmp_path / "gone")
    with pytest.raises(OutputError, match="cannot be written"):
        sink.open(INFO)
    sink.close()
