from __future__ import annotations

import dataclasses

from livecam.bench.pipeline.watch import SNAPSHOT_EVERY, WARM_UP, PictureWatch
from livecam.frames import SourceInfo
from livecam.pictures import Picture, Status
from tests.builders import a_frame

STATUS = Status(source="", source_state="live", detector="")


def a_picture(at: float) -> Picture:
    frame = dataclasses.replace(a_frame(), captured_at=at - 0.01)
    return Picture(frame, (), STATUS, at)


def test_the_warm_up_does_not_count() -> None:
    watch = PictureWatch(lambda: 1.0, lambda: {"draw": 0.5})
    for at in (100.0, 100.0 + WARM_UP - 0.1, 100.0 + WARM_UP, 100.0 + WARM_UP + 0.1):
        watch.write(a_picture(at))
    assert [shown for _, shown in watch.pictures] == [100.0 + WARM_UP, 100.0 + WARM_UP + 0.1]
    assert [each.at for each in watch.snapshots] == [100.0 + WARM_UP]


def test_a_snapshot_is_taken_now_and_then_with_the_pictures_so_far() -> None:
    used = iter(range(10))
    watch = PictureWatch(lambda: float(next(used)), lambda: {"draw": 0.5})
    for step in range(8):
        watch.write(a_picture(WARM_UP * (step > 0) + step * SNAPSHOT_EVERY / 2))
    watch.close()
    assert [each.displayed for each in watch.snapshots] == [1, 3, 5, 7]
    assert [each.process for each in watch.snapshots] == [0.0, 1.0, 2.0, 3.0]


def test_what_the_source_granted_is_noted() -> None:
    watch = PictureWatch(lambda: 0.0, dict)
    info = SourceInfo(source="s", description="s", width=4, height=3, fps=None)
    watch.open(info)
    assert watch.info is info
