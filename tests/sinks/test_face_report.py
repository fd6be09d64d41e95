from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from livecam.faces import BoundingBox, Emotion, EmotionScore
from livecam.frames import Frame, SourceInfo
from livecam.sinks.face_report import FaceReportSink
from tests.builders import a_label, a_picture

if TYPE_CHECKING:
    from livecam.pictures import FaceLabel, Picture

INFO = SourceInfo("photos", "photos", 1000, 500, None, 2.0, is_live=False, are_stills=True)
HAPPY = replace(a_label(1), box=BoundingBox(0.512, 0.24, 0.14, 0.3600012))
UNCLEAR = replace(a_label(2, emotion=None), box=BoundingBox(0.0, 0.0, 0.1, 0.2))
APPROXIMATE = replace(a_label(11, emotion=Emotion.FEAR), is_approximate=True)
NEW = replace(a_label(3, emotion=None), unclear=False, confidence=None, emotion_source=None, age=None)


def a_still(*faces: FaceLabel, name: str | None = "photo.jpg", sequence: int = 0) -> Picture:
    frame = Frame("photos", sequence, 100.0, float(sequence), np.zeros((500, 1000, 3), np.uint8), name)
    return a_picture(frame, *faces)


def texts_of(*pictures: Picture, **failed: str) -> list[str]:
    texts: list[str] = []
    sink = FaceReportSink(texts.append, failed=lambda sequence: failed.get(f"frame{sequence}"))
    sink.open(INFO)
    for picture in pictures:
        sink.write(picture)
    sink.close()
    return texts


def record_of(picture: Picture, error: str | None = None) -> dict[str, Any]:
    sink = FaceReportSink(None, failed=lambda _: error)
    sink.open(INFO)
    sink.write(picture)
    sink.close()
    (record,) = sink.records
    assert json.loads(json.dumps(record)) == record
    return record


def test_each_face_has_a_line_with_what_it_appears_to_express_and_where_it_is() -> None:
    (text,) = texts_of(a_still(HAPPY, UNCLEAR))
    assert text.splitlines() == [
        "photo.jpg: 2 faces",
        "  1  appears happy 91 %  at 512,120  140x180 px",
        "  2  unclear             at 0,0  100x100 px",
    ]


def test_an_indication_is_said_to_be_one() -> None:
    assert texts_of(a_still(APPROXIMATE)) == [
        "photo.jpg: 1 face\n 11  appears afraid 91 % · approx.  at 250,125  500x250 px"
    ]


def test_a_face_that_was_not_scored_is_said_to_be_that() -> None:
    assert "  3  not scored  at " in texts_of(a_still(NEW))[0]


def test_no_face_and_no_answer_are_different_things() -> None:
    answered, failed = a_still(name="a.jpg"), a_still(name="b.jpg", sequence=1)
    assert texts_of(answered, failed, frame1="no answer within 3 s") == [
        "a.jpg: no face",
        "b.jpg: not answered: no answer within 3 s",
    ]


def test_a_picture_without_a_name_is_numbered() -> None:
    assert texts_of(a_still(name=None, sequence=4)) == ["picture 4: no face"]


def test_a_record_holds_what_is_known_about_each_face() -> None:
    scored = replace(HAPPY, scores=(EmotionScore(Emotion.HAPPY, 91.2345), EmotionScore(Emotion.SAD, 3.0)))
    assert record_of(a_still(scored)) == {
        "file": "photo.jpg",
        "width": 1000,
        "height": 500,
        "faces": [
            {
                "box": [0.512, 0.24, 0.14, 0.36],
                "emotion": "HAPPY",
                "confidence": 91.23,
                "unclear": False,
                "approximate": False,
                "source": "scripted",
                "scores": {"HAPPY": 91.23, "SAD": 3.0},
            }
        ],
    }


def test_a_record_of_a_face_that_was_not_scored_names_who_found_it() -> None:
    (face,) = record_of(a_still(NEW))["faces"]
    assert (face["emotion"], face["confidence"], face["source"]) == (None, None, "scripted")


def test_a_record_without_an_answer_has_an_error_and_no_list_of_faces() -> None:
    assert record_of(a_still(), "no answer within 3 s") == {
        "file": "photo.jpg",
        "width": 1000,
        "height": 500,
        "faces": None,
        "error": "no answer within 3 s",
    }


def test_every_picture_has_its_record() -> None:
    sink = FaceReportSink(None)
    sink.open(INFO)
    for sequence in range(3):
        sink.write(a_still(name=f"{sequence}.jpg", sequence=sequence))
    assert [record["file"] for record in sink.records] == ["0.jpg", "1.jpg", "2.jpg"]


def test_a_picture_that_cannot_be_read_is_in_the_records() -> None:
    report = FaceReportSink(None)
    report.skip("broken.jpg", "broken.jpg is damaged")
    (record,) = report.records
    assert (record["file"], record["faces"], record["error"]) == ("broken.jpg", None, "broken.jpg is damaged")
