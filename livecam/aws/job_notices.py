"""Word that jobs on stored video have ended: by SNS into an SQS queue.

A message may come twice, late, never, and from anybody who may write to the queue: it says only that a job
is worth asking about. The queue should be livecam's own: whoever reads a message hides it from others for a
while and adds to its count of receipts, by which a queue with a dead-letter queue puts it away.
"""

from __future__ import annotations

import json
import logging
import math
import threading
from typing import TYPE_CHECKING, Any

from livecam.aws.broken_answer import NOT_AS_MODELLED, not_as_modelled
from livecam.aws.clients import forget, patient_client, target_of
from livecam.aws.error_mapping import translate
from livecam.errors import CloudError, UsageError
from livecam.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from livecam.aws.clients import AwsAccess, BotoClient
    from livecam.clock import Clock

log = logging.getLogger(__name__)

LONGEST_WAIT = 10
"""Seconds of one request; SQS allows 20, which is also how long a client waits for an answer."""
MESSAGES_AT_ONCE = 10
"""Most that SQS gives."""
HIDDEN_FOR = 30
"""Seconds for which what was read is not given to anybody again, SQS's default. What is for others comes back
by itself: to hand it back at once would only be to read it again at once."""
REST_AFTER_FAILURE = 60.0
"""Seconds without the queue after it failed; jobs are asked about meanwhile."""


class JobNotices:
    """Reads a queue. May be used from any thread.

    Args:
        access: whose account is called, where; the queue has to be in the same Region.
        queue_url: of the queue that SNS's topic is delivered to, raw or in SNS's envelope.
        clock: says for how long was waited.

    Raises:
        UsageError: `queue_url` is no address.
    """

    def __init__(self, access: AwsAccess, queue_url: str, *, clock: Clock) -> None:
        if not queue_url.startswith(("https://", "http://")):
            raise UsageError(
                f"the queue {redact(queue_url)!r} is no address; give its URL, such as "
                "https://sqs.us-east-1.amazonaws.com/123456789012/livecam"
            )
        self._access = access
        self._queue_url = queue_url
        self._clock = clock
        self._lock = threading.Lock()
        self._rests_until = float("-inf")
        self._told: str | None = None

    def finished(self, ours: frozenset[str], timeout: float) -> frozenset[str] | None:
        """Wait until some of `ours` are said to have ended, at most `timeout` seconds rounded up.

        Returns:
            Their ids, whose messages are deleted; none when the time is over; None at once while the queue is
            left alone because it failed.

        Raises:
            CloudError: the queue cannot be read; the same failure is told once.
        """
        if self._is_resting():
            return None
        try:
            found = self._found(ours, timeout)
        except CloudError as error:
            if self._is_known(error):
                return None
            raise
        with self._lock:
            self._told = None
        return found

    def _is_resting(self) -> bool:
        with self._lock:
            return self._clock.now() < self._rests_until

    def _is_known(self, error: CloudError) -> bool:
        """Leave the queue alone for a while; return whether its failure was told before."""
        with self._lock:
            self._rests_until = self._clock.now() + REST_AFTER_FAILURE
            was_told, self._told = self._told == error.code, error.code
            return was_told

    def _found(self, ours: frozenset[str], timeout: float) -> frozenset[str]:
        ends_at = self._clock.now() + timeout
        client = patient_client("sqs", self._access, clock=self._clock)
        while True:
            # Whole seconds, and at least one while there is time: without a wait this would be a busy loop.
            wait = min(math.ceil(max(ends_at - self._clock.now(), 0.0)), LONGEST_WAIT)
            messages = self._received(client, wait)
            read = [message for message in messages if job_id_of(message.get("Body")) in ours]
            if read:
                self._delete(client, read)
                return ours & {job_id_of(message.get("Body")) for message in read}
            if self._clock.now() >= ends_at:
                return frozenset()

    def _received(self, client: BotoClient, wait: int) -> list[Mapping[str, Any]]:
        try:
            answer = client.receive_message(
                QueueUrl=self._queue_url,
                MaxNumberOfMessages=MESSAGES_AT_ONCE,
                WaitTimeSeconds=wait,
                VisibilityTimeout=HIDDEN_FOR,
            )
            return [message for message in answer.get("Messages") or () if isinstance(message, dict)]
        except Exception as error:
            raise self._translated(error, client, "ReceiveMessage") from error

    def _delete(self, client: BotoClient, messages: Iterable[Mapping[str, Any]]) -> None:
        """Delete messages; one that stays is a duplicate later, which harms nobody."""
        entries = [
            {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
            for number, message in enumerate(messages)
            if isinstance(message.get("ReceiptHandle"), str)
        ]
        if not entries:
            return
        try:
            failed = client.delete_message_batch(QueueUrl=self._queue_url, Entries=entries).get("Failed")
        except Exception as error:  # noqa: BLE001  whatever it is: what was read is known now
            log.warning(
                "what was read stays in the queue: %s", self._translated(error, client, "DeleteMessage")
            )
            return
        if failed:
            log.warning("%d messages that were read stay in the queue", len(failed))

    def _translated(self, error: Exception, client: BotoClient, operation: str) -> CloudError:
        error = not_as_modelled() if isinstance(error, NOT_AS_MODELLED) else error
        target = target_of(client, self._access, operation)
        translated = translate(error, target=target, wall=self._clock.wall())
        if translated.is_lasting and translated.blame == "user":
            forget(client)  # it would keep the credentials that were refused
        return translated


def job_id_of(body: object) -> str | None:
    """Return the job that a message is about; None when it says none.

    Args:
        body: of an SQS message, whoever wrote it: Rekognition's words as they are (raw delivery), or as the
            text `Message` in SNS's envelope. Only `JobId` counts: of the rest AWS's documents disagree.
    """
    said = _object_of(body)
    if "JobId" not in said:
        said = _object_of(said.get("Message"))
    job_id = said.get("JobId")
    return job_id if isinstance(job_id, str) else None


def _object_of(text: object) -> dict[str, Any]:
    if not isinstance(text, str):
        return {}
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):  # no JSON, or a bomb of brackets
        return {}
    return said if isinstance(said, dict) else {}
