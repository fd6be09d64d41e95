from __future__ import annotations

import base64
import hashlib
import os
import random
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from livecam.aws import s3_upload
from livecam.aws.file_parts import FileInParts
from livecam.aws.s3_calls import S3Calls
from livecam.aws.s3_upload import Errand
from livecam.errors import CloudError, OutputError
from livecam.stored_video import S3Place, Upload
from livecam.testing.clock import FakeClock
from tests.aws.bucket import PART, Bucket, Told, stored
from tests.aws.environment import access_to

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PARTS = 6
SIZE = (PARTS - 1) * PART + 11

STORE_A_FILE = """
import sys
from pathlib import Path
from livecam.aws.clients import AwsAccess
from livecam.aws.clip_store import S3ClipStore
from livecam.stored_video import Upload

url, bucket, file, ledger = sys.argv[1], sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4])

def note(upload):
    ledger.write_text(f"{upload.upload_id} {upload.part_size}" if upload else "")

words = ledger.read_text().split() if ledger.exists() else []
upload = Upload(words[0], int(words[1])) if words else None
store = S3ClipStore(AwsAccess(region="eu-west-1", endpoint_url=url), bucket, part_size=5 * 1024 * 1024)
tell = lambda done, total: print(done, flush=True)
place, checksum = store.store(file, "clip.mp4", upload=upload, on_upload=note, on_bytes=tell)
print("stored", checksum, flush=True)
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clips") / "clip.mp4"
    path.write_bytes(os.urandom(SIZE))
    return path


class Interrupted(Exception):
    """Ends an upload as a signal would."""


class Failing(S3Calls):
    """Does something else in the place of one operation, or before it."""

    def __init__(self, url: str, operation: str, instead: Callable[[], dict[str, Any] | None]) -> None:
        super().__init__(access_to(url), FakeClock())
        self._operation = operation
        self._instead = instead

    def call(self, operation: str, action: str, place: S3Place, **request: Any) -> dict[str, Any]:  # noqa: ANN401
        answer = self._instead() if operation == self._operation else None
        return super().call(operation, action, place, **request) if answer is None else answer


def sent(calls: S3Calls, bucket: Bucket, file: Path, begun: Upload | None, told: Told) -> tuple[S3Place, str]:
    with FileInParts(file) as parts:
        place = S3Place(bucket.name, "clip.mp4")
        errand = Errand(parts, place, {}, PART, told.uploads.append, told.count)
        return s3_upload.upload(calls, errand, begun)


def begun_with(bucket: Bucket, file: Path, parts: int) -> Upload:
    """Return an upload that was interrupted after so many parts."""
    told = Told()

    def count(done: int, total: int) -> None:
        if done == parts * PART:
            raise Interrupted

    with pytest.raises(Interrupted):
        bucket.store().store(file, "clip.mp4", upload=None, on_upload=told.uploads.append, on_bytes=count)
    (upload,) = told.uploads
    assert upload is not None
    return upload


def test_a_file_goes_up_in_parts_and_is_the_same_there(bucket: Bucket, file: Path) -> None:
    told, before = Told(), bucket.whole_parts_received()
    place, checksum = stored(bucket.store(), file, "clip.mp4", told=told)
    data = file.read_bytes()
    assert bucket.content("clip.mp4") == data
    digests = b"".join(hashlib.sha256(data[start : start + PART]).digest() for start in range(0, SIZE, PART))
    assert checksum == base64.b64encode(hashlib.sha256(digests).digest()).decode() + f"-{PARTS}"
    head = bucket.s3.head_object(Bucket=bucket.name, Key="clip.mp4", ChecksumMode="ENABLED")
    assert head["ChecksumSHA256"] == checksum.partition("-")[0]  # moto leaves the number of parts away
    assert place == S3Place(bucket.name, "clip.mp4", None, head["ETag"].strip('"'))
    assert bucket.whole_parts_received() - before == PARTS - 1
    assert told.counts[0] == (0, SIZE)
    assert told.counts[-1] == (SIZE, SIZE)
    assert [done for done, _ in told.counts] == sorted(done for done, _ in told.counts)


def test_an_upload_is_told_before_its_first_part_and_when_it_is_no_more(bucket: Bucket, file: Path) -> None:
    seen: list[Upload | None] = []
    before = bucket.whole_parts_received()

    def note(upload: Upload | None) -> None:
        seen.append(upload)
        if upload:
            assert bucket.uploads() == [upload.upload_id]
            assert bucket.whole_parts_received() == before

    bucket.store().store(file, "clip.mp4", upload=None, on_upload=note, on_bytes=Told().count)
    assert [upload and upload.part_size for upload in seen] == [PART, None]
    assert bucket.uploads() == []


def test_an_upload_goes_on_with_the_parts_that_are_missing(bucket: Bucket, file: Path) -> None:
    upload = begun_with(bucket, file, 3)
    told, before = Told(), bucket.whole_parts_received()
    stored(bucket.store(part_size=PART + 1), file, "clip.mp4", upload=upload, told=told)
    assert bucket.content("clip.mp4") == file.read_bytes()
    assert bucket.whole_parts_received() - before == PARTS - 1 - 3
    assert told.counts[0] == (3 * PART, SIZE)
    assert told.uploads == [None]


def test_a_part_that_is_not_the_files_is_sent_again(bucket: Bucket, file: Path) -> None:
    upload = begun_with(bucket, file, 3)
    for number, body in ((1, os.urandom(PART)), (2, b"short"), (9, b"too many")):
        bucket.s3.upload_part(
            Bucket=bucket.name, Key="clip.mp4", UploadId=upload.upload_id, PartNumber=number, Body=body
        )
    before = bucket.whole_parts_received()
    stored(bucket.store(), file, "clip.mp4", upload=upload)
    assert bucket.content("clip.mp4") == file.read_bytes()
    assert bucket.whole_parts_received() - before == PARTS - 1 - 1


@pytest.mark.parametrize(("checksum", "is_same"), [("right", True), ("wrong", False)])
def test_a_part_is_judged_by_the_checksum_that_s3_lists(
    bucket: Bucket, file: Path, checksum: str, *, is_same: bool
) -> None:
    class Listing(S3Calls):
        """Lists the first part as AWS does, which moto does not."""

        def pages(self, *_: Any, **__: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401
            said = base64.b64encode(hashlib.sha256(file.read_bytes()[:PART]).digest()).decode()
            listed = {"PartNumber": 1, "Size": PART, "ETag": kept["ETag"]}
            yield {"Parts": [listed | {"ChecksumSHA256": said if checksum == "right" else "x"}]}

    upload = begun_with(bucket, file, 1)
    (kept,) = bucket.s3.list_parts(Bucket=bucket.name, Key="clip.mp4", UploadId=upload.upload_id)["Parts"]
    before = bucket.whole_parts_received()
    sent(Listing(access_to(bucket.running.url), FakeClock()), bucket, file, upload, Told())
    assert bucket.whole_parts_received() - before == PARTS - 1 - is_same


def test_an_upload_that_s3_does_not_know_begins_anew(bucket: Bucket, file: Path) -> None:
    told = Told()
    stored(bucket.store(), file, "clip.mp4", upload=Upload("gone", PART), told=told)
    assert bucket.content("clip.mp4") == file.read_bytes()
    assert told.uploads[0] is None
    assert told.uploads[1] is not None
    assert told.uploads[2:] == [None]


def test_an_object_that_is_there_already_is_taken_for_done(bucket: Bucket, file: Path) -> None:
    first, checksum = stored(bucket.store(), file, "clip.mp4")
    told, before = Told(), bucket.whole_parts_received()
    assert stored(bucket.store(), file, "clip.mp4", told=told) == (first, checksum)
    assert bucket.whole_parts_received() == before
    assert (told.counts, told.uploads) == ([(SIZE, SIZE)], [None])


def test_a_crash_after_the_last_step_leaves_nothing_to_do(bucket: Bucket, file: Path) -> None:
    told = Told()
    stored(bucket.store(), file, "clip.mp4", told=told)
    before = bucket.whole_parts_received()
    stored(bucket.store(part_size=2 * PART), file, "clip.mp4", upload=told.uploads[0])
    assert bucket.whole_parts_received() == before


def test_parts_that_are_needed_no_more_are_given_up(bucket: Bucket, file: Path) -> None:
    upload = begun_with(bucket, file, 2)
    stored(bucket.store(), file, "clip.mp4")
    assert len(bucket.uploads()) == 1
    stored(bucket.store(), file, "clip.mp4", upload=upload)
    assert bucket.uploads() == []


def test_parts_that_may_not_be_given_up_are_told_and_the_video_is_stored(
    bucket: Bucket, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def deny() -> None:
        raise CloudError("may not", code="AccessDenied", blame="user")

    upload = begun_with(bucket, file, 1)
    stored(bucket.store(), file, "clip.mp4")
    calls = Failing(bucket.running.url, "abort_multipart_upload", deny)
    assert sent(calls, bucket, file, upload, Told())[0].etag
    assert "parts of it may be left: may not" in caplog.text


def test_a_completion_whose_answer_was_lost_is_done(bucket: Bucket, file: Path) -> None:
    """S3 has completed it, and does not know the upload when botocore asks again."""
    upload = begun_with(bucket, file, 2)
    told = Told()

    def lose() -> None:
        calls._instead = lambda: None
        sent(S3Calls(access_to(bucket.running.url), FakeClock()), bucket, file, upload, Told())
        raise CloudError("gone", code="NoSuchUpload", blame="service")

    calls = Failing(bucket.running.url, "complete_multipart_upload", lose)
    before = bucket.whole_parts_received()
    place, _ = sent(calls, bucket, file, upload, told)
    assert bucket.content(place.key) == file.read_bytes()
    assert bucket.whole_parts_received() - before == PARTS - 1 - 2
    assert bucket.uploads() == []


def test_a_file_that_changes_meanwhile_is_not_stored(bucket: Bucket, tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(os.urandom(2 * PART))

    def change(done: int, total: int) -> None:
        with path.open("ab") as writer:
            writer.write(b"more")

    with pytest.raises(OutputError, match="changed while it was uploaded"):
        bucket.store().store(path, "clip.mp4", upload=None, on_upload=Told().uploads.append, on_bytes=change)
    assert bucket.versions() == 0


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        ({"ContentLength": 3}, "NotWhole"),
        ({"ChecksumSHA256": "x-6"}, "NotWhole"),
        ({"ChecksumSHA256": None}, "NotProved"),
    ],
)
def test_an_object_that_is_not_what_was_sent_is_told(
    bucket: Bucket, file: Path, spoil: dict[str, Any], code: str
) -> None:
    class Spoiling(S3Calls):
        def head(self, place: S3Place, **request: Any) -> dict[str, Any]:  # noqa: ANN401
            return super().head(place, **request) | spoil

    told = Told()
    with pytest.raises(CloudError, match=f"s3://{bucket.name}/clip.mp4") as caught:
        sent(Spoiling(access_to(bucket.running.url), FakeClock()), bucket, file, None, told)
    assert caught.value.code == code
    assert told.uploads[-1] is not None


def test_killed_at_random_moments_it_is_stored_once_and_no_part_is_sent_twice_but_the_one_in_flight(
    bucket: Bucket, file: Path, tmp_path: Path
) -> None:
    ledger, before = tmp_path / "ledger", bucket.whole_parts_received()
    command = [sys.executable, "-c", STORE_A_FILE, bucket.running.url, bucket.name, str(file), str(ledger)]
    chance = random.Random(8)  # noqa: S311  which moment, no secret
    kills = 0
    for _ in range(2 * PARTS):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            lines = chance.randint(1, 2) if kills < 3 else PARTS + 2
            told = [process.stdout.readline() for _ in range(lines)]
            if any(line.startswith("stored") for line in told):
                break
            process.kill()
        kills += 1
    assert kills == 3
    assert bucket.content("clip.mp4") == file.read_bytes()
    assert bucket.versions() == 1
    assert bucket.uploads() == []
    assert bucket.whole_parts_received() - before <= PARTS - 1 + kills


@pytest.mark.parametrize("content", [b"other", bytes(SIZE)], ids=["another size", "the same size"])
def test_another_object_that_is_there_is_not_overwritten(bucket: Bucket, file: Path, content: bytes) -> None:
    bucket.s3.put_object(Bucket=bucket.name, Key="clip.mp4", Body=content, ChecksumAlgorithm="SHA256")
    told = Told()
    with pytest.raises(CloudError, match=r"there is another object at s3://.*--key-template") as caught:
        stored(bucket.store(), file, "clip.mp4", told=told)
    assert (caught.value.code, caught.value.blame) == ("OtherObject", "user")
    assert bucket.content("clip.mp4") == content
    assert (told.uploads, bucket.uploads()) == ([], [])


@pytest.mark.parametrize("is_known", [True, False])
def test_an_upload_that_was_begun_takes_its_place_whatever_is_there(
    bucket: Bucket, file: Path, *, is_known: bool
) -> None:
    upload = begun_with(bucket, file, 1) if is_known else Upload("gone", PART)
    bucket.s3.put_object(Bucket=bucket.name, Key="clip.mp4", Body=b"other")
    stored(bucket.store(), file, "clip.mp4", upload=upload)
    assert bucket.content("clip.mp4") == file.read_bytes()
