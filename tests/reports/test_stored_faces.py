from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from livecam.analysis.linking import link
from livecam.analysis.results import read_results
from livecam.faces import BoundingBox, Emotion
from livecam.reports.seen import SeenFace, Span, Traits
from livecam.reports.stored_faces import stored_faces
from tests.reports.files import a_detection, write_results

if TYPE_CHECKING:
    from pathlib import Path


def faces_of(folder: Path, *detections: dict[str, Any]) -> tuple[SeenFace, ...]:
    return stored_faces(link(read_results(write_results(folder / "r", *detections)).faces()), 4.0)


def test_each_instant_stands_for_the_time_around_it(tmp_path: Path) -> None:
    (face,) = faces_of(tmp_path, *(a_detection(step / 2) for step in range(8)))
    assert face.spans == (Span(0.0, 3.75, Emotion.HAPPY, 90.0),)


@pytest.mark.parametrize(
    "members",
    [{"Emotions": []}, {"Emotions": None}, {"Emotions": [{"Type": "UNKNOWN", "Confidence": 99}]}],
)
def test_a_face_without_a_clear_emotion_claims_nothing(tmp_path: Path, members: dict[str, Any]) -> None:
    (face,) = faces_of(tmp_path, a_detection(0, **members))
    assert face.spans[0].emotion is None


@pytest.mark.parametrize(("score", "claimed"), [(49.9, None), (50.0, Emotion.HAPPY)])
def test_an_emotion_counts_from_fifty(tmp_path: Path, score: float, claimed: Emotion | None) -> None:
    (face,) = faces_of(tmp_path, a_detection(0, score=score))
    assert face.moments[0].emotion is claimed


def test_a_box_is_clamped_for_drawing_and_no_sooner(tmp_path: Path) -> None:
    (face,) = faces_of(tmp_path, a_detection(0, left=-0.1))
    assert face.moments[0].box == BoundingBox(-0.1, 0.3, 0.2, 0.4).clamped()


def test_what_is_said_beside_is_taken_over_all_instants(tmp_path: Path) -> None:
    ages = [{"Low": 20, "High": 30}, {"Low": 22, "High": 32}, {"Low": 60, "High": 70}]
    smiles = [True, True, False]
    (face,) = faces_of(
        tmp_path,
        *(
            a_detection(step / 2, AgeRange=ages[step], Smile={"Value": smiles[step], "Confidence": 90})
            for step in range(3)
        ),
    )
    assert face.traits == Traits(99.0, (22, 32), pytest.approx(2 / 3), None)  # type: ignore[arg-type]
