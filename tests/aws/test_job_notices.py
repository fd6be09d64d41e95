from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from livecam.aws.job_notices import REST_AFTER_FAILURE, JobNotices, job_id_of
from livecam.clock import SystemClock
from livecam.errors import CloudError, UsageError
from livecam.local_aws.canned_eyes import CannedEyes
from livecam.local_aws.endpoint import Setup
from livecam.local_aws.server import in_background
from livecam.testing.clock import FakeClock
from tests.aws.environment import access_to
from tests.aws.stored_video import Account, access_of
from tests.aws.wire import WireServer, refuses, says

if TYPE_CHECKING:
    from collections.abc import Iterator

    from livecam.local_aws.server import Running

OURS = frozenset({"job-1", "job-2"})
WORDS = {
    "JobId": "job-1",
    "Status": "SUCCEEDED",
    "API": "StartFaceDetection",
    "Timestamp": 1_700_000_000_000,
    "Video": {"S3ObjectName": "a.mp4", "S3Bucket": "clips"},
}
RECEIVED = {"Messages": [{"MessageId": "1", "ReceiptHandle": "one", "Body": json.dumps(WORDS)}]}
NOTHING = frozenset[str]()


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Running]:
    with in_background(Setup(eyes=CannedEyes())) as running:
        yield running


@pytest.fixture
def account(endpoint: Running) -> Iterator[Account]:
    made = Account(endpoint)
    yield made
    made.close()


def said_of(job_id: str) -> str:
    return json.dumps(WORDS | {"JobId": job_id})


def enveloped(message: object) -> str:
    """Return a message as SNS wraps it."""
    text = message if isinstance(message, str) else json.dumps(message)
    return json.dumps({"Type": "Notification", "MessageId": "7", "Message": text, "Signature": "x"})


def notices(endpoint: Running, queue: str) -> JobNotices:
    return JobNotices(access_of(endpoint), queue, clock=SystemClock())


@pytest.mark.parametrize(
    "body",
    [
        json.dumps(WORDS),
        enveloped(WORDS),
        enveloped(WORDS | {"API": "LABEL_DETECTION", "New": [1], "Message": "extra"}),
        json.dumps(WORDS | {"Message": "extra"}),
        json.dumps({"JobId": "job-1"}),
    ],
    ids=["raw", "enveloped", "unknown members", "raw with a Message", "the id alone"],
)
def test_a_message_says_which_job_it_is_about(body: str) -> None:
    assert job_id_of(body) == "job-1"


@pytest.mark.parametrize(
    "body",
    [
        None,
        7,
        "",
        "no JSON",
        "[]",
        "null",
        '"job-1"',
        '{"JobId": 1}',
        '{"JobId": null}',
        '{"JobId": ["job-1"]}',
        '{"Message": 5}',
        enveloped("plain words"),
        enveloped([WORDS]),
        enveloped(enveloped(WORDS)),
        "[" * 100_000,
        '{"JobId":' * 50_000,
        '{"JobId": ' + "9" * 5000 + "}",
        "\x00\ud800",
    ],
    ids=lambda body: repr(body)[:24],
)
def test_a_body_of_another_kind_is_about_no_job(body: object) -> None:
    assert job_id_of(body) is None


def test_word_of_our_jobs_is_taken_and_deleted(endpoint: Running, account: Account) -> None:
    queue = account.queue()
    account.send(queue, said_of("job-1"), enveloped(WORDS | {"JobId": "job-2"}))
    listener = notices(endpoint, queue)

    told: frozenset[str] | None = NOTHING
    for _ in range(5):  # a queue may give its messages one by one
        told = (told or NOTHING) | (listener.finished(OURS, 0) or NOTHING)

    assert told == OURS
    assert account.left_in(queue) == 0


def test_word_of_others_and_what_is_no_word_stays_in_the_queue(endpoint: Running, account: Account) -> None:
    queue = account.queue()
    account.send(queue, said_of("somebody else's"), "no JSON", said_of("job-1"))

    assert notices(endpoint, queue).finished(OURS, 20) == frozenset({"job-1"})
    assert account.left_in(queue) == 2


def test_a_message_that_comes_twice_is_read_twice_and_no_more(endpoint: Running, account: Account) -> None:
    queue = account.queue()
    listener = notices(endpoint, queue)
    account.send(queue, said_of("job-1"), said_of("job-1"))

    assert listener.finished(OURS, 20) == frozenset({"job-1"})
    account.send(queue, said_of("job-1"))
    assert listener.finished(OURS, 20) == frozenset({"job-1"})

    assert account.left_in(queue) == 0


def test_an_empty_queue_is_no_word(endpoint: Running, account: Account) -> None:
    assert notices(endpoint, account.queue()).finished(OURS, 0) == NOTHING


def test_raw_delivery_and_the_envelope_come_to_the_same(endpoint: Running, account: Account) -> None:
    for is_raw in (True, False):
        queue = account.queue()
        topic = account.topic(queue, is_raw=is_raw)
        account._clients["sns"].publish(TopicArn=topic, Message=said_of("job-2"))

        assert notices(endpoint, queue).finished(OURS, 20) == frozenset({"job-2"}), f"raw: {is_raw}"


def test_it_asks_for_a_wait_and_hides_what_it_reads_for_half_a_minute() -> None:
    with WireServer([says(RECEIVED), says({"Successful": [{"Id": "0"}]})]) as server:
        queue = f"{server.url}/1/q"
        listener = JobNotices(access_to(server.url), queue, clock=SystemClock())
        assert listener.finished(OURS, 3600) == frozenset({"job-1"})
        asked, deleted = (exchange.json for exchange in server.exchanges)

    assert asked == {
        "QueueUrl": queue,
        "MaxNumberOfMessages": 10,
        "WaitTimeSeconds": 10,
        "VisibilityTimeout": 30,
    }
    assert deleted["Entries"] == [{"Id": "0", "ReceiptHandle": "one"}]


def test_a_fraction_of_a_second_is_waited_for_as_a_whole_one() -> None:
    with WireServer([says(RECEIVED)]) as server:
        JobNotices(access_to(server.url), f"{server.url}/1/q", clock=FakeClock()).finished(OURS, 0.2)
        assert server.exchanges[0].json["WaitTimeSeconds"] == 1


def test_a_queue_that_is_not_there_is_told_once_and_left_alone(endpoint: Running, account: Account) -> None:
    queue, clock = account.queue(), FakeClock()
    listener = JobNotices(access_of(endpoint), queue, clock=clock)
    account.sqs.delete_queue(QueueUrl=queue)

    with pytest.raises(CloudError, match=r"has no such queue.*address and Region") as caught:
        listener.finished(OURS, 0)
    asked = len(endpoint.requests())
    assert listener.finished(OURS, 5) is None
    assert len(endpoint.requests()) == asked
    clock.advance(REST_AFTER_FAILURE)
    assert listener.finished(OURS, 0) is None
    assert len(endpoint.requests()) == asked + 1

    assert caught.value.is_lasting


def test_a_queue_that_is_well_again_is_read_again_and_may_fail_again() -> None:
    denied = refuses("AccessDenied", status=403)
    with WireServer([denied, says({}), denied]) as server:
        clock = FakeClock()
        listener = JobNotices(access_to(server.url), f"{server.url}/1/q", clock=clock)
        with pytest.raises(CloudError, match="may not call sqs:ReceiveMessage"):
            listener.finished(OURS, 0)
        clock.advance(REST_AFTER_FAILURE)
        assert listener.finished(OURS, 0) == NOTHING
        with pytest.raises(CloudError, match="may not call sqs:ReceiveMessage"):
            listener.finished(OURS, 0)


def test_new_credentials_are_found_after_a_session_has_expired(monkeypatch: pytest.MonkeyPatch) -> None:
    with WireServer([refuses("ExpiredToken", status=403), says({})]) as server:
        clock = FakeClock()
        listener = JobNotices(access_to(server.url), f"{server.url}/1/q", clock=clock)
        with pytest.raises(CloudError, match="has expired"):
            listener.finished(OURS, 0)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "renewed")
        clock.advance(REST_AFTER_FAILURE)
        assert listener.finished(OURS, 0) == NOTHING
        assert b"Credential=renewed/" in server.exchanges[1].head


@pytest.mark.parametrize("answer", [refuses("AccessDenied", status=403), says({"Failed": [{"Id": "0"}]})])
def test_what_cannot_be_deleted_counts_all_the_same(answer: object, caplog: pytest.LogCaptureFixture) -> None:
    with WireServer([says(RECEIVED), answer]) as server:  # type: ignore[list-item]
        listener = JobNotices(access_to(server.url), f"{server.url}/1/q", clock=SystemClock())
        assert listener.finished(OURS, 0) == frozenset({"job-1"})
    assert "in the queue" in caplog.text


@pytest.mark.parametrize(
    "answer",
    [
        {"Messages": "none"},
        {"Messages": [5]},
        {"Messages": [None]},
        {"Messages": {"Body": 1}},
        {"Messages": [{"Body": {"JobId": "job-1"}}, {}]},
        [],
    ],
    ids=str,
)
def test_an_answer_of_another_kind_is_no_traceback(answer: object) -> None:
    with WireServer([says(answer)]) as server:
        listener = JobNotices(access_to(server.url), f"{server.url}/1/q", clock=FakeClock())
        try:
            assert listener.finished(OURS, 0) == NOTHING
        except CloudError as error:
            assert "\n" not in str(error)  # noqa: PT017  either will do


def test_a_queue_is_named_by_its_address() -> None:
    with pytest.raises(UsageError, match="give its URL"):
        JobNotices(access_to("http://127.0.0.1:1"), "arn:aws:sqs:eu-west-1:1:q", clock=FakeClock())
