from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from livecam.state.ledger import Ledger
from livecam.stored_video import JobParameters, S3Place
from livecam.testing.clock import FakeClock
from tests.requirements import skip_unless
from tests.state.ledgers import ALL, ID, NOON, PLACE, asides, change, job

if TYPE_CHECKING:
    from livecam.stored_video import Job

OPEN: tuple[Any, ...] = ("submitting", "submitted", "succeeded")
OVER: tuple[Any, ...] = ("failed", "expired")
TAGGED = JobParameters(tag="a-tag")
TOLD = JobParameters(topic="arn:aws:sns:eu-west-1:1:AmazonRekognition-x", role="arn:aws:iam::1:role/r")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "clips"


@pytest.fixture
def ledger(folder: Path) -> Ledger:
    return Ledger(folder, clock=FakeClock())


def begin(
    ledger: Ledger,
    attempt: int = 1,
    *,
    video: str = ID,
    place: S3Place = PLACE,
    parameters: JobParameters = ALL,
) -> Job:
    return ledger.jobs.begin(video, place, parameters, token=f"token-{attempt}", attempt=attempt)


def test_a_job_is_there_for_the_next_livecam_with_all_that_is_known_of_it(
    ledger: Ledger, folder: Path
) -> None:
    whole = job(
        parameters=replace(TOLD, attributes="DEFAULT", tag="t"),
        attempt=3,
        state="fetched",
        began_at=NOON + timedelta(microseconds=1),
        job_id="a-job",
        message="it's done",
        ended_at=NOON + timedelta(hours=1),
        faces=1234,
        minutes=0.5,
        results=folder / f"{ID}.results.jsonl",
    )
    assert ledger.jobs.add(replace(whole, number=99)) == whole
    assert Ledger(folder).jobs.get(1) == whole
    assert Ledger(folder).jobs.all() == (whole,)


def test_a_job_that_is_begun_is_about_to_be_submitted(ledger: Ledger, folder: Path) -> None:
    assert begin(ledger) == job(began_at=FakeClock().wall())
    assert Ledger(folder).jobs.unfinished() == (job(began_at=FakeClock().wall()),)


@pytest.mark.parametrize("state", OPEN)
def test_an_open_job_is_the_one_to_go_on_with_whatever_the_attempt(ledger: Ledger, state: Any) -> None:  # noqa: ANN401
    first = ledger.jobs.note(begin(ledger, 2).number, state=state)
    assert [begin(ledger, attempt) for attempt in (1, 2, 3)] == [first] * 3
    assert len(ledger.jobs.all()) == 1


def test_results_that_are_there_are_not_paid_for_again_unless_another_attempt_is_wanted(
    ledger: Ledger,
) -> None:
    fetched = ledger.jobs.note(begin(ledger).number, state="fetched")
    assert begin(ledger) == fetched
    anew = begin(ledger, 2)
    assert (anew.number, anew.state, anew.token) == (2, "submitting", "token-2")
    assert begin(ledger) == anew


@pytest.mark.parametrize("state", OVER)
def test_what_came_to_nothing_is_followed_by_another_attempt_only(ledger: Ledger, state: Any) -> None:  # noqa: ANN401
    over = ledger.jobs.note(begin(ledger).number, state=state)
    assert begin(ledger) == over
    assert begin(ledger, 2).state == "submitting"
    assert ledger.jobs.get(1) == over


@pytest.mark.parametrize(
    "other",
    [
        {"video": "another"},
        {"place": replace(PLACE, bucket="another")},
        {"place": replace(PLACE, version=None)},
        {"place": replace(PLACE, etag="another")},
        {"parameters": replace(ALL, attributes="DEFAULT")},
        {"parameters": TAGGED},
    ],
)
def test_another_thing_is_another_job(ledger: Ledger, other: dict[str, Any]) -> None:
    begin(ledger)
    assert begin(ledger, **other).number == 2
    assert begin(ledger, **other).number == 2


def test_who_is_told_of_the_end_makes_no_other_job_of_it(ledger: Ledger) -> None:
    """Its results would be the same, and be paid for twice."""
    first = begin(ledger, parameters=TOLD)
    assert begin(ledger) == first
    assert first.parameters == TOLD
    ledger.jobs.note(first.number, state="failed")
    assert ledger.jobs.next_attempt(ID, PLACE, ALL) == 2


def test_the_next_attempt_is_another_one_only_after_one_that_came_to_nothing(ledger: Ledger) -> None:
    def next_attempt(*, is_anew: bool = False) -> int:
        return ledger.jobs.next_attempt(ID, PLACE, ALL, is_anew=is_anew)

    assert (next_attempt(), next_attempt(is_anew=True)) == (1, 1)
    number = begin(ledger).number
    for state in OPEN:
        ledger.jobs.note(number, state=state)
        assert (next_attempt(), next_attempt(is_anew=True)) == (1, 1)
    ledger.jobs.note(number, state="fetched")
    assert (next_attempt(), next_attempt(is_anew=True)) == (1, 2)
    for state in OVER:
        ledger.jobs.note(number, state=state)
        assert (next_attempt(), next_attempt(is_anew=True)) == (2, 2)
    assert ledger.jobs.next_attempt(ID, PLACE, TAGGED) == 1
    begin(ledger, 2)
    assert next_attempt() == 2


def test_what_becomes_known_is_noted_and_the_rest_stays(ledger: Ledger, folder: Path) -> None:
    begun = begin(ledger)
    noted = ledger.jobs.note(begun.number, state="submitted", job_id="a-job")
    assert noted == replace(begun, state="submitted", job_id="a-job")
    facts: dict[str, Any] = {
        "ended_at": NOON,
        "faces": 0,
        "minutes": 1.5,
        "results": folder / f"{ID}.results.jsonl",
        "message": "done",
    }
    fetched = ledger.jobs.note(begun.number, state="fetched", **facts)
    assert fetched == replace(begun, state="fetched", job_id="a-job", **facts)
    assert Ledger(folder).jobs.get(begun.number) == fetched
    assert ledger.jobs.note(7, state="failed") is None


def test_what_no_job_has_cannot_be_written(ledger: Ledger, folder: Path) -> None:
    begun = begin(ledger)
    wrong: list[dict[str, Any]] = [
        {"faces": -1},
        {"minutes": float("nan")},
        {"job_id": ""},
        {"state": "lost"},
        {"results": Path("/etc/x.results.jsonl")},
        {"results": folder / "other.results.jsonl"},
        {"results": folder / f"{ID}.mp4"},
    ]
    for facts in wrong:
        with pytest.raises(ValueError, match=r"is no |is empty"):
            ledger.jobs.note(begun.number, **facts)
    for name, attempt, token in (("../x", 1, "t"), (ID, 0, "t"), (ID, 1, "t" * 65), (ID, 1, "a token")):
        with pytest.raises(ValueError, match="is no "):
            ledger.jobs.begin(name, PLACE, TAGGED, token=token, attempt=attempt)
    assert ledger.jobs.all() == (begun,)


def test_what_results_say_of_a_job_takes_the_place_of_what_was_known_of_it(
    ledger: Ledger, folder: Path
) -> None:
    """A ledger that was lost is filled again while others go on: they may have begun the job anew."""
    begun = begin(ledger, parameters=TOLD)
    fetched = job(number=77, state="fetched", job_id="a-job", results=folder / f"{ID}.results.jsonl")
    for _ in "12":
        assert ledger.jobs.add(fetched) == replace(fetched, number=begun.number)
    assert ledger.jobs.all() == (replace(fetched, number=begun.number),)
    second = ledger.jobs.add(replace(fetched, attempt=2))
    assert second.number == begun.number + 1
    assert begin(ledger, 1) == second


def test_the_latest_attempt_counts_whatever_was_written_down_last(ledger: Ledger) -> None:
    """Files with results come in no order."""
    second = ledger.jobs.add(job(attempt=2, state="fetched"))
    ledger.jobs.add(job(attempt=1, state="failed"))
    assert begin(ledger, 2) == second
    assert ledger.jobs.next_attempt(ID, PLACE, ALL) == 2
    first = ledger.jobs.add(job(attempt=1, state="submitted"))
    assert begin(ledger, 3) == first


def test_results_are_where_the_video_is(ledger: Ledger, folder: Path, tmp_path: Path) -> None:
    own = str(tmp_path / "beach.mp4")
    begun = begin(ledger, video=own)
    assert ledger.jobs.note(begun.number, results=tmp_path / "beach.results.jsonl")
    begin(ledger)
    assert ledger.jobs.note(2, results=folder / f"{ID}.results.jsonl")
    moved = folder.rename(folder.with_name("moved"))
    assert [each.results for each in Ledger(moved).jobs.all()] == [
        tmp_path / "beach.results.jsonl",
        moved / f"{ID}.results.jsonl",
    ]


def test_jobs_are_found_by_their_video_and_by_what_is_left_to_do(ledger: Ledger) -> None:
    for number, state in enumerate((*OPEN, *OVER, "fetched"), start=1):
        ledger.jobs.note(
            begin(ledger, video=f"video-{number % 2}", place=S3Place("b", state)).number, state=state
        )
    assert [each.state for each in ledger.jobs.unfinished()] == list(OPEN)
    assert [each.number for each in ledger.jobs.of("video-0")] == [2, 4, 6]
    assert ledger.jobs.of("caf\udce9") == ()
    assert ledger.jobs.forget_of("video-0") == 3
    assert ledger.jobs.forget_of("video-0") == 0
    assert [each.number for each in ledger.jobs.all()] == [1, 3, 5]


def test_a_number_is_never_given_twice(ledger: Ledger) -> None:
    assert begin(ledger).number == 1
    ledger.jobs.forget_of(ID)
    assert begin(ledger).number == 2


def test_looking_makes_no_file(ledger: Ledger, folder: Path) -> None:
    assert ledger.jobs.get(1) is None
    assert ledger.jobs.of("a") == ledger.jobs.unfinished() == ledger.jobs.all() == ()
    assert ledger.jobs.note(1, state="failed") is None
    assert ledger.jobs.next_attempt("a", PLACE, ALL) == 1
    assert ledger.jobs.forget_of("a") == 0
    assert not folder.exists()


HOSTILE = {
    "another video": "video = '../../elsewhere'",
    "no place": "bucket = ''",
    "no key": "key = x'00'",
    "attributes": "attributes = 'EMOTIONS'",
    "tag": "tag = ''",
    "attempt": "attempt = 0",
    "token": "token = 'a token'",
    "state": "state = 'waiting'",
    "time": "began_at = 'yesterday'",
    "end": "ended_at = '2026-11-23T12:00:00'",
    "faces": "faces = -1",
    "minutes": "minutes = 9e999",
    "results elsewhere": "results = '../x.results.jsonl'",
    "results on another disk": "results = '/etc/x.results.jsonl'",
    "results that are none": f"results = '{ID}.mp4'",
}


@pytest.mark.parametrize("change_", HOSTILE.values(), ids=HOSTILE)
def test_what_livecam_never_writes_is_damage(folder: Path, change_: str) -> None:
    begin(Ledger(folder))
    change(folder, f"UPDATE jobs SET {change_}")  # noqa: S608  # our own

    def rebuild() -> None:
        Ledger(folder).jobs.add(job("again"))

    assert Ledger(folder, on_set_aside=rebuild).jobs.all() == (job("again"),)
    assert len(asides(folder)) == 1


def test_threads_that_begin_at_once_get_one_job(ledger: Ledger) -> None:
    found: list[Job] = []
    threads = [threading.Thread(target=lambda: found.append(begin(ledger))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {each.number for each in found} == {1}
    assert len(found) == 8


BEGIN = """
import sys
from pathlib import Path
from livecam.state.ledger import Ledger
from livecam.stored_video import JobParameters, S3Place
jobs = Ledger(Path(sys.argv[1])).jobs
for line in sys.stdin:
    place = S3Place("b", line.strip())
    attempt = jobs.next_attempt("video", place, JobParameters())
    token = f"{place.key}-{attempt}"
    job = jobs.begin("video", place, JobParameters(), token=token, attempt=attempt)
    print(job.number, job.token, flush=True)
"""


def test_programs_that_begin_the_same_at_the_same_moment_get_one_job(folder: Path) -> None:
    command = [sys.executable, "-c", BEGIN, str(folder)]
    pipe = subprocess.PIPE
    runs = [
        subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, bufsize=1) for _ in "123"
    ]
    answers: list[set[str]] = []
    for number in range(30):
        for run in runs:
            assert run.stdin
            run.stdin.write(f"key-{number}\n")
        answers.append({run.stdout.readline() for run in runs if run.stdout})
    assert [run.communicate()[1] for run in runs] == ["", "", ""]
    assert [len(each) for each in answers] == [1] * 30
    jobs = Ledger(folder).jobs.all()
    assert sorted(each.token for each in jobs) == sorted(f"key-{number}-1" for number in range(30))
    assert asides(folder) == []


SUBMIT = """
import sys
from pathlib import Path
from livecam.state.ledger import Ledger
from livecam.stored_video import JobParameters, S3Place
folder = Path(sys.argv[1])
jobs = Ledger(folder).jobs
for number in range(1_000_000):
    place = S3Place("b", str(number))
    attempt = jobs.next_attempt("video", place, JobParameters())
    job = jobs.begin("video", place, JobParameters(), token=f"{number}-{attempt}", attempt=attempt)
    print("submitting", job.number, flush=True)
    if job.state == "submitting":
        job = jobs.note(job.number, state="submitted", job_id=f"job-{job.token}")
        print("submitted", job.number, flush=True)
    if job.state == "submitted":
        jobs.note(job.number, state="fetched", results=folder / "video.results.jsonl")
        print("fetched", job.number, flush=True)
"""
STEPS = ("submitting", "submitted", "fetched")


def test_a_program_that_is_killed_again_and_again_begins_each_job_once(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    skip_unless(sys.platform != "win32", "Windows has no kill -9")
    told: dict[int, str] = {}
    for attempt in range(6):
        command = [sys.executable, "-c", SUBMIT, str(folder)]
        run = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert run.stdout
        enough = random.Random(attempt).randint(1, 40)  # noqa: S311  # no secret
        lines = [run.stdout.readline() for _ in range(len(told) + enough)]
        run.send_signal(signal.SIGKILL)
        lines += run.communicate()[0].splitlines()
        for line in lines:
            if len(words := line.split()) == len("12") and told.get(int(words[1])) != "fetched":
                told[int(words[1])] = words[0]
        known = {each.number: each for each in Ledger(folder).jobs.all()}
        assert told.keys() <= known.keys()
        assert len(known) - len(told) <= 1
        for number, state in told.items():
            assert STEPS.index(known[number].state) >= STEPS.index(state)
    keys = [each.place.key for each in known.values()]
    assert keys == [str(number) for number in range(len(keys))]
    assert {each.attempt for each in known.values()} == {1}
    assert all(each.job_id == f"job-{each.token}" for each in known.values() if each.state != "submitting")
    assert caplog.messages == []
