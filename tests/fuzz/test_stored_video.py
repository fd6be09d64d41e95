"""What the service says of stored video, by HTTP, queue and file: what is taken for a result was one."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st

from livecam.analysis.results import ResultsWriter, read_results
from livecam.aws.job_notices import JobNotices, job_id_of
from livecam.errors import CloudError, OutputError
from livecam.testing.clock import FakeClock
from tests.aws.environment import access_to
from tests.aws.stored_video import jobs_of
from tests.aws.test_job_notices import OURS, RECEIVED, WORDS, enveloped
from tests.aws.wire import WireServer, http
from tests.fuzz.cases import assert_told, fuzzed
from tests.fuzz.damage import CHANGES, DAMAGE, TEXTS, VALUES, Changes, Damage
from tests.local_aws.video_files import a_detail

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.aws.wire import Exchange

FACES = [{"Timestamp": 500 * number, "Face": a_detail()} for number in range(3)]
PAGE = {
    "JobStatus": "SUCCEEDED",
    "VideoMetadata": {"Codec": "h264", "DurationMillis": 1500, "FrameRate": 30.0, "FrameHeight": 48},
    "Faces": FACES,
    "NextToken": "next",
}
LAST = {key: value for key, value in PAGE.items() if key != "NextToken"}
HEADER = {"video": "film.mp4", "job_id": "job-1", "attempt": 1, "metadata": PAGE["VideoMetadata"]}


class Service:
    """Answers one request after the other with what a case says, then with the last page of results."""

    def __init__(self) -> None:
        self.answers: list[bytes] = []
        self._server = WireServer([self._script]).__enter__()
        self.url = self._server.url
        self.jobs = jobs_of(self.url)

    def _script(self, exchange: Exchange) -> bool:
        exchange.write(self.answers.pop(0) if self.answers else http(json.dumps(LAST).encode()))
        return True

    def close(self) -> None:
        self._server.__exit__(None, None, None)


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    made = Service()
    yield made
    made.close()


def assert_results_or_told(service: Service) -> None:
    """See that results are whole pages of entries with time and face, or it is said why not."""
    try:
        faces = list(service.jobs.faces("job-1"))
    except CloudError as error:
        assert_told(error)
        return
    assert all(isinstance(face["Face"], dict) for face in faces)
    assert all(isinstance(face["Timestamp"], int) and face["Timestamp"] >= 0 for face in faces)
    assert len(faces) >= len(FACES)  # the last page came


# Asked again at most thrice: of what botocore itself asks again for, after a pause, there is one case alone.
@fuzzed(50, changes=CHANGES)
def test_a_page_of_any_values_is_refused_or_holds_faces(service: Service, changes: Changes) -> None:
    service.answers[:] = [http(json.dumps(changes.of(PAGE)).encode("utf-8", "surrogatepass"))] * 3
    assert_results_or_told(service)


@fuzzed(50, changes=CHANGES)
def test_a_jobs_state_of_any_values_is_refused_or_is_one(service: Service, changes: Changes) -> None:
    said = changes.of(PAGE | {"StatusMessage": "why"})
    service.answers[:] = [http(json.dumps(said).encode("utf-8", "surrogatepass"))] * 3
    try:
        status = service.jobs.status("job-1")
    except CloudError as error:
        assert_told(error)
        return
    assert status.status in ("IN_PROGRESS", "SUCCEEDED", "FAILED")
    assert status.message is None or isinstance(status.message, str)
    assert status.duration is None or math.isfinite(status.duration)


@fuzzed(30, damage=DAMAGE)
def test_a_page_of_damaged_json_is_refused_or_holds_faces(service: Service, damage: Damage) -> None:
    service.answers[:] = [http(damage.of(json.dumps(PAGE).encode()))] * 3
    assert_results_or_told(service)


@fuzzed(100, changes=CHANGES, is_enveloped=st.booleans(), damage=st.one_of(st.none(), DAMAGE))
def test_a_message_of_anybody_is_about_the_job_that_it_names_or_about_none(
    changes: Changes, damage: Damage | None, *, is_enveloped: bool
) -> None:
    words = changes.of(WORDS)
    text = enveloped(words) if is_enveloped else json.dumps(words)
    if damage is not None:
        text = damage.of(text.encode("utf-8", "replace")).decode("utf-8", "replace")
    job = job_id_of(text)
    if damage is None and isinstance(words, dict) and isinstance(words.get("JobId"), str):
        assert job == words["JobId"]
    else:
        assert job is None or isinstance(job, str)


@fuzzed(40, changes=CHANGES, body=st.one_of(TEXTS, VALUES.map(json.dumps), st.none()))
def test_a_queue_that_says_anything_names_jobs_of_ours_or_is_told(
    service: Service, changes: Changes, body: str | None
) -> None:
    said: Any = json.loads(json.dumps(RECEIVED))
    if body is not None:
        said["Messages"][0]["Body"] = body
    heads = {"Content-Type": "application/x-amz-json-1.0"}
    service.answers[:] = [
        http(json.dumps(changes.of(said)).encode("utf-8", "surrogatepass"), headers=heads),
        http(b"{}", headers=heads),
    ]
    notices = JobNotices(access_to(service.url), f"{service.url}/1/q", clock=FakeClock())
    try:
        found = notices.finished(OURS, 0.0)
    except CloudError as error:
        assert_told(error)
    else:
        assert found is not None
        assert found <= OURS


def written(path: Path) -> bytes:
    with ResultsWriter(path, HEADER) as writer:
        for face in FACES:
            writer.write(face)
        writer.finish()
    return path.read_bytes()


def read_back(content: bytes) -> tuple[int, int] | None:
    """Return how many faces a file has, and how many lines that cannot be used; None: refused."""
    path = Path("film.mp4.results.jsonl")
    path.write_bytes(content)
    try:
        results = read_results(path)
        faces = list(results.faces())
    except OutputError as error:
        assert_told(error, str(path))
        return None
    assert all(face.face.box.is_proper and face.time >= 0 for face in faces)
    assert results.duration is None or results.duration >= 0
    assert results.text("video") is None or results.text("video")
    return len(faces), results.damaged


@fuzzed(100, damage=DAMAGE)
def test_damaged_results_lose_only_the_lines_that_were_touched(damage: Damage) -> None:
    whole = written(Path("whole.results.jsonl"))
    content = damage.of(whole)
    found = read_back(content)
    untouched = set(whole.splitlines()[1:]) & set(content.splitlines()[1:])
    if found is not None:
        assert found[0] >= len([line for line in content.splitlines()[1:] if line in untouched])
        assert sum(found) == sum(bool(line.strip()) for line in content.split(b"\n")[1:])
    else:
        assert content.split(b"\n")[0] != whole.split(b"\n")[0]


@fuzzed(100, changes=CHANGES)
def test_results_of_any_values_lose_only_the_lines_that_cannot_be_used(changes: Changes) -> None:
    lines = changes.of([{"schema": "livecam.results/1", **HEADER}, *FACES])
    records = lines if isinstance(lines, list) else [lines]
    found = read_back("".join(json.dumps(each) + "\n" for each in records).encode())
    if found is not None:
        assert sum(found) == len(records) - 1
        untouched = {json.dumps(each) for each in FACES}  # as texts: to Python, False is 0
        assert found[0] >= sum(json.dumps(each) in untouched for each in records[1:])
