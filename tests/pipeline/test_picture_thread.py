from __future__ import annotations

import dataclasses

import pytest

from livecam.pipeline.picture_thread import show
from livecam.testing.list_source import INFO, ListSource
from livecam.testing.recording_sink import RecordingSink
from tests.builders import a_frame
from tests.pipeline.a_run import a_run


@pytest.mark.parametrize("are_stills", [False, True])
def test_every_picture_of_a_source_is_shown_in_order(*, are_stills: bool) -> None:
    sink = RecordingSink()
    parts = a_run(ListSource([]), sink)
    source = ListSource([a_frame(0), a_frame(1), a_frame(2)])
    source.open()
    source.start(parts.runner.slot)
    show(parts.runner, dataclasses.replace(INFO, are_stills=are_stills))
    assert sink.sequences == [0, 1, 2]
