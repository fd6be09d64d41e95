import numpy as np
import pytest

from livecam.detections import Appearance, Sighting
from livecam.faces import BoundingBox, Emotion, Movement
from livecam.tracking.convention import Convention
from livecam.tracking.label import GONE_AFTER
from livecam.tracking.relation import Relation
from livecam.tracking.tracks import MOST_FRAMES, Tracks
from tests.tracking.faces import FPS, ON_DEVICE, Scene, a_box, a_found_face, a_named_face, at_of

RIGHT = Movement(0.01, 0.0)


def lefts(scene: Scene) -> list[float]:
    return [face.box.left for face in scene.shown()]


def ids(scene: Scene) -> list[int]:
    return [face.track_id for face in scene.shown()]


def test_between_answers_a_box_goes_where_the_face_goes() -> None:
    scene = Scene()
    scene.frames()
    scene.answer(a_named_face(a_box(0.4)))
    scene.frames(5, RIGHT)
    assert lefts(scene) == pytest.approx([0.45])


def test_an_answer_is_compared_with_where_the_face_was_when_its_picture_was_taken() -> None:
    scene = Scene()
    scene.frames()
    scene.answer(a_named_face(a_box(0.4)))
    scene.frames(10, RIGHT)
    scene.answer(a_named_face(a_box(0.42)), about=2)  # where it was: nothing is to be corrected
    assert lefts(scene) == pytest.approx([0.5])
    assert ids(scene) == [1]


def test_a_correction_reaches_the_present_and_glides_there() -> None:
    scene = Scene()
    scene.frames()
    scene.answer(a_named_face(a_box(0.4)))
    scene.frames(10)
    before = lefts(scene)
    scene.answer(a_named_face(a_box(0.42)), about=4)
    assert lefts(scene) == pytest.approx(before)  # no jump
    scene.frames(12)
    assert lefts(scene) == pytest.approx([0.4 + 0.6 * 0.02], abs=1e-3)


def test_two_answers_under_way_correct_an_error_once() -> None:
    scene = Scene()
    scene.frames()
    scene.answer(a_named_face(a_box(0.4)))
    scene.frames(12)
    scene.answer(a_named_face(a_box(0.42)), about=4)
    scene.answer(a_named_face(a_box(0.42)), about=8)
    scene.settle()
    assert lefts(scene) == pytest.approx([0.42], abs=0.004)


def test_an_answer_older_than_the_newest_applied_is_ignored() -> None:
    scene = Scene()
    scene.frames(10)
    scene.answer(a_named_face(a_box(0.5)), about=8)
    scene.answer(a_named_face(a_box(0.4), Emotion.SAD), a_named_face(a_box(0.1)), about=5)
    (face,) = scene.shown()
    assert (face.box.left, face.emotion) == (0.5, Emotion.HAPPY)


def test_an_answer_about_a_frame_that_is_not_remembered_is_ignored() -> None:
    scene = Scene()
    scene.frames(200)
    scene.answer(a_named_face(a_box()), about=10)
    assert scene.shown() == ()


def test_after_a_scene_cut_nothing_is_shown_and_answers_from_before_are_ignored() -> None:
    scene = Scene()
    scene.frames(5)
    scene.answer(a_named_face(a_box()), about=2)
    scene.tracks.cut()
    assert scene.tracks.wants_finder
    scene.frames(3)
    assert scene.shown() == ()
    scene.answer(a_named_face(a_box()), about=4)
    assert scene.shown() == ()
    scene.answer(a_named_face(a_box()), about=6)
    assert len(scene.shown()) == 1


def test_a_new_face_is_followed_from_the_frame_on_which_it_was_found() -> None:
    scene = Scene()
    scene.frames(9)
    scene.answer(a_named_face(a_box(0.3)), about=2)
    assert lefts(scene) == [0.3]
    scene.answer(a_named_face(a_box(0.3)), a_named_face(a_box(0.7)), about=6)
    assert ids(scene) == [1, 2]


def test_what_was_caught_up_with_is_known_on_the_frames_between() -> None:
    scene = Scene()
    scene.frames(9)
    scene.answer(a_named_face(a_box(0.3)), about=2)
    assert [track.history.at(5) for track, _ in scene.tracks.on(8)] == [a_box(0.3)]


def test_a_face_far_from_where_it_was_said_to_be_is_followed_anew_with_its_id_and_label() -> None:
    scene = Scene()
    scene.frames(5)
    scene.answer(a_named_face(a_box(0.4)), about=0)
    scene.frames(5)
    scene.answer(a_named_face(a_box(0.4 + 0.2 * 0.5)), about=8)
    assert lefts(scene) == pytest.approx([0.5])
    assert ids(scene) == [1]


def test_a_face_that_the_finder_saw_first_keeps_its_id_when_the_answer_comes() -> None:
    scene = Scene()
    scene.frames(10)
    scene.sight(a_found_face(a_box(0.4)), about=8)
    (new,) = scene.shown()
    assert (new.emotion, new.answered_at, new.box_source) == (None, None, "on-device")
    scene.frames(10)
    scene.answer(a_named_face(a_box(0.4)), about=5)  # asked about before the finder had seen it
    (named,) = scene.shown()
    assert (named.track_id, named.emotion) == (new.track_id, Emotion.HAPPY)


def test_labels_stay_with_their_faces_when_two_cross() -> None:
    scene = Scene()
    scene.frames()
    scene.answer(a_named_face(a_box(0.2)), a_named_face(a_box(0.6), Emotion.SAD))
    for step in range(1, 41):  # each walks to where the other was
        base = scene.sequence
        known = scene.tracks.on(base)
        directions = [Movement(0.01, 0.0), Movement(-0.01, 0.0)]
        scene.sequence += 1
        scene.tracks.advance(
            scene.sequence,
            1000.0 + scene.sequence / FPS,
            base,
            [(*each, move) for each, move in zip(known, directions, strict=True)],
        )
        if step % 12 == 0:  # about eight frames ago
            then = (step - 8) * 0.01
            happy, sad = a_named_face(a_box(0.2 + then)), a_named_face(a_box(0.6 - then), Emotion.SAD)
            scene.answer(sad, happy, about=scene.sequence - 8)
    found = {face.emotion: round(face.box.left, 3) for face in scene.shown()}
    assert found == {Emotion.HAPPY: 0.6, Emotion.SAD: 0.2}
    assert sorted(ids(scene)) == [1, 2]


def test_faces_that_nobody_has_seen_for_long_are_forgotten() -> None:
    scene = Scene()
    scene.frames()
    scene.answer(a_named_face(a_box()))
    scene.frames(round((GONE_AFTER - 0.2) * FPS))
    assert len(scene.shown()) == 1
    scene.frames(round(0.3 * FPS))
    assert scene.shown() == ()


def test_a_label_grows_old_but_the_box_stays_while_the_finder_sees_the_face() -> None:
    scene = Scene()
    scene.frames()
    scene.answer(a_named_face(a_box()))
    for _ in range(20):
        scene.frames(5)
        scene.sight(a_found_face(a_box()))
    (face,) = scene.shown()
    assert (face.emotion, face.emotion_source, face.box_opacity) == (None, None, 1.0)
    assert face.answered_at is not None


def test_a_box_that_leaves_the_frame_is_cut_and_then_gone() -> None:
    scene = Scene()
    scene.frames()
    scene.answer(a_named_face(a_box(0.7)))
    scene.frames(15, RIGHT)
    (face,) = scene.shown()
    assert face.box.right == pytest.approx(1.0)
    scene.frames(10, RIGHT)
    assert scene.shown() == ()


def test_the_detectors_boxes_are_shown_in_its_own_convention() -> None:
    larger = Relation(log_width=0.1, log_height=0.2)
    scene = Scene(convention=Convention(larger, 10))
    scene.frames()
    scene.sight(a_found_face(a_box()))
    (face,) = scene.shown()
    assert face.box.height == pytest.approx(larger.applied_to(a_box()).height)


def test_the_two_conventions_are_learnt_and_the_box_does_not_jump_between_them() -> None:
    scene = Scene()
    higher = Relation(dy=-0.08, log_height=0.14)
    widths = set()
    for round_ in range(12):
        scene.frames(5)
        scene.sight(a_found_face(a_box()))
        if round_ % 3 == 2:
            scene.answer(a_named_face(higher.applied_to(a_box())), about=scene.sequence - 4)
        if round_ > 6:
            scene.frames(4)
            widths.add(round(scene.shown()[0].box.height, 3))
    assert scene.tracks.convention.relation.log_height == pytest.approx(0.14)
    assert widths == {round(higher.applied_to(a_box()).height, 3)}


def test_a_detector_that_draws_as_the_finder_has_no_convention_to_learn() -> None:
    scene = Scene()
    scene.frames(3)
    scene.answer(a_named_face(a_box()), about=1, detector=ON_DEVICE)
    scene.frames(3)
    scene.answer(a_named_face(a_box(0.41)), about=4, detector=ON_DEVICE)
    assert scene.tracks.convention == Convention()
    assert [face.emotion for face in scene.shown()] == [Emotion.HAPPY]


def test_the_finder_is_wanted_while_nobody_or_somebody_unsure_is_there() -> None:
    scene = Scene()
    assert scene.tracks.wants_finder
    scene.frames()
    scene.sight(a_found_face(a_box(), score=60.0))
    assert scene.tracks.wants_finder  # seen once only
    scene.frames()
    scene.sight(a_found_face(a_box(), score=60.0))
    assert not scene.tracks.wants_finder


def test_every_face_of_a_still_is_shown_however_unsure_and_near_each_other() -> None:
    scene = Scene(is_sure=True)
    scene.frames()
    unsure = [a_found_face(a_box(), score=40.0)] * 3
    scene.answer(*unsure, detector=ON_DEVICE)
    assert len(scene.shown()) == 3


def test_starting_over_forgets_faces_and_answers() -> None:
    scene = Scene()
    scene.frames()
    scene.answer(a_named_face(a_box()))
    scene.tracks.clear()
    assert scene.tracks.answered_at is None
    assert scene.tracks.created == 0
    assert scene.tracks.frames == []


def test_only_faces_that_were_shown_are_counted() -> None:
    scene = Scene()
    scene.frames()
    scene.sight(a_found_face(a_box(0.1), score=55.0), a_found_face(a_box(0.6), score=95.0))
    assert ids(scene) == [1]
    assert scene.tracks.created == 1


def test_an_older_picture_is_shown_with_its_own_boxes() -> None:
    scene = Scene()
    scene.frames()
    scene.answer(a_named_face(a_box(0.4)))
    scene.frames(10, RIGHT)
    (face,) = scene.tracks.shown(5, 1000.0 + 5 / FPS)
    assert face.box.left == pytest.approx(0.45)


def test_a_box_outside_everything_never_breaks_it() -> None:
    scene = Scene()
    scene.frames(2)
    scene.answer(a_named_face(BoundingBox(-0.5, -0.5, 0.2, 0.2)), about=0)
    assert scene.shown() == ()


def test_a_picture_from_before_a_cut_that_is_shown_late_has_its_own_faces() -> None:
    scene = Scene()
    scene.frames(5)
    scene.answer(a_named_face(a_box(0.4)), about=2)
    scene.tracks.cut()
    scene.frames(2)
    assert scene.shown() == ()
    assert [face.box.left for face in scene.tracks.shown(4, at_of(4))] == [0.4]
    scene.frames(100)  # four seconds later nobody asks for it any more
    assert scene.tracks.shown(4, at_of(4)) == ()


def test_frames_are_bounded_by_number_too() -> None:
    tracks = Tracks(keep=3.5)
    for sequence in range(MOST_FRAMES + 50):
        tracks.advance(sequence, 1000.0, None, [])  # a source whose clock stands still
    assert len(tracks.frames) == MOST_FRAMES


def test_where_calls_are_rare_a_face_is_waited_for_longer() -> None:
    patient = Scene(patience=12.0)
    patient.frames()
    patient.answer(a_named_face(a_box()))
    patient.frames(10 * FPS)
    (face,) = patient.shown()
    assert face.is_outdated


def test_what_is_known_of_each_face_is_told_to_who_decides_about_calls() -> None:
    scene = Scene()
    scene.frames()
    appearance = Appearance(np.ones(4, np.float32), 7.0)
    face = a_found_face(a_box())
    for request in scene.tracks.sighted(
        Sighting("test", 0, 1000.0, 1000.03, (face,), (appearance,)), rows=240
    ):
        scene.tracks.caught_up(request, [(0, request.box)], lost_since=None)
    (known,) = scene.tracks.evidence()
    assert (known.key, known.answered_at, known.seen_at) == (1, None, 1000.0)
    assert known.appearance is appearance
    scene.frames(5)
    scene.answer(a_named_face(a_box(), Emotion.SAD))
    (known,) = scene.tracks.evidence()
    assert known.answered_at == at_of(5)
    assert scene.tracks.labels() == {1: Emotion.SAD}
    assert scene.tracks.answered_about(at_of(5)) == {1: Emotion.SAD}
    assert scene.tracks.answered_about(at_of(4)) == {}


def test_a_rejected_face_is_still_asked_about_lest_it_be_hidden_for_ever() -> None:
    scene = Scene()
    for _ in range(3):
        scene.frames(5)
        scene.sight(a_found_face(a_box()))
        scene.answer()
    assert scene.shown() == ()
    assert len(scene.tracks.evidence()) == 1


def test_when_somebody_looked_last_is_known_until_the_scene_is_another_one() -> None:
    scene = Scene()
    scene.frames(10)
    looked = [scene.tracks.looked_at]
    for look, about in ((scene.sight, 4), (scene.answer, 2), (scene.answer, 8)):
        look(about=about)
        looked.append(scene.tracks.looked_at)
    scene.tracks.cut()
    assert [*looked, scene.tracks.looked_at] == [None, at_of(4), at_of(4), at_of(8), None]


def test_a_look_at_a_scene_before_the_cut_says_nothing_of_the_one_after_it() -> None:
    scene = Scene()
    scene.frames(10)
    scene.sight()
    scene.tracks.cut()
    scene.frames()
    scene.sight(about=8)
    assert scene.tracks.looked_at is None


def test_a_face_that_is_not_sure_enough_to_be_shown_is_suspected() -> None:
    scene = Scene()
    scene.frames()
    scene.sight(a_found_face(a_box(0.4), score=60.0))
    assert scene.shown() == ()
    ((number, box),) = scene.tracks.suspected(scene.sequence)
    assert box.left == pytest.approx(0.4)
    assert number > 0
    scene.frames(3)
    scene.sight(a_found_face(a_box(0.4), score=60.0))
    assert len(scene.shown()) == 1
    assert scene.tracks.suspected(scene.sequence) == ()


def test_a_face_that_cannot_be_followed_any_more_is_suspected_for_a_while() -> None:
    scene = Scene()
    scene.frames()
    scene.answer(a_named_face(a_box(0.4)))
    scene.frames(round(0.6 * FPS), None)
    assert scene.shown() == ()
    assert len(scene.tracks.suspected(scene.sequence)) == 1
    assert scene.tracks.suspected(77) == ()
