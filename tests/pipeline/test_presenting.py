from __future__ import annotations

from livecam.pipeline.fan_out import FanOut
from livecam.pipeline.picture import PicturePath
from livecam.pipeline.presenting import Presenter
from livecam.protocols import LiveView
from livecam.tally import Tally
from livecam.testing.clock import FakeClock
from livecam.testing.recording_sink import RecordingSink
from livecam.testing.still_follower import StillFollower
from livecam.tracking.tracks import Tracks
from tests.builders import a_face, a_frame, an_answer


class View(RecordingSink):
    """A `LiveView`."""

    def __init__(self) -> None:
        super().__init__()
        self.refreshed = 0

    def refresh(self, picture: object) -> None:
        self.refreshed += 1


def a_presenter(*sinks: RecordingSink) -> Presenter:
    clock = FakeClock(100.0)
    tally = Tally(detector="scripted")
    picture = PicturePath(tracks=Tracks(keep=5.0), follower=StillFollower())
    sinks_of = FanOut(sinks, clock=clock, publish=tally)
    return Presenter(picture=picture, sinks=sinks_of, tally=tally, clock=clock)


def test_a_picture_goes_to_the_sinks_and_is_counted_with_its_answers() -> None:
    sink = RecordingSink()
    presenter = a_presenter(sink)
    frame, answer = a_frame(0, at=99.9), an_answer(a_face(), at=99.9)
    presenter.picture.follow(frame)
    presenter.picture.apply(answer)
    presenter.present(frame, [answer], said={"delay": 0.4})
    (picture,) = sink.pictures
    assert (picture.displayed_at, picture.status.delay) == (100.0, 0.4)
    assert round(picture.faces[0].age or 0.0, 6) == 0.1
    summary = presenter.tally.summary()
    assert (summary["frames"]["displayed"], summary["capture_to_label"]["count"]) == (1, 1)


def test_labels_of_a_picture_that_was_held_back_are_as_old_as_they_are_for_it() -> None:
    sink = RecordingSink()
    presenter = a_presenter(sink)
    frame = a_frame(0, at=99.5)
    presenter.picture.follow(frame)
    presenter.picture.apply(an_answer(a_face(), at=99.5))
    presenter.present(frame, [], at=99.5, said={})
    assert sink.pictures[0].faces[0].age == 0.0


def test_a_refresh_is_for_those_that_people_look_at_and_counts_nothing() -> None:
    sink, view = RecordingSink(), View()
    assert isinstance(view, LiveView)
    presenter = a_presenter(sink, view)
    frame = a_frame(0, at=99.9)
    presenter.picture.follow(frame)
    assert presenter.refresh(frame, said={}) == 100.0
    assert (len(sink.pictures), view.refreshed) == (0, 1)
    assert presenter.tally.summary()["frames"]["displayed"] == 0
