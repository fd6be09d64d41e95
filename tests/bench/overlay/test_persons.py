from __future__ import annotations

from livecam.bench.overlay.persons import LONGEST_GAP, PersonLinker
from livecam.bench.overlay.truth import ReferenceFace, ReferenceFrame
from tests.bench.overlay.faces import a_box


def faces(*lefts: float, names: tuple[str, ...] = ()) -> ReferenceFrame:
    return ReferenceFrame(
        tuple(
            ReferenceFace(a_box(left), identity=names[index] if names else None)
            for index, left in enumerate(lefts)
        )
    )


def test_a_face_that_moves_a_little_is_the_same_person() -> None:
    linker = PersonLinker()

    persons = [linker.link(faces(left), is_cut=False) for left in (0.1, 0.15, 0.2, 0.25)]

    assert persons == [(0,), (0,), (0,), (0,)]


def test_faces_are_told_apart_whatever_their_order() -> None:
    linker = PersonLinker()
    linker.link(faces(0.1, 0.6), is_cut=False)

    assert linker.link(faces(0.6, 0.1), is_cut=False) == (1, 0)


def test_who_is_missed_for_a_few_frames_is_still_the_same() -> None:
    linker = PersonLinker()
    linker.link(faces(0.1), is_cut=False)
    for _ in range(LONGEST_GAP):
        linker.link(faces(), is_cut=False)

    assert linker.link(faces(0.1), is_cut=False) == (0,)


def test_who_comes_back_after_longer_is_a_new_person() -> None:
    linker = PersonLinker()
    linker.link(faces(0.1), is_cut=False)
    for _ in range(LONGEST_GAP + 1):
        linker.link(faces(), is_cut=False)

    assert linker.link(faces(0.1), is_cut=False) == (1,)


def test_a_cut_begins_new_persons_at_the_same_place() -> None:
    linker = PersonLinker()
    linker.link(faces(0.1), is_cut=False)

    assert linker.link(faces(0.1), is_cut=True) == (1,)


def test_a_jump_is_another_person() -> None:
    linker = PersonLinker()
    linker.link(faces(0.1), is_cut=False)

    assert linker.link(faces(0.25), is_cut=False) == (1,)


def test_a_name_says_more_than_overlap() -> None:
    linker = PersonLinker()
    linker.link(faces(0.4, 0.45, names=("Ann", "Bob")), is_cut=False)

    assert linker.link(faces(0.4, 0.9, names=("Bob", "Ann")), is_cut=False) == (1, 0)
