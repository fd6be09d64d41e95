from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam.archive.folder import default_folder
from livecam.compose.recording import recording_of
from livecam.config import load_settings
from livecam.errors import OutputError, UsageError
from livecam.events import ClipRecorded, OutputFailed
from livecam.frames import SourceInfo
from livecam.sinks.clip_recorder import ClipRecorder
from livecam.testing.clock import FakeClock
from livecam.testing.recording_sink import RecordingSink
from tests.archive.samples import SIZE, Events, an_archive, left_by_a_crash, pictures

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.compose.recording import Recording
    from livecam.protocols import FrameSink

INFO = SourceInfo("test", "a test", *SIZE, 30.0, is_live=False)


def a_recording(events: Events | None = None, *, by_hand: bool = False, **given: object) -> Recording:
    settings = load_settings({"source": "demo"} | given)
    return recording_of(settings, FakeClock(), events or Events(), by_hand=by_hand)


def play(recording: Recording, *, then: tuple[FrameSink, ...] = (), frames: int = 60) -> None:
    (recorder,) = recording.sinks(then=then)
    recorder.open(INFO)
    for picture in pictures(frames):
        recorder.write(picture)
    recorder.close()


def test_without_a_wish_and_a_key_nothing_is_recorded(tmp_path: Path) -> None:
    trace = RecordingSink()
    assert a_recording().sinks(then=[trace]) == [trace]
    assert a_recording(by_hand=True, source=str(tmp_path)).sinks(then=[trace]) == [trace]


def test_all_is_cut_into_segments_that_the_settings_ask_for(tmp_path: Path) -> None:
    events = Events()
    play(a_recording(events, record="all", segment=1, clip_dir=str(tmp_path)))
    clips = [event for event in events.of(ClipRecorded) if isinstance(event, ClipRecorded)]
    assert [clip.frames for clip in clips] == [30, 30]
    assert all(str(tmp_path) in clip.file for clip in clips)


def test_clips_go_into_the_users_data_folder_unless_told_otherwise() -> None:
    play(a_recording(record="all"))
    assert len(list(default_folder().glob("*.mp4"))) == 1


def test_looking_at_a_window_makes_no_folder(tmp_path: Path) -> None:
    play(a_recording(by_hand=True, clip_dir=str(tmp_path / "clips")))
    assert not (tmp_path / "clips").exists()


def test_a_folder_that_cannot_be_written_is_told_before_anything_starts(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="give another folder with --clip-dir"):
        a_recording(record="all", clip_dir=str(tmp_path / "file" / "clips"))


def test_what_a_crash_left_is_taken_up_at_the_start(tmp_path: Path) -> None:
    clip = left_by_a_crash(an_archive(tmp_path))
    play(a_recording(by_hand=True, clip_dir=str(tmp_path)), frames=1)
    assert (tmp_path / f"{clip}.mp4").is_file()


def test_old_clips_make_room(tmp_path: Path) -> None:
    play(a_recording(record="all", segment=1, keep_size=1_000_000, clip_dir=str(tmp_path)), frames=90)
    assert len(list(tmp_path.glob("*.mp4"))) == 3


def test_copies_are_made_of_each_clip(tmp_path: Path) -> None:
    play(a_recording(record="all", copies="annotated,blurred", clip_dir=str(tmp_path)), frames=5)
    assert {path.name.partition(".")[2] for path in tmp_path.glob("*.mp4")} == {
        "mp4",
        "annotated.mp4",
        "blurred.mp4",
    }


def test_a_copy_that_cannot_be_made_is_told_and_the_clip_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OutputError("no blurred copy: no room")

    monkeypatch.setattr("livecam.compose.recording.make_copy", refuse)
    events = Events()
    play(a_recording(events, record="all", copies="blurred", clip_dir=str(tmp_path)), frames=5)
    (told,) = events.of(OutputFailed)
    assert isinstance(told, OutputFailed)
    assert "no blurred copy" in told.message
    assert len(list(tmp_path.glob("*.mp4"))) == 1


def test_a_rule_begins_a_clip_with_what_was_before(tmp_path: Path) -> None:
    events = Events()
    recording = a_recording(
        events, record="events", record_on="somebody", pre_roll=1, post_roll=0, clip_dir=str(tmp_path)
    )
    assert isinstance(recording.sinks(then=())[0], ClipRecorder)
    play(recording)
    (clip,) = events.of(ClipRecorded)
    assert isinstance(clip, ClipRecorded)
    assert (clip.reason, clip.frames) == ("somebody", 60)


def test_rules_about_faces_that_nobody_looks_for_are_refused_before_anything_starts(tmp_path: Path) -> None:
    settings = load_settings({"source": "demo", "record": "events", "clip_dir": str(tmp_path)})
    with pytest.raises(UsageError, match="nobody looks for faces, so that nothing would ever meet new face"):
        recording_of(settings, FakeClock(), Events(), by_hand=False, has_eyes=False)


def test_where_nothing_may_be_kept_nothing_records_nor_can_it_be_asked_for(tmp_path: Path) -> None:
    recording = a_recording(by_hand=True, no_store=True, clip_dir=str(tmp_path / "clips"))
    assert recording.make_recorder is None
    assert recording.archive is None
    with pytest.raises(UsageError, match="nothing is recorded: --no-store is set"):
        recording.switch.say(True)
