from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam.analysis.video_lock import lock_of
from livecam.archive.clip_lock import take_lock

if TYPE_CHECKING:
    from tests.analysis.samples import Scene

CLIP = "20260101-000000-abcdef"


def test_a_clip_has_one_lock_for_whatever_is_done_with_it(scene: Scene) -> None:
    recording = take_lock(scene.archive.folder, CLIP)
    assert recording is not None
    assert lock_of(scene.archive, CLIP) is None
    recording.release()
    uploading = lock_of(scene.archive, CLIP)
    assert uploading is not None
    assert take_lock(scene.archive.folder, CLIP) is None
    uploading.release()


@pytest.mark.parametrize("name", ["/films/../../x.mp4", "s3://bucket/" + "k" * 900, "/a\udcff.mp4"])
def test_every_other_video_has_its_own_whatever_its_name_is(name: str, scene: Scene) -> None:
    lock, other = lock_of(scene.archive, name), lock_of(scene.archive, name + "2")
    assert lock is not None
    assert other is not None
    assert lock_of(scene.archive, name) is None
    assert {path.parent for path in scene.archive.folder.locks.rglob("*.lock")} == {
        scene.archive.folder.locks
    }
    for each in (lock, other):
        each.release()
    assert not list(scene.archive.folder.locks.iterdir())
