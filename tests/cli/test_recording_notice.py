from __future__ import annotations

import logging

import pytest

from livecam.cli.recording_notice import RecordingNotice
from livecam.config import load_settings
from livecam.events import ClipEnded, ClipStarted


def a_start(clip: str = "a") -> ClipStarted:
    return ClipStarted(at=1.0, source="camera0", clip=clip, file=f"{clip}.mp4", reason="all", pre_roll=0.0)


def told(caplog: pytest.LogCaptureFixture, **settings: object) -> list[str]:
    notice = RecordingNotice(load_settings(settings))
    with caplog.at_level(logging.WARNING):
        for event in (ClipEnded(at=0.0, source="camera0", clip="z"), a_start("a"), a_start("b")):
            notice(event)
    return caplog.messages


def test_the_first_clip_of_a_run_says_that_people_have_to_know(caplog: pytest.LogCaptureFixture) -> None:
    (said,) = told(caplog, source="0")
    assert said == (
        "clips are being recorded: whoever is in the picture has to know of it; clips stay until they are"
        " deleted (--keep-days DAYS, livecam clips purge)"
    )


@pytest.mark.parametrize(("days", "words"), [(1, "for 1 day"), (30, "for 30 days"), (0.5, "for 0.5 days")])
def test_it_says_for_how_long_they_stay(caplog: pytest.LogCaptureFixture, days: float, words: str) -> None:
    (said,) = told(caplog, source="0", keep_days=days)
    assert said.endswith(f"clips stay {words}")


def test_nobody_is_in_the_demo_scene(caplog: pytest.LogCaptureFixture) -> None:
    assert told(caplog, source="demo") == []
