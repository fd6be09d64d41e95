from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import pytest

from livecam.archive import cutting
from livecam.archive.clip_writer import ClipWriter
from livecam.archive.cutting import TRY_AGAIN_AFTER, ClipCutter
from livecam.archive.finishing import finish_clip
from livecam.archive.record_switch import RecordSwitch
from livecam.archive.sidecar import read_sidecar
from livecam.encoding.probe import probe
from livecam.errors import OutputError
from livecam.events import ClipEnded, ClipStarted, RecordingRecovered, RecordingTroubled
from livecam.faces import Emotion, EmotionScore
from livecam.native import av
from livecam.recording.plan import RecordingPlan
from livecam.recording.rules import parse_rule
from livecam.testing.clock import FakeClock
from tests.archive.samples import Events, a_picture_at, an_archive, pictures
from tests.builders import a_label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from livecam.archive.archive import Archive
    from livecam.archive.clip_writer import ClosedClip
    from livecam.archive.disk_watch import DiskWatch
    from livecam.pictures import Picture
    from livecam.recording.disk_room import Room
    from livecam.recording.plan import What


class FakeDisk:
    """A `DiskWatch` that says what it is told to."""

    def __init__(self) -> None:
        self.state: Room = "ok"
        self.sentence = "the disk for clips is full"
        self.news: list[Room] = []

    def look(self, at: float, *, unfinished_bytes: Callable[[], int]) -> Room | None:
        if not self.news:
            return None
        self.state = self.news.pop(0)
        return self.state


@dataclass
class Rig:
    archive: Archive
    events: Events
    cutter: ClipCutter
    switch: RecordSwitch
    disk: FakeDisk
    closed: list[ClosedClip] = field(default_factory=list)

    def take(self, shown: Iterable[Picture]) -> list[str | None]:
        return [self.cutter.take(picture) for picture in shown]

    def finish(self) -> list[str]:
        """Close, finish every clip, and return their ids in the order in which they ended."""
        self.cutter.close()
        for closed in self.closed:
            with closed.lock:
                finish_clip(self.archive, closed.id, end=closed.end, is_salvaged=False)
        return [closed.id for closed in self.closed]

    def frames(self, clip: str) -> list[int]:
        """Return the frames of a clip by its sidecar, after checking that its video has as many."""
        lines = [line.frame for line in read_sidecar(self.archive.folder.sidecar(clip)).frames()]
        assert probe(self.archive.folder.clip(clip)).frames == len(lines)
        return lines


def a_rig(tmp_path: Path, what: What = "all", **plan: float | str) -> Rig:
    pre_roll = float(plan.pop("pre_roll", 0.0))
    rules = [parse_rule(str(plan.pop("rule")))] if "rule" in plan else []
    given = {"segment": 300.0, "post_roll": 0.0, "min_gap": 0.0} | {k: float(v) for k, v in plan.items()}
    events = Events()
    archive = an_archive(tmp_path, clock=FakeClock(), publish=events)
    switch, disk = RecordSwitch(), FakeDisk()
    closed: list[ClosedClip] = []
    cutter = ClipCutter(
        archive=archive,
        plan=RecordingPlan(what=what, rules=rules, **given),
        switch=switch,
        disk=cast("DiskWatch", disk),
        pre_roll=pre_roll,
        fps=30.0,
        finish=closed.append,
    )
    return Rig(archive, events, cutter, switch, disk, closed)


def happy(shown: Iterable[Picture], since: float, until: float) -> list[Picture]:
    """Return pictures on which somebody appears happy for a while and calm otherwise."""

    def label(time: float) -> Picture:
        score = 95.0 if since <= time < until else 5.0
        face = a_label(emotion=Emotion.HAPPY if score > 50 else Emotion.CALM)
        return a_picture_at(
            time, dataclasses.replace(face, scores=(EmotionScore(Emotion.HAPPY, score),), confidence=score)
        )

    return [label(picture.frame.media_time) for picture in shown]


def test_segments_join_without_a_lost_frame(tmp_path: Path) -> None:
    rig = a_rig(tmp_path, segment=1.0)
    told = rig.take(pictures(75))
    clips = rig.finish()
    assert len(clips) == 3
    assert [frame for clip in clips for frame in rig.frames(clip)] == list(range(75))
    assert told == [clip for clip in clips for _ in rig.frames(clip)]
    durations = [probe(rig.archive.folder.clip(clip)).duration for clip in clips]
    assert sum(durations) == pytest.approx(2.5, abs=0.001)
    assert [type(event) for event in rig.events.told if isinstance(event, ClipStarted | ClipEnded)] == [
        ClipStarted,
        ClipEnded,
    ] * 3


def test_uneven_input_plays_in_real_time(tmp_path: Path) -> None:
    times = [0.0]
    for index in range(120):
        times.append(times[-1] + (1 / 25, 1 / 7, 1 / 11, 1 / 24)[index * 7 % 4])
    rig = a_rig(tmp_path)
    rig.take(a_picture_at(time, sequence=index) for index, time in enumerate(times))
    (clip,) = rig.finish()
    with av.open(str(rig.archive.folder.clip(clip))) as film:
        shown = [frame.time for frame in film.decode(video=0)]
    assert len(shown) == len(times)
    assert max(abs(a - b) for a, b in zip(shown, times, strict=True)) < 0.001


def test_an_event_has_what_was_before_it_and_after_it(tmp_path: Path) -> None:
    rig = a_rig(tmp_path, "events", rule="HAPPY >= 80", pre_roll=2.0, post_roll=1.0)
    told = rig.take(happy(pictures(300), 5.0, 6.0))
    (clip,) = rig.finish()
    frames = rig.frames(clip)
    assert frames == list(range(frames[0], frames[-1] + 1))
    assert 2.0 <= 5.0 - frames[0] / 30 <= 3.1
    assert frames[-1] / 30 == pytest.approx(7.0, abs=0.07)
    assert told.count(clip) == frames[-1] - 150 + 1
    (started,) = rig.events.of(ClipStarted)
    assert isinstance(started, ClipStarted)
    assert started.reason == "HAPPY >= 80"
    assert started.pre_roll == pytest.approx(5.0 - frames[0] / 30)
    row = rig.archive.ledger.get(clip)
    assert row is not None
    expected = rig.archive.clock.wall().timestamp() - 0  # the clock stands still: frames are of the past
    assert row.started_at.timestamp() <= expected + frames[0] / 30


def test_no_frame_is_in_two_clips(tmp_path: Path) -> None:
    rig = a_rig(tmp_path, "events", rule="HAPPY >= 80", pre_roll=3.0, post_roll=0.2)
    shown = happy(pictures(120), 2.0, 2.5)
    shown += happy(pictures(120, since=4.0), 4.2, 5.0)
    rig.take(shown)
    clips = rig.finish()
    first, second = (rig.frames(clip) for clip in clips)
    assert not set(first) & set(second)
    assert second[0] == first[-1] + 1


def test_another_size_begins_another_clip(tmp_path: Path) -> None:
    rig = a_rig(tmp_path)
    rig.take(pictures(10))
    rig.take(pictures(10, since=10 / 30, size=(33, 25)))
    rig.take(pictures(10, since=20 / 30))
    clips = rig.finish()
    sizes = [
        (facts.width, facts.height) for facts in (probe(rig.archive.folder.clip(clip)) for clip in clips)
    ]
    assert sizes == [(64, 48), (32, 24), (64, 48)]
    assert [frame for clip in clips for frame in rig.frames(clip)] == list(range(30))


def test_a_camera_that_was_away_leaves_no_still_minute(tmp_path: Path) -> None:
    rig = a_rig(tmp_path)
    rig.take(pictures(30))
    rig.take(pictures(30, since=60.0))
    clips = rig.finish()
    durations = [probe(rig.archive.folder.clip(clip)).duration for clip in clips]
    assert durations == pytest.approx([1.0, 1.0], abs=0.001)


def test_a_mark_is_of_the_clip_that_is_recorded_then_and_of_no_later_one(tmp_path: Path) -> None:
    rig = a_rig(tmp_path, "off")
    rig.switch.mark("before")
    rig.take(pictures(5))
    rig.switch.say(True)
    rig.take(pictures(5, since=5 / 30))
    rig.switch.mark("here")
    rig.take(pictures(5, since=10 / 30))
    (clip,) = rig.finish()
    with rig.archive.folder.sidecar(clip).open(encoding="utf-8") as file:
        lines = [json.loads(line) for line in file][1:]
    assert {line["frame"]: line["marks"] for line in lines if "marks" in line} == {10: ["here"]}


def test_the_user_records_by_hand(tmp_path: Path) -> None:
    rig = a_rig(tmp_path, "off")
    assert rig.take(pictures(10)) == [None] * 10
    rig.switch.toggle()
    told = rig.take(pictures(10, since=10 / 30))
    assert None not in told
    assert rig.switch.is_recording
    rig.switch.toggle()
    assert rig.take(pictures(10, since=20 / 30)) == [None] * 10
    (clip,) = rig.finish()
    assert rig.frames(clip) == list(range(10, 20))
    row = rig.archive.ledger.get(clip)
    assert row is not None
    assert row.reason == "by hand"


def test_a_full_disk_stops_recording_while_the_clip_can_be_finished(tmp_path: Path) -> None:
    rig = a_rig(tmp_path)
    rig.take(pictures(30))
    rig.disk.news = ["low"]
    rig.take(pictures(30, since=1.0))
    rig.disk.news = ["full"]
    assert rig.take(pictures(30, since=2.0)) == [None] * 30
    rig.disk.news = ["ok"]
    rig.take(pictures(30, since=3.0))
    clips = rig.finish()
    assert [rig.frames(clip) for clip in clips] == [list(range(60)), list(range(90, 120))]
    told = rig.events.of(RecordingTroubled)
    assert [event.has_stopped for event in told if isinstance(event, RecordingTroubled)] == [False, True]
    assert len(rig.events.of(RecordingRecovered)) == 1


def test_a_disk_that_refuses_is_tried_again_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = a_rig(tmp_path)
    rig.take(pictures(30))

    def refuse(*_: object) -> None:
        raise OutputError("clip.part.mp4 cannot be written: No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(ClipWriter, "write", refuse)
        assert set(rig.take(pictures(90, since=1.0))) == {None}
        assert set(rig.take(pictures(30, since=1.0 + TRY_AGAIN_AFTER))) == {None}
    rig.take(pictures(30, since=2.0 + 2 * TRY_AGAIN_AFTER))
    clips = rig.finish()
    assert rig.frames(clips[0]) == list(range(30))
    assert rig.frames(clips[-1])[-1] == round((2.0 + 2 * TRY_AGAIN_AFTER) * 30) + 29
    (told,) = rig.events.of(RecordingTroubled)
    assert isinstance(told, RecordingTroubled)
    assert "No space left on device; recording stopped, and is tried again" in told.message
    assert len(rig.events.of(RecordingRecovered)) == 1


def test_what_waits_to_be_taken_up_is_told_once_while_recording_goes_on(tmp_path: Path) -> None:
    rig = a_rig(tmp_path)
    rig.take(pictures(3))
    rig.archive.leftovers.note("the ledger is locked")
    assert None not in rig.take(pictures(3, since=0.1))
    (told,) = rig.events.of(RecordingTroubled)
    assert isinstance(told, RecordingTroubled)
    assert told.message.startswith("the ledger is locked; recording goes on")
    assert not told.has_stopped
    rig.archive.leftovers.begin()
    rig.archive.leftovers.end()
    rig.take(pictures(3, since=0.2))
    assert len(rig.events.of(RecordingRecovered)) == 1
    rig.finish()


def test_an_encoder_that_is_too_slow_makes_way_for_a_faster_one(tmp_path: Path) -> None:
    rig = a_rig(tmp_path)
    rig.take(pictures(30))
    for _ in range(10):
        rig.cutter.note_drop()
    rig.take(pictures(30, since=1.0))
    clips = rig.finish()
    assert [len(rig.frames(clip)) for clip in clips] == [30, 30]
    assert [frame for clip in clips for frame in rig.frames(clip)] == list(range(60))


def test_a_clip_that_grows_too_large_is_followed_by_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cutting, "MOST_BYTES", 3000)
    rig = a_rig(tmp_path)
    rig.take(pictures(60))
    clips = rig.finish()
    assert len(clips) > 1
    assert [frame for clip in clips for frame in rig.frames(clip)] == list(range(60))


def test_frames_that_wait_in_the_ring_hold_no_pixels(tmp_path: Path) -> None:
    rig = a_rig(tmp_path, "events", rule="HAPPY >= 80", pre_roll=2.0)
    rig.take(happy(pictures(60), 99.0, 99.0))
    ring = rig.cutter._ring
    assert ring is not None
    assert sum(picture.frame.image.size for _, picture in ring.take()) == 0


def test_nobody_is_there_only_when_somebody_looks() -> None:
    (unasked,) = pictures(1)
    unasked = dataclasses.replace(unasked, faces=())
    assert cutting.known_faces(unasked) is None
    answered = dataclasses.replace(unasked, answered_at=unasked.displayed_at - 1.0)
    assert cutting.known_faces(answered) == ()
    long_ago = dataclasses.replace(unasked, answered_at=unasked.displayed_at - 60.0)
    assert cutting.known_faces(long_ago) is None
    sought = dataclasses.replace(long_ago, status=dataclasses.replace(unasked.status, finder_rate=5.0))
    assert cutting.known_faces(sought) == ()
    seen = pictures(1)[0]
    assert cutting.known_faces(seen) == seen.faces
