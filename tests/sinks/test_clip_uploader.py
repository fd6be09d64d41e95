from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from livecam.analysis.targets import begun, clip_target
from livecam.errors import LivecamError, OutputError
from livecam.events import ClipStored, JobSubmitted, ResultsFetched, UploadFailed
from livecam.sinks import clip_uploader
from livecam.sinks.clip_finisher import ClipFinisher
from livecam.sinks.clip_uploader import TRY_AGAIN_AFTER, ClipUploader
from tests.analysis.samples import Scene, a_clip, cloud_error, faces, film
from tests.archive.samples import Events, record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from livecam.clips import Clip
    from livecam.events import Event

PATIENCE = 20.0
"""Seconds; far more than is needed on a busy machine."""


class Heard(Events):
    """Keeps what was told, and waits for it."""

    def __init__(self) -> None:
        super().__init__()
        self._changed = threading.Condition()

    def __call__(self, event: Event) -> None:
        with self._changed:
            super().__call__(event)
            self._changed.notify_all()

    def wait_for(
        self, kind: type[Event], count: int = 1, *, meanwhile: Callable[[], None] = lambda: None
    ) -> list[Event]:
        for _ in range(int(PATIENCE / 0.05)):
            with self._changed:
                if self._changed.wait_for(lambda: len(self.of(kind)) >= count, 0.05):
                    return self.of(kind)
            meanwhile()
        raise AssertionError(self.told)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clip_uploader, "LONGEST_LISTENING", 0.01)


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def scene(tmp_path: Path, heard: Heard) -> Scene:
    return Scene(tmp_path, events=heard)


@pytest.fixture
def make(scene: Scene) -> Iterator[Callable[..., ClipUploader]]:
    """Return what makes uploaders; they are closed, and told no failure but what a test expects."""
    made: list[ClipUploader] = []

    def make(*, is_analysed: bool = False, **how: Any) -> ClipUploader:  # noqa: ANN401
        parts: dict[str, Any] = {"begun": lambda: (), "on_failure": pytest.fail} | how
        made.append(ClipUploader(scene.cloud(), scene.desk(), is_analysed=is_analysed, **parts))
        return made[-1]

    yield make
    for each in made:
        each.close()
        assert not each._thread.is_alive()


def test_clips_are_stored_in_the_order_in_which_they_were_finished(
    scene: Scene, heard: Heard, make: Callable[..., ClipUploader]
) -> None:
    uploader = make()
    uploader.start()
    clips = [a_clip(scene.archive) for _ in range(3)]
    for clip in clips:
        uploader.put(clip_target(scene.archive, clip))
    stored = heard.wait_for(ClipStored, 3)
    assert [each.clip for each in stored if isinstance(each, ClipStored)] == [clip.id for clip in clips]
    assert scene.jobs.starts == []


def test_a_clip_is_known_to_the_next_start_before_it_is_its_turn(
    scene: Scene, make: Callable[..., ClipUploader]
) -> None:
    uploader = make(is_analysed=True)
    clip = a_clip(scene.archive)
    uploader.put(clip_target(scene.archive, clip))  # not started: nothing is sent
    (waiting,) = begun(scene.archive)
    assert (waiting.video.name, waiting.video.state) == (clip.id, "waiting")
    assert scene.store.resumed == []


def test_closing_it_sends_what_waits_and_leaves_jobs_to_the_next_start(
    scene: Scene, heard: Heard, make: Callable[..., ClipUploader]
) -> None:
    uploader = make(is_analysed=True)
    clips = [a_clip(scene.archive) for _ in range(3)]
    for clip in clips:
        uploader.put(clip_target(scene.archive, clip))
    uploader.start()
    uploader.close()
    assert len(scene.store.objects) == 3
    assert len(scene.jobs.jobs) == 3
    assert [target.video.name for target in begun(scene.archive)] == [clip.id for clip in clips]


def test_jobs_are_looked_after_while_it_runs(
    scene: Scene, heard: Heard, make: Callable[..., ClipUploader]
) -> None:
    uploader = make(is_analysed=True)
    uploader.start()
    clip = a_clip(scene.archive)
    uploader.put(clip_target(scene.archive, clip))
    heard.wait_for(JobSubmitted)
    scene.jobs.end("job-1", faces())
    (fetched,) = heard.wait_for(ResultsFetched, meanwhile=lambda: scene.clock.advance(30))
    assert isinstance(fetched, ResultsFetched)
    assert fetched.clip == clip.id
    assert scene.archive.folder.path.joinpath(f"{clip.id}.results.jsonl").is_file()


def test_a_clip_that_comes_while_jobs_are_open_does_not_wait_for_them(
    scene: Scene, heard: Heard, make: Callable[..., ClipUploader]
) -> None:
    uploader = make(is_analysed=True)
    uploader.start()
    for count in (1, 2):
        uploader.put(clip_target(scene.archive, a_clip(scene.archive)))
        heard.wait_for(JobSubmitted, count)
    assert len(uploader._jobs.open) >= 1


def test_what_failed_is_tried_again_after_a_while_and_not_before(
    scene: Scene, heard: Heard, make: Callable[..., ClipUploader]
) -> None:
    uploader = make()
    uploader.start()
    scene.store.fail("send", cloud_error("SlowDown"))
    failing, other = a_clip(scene.archive), a_clip(scene.archive)
    uploader.put(clip_target(scene.archive, failing))
    heard.wait_for(UploadFailed)
    uploader.put(clip_target(scene.archive, other))
    (stored,) = heard.wait_for(ClipStored)
    assert isinstance(stored, ClipStored)
    assert stored.clip == other.id  # it held nothing up
    last = heard.wait_for(ClipStored, 2, meanwhile=lambda: scene.clock.advance(TRY_AGAIN_AFTER))[-1]
    assert isinstance(last, ClipStored)
    assert last.clip == failing.id
    assert scene.store.resumed[-1] is not None


def test_an_outage_is_told_once_and_the_next_one_again(
    scene: Scene, make: Callable[..., ClipUploader], caplog: pytest.LogCaptureFixture
) -> None:
    uploader = make()

    def upload(*, fails: bool) -> None:
        if fails:
            scene.store.fail("begin", cloud_error())
        uploader._deal_with(clip_target(scene.archive, a_clip(scene.archive)))

    for fails in (True, True, False, True):
        upload(fails=fails)
    assert len(uploader._failed) == 3
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]


def test_nothing_is_tried_again_too_early(scene: Scene, make: Callable[..., ClipUploader]) -> None:
    uploader = make()
    scene.store.fail("begin", cloud_error())
    uploader._deal_with(clip_target(scene.archive, a_clip(scene.archive)))
    scene.clock.advance(TRY_AGAIN_AFTER - 0.1)
    uploader._again()
    assert uploader._queue.empty()
    scene.clock.advance(0.1)
    uploader._again()
    uploader._again()
    assert uploader._queue.qsize() == 1


def test_what_rekognition_would_refuse_is_not_tried_again(
    scene: Scene, make: Callable[..., ClipUploader], caplog: pytest.LogCaptureFixture
) -> None:
    uploader = make()
    uploader._deal_with(scene.target(scene.file(content=film("mpeg4"))))
    assert uploader._failed == []
    assert "Rekognition takes H.264" in caplog.text


@pytest.mark.parametrize("code", ["ServiceUnavailable", "InvalidParameterException"])
def test_a_job_that_was_not_taken_is_asked_for_again_by_who_looks_after_jobs(
    code: str, scene: Scene, make: Callable[..., ClipUploader]
) -> None:
    uploader = make(is_analysed=True)
    scene.jobs.fail("start", cloud_error(code))
    uploader._deal_with(clip_target(scene.archive, a_clip(scene.archive)))
    assert uploader._failed == []
    assert [job.state for job in uploader._jobs.open] == (["submitting"] if code.startswith("S") else [])


def test_what_earlier_runs_left_undone_is_taken_up_at_the_start(
    scene: Scene, heard: Heard, make: Callable[..., ClipUploader]
) -> None:
    sent, waiting = a_clip(scene.archive), a_clip(scene.archive)
    scene.desk().analyse(clip_target(scene.archive, sent))
    scene.desk().want(clip_target(scene.archive, waiting), is_analysed=True)
    uploader = make(is_analysed=True, begun=lambda: begun(scene.archive))
    uploader.start()
    heard.wait_for(JobSubmitted, 2)
    scene.jobs.end("job-1", faces())
    heard.wait_for(ResultsFetched, meanwhile=lambda: scene.clock.advance(30))
    assert len(scene.store.sent) == 2
    assert len(scene.jobs.jobs) == 2


def test_a_ledger_that_cannot_be_written_does_not_keep_a_clip_from_being_sent(
    scene: Scene,
    heard: Heard,
    make: Callable[..., ClipUploader],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def full(*_: object) -> None:
        raise OutputError("no room")

    uploader = make()
    target = clip_target(scene.archive, a_clip(scene.archive))
    with monkeypatch.context() as patch:
        patch.setattr(type(scene.archive.ledger.videos), "want", full)
        uploader.put(target)
    assert "no room" in caplog.text
    uploader.start()
    heard.wait_for(ClipStored)


def test_what_cannot_go_on_at_all_is_told_and_the_run_goes_on(
    scene: Scene, make: Callable[..., ClipUploader]
) -> None:
    told, has_told = list[Exception](), threading.Event()

    def failed(error: Exception) -> None:
        told.append(error)
        has_told.set()

    def broken() -> tuple[()]:
        raise LivecamError("the ledger cannot be read")

    uploader = make(begun=broken, on_failure=failed)
    uploader.start()
    assert has_told.wait(PATIENCE)
    uploader.put(clip_target(scene.archive, a_clip(scene.archive)))
    uploader.close()
    assert [str(error) for error in told] == ["the ledger cannot be read"]


def test_a_clip_is_handed_on_when_others_may_work_on_it_also_when_no_copy_could_be_made(
    scene: Scene, heard: Heard, make: Callable[..., ClipUploader]
) -> None:
    def no_copy(clip: Clip) -> None:
        assert scene.archive.ledger.videos.get(clip.id) is None
        raise OutputError("no room for a copy")

    uploader, failures = make(), list[Exception]()
    finisher = ClipFinisher(
        scene.archive,
        afterwards=no_copy,
        hand_on=lambda clip: uploader._deal_with(clip_target(scene.archive, clip)),
        on_failure=failures.append,
    )
    finisher.finish(record(scene.archive, 5).close(None))
    finisher.close()
    assert [str(error) for error in failures] == ["no room for a copy"]
    assert len(heard.of(ClipStored)) == 1
    assert heard.of(UploadFailed) == []


def test_closing_one_that_was_not_started_does_nothing(make: Callable[..., ClipUploader]) -> None:
    make().close()
