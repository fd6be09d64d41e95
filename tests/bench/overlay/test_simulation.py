from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from livecam.bench.overlay.conventions import OTHER
from livecam.bench.overlay.finder import Looks
from livecam.bench.overlay.methods import Parts
from livecam.bench.overlay.request import Request
from livecam.bench.overlay.simulation import simulate
from livecam.errors import UsageError
from livecam.faces import BoundingBox, Face
from tests.bench.overlay.clips import FACE, FPS, HEIGHT, WIDTH, write_moving_face
from tests.bench.overlay.stand_ins import EverySchedule, NotingPath, TellingLocator

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.bench.overlay.results import ClipResult, Scores
    from livecam.frames import Frame
    from livecam.pictures import Picture, Status

MIDDLE = Face(BoundingBox(0.35, 0.3, FACE / WIDTH, FACE / HEIGHT), 90.0)


@dataclasses.dataclass
class StandIns:
    """Parts that note what they are told."""

    locator: TellingLocator = dataclasses.field(default_factory=lambda: TellingLocator(MIDDLE))
    schedule: EverySchedule = dataclasses.field(default_factory=EverySchedule)
    notes: list[str] = dataclasses.field(default_factory=list)
    cpu: float = 0.0

    def used_cpu(self) -> float:
        self.cpu += 0.001
        return self.cpu

    @property
    def parts(self) -> Parts:
        return Parts(
            make_path=lambda _: NotingPath(self.notes),
            make_locator=lambda _: self.locator,
            make_schedule=lambda _: self.schedule,
            cpu=self.used_cpu,
        )


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return write_moving_face(tmp_path)


def scores_of(result: ClipResult, method: str) -> Scores:
    (found,) = (each for each in result.methods if each.method == method)
    return found.scores


def test_every_method_is_shown_the_whole_clip(clip: Path) -> None:
    result = simulate(Request(), clip, parts=StandIns().parts)

    assert [each.method for each in result.methods] == ["hold", "flow", "merged"]
    assert {len(each.shown) for each in result.methods} == {len(result.truth)} == {3 * FPS}
    assert (result.clip, result.path, result.truth_from) == ("moving", clip, "moving.faces.jsonl")
    assert (result.width, result.height, result.fps) == (WIDTH, HEIGHT, FPS)


def test_hold_shows_nothing_until_the_first_answer_and_then_lags_behind(clip: Path) -> None:
    scores = scores_of(simulate(Request(methods=("hold",)), clip), "hold")

    assert scores.first_box_median == pytest.approx(11 / FPS)  # the first frame after 0.34 s
    assert scores.iou is not None
    assert 0.2 < scores.iou < 0.8
    assert (scores.labels_right, scores.id_changes) == (1.0, 0)


def test_without_latency_hold_is_nearly_right(clip: Path) -> None:
    request = Request(methods=("hold",), latency=0.0, rate=float(FPS))

    scores = scores_of(simulate(request, clip), "hold")

    assert scores.iou is not None
    assert scores.iou > 0.9


def test_a_frame_is_worked_on_in_the_order_of_a_run(clip: Path) -> None:
    stand_ins = StandIns()
    request = Request(methods=("merged",), latency=0.05, rate=30.0, max_seconds=0.2)

    simulate(request, clip, parts=stand_ins.parts)

    assert stand_ins.notes == [
        *("follow 0", "finish 0"),
        *("follow 1", "finish 1"),
        *("follow 2", "sighting 0", "answer 0", "finish 2"),
        *("follow 3", "answer 1", "finish 3"),
        *("follow 4", "sighting 2", "answer 2", "finish 4"),
        *("follow 5", "answer 3", "finish 5"),
    ]


def test_the_finder_hurries_for_who_wants_it(clip: Path) -> None:
    stand_ins = StandIns()

    simulate(Request(methods=("merged",), max_seconds=0.2), clip, parts=stand_ins.parts)

    assert stand_ins.schedule.hurries == [True, False, False]
    assert stand_ins.locator.is_warm


def test_only_merged_has_a_finder_and_only_if_it_is_asked_for(clip: Path) -> None:
    with_finder, without = StandIns(), StandIns()

    result = simulate(Request(max_seconds=0.2), clip, parts=with_finder.parts)
    plain = simulate(Request(max_seconds=0.2, finder=None), clip, parts=without.parts)

    assert [bool(each.shown[-1].faces) for each in result.methods] == [False, False, True]
    assert [each.method for each in plain.methods] == ["hold", "flow"]
    assert without.locator.looked_at == []


def test_a_second_run_uses_what_the_finder_saw_in_the_first(clip: Path) -> None:
    stand_ins = StandIns()
    looks = Looks(stand_ins.locator)

    first = simulate(Request(max_seconds=0.5), clip, parts=stand_ins.parts, looks=looks)
    seen = list(stand_ins.locator.looked_at)
    second = simulate(Request(max_seconds=0.5), clip, parts=stand_ins.parts, looks=looks)

    assert stand_ins.locator.looked_at == seen
    assert [each.faces for each in first.methods[2].shown] == [each.faces for each in second.methods[2].shown]


def test_the_cpu_of_each_frame_is_told_and_of_those_with_an_answer(clip: Path) -> None:
    scores = scores_of(simulate(Request(methods=("flow",)), clip, parts=StandIns().parts), "flow")

    assert scores.cpu_ms == pytest.approx(1.0)
    assert scores.cpu_ms_answer == pytest.approx(1.0)


def test_the_same_request_gives_the_same_result(clip: Path) -> None:
    request = Request(methods=("hold", "flow"), noise=0.03, jitter=0.5, rate=5.0, shake=True, seed=3)
    parts = Parts(cpu=lambda: 0.0)

    assert simulate(request, clip, parts=parts) == simulate(request, clip, parts=parts)


def test_the_real_picture_path_keeps_its_boxes_on_a_face_that_moves(clip: Path) -> None:
    result = simulate(Request(methods=("hold", "flow")), clip)

    held, followed = scores_of(result, "hold"), scores_of(result, "flow")
    assert held.iou is not None
    assert followed.iou is not None
    assert followed.iou > 0.8 > held.iou
    assert (followed.id_changes, followed.labels_right, followed.ghosts) == (0, 1.0, 0.0)


def test_a_bad_reference_is_refused_before_anything_is_played(clip: Path, tmp_path: Path) -> None:
    (tmp_path / "moving.faces.jsonl").write_text("nonsense\n", encoding="utf-8")

    with pytest.raises(UsageError, match="line 1"):
        simulate(Request(), clip)


def test_a_label_that_has_faded_away_is_not_shown(clip: Path) -> None:
    class FadedPath(NotingPath):
        def finish(self, frame: Frame, now: float, status: Status) -> Picture:
            picture = super().finish(frame, now, status)
            faded = tuple(dataclasses.replace(face, opacity=0.0) for face in picture.faces)
            return dataclasses.replace(picture, faces=faded)

    result = simulate(Request(methods=("flow",)), clip, parts=Parts(make_path=lambda _: FadedPath([])))

    assert scores_of(result, "flow").labels_right is None
    assert result.methods[0].shown[-1].faces[0].emotion is None


@pytest.mark.usefixtures("models")
def test_on_a_real_clip_each_method_is_better_than_the_one_before(media: Path) -> None:
    request = Request(convention=OTHER, noise=0.03, max_seconds=4.0)

    result = simulate(request, media / "webcam_single.mp4")

    held, followed, merged = (scores_of(result, method) for method in ("hold", "flow", "merged"))
    assert (held.iou_all or 0) < (followed.iou_all or 0) < (merged.iou_all or 0)
    assert (merged.first_box_median or 0) < 0.15 < (held.first_box_median or 0)
