from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam.bench.selection.clips import MODELS, observe_clip
from livecam.bench.selection.request import Request
from livecam.errors import SourceUnavailable
from tests.bench.selection.samples import parts
from tests.sources.fakes import write_clip

if TYPE_CHECKING:
    from pathlib import Path

REQUEST = Request()


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return write_clip(tmp_path / "walk.mp4", [n / 30 for n in range(60)], size=(160, 120))


def test_a_clip_is_thinned_and_its_truth_is_said_to_be_a_models(clip: Path) -> None:
    observed = observe_clip(REQUEST, clip, parts(), lambda done, total: None)
    assert observed.fps == pytest.approx(15)
    assert len(observed.frames) == 30
    assert observed.frames[1].at == pytest.approx(1 / 15, abs=0.002)
    assert (observed.clip, observed.path, observed.truth_from) == ("walk", clip, MODELS)
    assert [frame.sequence for frame in observed.frames] == list(range(30))
    assert all(frame.activity == "face" and frame.truth for frame in observed.frames)


def test_no_more_of_a_clip_is_used_than_was_asked_for(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "long.mp4", [n / 10 for n in range(120)], size=(160, 120))
    told: list[tuple[int, int]] = []
    observed = observe_clip(
        Request(minutes=0.1), path, parts(), lambda done, total: told.append((done, total))
    )
    assert len(observed.frames) == 60
    assert told[-1][0] == 60
    assert told[-1][1] < 65


def test_what_is_no_video_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"no video")
    with pytest.raises(SourceUnavailable):
        observe_clip(REQUEST, tmp_path / "a.mp4", parts(), lambda done, total: None)
