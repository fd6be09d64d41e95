from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from livecam.errors import OutputError
from livecam.events import OutputFailed
from livecam.frames import SourceInfo
from livecam.pipeline.fan_out import FanOut
from livecam.testing.clock import FakeClock
from livecam.testing.recording_sink import RecordingSink
from tests.builders import a_picture
from tests.pipeline.parts import Happenings

if TYPE_CHECKING:
    from livecam.pictures import Picture

INFO = SourceInfo("test", "a test", 64, 48, 30.0)


class Diary:
    """A sink that notes what it was asked to do, and fails at one of them."""

    def __init__(self, name: str, notes: list[str], *, fails_at: str = "") -> None:
        self.name, self.notes, self.fails_at = name, notes, fails_at

    def open(self, info: SourceInfo) -> None:
        self._note("open")

    def write(self, picture: Picture) -> None:
        self._note("write")

    def close(self) -> None:
        self._note("close")

    def _note(self, what: str) -> None:
        self.notes.append(f"{self.name} {what}")
        if what == self.fails_at:
            raise OutputError(f"{self.name} cannot {what}")


def a_fan_out(*sinks: Diary) -> tuple[FanOut, Happenings]:
    happenings = Happenings()
    return FanOut(sinks, clock=FakeClock(), publish=happenings), happenings


def test_every_sink_gets_everything_in_order() -> None:
    notes: list[str] = []
    fan_out, _ = a_fan_out(Diary("a", notes), Diary("b", notes))
    fan_out.open(INFO)
    fan_out.write(a_picture())
    fan_out.close()
    fan_out.close()
    assert notes == ["a open", "b open", "a write", "b write", "a close", "b close"]


@pytest.mark.parametrize("fails_at", ["write", "close"])
def test_a_sink_that_breaks_is_told_and_the_others_go_on(fails_at: str) -> None:
    notes: list[str] = []
    fan_out, happenings = a_fan_out(Diary("a", notes, fails_at=fails_at), Diary("b", notes))
    fan_out.open(INFO)
    for _ in range(2):
        fan_out.write(a_picture())
    fan_out.close()
    assert notes.count("b write") == 2
    assert notes[-2:] == ["a close", "b close"]
    assert notes.count("a write") == (1 if fails_at == "write" else 2)
    (failure,) = [event for event in happenings.events if isinstance(event, OutputFailed)]
    assert (failure.source, failure.output, failure.message) == ("test", "Diary", f"a cannot {fails_at}")


def test_a_sink_that_cannot_be_opened_leaves_those_before_it_to_be_closed() -> None:
    notes: list[str] = []
    fan_out, _ = a_fan_out(Diary("a", notes), Diary("b", notes, fails_at="open"), Diary("c", notes))
    with pytest.raises(OutputError, match="b cannot open"):
        fan_out.open(INFO)
    fan_out.close()
    assert notes == ["a open", "b open", "a close"]


class View(RecordingSink):
    def refresh(self, picture: Picture) -> None:
        self.write(picture)


def test_with_a_shield_every_sink_gets_what_it_makes_but_those_that_are_to_have_originals() -> None:
    shown: list[Picture] = []

    def shield(picture: Picture) -> Picture:
        shown.append(replace(picture, displayed_at=7.0))
        return shown[-1]

    sinks = [View(), View(), View()]
    fan_out = FanOut(sinks, clock=FakeClock(), publish=Happenings(), shield=shield, originals=[sinks[1]])
    picture = a_picture()
    fan_out.write(picture)
    fan_out.refresh(picture)
    assert sinks[0].pictures == sinks[2].pictures == shown
    assert sinks[0].pictures[0] is sinks[2].pictures[0]  # it is made once
    assert [each.displayed_at for each in sinks[1].pictures] == [picture.displayed_at, 7.0]


def test_where_a_shield_fails_no_sink_gets_the_picture() -> None:
    def shield(_: Picture) -> Picture:
        raise ValueError("no shield")

    sink = View()
    fan_out = FanOut([sink], clock=FakeClock(), publish=Happenings(), shield=shield)
    with pytest.raises(ValueError, match="no shield"):
        fan_out.write(a_picture())
    assert sink.pictures == []
