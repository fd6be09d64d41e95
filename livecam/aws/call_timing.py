"""Where the time of one call to AWS goes.

`CallMarks` is arithmetic on instants; `time_calls` lets a boto3 client mark them, through botocore's
public events and, guarded, a subclass of its connections. Marks belong to the thread that makes the
call, and one call has one thread. Without the subclass connect, send, wait and read are one part: `wait`.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from typing import TYPE_CHECKING, Any

from livecam.aws.timed_connections import time_connections

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

    from livecam.clock import Clock

log = logging.getLogger(__name__)

PARTS = (
    "encode",
    "serialise",
    "sign",
    "connect",
    "send",
    "wait",
    "read",
    "parse",
    "retries",
    "other",
)
"""Of a call, in order. `send` ends when the system has the bytes, so that on a slow uplink some of the
upload counts as `wait`; `wait` is therefore never the service's time alone."""
TRANSPORT = ("connect", "send", "wait", "read")


class CallMarks:
    """The instants of one call, in monotonic seconds; and its end by `abort`.

    The thread that calls marks; any other may abort.
    """

    def __init__(self, clock: Clock) -> None:
        self.now = clock.now
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self.is_aborted = False
        self.is_split = False
        """Whether connect, send, wait and read were seen apart."""
        self.is_cold = False
        """Whether a connection had to be opened."""
        self.is_parsing = False
        """Whether botocore is making sense of an answer that came whole."""
        self.bytes_on_wire = 0
        """Of the last request, before TLS."""
        self.request_id: str | None = None
        self._begun_at = self.now()
        self._first_attempt_at: float | None = None
        self._attempt_at: float | None = None
        self._parts = dict.fromkeys(PARTS[1:], 0.0)
        self._handed_over_at: float | None = None
        self._sending_at: float | None = None
        self._waiting_at = self._reading_at = self._parsing_at = 0.0

    @property
    def sent_at(self) -> float | None:
        """When the first byte of the last request went out; when it was handed over, if not split."""
        return self._handed_over_at if self._sending_at is None else self._sending_at

    def parts(self, *, encode: float, began_at: float, ended_at: float) -> dict[str, float]:
        """Return the seconds of each part; they sum to the time from `began_at` to `ended_at`.

        What no part has is `other`. Without the split, connect, send and read are missing and `wait`
        is all four.

        Args:
            encode: seconds that went into the picture, within that time.
            began_at: when the caller started.
            ended_at: when it had what it wanted.
        """
        parts = {"encode": encode} | self._parts
        if not self.is_split:
            for name in ("connect", "send", "read"):
                del parts[name]
        parts["other"] = max(ended_at - began_at - sum(parts.values()), 0.0)
        return parts

    def begin(self) -> None:
        """The client is called now."""
        self._begun_at = self.now()

    def serialised(self) -> None:
        """The parameters are bytes."""
        self._parts["serialise"] = self.now() - self._begun_at

    def attempt(self) -> None:
        """An attempt begins: its request is signed next."""
        self._attempt_at = self.now()
        if self._first_attempt_at is None:
            self._first_attempt_at = self._attempt_at
        self._parts["retries"] = self._attempt_at - self._first_attempt_at
        for name in ("sign", "parse", *TRANSPORT):
            self._parts[name] = 0.0
        self.bytes_on_wire = 0
        self._sending_at = None

    def signed(self) -> None:
        """The request is signed."""
        if self._attempt_at is not None:
            self._parts["sign"] = self.now() - self._attempt_at

    def handed_over(self) -> None:
        """The request goes to the pool of connections."""
        self._handed_over_at = self.now()

    def connected(self, seconds: float) -> None:
        """A connection was opened in so many seconds."""
        self.is_cold = True
        self._parts["connect"] += seconds
        if self._sending_at is not None:  # plain HTTP opens it within the sending
            self._sending_at = self.now()

    def sending(self) -> None:
        """The request is about to be written."""
        self.is_split = True
        self._sending_at = self.now()

    def sent(self) -> None:
        """The system has the request's last byte."""
        self._waiting_at = self.now()
        self._parts["send"] = self._waiting_at - (self.sent_at or self._waiting_at)

    def answered(self) -> None:
        """The head of the answer is there."""
        self._reading_at = self.now()
        self._parts["wait"] = self._reading_at - self._waiting_at

    def read(self) -> None:
        """The answer is there as a whole; its socket may soon be another call's."""
        self.over()
        self._parsing_at = self.now()
        self.is_parsing = True
        if self.is_split:
            self._parts["read"] = self._parsing_at - self._reading_at
        elif self._handed_over_at is not None:
            self._parts["wait"] = self._parsing_at - self._handed_over_at

    def parsed(self) -> None:
        """The answer is understood, or there is none."""
        if self.is_parsing:
            self._parts["parse"] = self.now() - self._parsing_at
        self.is_parsing = False

    def understood(self, seconds: float) -> None:
        """So much more went into making sense of the answer."""
        self._parts["parse"] += seconds

    def took(self, sock: socket.socket | None) -> None:
        """The call uses this socket from now on."""
        with self._lock:
            self._socket = sock
            is_aborted = self.is_aborted
        if is_aborted:
            _shut(sock)

    def abort(self) -> None:
        """End the call: what waits for its socket is let go of at once."""
        with self._lock:  # so that the socket is not another call's meanwhile
            self.is_aborted = True
            _shut(self._socket)

    def over(self) -> None:
        """The call is over; its socket is another one's from now on."""
        with self._lock:
            self._socket = None


_calling = threading.local()


@contextlib.contextmanager
def marking(marks: CallMarks) -> Iterator[None]:
    """Let the calls that this thread makes meanwhile mark here."""
    _calling.marks = marks
    try:
        yield
    finally:
        _calling.marks = None
        marks.over()


def time_calls(client: Any, service: str = "rekognition") -> bool:  # noqa: ANN401  boto3 has no types
    """Let a boto3 client that has not called yet mark its calls; may be called twice.

    Returns:
        Whether connect, send, wait and read can be told apart.
    """
    events = client.meta.events
    events.register_first(f"before-call.{service}", _on_before_call, unique_id="livecam-before-call")
    # Signing is itself a handler of this event: the first and the last one stand around it.
    events.register_first(f"request-created.{service}", _on_attempt, unique_id="livecam-attempt")
    events.register_last(f"request-created.{service}", _on_signed, unique_id="livecam-signed")
    events.register_last(f"before-send.{service}", _on_before_send, unique_id="livecam-before-send")
    events.register_first(f"before-parse.{service}", _on_before_parse, unique_id="livecam-before-parse")
    events.register_first(f"response-received.{service}", _on_parsed, unique_id="livecam-parsed")
    is_split = time_connections(client, _marks)
    if not is_split:
        log.info("this botocore's connections cannot be timed: connect, send, wait and read count as wait")
    return is_split


def _marks() -> CallMarks | None:
    return getattr(_calling, "marks", None)


def _on_before_call(**_: object) -> None:
    if marks := _marks():
        marks.serialised()


def _on_attempt(**_: object) -> None:
    if marks := _marks():
        marks.attempt()


def _on_signed(**_: object) -> None:
    if marks := _marks():
        marks.signed()


def _on_before_send(**_: object) -> None:
    if marks := _marks():
        marks.handed_over()


def _on_before_parse(response_dict: dict[str, Any], **_: object) -> None:
    if marks := _marks():
        marks.read()
        marks.request_id = response_dict["headers"].get("x-amzn-requestid")


def _on_parsed(**_: object) -> None:
    if marks := _marks():
        marks.parsed()


def _shut(sock: Any) -> None:  # noqa: ANN401  urllib3's TLS within TLS is no socket
    """End what is read from or written to a socket; its owner closes it."""
    import socket as sockets

    plain = getattr(sock, "socket", sock)
    if isinstance(plain, sockets.socket):
        with contextlib.suppress(OSError):  # it ended by itself
            # Not SSLSocket.shutdown: that takes the TLS state away from the thread that reads.
            sockets.socket.shutdown(plain, sockets.SHUT_RDWR)
