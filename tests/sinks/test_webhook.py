from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import socket
import threading
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

import livecam
from livecam.errors import UsageError
from livecam.events import DetectionFailed, Event, FrameDropped, SourceOpened
from livecam.sinks.webhook import Webhook, WebhookStatistics
from livecam.sinks.webhook_retry import Limits
from livecam.testing.clock import FakeClock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from livecam.protocols import EventListener

PATIENCE = 20.0
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105  the specification's example
EVERYTHING = frozenset({"all"})
EAGER = Limits(connect=PATIENCE, read=PATIENCE, backoff=0.0, jitter=0.0, grace=PATIENCE)


@dataclass
class Request:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        event: dict[str, Any] = json.loads(self.body)
        return event


@dataclass
class Server:
    """A real web server; it answers with `statuses` one by one, then with 204."""

    port: int = 0
    statuses: list[int] = field(default_factory=list)
    extra: dict[str, str] = field(default_factory=dict)
    """Headers of every answer that is not 204."""
    requests: list[Request] = field(default_factory=list)
    may_answer: threading.Event = field(default_factory=threading.Event)
    asked: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    """May be acquired once for each request."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook/secret-path?token=sesame"

    @property
    def frames(self) -> list[int]:
        return [request.event["frame"] for request in self.requests]

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["content-length"]))
        self.requests.append(Request(handler.path, {k.lower(): v for k, v in handler.headers.items()}, body))
        self.asked.release()
        self.may_answer.wait(PATIENCE)
        status = self.statuses.pop(0) if self.statuses else 204
        handler.send_response(status)
        for name, value in ({} if status == 204 else self.extra).items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()


@pytest.fixture
def server() -> Iterator[Server]:
    served = Server()
    served.may_answer.set()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            served.answer(self)

        def do_GET(self) -> None:
            raise AssertionError(self.path)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    class QuietServer(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """A client that hangs up is what some tests are about."""

    httpd = QuietServer(("127.0.0.1", 0), Handler)
    served.port = httpd.server_address[1]
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield served
    served.may_answer.set()
    httpd.shutdown()
    httpd.server_close()
    thread.join(PATIENCE)


def dropped(frame: int = 0) -> Event:
    return FrameDropped(at=1.5, source="cam", frame=frame, reason="output busy")


def a_webhook(
    server: Server,
    *,
    secret: str | None = None,
    events: frozenset[str] = EVERYTHING,
    limits: Limits = EAGER,
    clock: FakeClock | None = None,
) -> Webhook:
    return Webhook(server.url, secret=secret, events=events, clock=clock or FakeClock(), limits=limits)


def sent(webhook: Webhook, *events: Event) -> WebhookStatistics:
    for event in events:
        webhook(event)
    webhook.close()
    return webhook.statistics()


def test_it_fits_the_listeners_plug_and_says_what_happened(server: Server) -> None:
    listener: EventListener
    listener = webhook = a_webhook(server)
    listener(dropped(7))
    webhook.close()
    (request,) = server.requests
    assert request.event == {
        "type": "frame_dropped",
        "at": 1.5,
        "source": "cam",
        "frame": 7,
        "reason": "output busy",
        "wall_time": "2026-01-01T00:00:00.000+00:00",
        "livecam": livecam.__version__,
    }
    assert request.path == "/hook/secret-path?token=sesame"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["user-agent"] == f"livecam/{livecam.__version__}"


def test_events_come_in_their_order_each_with_its_own_id(server: Server) -> None:
    assert sent(a_webhook(server), *map(dropped, range(30))) == WebhookStatistics(30, 0, 0)
    assert server.frames == list(range(30))
    assert len({request.headers["webhook-id"] for request in server.requests}) == 30


def test_only_what_is_wanted_is_sent(server: Server) -> None:
    opened = SourceOpened(at=0.0, source="cam", description="camera", width=1, height=1, fps=None)
    webhook = a_webhook(server, events=frozenset({"source_opened", "source_ended"}))
    assert sent(webhook, dropped(), opened, dropped()) == WebhookStatistics(1, 0, 0)
    assert [request.event["type"] for request in server.requests] == ["source_opened"]


def test_no_secret_of_an_event_is_sent(server: Server) -> None:
    failed = DetectionFailed(
        at=0.0, source="rtsp://me:hunter2@cam/1", frame=1, detector="x", error="E", message="token=swordfish"
    )
    sent(a_webhook(server), failed)
    assert b"hunter2" not in server.requests[0].body
    assert b"swordfish" not in server.requests[0].body


def test_a_name_that_is_not_utf8_is_sent_as_an_escape(server: Server) -> None:
    name = b"caf\xe9.mp4".decode("utf-8", "surrogateescape")
    assert sent(a_webhook(server), replace(dropped(), source=name)) == WebhookStatistics(1, 0, 0)
    assert server.requests[0].event["source"] == name


def test_a_receiver_can_tell_that_it_was_us(server: Server) -> None:
    clock = FakeClock()
    clock.advance(90.75)
    sent(a_webhook(server, secret=SECRET, clock=clock), dropped(1), dropped(2))
    for request in server.requests:
        headers = request.headers
        assert headers["webhook-timestamp"] == str(1767225690)
        text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + request.body
        key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        expected = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
        assert headers["webhook-signature"] == f"v1,{expected}"


def test_nothing_is_signed_without_a_secret(server: Server) -> None:
    sent(a_webhook(server), dropped())
    assert "webhook-signature" not in server.requests[0].headers
    assert server.requests[0].headers["webhook-id"].startswith("msg_")


def test_a_user_and_password_in_the_address_become_a_header(server: Server) -> None:
    url = server.url.replace("http://", "http://me:hunt%40er@")
    webhook = Webhook(url, secret=None, events=EVERYTHING, clock=FakeClock(), limits=EAGER)
    assert sent(webhook, dropped()) == WebhookStatistics(1, 0, 0)
    assert server.requests[0].headers["authorization"] == "Basic " + base64.b64encode(b"me:hunt@er").decode()
    assert server.requests[0].headers["host"] == f"127.0.0.1:{server.port}"


def test_a_server_in_trouble_is_tried_again_with_the_same_message(server: Server) -> None:
    server.statuses = [503, 500, 429]
    assert sent(a_webhook(server, secret=SECRET), dropped(1), dropped(2)) == WebhookStatistics(2, 0, 0)
    assert server.frames == [1, 1, 1, 1, 2]
    first = {(r.headers["webhook-id"], r.headers["webhook-signature"], r.body) for r in server.requests[:4]}
    assert len(first) == 1
    assert server.requests[4].headers["webhook-id"] != server.requests[0].headers["webhook-id"]


def test_it_waits_for_as_long_as_the_server_asks(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.statuses, server.extra = [503, 429, 503], {"Retry-After": "17"}
    webhook, waits = a_webhook(server), list[float | None]()

    def wait(timeout: float | None = None) -> bool:
        waits.append(timeout)
        return False

    monkeypatch.setattr(webhook._let_go, "wait", wait)
    assert sent(webhook, dropped()) == WebhookStatistics(1, 0, 0)
    assert waits == [17, 17, 17]


def test_a_server_that_stays_in_trouble_is_told_once_and_given_up_each_time(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    server.statuses = [503] * 12
    assert sent(a_webhook(server), *map(dropped, range(3))) == WebhookStatistics(1, 2, 0)
    assert server.frames == [0] * 6 + [1] * 6 + [2]
    (told,) = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert told == (
        "frame_dropped was not delivered to the webhook at http://127.0.0.1: it answered 503; "
        "until one is, failures are only counted"
    )


def test_new_trouble_after_a_delivery_is_told_again(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    server.statuses = [400, 204, 401]
    assert sent(a_webhook(server), *map(dropped, range(3))) == WebhookStatistics(1, 2, 0)
    told = [record.getMessage() for record in caplog.records]
    assert [message.split(": ")[1].split(";")[0] for message in told] == [
        "it answered 400",
        "it answered 401",
    ]


@pytest.mark.parametrize("status", [400, 401, 404, 410, 413, 501])
def test_a_refusal_is_not_tried_again(server: Server, status: int) -> None:
    server.statuses, server.extra = [status], {"Retry-After": "1"}
    assert sent(a_webhook(server), dropped(1), dropped(2)) == WebhookStatistics(1, 1, 0)
    assert server.frames == [1, 2]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed(server: Server, status: int) -> None:
    server.statuses, server.extra = [status], {"Location": f"http://localhost:{server.port}/elsewhere"}
    assert sent(a_webhook(server), dropped()) == WebhookStatistics(0, 1, 0)
    assert [request.path for request in server.requests] == ["/hook/secret-path?token=sesame"]


def test_a_server_that_never_answers_is_given_up(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    server.may_answer.clear()
    limits = replace(EAGER, read=0.05, retries=1)
    assert sent(a_webhook(server, limits=limits), dropped()) == WebhookStatistics(0, 1, 0)
    assert all(server.asked.acquire(timeout=PATIENCE) for _ in range(2))
    assert server.frames == [0, 0]
    assert "it did not answer in time" in caplog.text


def test_a_server_that_is_not_there_is_told(caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket() as unused:  # bound, but it does not listen
        unused.bind(("127.0.0.1", 0))
        webhook = a_webhook(Server(port=unused.getsockname()[1]))
        assert sent(webhook, dropped()) == WebhookStatistics(0, 1, 0)
    assert "http://127.0.0.1: it takes no connection" in caplog.text


def test_nothing_secret_of_the_address_reaches_the_log_however_much_is_logged(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.statuses = [503, 400]
    url = server.url.replace("http://", "http://me:hunter2@")
    sent(Webhook(url, secret="a-secret", events=EVERYTHING, clock=FakeClock(), limits=EAGER), dropped())  # noqa: S106
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        sent(a_webhook(Server(port=unused.getsockname()[1])), dropped())
    assert len([record for record in caplog.records if record.levelno >= logging.WARNING]) == 2
    for secret in ("sesame", "secret-path", "hunter2", "a-secret"):
        assert secret not in caplog.text


def test_what_urllib3_says_about_other_requests_is_still_logged(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    a_webhook(server).close()
    logging.getLogger("urllib3.connectionpool").warning("of somebody else")
    assert "of somebody else" in caplog.text


def test_the_queue_is_bounded_and_the_newest_are_dropped_counted_and_told_once(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    server.may_answer.clear()
    webhook = a_webhook(server, limits=replace(EAGER, capacity=3))
    webhook(dropped(0))
    assert server.asked.acquire(timeout=PATIENCE)
    for frame in range(1, 9):
        webhook(dropped(frame))
    assert webhook.statistics() == WebhookStatistics(0, 0, 5)
    server.may_answer.set()
    webhook.close()
    assert webhook.statistics() == WebhookStatistics(4, 0, 5)
    assert server.frames == [0, 1, 2, 3]
    assert [record.getMessage() for record in caplog.records] == [
        "the webhook at http://127.0.0.1 is too slow: events that find its queue full are lost"
    ]


def test_closing_gives_what_waits_a_grace_and_then_lets_go(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    server.may_answer.clear()
    webhook = a_webhook(server, limits=replace(EAGER, grace=0.05))
    for frame in range(3):
        webhook(dropped(frame))
    assert server.asked.acquire(timeout=PATIENCE)
    webhook.close()
    assert webhook.statistics() == WebhookStatistics(0, 3, 0)
    assert "3 events were not delivered to the webhook at http://127.0.0.1 before the end" in caplog.text
    server.may_answer.set()
    webhook._thread.join(PATIENCE)
    assert not webhook._thread.is_alive()
    assert webhook.statistics() == WebhookStatistics(0, 3, 0)
    assert server.frames == [0]


def test_a_wait_between_two_tries_ends_with_the_grace(server: Server) -> None:
    server.statuses, server.extra = [503] * 9, {"Retry-After": "30"}
    webhook = a_webhook(server, limits=replace(EAGER, grace=0.05))
    webhook(dropped())
    assert server.asked.acquire(timeout=PATIENCE)
    webhook.close()
    assert webhook.statistics() == WebhookStatistics(0, 1, 0)
    webhook._thread.join(PATIENCE)
    assert not webhook._thread.is_alive()
    assert len(server.requests) == 1


def test_it_may_be_closed_twice_and_takes_nothing_afterwards(server: Server) -> None:
    webhook = a_webhook(server)
    webhook.close()
    webhook.close()
    webhook(dropped())
    assert webhook.statistics() == WebhookStatistics(0, 0, 0)
    assert server.requests == []


def test_events_of_several_threads_are_all_sent(server: Server) -> None:
    webhook = a_webhook(server)

    def tell(start: int) -> None:
        for frame in range(start, start + 20):
            webhook(dropped(frame))

    threads = [threading.Thread(target=tell, args=(start,)) for start in (0, 20, 40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    webhook.close()
    assert sorted(server.frames) == list(range(60))


def test_an_event_that_cannot_be_written_as_json_ends_nothing(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    odd = FrameDropped(at=0.0, source="cam", frame=0, reason=object())  # type: ignore[arg-type]
    assert sent(a_webhook(server), odd, dropped(1)) == WebhookStatistics(1, 1, 0)
    assert "it failed (TypeError)" in caplog.text


@pytest.mark.parametrize(
    "url", ["", "example.com/sesame", "ftp://example.com/sesame", "http:///sesame", "http://a:sesame/"]
)
def test_an_address_that_cannot_be_used_is_refused_without_being_shown(url: str) -> None:
    with pytest.raises(UsageError, match="the webhook's address cannot be used") as caught:
        Webhook(url, secret=None, events=EVERYTHING, clock=FakeClock())
    assert "sesame" not in str(caught.value)


def test_a_secret_that_cannot_be_used_is_refused_before_anything_is_sent() -> None:
    damaged = "whsec_no base64"
    with pytest.raises(UsageError, match="copy it whole"):
        Webhook("http://127.0.0.1:9/", secret=damaged, events=EVERYTHING, clock=FakeClock())
