from __future__ import annotations

import random
from collections import deque
from typing import TYPE_CHECKING

import pytest

from livecam.analysis.cloud import results_file
from livecam.analysis.jobs import NO_SLOT, submit
from livecam.analysis.polling import LONGEST, SHORTEST
from livecam.analysis.waiting import (
    FAULT_WAIT,
    LONGEST_TELLING,
    NO_SLOT_WAIT,
    RENEWAL_WAIT,
    SURE_AFTER,
    JobWatch,
)
from livecam.errors import CloudError, OutputError, UsageError
from tests.analysis.samples import cloud_error, faces

if TYPE_CHECKING:
    from livecam.stored_video import Job
    from tests.analysis.samples import Scene


class Watch:
    """A watch whose pauses let the fake clock run."""

    def __init__(self, scene: Scene, *, gives_up_after: int = 1000) -> None:
        self.scene = scene
        self.pauses: list[float] = []
        self.changes: list[str] = []
        self._left = gives_up_after
        self.watch = JobWatch(
            cloud=scene.cloud(),
            pause=self._pause,
            on_change=self._changed,
            random=random.Random(1),  # noqa: S311  spreads polls, guards nothing
        )

    def _pause(self, seconds: float) -> bool:
        self.pauses.append(seconds)
        self.scene.clock.advance(seconds)
        self._left -= 1
        return self._left <= 0

    def _changed(self, job: Job) -> None:
        self.changes.append(job.state)

    def submitted(self, name: str = "film.mp4") -> Job:
        job = submit(self.scene.cloud(), self.scene.stored(name))
        self.watch.add(job)
        return job


@pytest.fixture
def watch(scene: Scene) -> Watch:
    return Watch(scene)


def listens(scene: Scene, *told: frozenset[str]) -> None:
    """Let there be a queue: listening to it takes as long as it was told."""
    finished = scene.jobs.finished

    def wait(ours: frozenset[str], timeout: float) -> frozenset[str] | None:
        ended = finished(ours, timeout)
        if not ended:
            scene.clock.advance(timeout)
        return ended

    scene.jobs.told = deque(told)
    scene.jobs.finished = wait  # type: ignore[method-assign]


def test_without_a_queue_jobs_are_asked_about_politely(scene: Scene, watch: Watch) -> None:
    watch.submitted()
    asked = []
    for _ in range(6):
        before = len(scene.jobs.asked)
        scene.clock.advance(watch.watch.step())
        asked.append(len(scene.jobs.asked) - before)
    assert asked == [0, 1, 1, 1, 1, 1]
    scene.jobs.end("job-1", faces())
    assert watch.watch.run()
    assert watch.changes == ["fetched"]
    assert all(SHORTEST <= pause <= LONGEST for pause in watch.pauses[:-1])
    assert watch.watch.open == []


def test_it_can_be_given_up_and_nothing_is_lost(scene: Scene) -> None:
    watch = Watch(scene, gives_up_after=3)
    job = watch.submitted()
    assert not watch.watch.run()
    assert watch.watch.open == [job]


def test_with_nothing_to_wait_for_it_is_over_at_once(watch: Watch) -> None:
    assert watch.watch.run()
    assert watch.pauses == []


def test_what_is_at_its_end_is_not_watched(scene: Scene, watch: Watch) -> None:
    job = watch.submitted()
    scene.jobs.end("job-1", faces())
    assert watch.watch.run()
    fetched = scene.archive.ledger.jobs.get(job.number)
    assert fetched is not None
    watch.watch.add(fetched)
    assert watch.watch.open == []


def test_word_of_an_end_is_followed_at_once(scene: Scene, watch: Watch) -> None:
    watch.submitted()
    listens(scene, frozenset(), frozenset({"job-1", "job-of-somebody-else"}))
    watch.watch.step()
    scene.jobs.end("job-1", faces())
    begin = scene.clock.now()
    assert watch.watch.run()
    assert scene.clock.now() == begin
    assert watch.changes == ["fetched"]


def test_a_queue_is_listened_to_without_a_break_and_jobs_are_hardly_asked_about(
    scene: Scene, watch: Watch
) -> None:
    watch.submitted()
    listens(scene)
    begin = scene.clock.now()
    while scene.clock.now() < begin + 250:
        assert watch.watch.step() < 1.0  # never a pause in which word would be missed
    assert len(scene.jobs.asked) == 1  # soon after its start
    assert all(timeout <= LONGEST_TELLING for _, timeout in scene.jobs.listened)


def test_word_that_was_lost_does_not_matter_for_long(scene: Scene, watch: Watch) -> None:
    watch.submitted()
    listens(scene)
    watch.watch.step()
    watch.watch.step()
    scene.jobs.end("job-1", faces())
    begin = scene.clock.now()
    assert watch.watch.run()
    assert scene.clock.now() - begin <= SURE_AFTER + LONGEST_TELLING
    assert watch.changes == ["fetched"]


def test_word_that_comes_twice_is_of_no_harm(scene: Scene, watch: Watch) -> None:
    watch.submitted("a.mp4")
    watch.submitted("b.mp4")
    scene.jobs.end("job-1", faces())
    listens(scene, *[frozenset({"job-1"})] * 3, frozenset({"job-2"}))
    for _ in range(3):
        watch.watch.step()
    scene.jobs.end("job-2", faces())
    assert watch.watch.run()
    assert watch.changes == ["fetched", "fetched"]
    assert all(
        "job-1" in ours for ours, _ in scene.jobs.listened
    )  # what is said again is taken off the queue


def test_a_queue_that_breaks_is_no_reason_to_wait_for_long(
    scene: Scene, watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    watch.submitted()
    listens(scene)
    watch.watch.step()
    watch.watch.step()  # asked about, and next only in minutes
    scene.jobs.told = None
    scene.jobs.fail("finished", cloud_error("AccessDenied"))
    scene.jobs.end("job-1", faces())
    begin = scene.clock.now()
    assert watch.watch.run()
    assert scene.clock.now() - begin <= LONGEST
    assert "it said AccessDenied; jobs are asked about instead" in caplog.text


def test_a_queue_that_is_well_again_is_listened_to_again(scene: Scene, watch: Watch) -> None:
    watch.submitted()
    watch.watch.step()
    listens(scene, frozenset({"job-1"}))
    scene.jobs.end("job-1", faces())
    begin = scene.clock.now()
    assert watch.watch.run()
    assert scene.clock.now() == begin


def test_once_a_queue_is_well_again_jobs_are_hardly_asked_about(scene: Scene, watch: Watch) -> None:
    watch.submitted()
    watch.watch.step()
    listens(scene)
    begin = scene.clock.now()
    while scene.clock.now() < begin + 200:
        scene.clock.advance(watch.watch.step())
    assert len(scene.jobs.asked) <= 1


def test_a_free_slot_is_waited_for(scene: Scene, watch: Watch) -> None:
    scene.jobs.fail("start", *[cloud_error(NO_SLOT)] * 3)
    watch.submitted()
    assert watch.watch.step() == NO_SLOT_WAIT
    scene.clock.advance(NO_SLOT_WAIT - 1)
    assert len(scene.jobs.starts) == 2
    assert watch.watch.step() == pytest.approx(1.0)
    scene.clock.advance(1)
    watch.watch.step()
    assert len(scene.jobs.starts) == 3
    scene.clock.advance(NO_SLOT_WAIT)
    watch.watch.step()
    assert scene.jobs.jobs == ["job-1"]
    assert watch.changes[-1] == "submitted"
    assert len({token for _, _, token in scene.jobs.starts}) == 1


@pytest.mark.parametrize("step", ["status", "faces"])
def test_a_service_that_fails_is_asked_again_a_little_later(
    step: str, scene: Scene, watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    watch.submitted()
    scene.jobs.end("job-1", faces())
    scene.jobs.fail(step, *[cloud_error()] * 2)  # type: ignore[arg-type]
    assert watch.watch.run()
    assert watch.pauses.count(FAULT_WAIT) == 2
    assert watch.changes[-1] == "fetched"
    assert "it said ServiceUnavailable; asked again every 15 s" in caplog.text


def test_a_disk_without_room_holds_nothing_else_up(
    scene: Scene, watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    job = watch.submitted()
    watch.submitted("other.mp4")
    for each in scene.jobs.jobs:
        scene.jobs.end(each, faces())
    in_the_way = results_file(scene.archive, scene.known(job.video))
    in_the_way.mkdir()
    for _ in range(5):
        scene.clock.advance(watch.watch.step())
    assert [each.number for each in watch.watch.open] == [job.number]
    in_the_way.rmdir()
    assert watch.watch.run()
    assert "cannot be written" in caplog.text


def test_a_job_that_is_refused_for_good_is_not_waited_for(
    scene: Scene, watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    scene.jobs.fail("start", cloud_error(NO_SLOT), UsageError("the topic is elsewhere"))
    watch.submitted()
    assert watch.watch.run()
    assert watch.changes == ["failed"]
    assert "asked again" not in caplog.text


def test_a_job_that_somebody_else_brought_to_its_end_is_over_here_too(scene: Scene, watch: Watch) -> None:
    job = watch.submitted()
    scene.archive.ledger.jobs.note(job.number, state="fetched", faces=3)
    assert watch.watch.run()
    assert watch.changes == ["fetched"]
    assert scene.jobs.asked == []


def test_what_was_deleted_meanwhile_is_not_waited_for(scene: Scene, watch: Watch) -> None:
    job = watch.submitted()
    scene.jobs.end("job-1", faces())
    scene.archive.ledger.jobs.forget_of(job.video)
    assert watch.watch.run()
    assert watch.changes == []
    assert not list(scene.folder.glob("*.results*"))


def test_a_ledger_that_cannot_be_read_for_a_while_ends_nothing(
    scene: Scene, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch.submitted()
    scene.jobs.end("job-1", faces())
    jobs = type(scene.archive.ledger.jobs)

    def broken(*_: object) -> None:
        raise OutputError("the ledger cannot be read")

    with monkeypatch.context() as patch:
        patch.setattr(jobs, "get", broken)
        for _ in range(3):
            scene.clock.advance(watch.watch.step())
    assert watch.watch.run()
    assert watch.changes == ["fetched"]


def mistake(code: str) -> CloudError:
    return CloudError(f"it said {code}", code=code, blame="user", is_lasting=True)


@pytest.mark.parametrize("step", ["status", "start"])
def test_a_mistake_that_lasts_is_not_waited_for_and_the_job_is_left_to_the_next_start(
    step: str, scene: Scene, watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    if step == "start":
        scene.jobs.fail("start", cloud_error(NO_SLOT))
    scene.jobs.fail(step, mistake("AccessDeniedException"))  # type: ignore[arg-type]
    job = watch.submitted()
    assert watch.watch.run()
    assert watch.watch.given_up == {job.number: "it said AccessDeniedException"}
    assert watch.watch.open == []
    assert watch.changes == ["submitted" if step == "status" else "submitting"]
    assert "`livecam clips analyze --wait` goes on" in caplog.text
    assert [each.number for each in scene.archive.ledger.jobs.unfinished()] == [job.number]


@pytest.mark.parametrize("code", ["ExpiredTokenException", "UnrecognizedClientException"])
def test_a_session_or_a_key_that_is_no_longer_good_may_be_renewed(
    code: str, scene: Scene, watch: Watch
) -> None:
    watch.submitted()
    scene.jobs.end("job-1", faces())
    scene.jobs.fail("status", *[mistake(code)] * 9)
    assert watch.watch.run()
    assert watch.changes == ["fetched"]
    assert watch.watch.given_up == {}


def test_a_session_that_nobody_renews_is_not_waited_for_for_ever(scene: Scene, watch: Watch) -> None:
    watch.submitted()
    scene.jobs.fail("status", *[mistake("ExpiredTokenException")] * 900)
    begin = scene.clock.now()
    assert watch.watch.run()
    assert list(watch.watch.given_up.values()) == ["it said ExpiredTokenException"]
    assert RENEWAL_WAIT <= scene.clock.now() - begin <= RENEWAL_WAIT + 60
