from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.faces import Emotion
from livecam.reports.persons import Person, persons_of
from tests.reports.files import a_seen_face, tenths

if TYPE_CHECKING:
    from livecam.reports.seen import SeenFace


def names(persons: tuple[Person, ...]) -> list[list[str]]:
    return [[face.name for face in person.faces] for person in persons]


def live(number: int, start: float, end: float, left: float) -> SeenFace:
    return a_seen_face("live", number, times=tenths(start, end), left=left)


def stored(number: int, start: float, end: float, left: float) -> SeenFace:
    times = [start + step / 2 for step in range(int((end - start) * 2))]
    return a_seen_face("stored", number, times=times, left=left)


def test_faces_in_one_place_are_one_person_and_others_are_not() -> None:
    persons = persons_of(
        [live(1, 0, 5, 0.1), live(2, 0, 5, 0.6)], [stored(1, 0, 5, 0.62), stored(2, 0, 5, 0.12)]
    )
    assert names(persons) == [["live 1", "stored 2"], ["live 2", "stored 1"]]


def test_a_face_that_only_one_source_saw_is_a_person_too() -> None:
    persons = persons_of([live(1, 0, 5, 0.1)], [stored(1, 2, 5, 0.7)])
    assert names(persons) == [["live 1"], ["stored 1"]]
    assert [person.number for person in persons] == [1, 2]
    assert persons[0].agreement.share is None


def test_a_face_that_a_source_lost_and_found_again_is_still_one_person() -> None:
    persons = persons_of([live(1, 0, 3, 0.1), live(2, 3.5, 6, 0.12)], [stored(1, 0, 6, 0.11)])
    assert names(persons) == [["live 1", "live 2", "stored 1"]]


def test_two_faces_of_one_source_that_are_there_at_once_are_two_persons() -> None:
    persons = persons_of([live(1, 0, 6, 0.1), live(2, 4, 10, 0.1)], [stored(1, 0, 10, 0.1)])
    assert sorted(map(len, names(persons))) == [1, 2]


def test_a_face_at_the_same_place_at_another_time_is_nobody_elses() -> None:
    assert names(persons_of([live(1, 0, 2, 0.1)], [stored(1, 4, 6, 0.1)])) == [["live 1"], ["stored 1"]]


def test_persons_know_how_long_they_were_there_and_how_far_the_sources_agree() -> None:
    (person,) = persons_of(
        [a_seen_face(times=tenths(0, 4.1), emotion=Emotion.SAD)],
        [a_seen_face("stored", times=(1.0, 1.5, 2.0), emotion=Emotion.SAD)],
    )
    assert (person.first, person.seconds, person.agreement.share) == (0.0, 4.0, 1.0)


def test_nobody_is_nobody() -> None:
    assert persons_of([], []) == ()
