from __future__ import annotations

import pytest

from livecam.bench.overlay.methods import REAL
from livecam.tracking.convention import Convention
from livecam.tracking.relation import Relation
from tests.builders import a_face, a_frame, a_status, an_answer


def test_the_real_path_shows_what_was_answered() -> None:
    path = REAL.make_path(None)
    path.follow(a_frame(0, at=100.0))
    path.apply(an_answer(a_face(0.4), at=100.0, sequence=0))

    (face,) = path.finish(a_frame(0, at=100.0), 100.1, a_status()).faces

    assert face.box.iou(a_face(0.4).box) == pytest.approx(1.0)


def test_the_real_path_begins_with_what_was_learnt_before() -> None:
    taller = Convention(Relation(log_height=0.2), 30)
    path = REAL.make_path(taller)

    assert getattr(path, "convention", None) == taller


def test_the_real_schedule_looks_as_often_as_asked() -> None:
    schedule = REAL.make_schedule(5.0)
    schedule.began(1000.0)

    assert not schedule.is_due(1000.1, hurry=False)
    assert schedule.is_due(1000.2, hurry=False)


def test_the_real_finder_sees_no_face_in_grey(models: object) -> None:
    locator = REAL.make_locator(None)
    locator.warm()

    assert locator.locate(a_frame(width=320, height=240)) == ()
    assert REAL.make_locator(640).locate(a_frame(width=320, height=240)) == ()


def test_cpu_time_never_runs_backwards() -> None:
    before = REAL.cpu()

    assert REAL.cpu() >= before
