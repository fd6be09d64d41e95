from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam.errors import OutputError
from livecam.events import OutputFailed
from livecam.frames import SourceInfo
from livecam.pipeline.fan_out import FanOut
from livecam.testing.clock import FakeClock
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


@pytest.mark.logs_errors
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
