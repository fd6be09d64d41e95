from __future__ import annotations

import dataclasses
import json
import math
from typing import TYPE_CHECKING, Any

from livecam.cost_tally import CostTally, Price
from livecam.dashboard.history import MOST_FACES
from livecam.dashboard.panel import KEPT_EVENTS, SCHEMA, Panel
from livecam.events import (
    CircuitClosed,
    CircuitOpened,
    ClipEnded,
    ClipStarted,
    FrameDropped,
    MomentMarked,
    OutputFailed,
    PayloadPlanned,
    RecordingRecovered,
    RecordingTroubled,
    SourceOpened,
    SourceTroubled,
)
from livecam.faces import Emotion
from livecam.frames import SourceInfo
from livecam.pictures import Status
from livecam.pipeline.event_bus import EventBus
from livecam.protocols import LiveView
from livecam.tally import Tally
from tests.builders import a_frame, a_label, a_picture
from tests.dashboard.test_history import a_call

if TYPE_CHECKING:
    from livecam.events import Event
    from livecam.pictures import FaceLabel, Picture


class Rig:
    """A panel beside a tally, told what a run tells them."""

    def __init__(self, cost: CostTally | None = None) -> None:
        self.tally = Tally(detector="scripted", name="own", cost=cost)
        self.counts: dict[str, Any] = {"dropped": {"picture path busy": 3}}
        self.panel = Panel(
            status=self.tally.status,
            counts=lambda: self.counts,
            controls=lambda: {"mode": {"value": "live"}},
            detector="own",
        )
        self.bus = EventBus([self.tally, self.panel])

    def tell(self, *events: Event) -> None:
        for event in events:
            self.bus(event)

    def show(self, at: float, *labels: FaceLabel) -> Picture:
        picture = dataclasses.replace(a_picture(a_frame(), *labels), displayed_at=at)
        self.panel.write(picture)
        self.tally.displayed(picture, (), len(labels))
        return picture


def a_circuit(at: float = 10.0) -> CircuitOpened:
    return CircuitOpened(
        at=at, source="cam", detector="rekognition", error="E", message="no way to AWS", retry_in=5.0
    )


def test_the_state_before_anything_happened_is_json_already() -> None:
    state = Rig().panel.state(5.0)
    assert (state["schema"], state["at"], state["uptime"]) == (SCHEMA, 5.0, None)
    assert state["source"]["state"] == "opening"
    assert (state["faces"], state["events"], state["cost"]) == ([], [], None)
    assert state["history"]["minute"]["slices"] == []
    assert json.loads(json.dumps(state)) == state


def test_totals_are_the_tally_s_own() -> None:
    rig = Rig()
    rig.tally.opened(SourceInfo("cam", "camera 0", 640, 480, 30.0))
    rig.tell(a_call(10.0, 0.2), a_call(10.5, 0.4))
    rig.tell(FrameDropped(at=10.6, source="cam", frame=1, reason="picture path busy"))
    rig.show(10.0)
    rig.show(10.1)
    state, status = rig.panel.state(11.0), rig.tally.status(11.0)
    assert state["source"] == {"name": "camera 0 640x480", "state": "live", "notice": None}
    assert (state["calls"]["ok"], state["calls"]["failed"]) == (2, 0)
    assert status.latency_p50 is not None
    assert math.isclose(state["latency"]["p50"], status.latency_p50, abs_tol=1e-4)
    assert state["latency"]["timing"] == [{"part": "wait", "seconds": 0.15}]
    assert state["frames"]["dropped"] == 1
    assert state["counts"] == rig.counts
    assert state["controls"] == {"mode": {"value": "live"}}


def test_the_last_minutes_are_there_in_two_widths() -> None:
    rig = Rig()
    for second in range(30):
        rig.tell(a_call(100.0 + second, 0.2))
    history = rig.panel.state(129.5)["history"]
    assert (history["minute"]["width"], history["ten_minutes"]["width"]) == (1.0, 10.0)
    assert len(history["minute"]["slices"]) == 30
    assert [each["calls"] for each in history["ten_minutes"]["slices"]] == [10, 10, 10]


def test_faces_are_as_they_are_shown_and_their_emotions_over_time() -> None:
    rig = Rig()
    rig.show(100.0, a_label(), a_label(2, emotion=Emotion.SAD))
    rig.show(101.0, a_label())
    state = rig.panel.state(101.0)
    assert [(face["track_id"], face["emotion"], face["age"]) for face in state["faces"]] == [
        (1, "HAPPY", 1.0)
    ]
    assert [face["track_id"] for face in state["emotions"]] == [1, 2]


def test_what_is_said_about_an_old_picture_is_news_and_the_picture_is_not() -> None:
    rig = Rig()
    picture = rig.show(100.0)
    late = dataclasses.replace(picture, status=dataclasses.replace(picture.status, delay=0.5))
    rig.panel.refresh(late)
    state = rig.panel.state(100.0)
    assert state["frames"]["delay"] == 0.5
    assert rig.panel.newest is late
    assert (
        rig.panel.state(100.5)["history"]["minute"]["slices"][0]["fps"] == 2.0
    )  # one picture, half a second


def test_an_open_circuit_is_told_until_it_closes() -> None:
    rig = Rig()
    rig.tell(a_circuit())
    cloud = rig.panel.state(12.0)["cloud"]
    assert (cloud["circuit"], cloud["detector"], cloud["retry_in"]) == ("open", "rekognition", 3.0)
    assert rig.panel.state(99.0)["cloud"]["retry_in"] == 0.0
    rig.tell(CircuitClosed(at=100.0, source="cam", detector="rekognition", lasted=90.0))
    assert rig.panel.state(101.0)["cloud"]["circuit"] == "closed"


def test_what_is_sent_is_told() -> None:
    rig = Rig()
    rig.tell(PayloadPlanned(at=1.0, source="cam", width=480, quality=70, reason="slow uplink"))
    payload = rig.panel.state(2.0)["cloud"]["payload"]
    assert payload == {"width": 480, "quality": 70, "reason": "slow uplink"}


def test_a_clip_is_told_while_it_is_recorded() -> None:
    rig = Rig()
    rig.tell(ClipStarted(at=10.0, source="", clip="a", file="/x/y/a.mp4", reason="by hand", pre_roll=0.0))
    recording = rig.panel.state(12.0)["recording"]
    assert (recording["clip"], recording["reason"], recording["seconds"]) == ("a", "by hand", 2.0)
    rig.tell(ClipStarted(at=13.0, source="", clip="b", file="/x/y/b.mp4", reason="by hand", pre_roll=0.0))
    rig.tell(ClipEnded(at=13.0, source="", clip="a"))
    assert rig.panel.state(14.0)["recording"]["clip"] == "b"
    rig.tell(ClipEnded(at=15.0, source="", clip="b"))
    assert rig.panel.state(16.0)["recording"]["clip"] is None


def test_trouble_with_recording_is_told_until_it_is_over() -> None:
    rig = Rig()
    rig.tell(RecordingTroubled(at=1.0, source="", has_stopped=True, message="the disk is full"))
    recording = rig.panel.state(2.0)["recording"]
    assert (recording["trouble"], recording["has_stopped"]) == ("the disk is full", True)
    rig.tell(RecordingRecovered(at=3.0, source="", lasted=2.0))
    assert rig.panel.state(4.0)["recording"]["trouble"] is None


def test_the_newest_events_are_told_as_sentences() -> None:
    rig = Rig()
    for number in range(KEPT_EVENTS + 10):
        rig.tell(MomentMarked(at=float(number), source="", text=str(number)), a_call(float(number)))
    told = rig.panel.state(99.0)["events"]
    assert len(told) == KEPT_EVENTS
    assert told[-1] == {
        "number": KEPT_EVENTS + 10,
        "at": float(KEPT_EVENTS + 9),
        "type": "moment_marked",
        "text": f"marked: {KEPT_EVENTS + 9}",
        "is_trouble": False,
    }


def test_trouble_is_marked_as_such() -> None:
    rig = Rig()
    rig.tell(SourceTroubled(at=1.0, source="cam", trouble="black", message="camera 0 shows black"))
    state = rig.panel.state(2.0)
    assert state["trouble"] == "camera 0 shows black"
    assert state["source"]["state"] == "black"
    assert state["events"][-1]["is_trouble"]


def test_why_nothing_can_be_seen_of_the_newest_picture_is_trouble_too() -> None:
    rig = Rig()
    picture = rig.show(1.0)
    status = dataclasses.replace(picture.status, trouble="the whole picture is blurred")
    rig.panel.refresh(dataclasses.replace(picture, status=status))
    assert rig.panel.state(2.0)["trouble"] == "the whole picture is blurred"
    rig.tell(SourceTroubled(at=1.0, source="cam", trouble="black", message="camera 0 shows black"))
    assert rig.panel.state(2.0)["trouble"] == "camera 0 shows black"


def test_no_folder_of_this_machine_and_no_secret_is_in_a_state() -> None:
    rig = Rig()
    info = SourceInfo("film", "/home/me/film.mp4", 640, 480, 30.0, notice="see /home/me/notice.txt")
    rig.tally.opened(info)
    rig.tell(SourceOpened.of(info, at=1.0))
    rig.tell(
        OutputFailed(at=1.0, source="", output="/home/me/o.csv", message="/home/me/o.csv: password=geheim")
    )
    text = json.dumps(rig.panel.state(2.0))
    assert "/home" not in text
    assert "geheim" not in text
    assert "film.mp4 640x480" in text


def test_uptime_counts_from_the_first_opening() -> None:
    rig = Rig()
    info = SourceInfo("cam", "camera 0", 640, 480, 30.0)
    rig.tell(SourceOpened.of(info, at=10.0), SourceOpened.of(info, at=20.0))
    assert rig.panel.state(25.0)["uptime"] == 15.0


def test_cost_is_told_where_calls_are_paid() -> None:
    rig = Rig(CostTally(Price(usd=0.001, as_of="2026-10-07", note="list price")))
    rig.tell(a_call(10.0, cost_usd=0.001))
    assert rig.panel.state(11.0)["cost"] == {
        "usd": 0.001,
        "per_hour_usd": None,
        "left_usd": None,
        "limit_usd": None,
        "lasts": None,
    }


def test_what_is_left_of_a_budget_lasts_as_long_as_the_present_pace_says() -> None:
    status = Status("demo", "live", "rekognition", cost_usd=0.2, cost_per_hour=3.6)
    paid = dataclasses.replace(status, budget_usd=0.9, budget_limit_usd=1.0, asked_rate=5.0)

    def state(status: Status) -> dict[str, Any]:
        return Panel(status=lambda _: status, counts=dict).state(1.0)

    assert state(paid)["cost"]["lasts"] == 900.0
    assert state(paid)["cost"]["limit_usd"] == 1.0
    assert state(paid)["calls"]["asked_rate"] == 5.0
    resting = [
        status,
        dataclasses.replace(paid, is_paused=True),
        dataclasses.replace(paid, stand_in="on-device"),
        dataclasses.replace(paid, cost_per_hour=0.0),
    ]
    assert [state(each)["cost"]["lasts"] for each in resting] == [None] * 4


def test_it_fits_as_a_view_and_stays_when_the_run_has_ended() -> None:
    panel = Rig().panel
    assert isinstance(panel, LiveView)
    panel.open(SourceInfo("cam", "camera 0", 640, 480, 30.0))
    panel.close()
    panel.close()
    assert panel.state(1.0)["schema"] == SCHEMA


def test_a_state_stays_small_however_long_and_eventful_the_run() -> None:
    rig = Rig()
    emotions = list(Emotion)
    for tick in range(3_000):
        at = 1_000.0 + tick / 2
        labels = [a_label(face + tick // 500 * 20, emotion=emotions[(tick + face) % 8]) for face in range(20)]
        rig.show(at, *labels)
        rig.tell(a_call(at), a_circuit(at))
    state = rig.panel.state(2_500.0)
    assert len(state["emotions"]) == MOST_FACES
    assert len(json.dumps(state)) < 80_000
