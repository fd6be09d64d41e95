from __future__ import annotations

import base64
import json
import math
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.aws import call_timing, clients, timed_connections
from livecam.aws.clients import AwsAccess
from livecam.clock import SystemClock
from livecam.detectors.region import RegionDetector
from livecam.detectors.rekognition import FacesRequest, RekognitionDetector
from livecam.errors import CloudError, DetectionAborted, DetectorError, UsageError
from livecam.events import PayloadPlanned
from livecam.faces import BoundingBox, Emotion
from livecam.frames import Frame
from livecam.local_aws.canned_eyes import CannedEyes
from livecam.local_aws.endpoint import Setup
from livecam.local_aws.server import in_background
from livecam.native import cv2
from livecam.payload import PayloadPlanner, Plan, SentPicture
from tests.aws.environment import access_to, use_stub_environment
from tests.aws.wire import (
    DEAD_AFTER,
    Exchange,
    Script,
    WireServer,
    drips,
    http,
    is_silent,
    refuses,
    resets,
    says,
    writes,
)
from tests.builders import a_frame

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from livecam.detections import Detection
    from livecam.events import Event

ONE_FACE = {
    "FaceDetails": [
        {
            "BoundingBox": {"Left": 0.4, "Top": 0.3, "Width": 0.2, "Height": 0.4},
            "Confidence": 99.9,
            "Emotions": [{"Type": "CALM", "Confidence": 4.0}, {"Type": "HAPPY", "Confidence": 96.0}],
        }
    ]
}
GOOD = says(ONE_FACE)
BODY = json.dumps(ONE_FACE).encode()


@pytest.fixture(autouse=True)
def _stub_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    use_stub_environment(monkeypatch)


def detector_at(url: str, **request: int) -> RekognitionDetector:
    return RekognitionDetector(
        access_to(url), clock=SystemClock(), request=FacesRequest(width=request.get("width", 640))
    )


def large_frame(sequence: int = 0, *, width: int = 160, height: int = 120) -> Frame:
    return a_frame(sequence, width=width, height=height)


def detect(server: WireServer, frame: Frame | None = None) -> Detection:
    return detector_at(server.url).detect(frame or large_frame())


@pytest.fixture
def silent_server() -> Iterator[WireServer]:
    with WireServer([is_silent, GOOD]) as server:
        yield server


def test_its_answers_are_the_services_own_and_unclear_below_50() -> None:
    info = detector_at("http://127.0.0.1:1").info
    assert (info.name, info.is_approximate, info.unclear_below) == ("rekognition", False, 50.0)


def test_faces_come_with_what_is_known_of_the_call() -> None:
    before = SystemClock().now()
    with WireServer([GOOD]) as server:
        detection = detect(server)
        sent = base64.b64decode(server.exchanges[0].json["Image"]["Bytes"])
    after = SystemClock().now()
    (face,) = detection.faces
    assert face.emotions is not None
    assert [score.emotion for score in face.emotions] == [Emotion.HAPPY, Emotion.CALM]
    assert detection.request_id == "6dabe337-5e97-4ea1-a794-2e86e03ba29e"
    assert detection.bytes_sent == len(sent)
    assert detection.sent_at is not None
    assert before < detection.sent_at < after
    assert tuple(detection.timing) == call_timing.PARTS


def test_what_is_sent_is_a_jpeg_of_the_frame_and_the_attributes_that_were_asked_for() -> None:
    image = np.zeros((720, 1280, 3), np.uint8)
    image[:, :640] = (0, 0, 255)
    with WireServer([GOOD]) as server:
        detect(server, Frame("test", 0, 1.0, 0.0, image))
        exchange = server.exchanges[0]
    assert b"X-Amz-Target: RekognitionService.DetectFaces" in exchange.head
    assert exchange.json["Attributes"] == ["EMOTIONS"]
    data = np.frombuffer(base64.b64decode(exchange.json["Image"]["Bytes"]), np.uint8)
    seen = cv2.imdecode(data, cv2.IMREAD_COLOR)
    assert seen is not None
    assert seen.shape == (360, 640, 3)
    assert seen[180, 100, 2] > 240  # red stayed red
    assert seen[180, 600].max() < 10


def test_with_a_region_no_pixel_from_outside_it_is_sent() -> None:
    image = np.full((720, 1280, 3), (255, 0, 0), np.uint8)  # blue is what must not leave the machine
    region = BoundingBox(0.25, 0.25, 0.5, 0.5)
    image[180:540, 320:960] = (0, 0, 255)
    with WireServer([GOOD]) as server:
        RegionDetector(detector_at(server.url), region).detect(Frame("test", 0, 1.0, 0.0, image))
        body = server.exchanges[0].json["Image"]["Bytes"]
    seen = cv2.imdecode(np.frombuffer(base64.b64decode(body), np.uint8), cv2.IMREAD_COLOR)
    assert seen is not None
    assert seen.shape[:2] == (360, 640)
    assert seen[:, :, 0].max() < 10
    assert seen[:, :, 2].min() > 240


def test_no_face_is_an_answer() -> None:
    with WireServer([says({"FaceDetails": []})]) as server:
        assert detect(server).faces == ()


def test_the_parts_sum_to_the_time_of_the_call() -> None:
    def late(exchange: Exchange) -> bool:
        exchange.ended.wait(0.05)
        return GOOD(exchange)

    clock = SystemClock()
    with WireServer([late]) as server:
        detector = detector_at(server.url)
        detector.warm()
        began_at = clock.now()
        detection = detector.detect(large_frame())
        took = clock.now() - began_at
    assert 0.5 * took < sum(detection.timing.values()) <= took + 1e-6  # exact ones: test_call_timing.py
    assert detection.timing["wait"] > 0.04
    assert min(detection.timing.values()) >= 0


def test_warming_opens_connections_and_asks_for_nothing() -> None:
    with WireServer([GOOD]) as server:
        detector = detector_at(server.url)
        detector.warm()
        assert not server.exchanges
        assert not detector.detect(large_frame()).is_cold
        assert server.connections == 2


def test_the_first_call_without_warming_is_cold_and_the_second_is_not() -> None:
    with WireServer([GOOD]) as server:
        detector = detector_at(server.url)
        first, second = detector.detect(large_frame()), detector.detect(large_frame(1))
    assert first.is_cold
    assert first.timing["connect"] > 0
    assert not second.is_cold
    assert second.timing["connect"] == 0


def test_a_connection_that_the_service_closed_is_opened_anew_without_an_error() -> None:
    with WireServer([writes(http(BODY)), GOOD]) as server:
        detector = detector_at(server.url)
        detector.detect(large_frame())
        second = detector.detect(large_frame(1))
    assert second.is_cold
    assert second.faces


@pytest.mark.parametrize(
    ("script", "code"),
    [
        (writes(http(BODY[:100], length=len(BODY))), "TruncatedAnswer"),
        (writes(http(b"", length=len(BODY))), "TruncatedAnswer"),
        (writes(http(b"")), "MalformedAnswer"),
        (writes(http(b'{"FaceDetails": [}')), "MalformedAnswer"),
        (writes(http(b"<html>ok</html>")), "MalformedAnswer"),
        (writes(http(b"[1]")), "MalformedAnswer"),
        (writes(http(b"null")), "MalformedAnswer"),
        (writes(http(b"{}")), "MalformedAnswer"),
        (writes(http(b'{"FaceDetails": null}')), "MalformedAnswer"),
        (writes(http(b'{"FaceDetails": {}}')), "MalformedAnswer"),
        (writes(http(b'{"FaceDetails": 5}')), "MalformedAnswer"),
        (writes(http(b'{"FaceDetails": "none"}')), "MalformedAnswer"),
        (writes(http(b'{"FaceDetails": [7]}')), "MalformedAnswer"),
        (writes(http(b'{"FaceDetails": [{"BoundingBox": 3}]}')), "MalformedAnswer"),
        (writes(http(b'{"FaceDetails": [{}]}')), "MalformedAnswer"),
        (writes(http(BODY.replace(b"0.4", b"NaN", 1))), "MalformedAnswer"),
        (writes(http(BODY.replace(b"0.4", b'"0.4"', 1))), "MalformedAnswer"),
        (writes(http(b"\xff\xfe{}")), "MalformedAnswer"),
        (writes(b"HTTP/1.1 200 OK\r\n\r\n"), "MalformedAnswer"),
        (writes(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\nhalf"), "ConnectionClosedError"),
        (writes(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"), "ConnectionClosedError"),
        (writes(b"rubbish\r\n\r\n"), "ConnectionClosedError"),
        (writes(b""), "ConnectionClosedError"),
        (resets, "ConnectionClosedError"),
    ],
)
def test_a_broken_answer_is_an_error_and_never_no_face(script: Script, code: str) -> None:
    with WireServer([script]) as server, pytest.raises(CloudError) as caught:
        detect(server)
    assert caught.value.code == code
    assert not caught.value.is_lasting
    assert not caught.value.is_throttle
    assert "\n" not in str(caught.value)


def test_an_answer_cut_by_a_reset_is_an_error() -> None:
    def cut(exchange: Exchange) -> bool:
        exchange.write(http(BODY[:50], length=len(BODY)))
        exchange.ended.wait(0.05)
        return resets(exchange)

    with WireServer([cut]) as server, pytest.raises(CloudError, match=r"connection|cut"):
        detect(server)


def test_a_request_that_is_reset_while_it_goes_out_is_an_error() -> None:
    rng = np.random.default_rng(0)
    image = rng.integers(0, 256, (1400, 1900, 3), dtype=np.uint8)  # some MB: more than buffers hold
    with WireServer([resets], reads_requests=False) as server:
        detector = detector_at(server.url, width=1900)
        with pytest.raises(CloudError) as caught:
            detector.detect(Frame("test", 0, 1.0, 0.0, image))
    assert caught.value.blame == "network"


def test_the_call_after_a_broken_one_is_answered() -> None:
    with WireServer([writes(http(BODY[:100], length=len(BODY))), resets, GOOD]) as server:
        detector = detector_at(server.url)
        for sequence in range(2):
            with pytest.raises(CloudError):
                detector.detect(large_frame(sequence))
        assert detector.detect(large_frame(2)).faces


def test_a_throttled_call_is_sent_once() -> None:
    with WireServer([refuses("ProvisionedThroughputExceededException")]) as server:
        with pytest.raises(CloudError) as caught:
            detect(server)
        assert len(server.exchanges) == 1
    assert caught.value.is_throttle


def test_a_service_that_is_not_well_is_asked_once_per_frame() -> None:
    with WireServer([writes(http(b"<html>Bad Gateway</html>", status=502))]) as server:
        with pytest.raises(CloudError) as caught:
            detect(server)
        assert len(server.exchanges) == 1
    assert (caught.value.code, caught.value.blame) == ("502", "service")


def test_an_expired_session_is_told_and_the_next_call_looks_for_new_credentials(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with WireServer([refuses("ExpiredTokenException"), GOOD]) as server:
        detector = detector_at(server.url)
        with pytest.raises(CloudError, match="aws sso login") as caught:
            detector.detect(large_frame())
        assert caught.value.is_lasting
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "renewed")
        assert detector.detect(large_frame(1)).faces
        assert b"Credential=renewed/" in server.exchanges[1].head


def test_without_credentials_nothing_is_sent_until_there_are_some(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with WireServer([GOOD]) as server:
        detector = detector_at(server.url)
        detector.warm()
        with pytest.raises(CloudError, match="no AWS credentials") as caught:
            detector.detect(large_frame())
        assert (caught.value.blame, caught.value.is_lasting) == ("user", True)
        assert not server.exchanges
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
        assert detector.detect(large_frame()).faces


def test_a_port_where_nothing_listens_is_told_with_what_to_start() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    detector = detector_at(f"http://127.0.0.1:{port}")
    detector.warm()
    with pytest.raises(CloudError, match=rf"nothing listens at http://127.0.0.1:{port}.*livecam local-aws"):
        detector.detect(large_frame())


def aborted(detector: RekognitionDetector, frame: Frame, asked: threading.Event) -> BaseException | None:
    """Start a call, abort it once the server was asked, and return what it raised."""
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(detector.detect, frame)
        assert asked.wait(DEAD_AFTER)
        detector.abort(frame)
        return call.exception(DEAD_AFTER)


@pytest.mark.parametrize(
    "script",
    [is_silent, drips(http(BODY)), drips(http(BODY)[:40] + b"x" * 2000)],
    ids=["silent", "drips the head", "drips more of it"],
)
def test_an_abort_ends_a_call_that_no_read_timeout_would_end(script: Script) -> None:
    with WireServer([script, GOOD]) as server:
        detector = detector_at(server.url)
        assert isinstance(aborted(detector, large_frame(3), server.asked), DetectionAborted)
        assert detector.detect(large_frame(4)).faces


def test_an_abort_while_the_body_drips_is_no_empty_answer() -> None:
    dripping = threading.Event()

    def script(exchange: Exchange) -> bool:
        exchange.write(http(BODY)[:-5])
        dripping.set()
        return is_silent(exchange)

    with WireServer([script]) as server:
        assert isinstance(aborted(detector_at(server.url), large_frame(), dripping), DetectionAborted)


def test_an_abort_of_another_frame_leaves_a_call_alone() -> None:
    let_go = threading.Event()

    def held(exchange: Exchange) -> bool:
        let_go.wait(DEAD_AFTER)
        return GOOD(exchange)

    with WireServer([held]) as server, ThreadPoolExecutor(1) as pool:
        detector = detector_at(server.url)
        call = pool.submit(detector.detect, large_frame(1))
        assert server.asked.wait(DEAD_AFTER)
        detector.abort(large_frame(2))
        let_go.set()
        assert call.result(DEAD_AFTER).faces


def test_an_abort_before_the_call_left_keeps_it_from_leaving(monkeypatch: pytest.MonkeyPatch) -> None:
    with WireServer([GOOD]) as server:
        detector = detector_at(server.url)

        def late_client(*args: object, **kwargs: object) -> object:
            detector.abort(large_frame(5))
            return clients.live_client(*args, **kwargs)  # type: ignore[arg-type]

        monkeypatch.setattr(detector, "_make_client", late_client)
        with pytest.raises(DetectionAborted):
            detector.detect(large_frame(5))
        assert not server.exchanges


def test_a_picture_under_80_pixels_never_leaves_the_machine() -> None:
    with WireServer([GOOD]) as server:
        with pytest.raises(DetectorError, match="64x48"):
            detect(server, a_frame(width=64, height=48))
        assert not server.exchanges


def test_without_the_connection_hook_the_parts_merge_and_still_sum(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(timed_connections, "_timed_pool", lambda *_: 1 / 0)
    clock = SystemClock()
    with WireServer([GOOD]) as server, caplog.at_level("INFO"):
        detector = detector_at(server.url)
        detector.warm()
        began_at = clock.now()
        detection = detector.detect(large_frame())
        took = clock.now() - began_at
    assert set(detection.timing) == set(call_timing.PARTS) - {"connect", "send", "read"}
    assert 0.5 * took < sum(detection.timing.values()) <= took + 1e-6
    assert detection.sent_at is not None
    assert caplog.text.count("cannot be timed") == 1


def test_the_time_that_an_upload_takes_is_not_in_sent_at() -> None:
    with WireServer([GOOD]) as server:
        detector = detector_at(server.url)
        detector.warm()
        requested_at = time.monotonic()  # noqa: TID251  the very clock that is tested
        detection = detector.detect(large_frame())
    assert detection.sent_at is not None
    before_sending = sum(detection.timing[part] for part in ("encode", "serialise", "sign"))
    assert detection.sent_at - requested_at >= before_sending - 1e-6
    assert math.isfinite(detection.sent_at)


def test_a_request_with_an_unknown_attribute_cannot_be_made() -> None:
    assert FacesRequest(("all", "Smile")).attributes == ("ALL", "SMILE")
    with pytest.raises(UsageError, match="did you mean SMILE"):
        FacesRequest(("SMIL",))
    with pytest.raises(UsageError, match="at least one"):
        FacesRequest(())


class ScriptedPlanner(PayloadPlanner):
    """Says these plans, one after the other, and keeps what it is told."""

    def __init__(self, *plans: Plan) -> None:
        super().__init__()
        self.plans = list(plans)
        self.sent: list[SentPicture] = []
        self.heights: list[list[float]] = []
        self.lost: list[int] = []

    def plan(self, now: float, *, width: int) -> Plan:
        return self.plans.pop(0)

    def saw(self, now: float, heights: Iterable[float], *, height: int) -> None:
        self.heights.append([*heights, height])

    def answered(self, sent: SentPicture) -> None:
        self.sent.append(sent)

    def unanswered(self, size: int) -> None:
        self.lost.append(size)


def planned_at(url: str, planner: PayloadPlanner, *, deadline: float = 3.0) -> RekognitionDetector:
    return RekognitionDetector(access_to(url), clock=SystemClock(), planner=planner, deadline=deadline)


def test_every_picture_is_sent_as_planned_and_the_planner_is_told_what_became_of_it() -> None:
    planner = ScriptedPlanner(Plan(320, 60, "slow uplink"), Plan(960, 80, "small faces"))
    with WireServer([GOOD, GOOD]) as server:
        detector = planned_at(server.url, planner)
        assert detector.planner is planner
        details = [detector.detect(large_frame(each, width=1280, height=720)) for each in range(2)]
        sent = [base64.b64decode(each.json["Image"]["Bytes"]) for each in server.exchanges]
    pictures = [cv2.imdecode(np.frombuffer(each, np.uint8), cv2.IMREAD_COLOR) for each in sent]
    assert [each.shape[1] for each in pictures if each is not None] == [320, 960]
    assert [(each.width, each.quality) for each in planner.sent] == [(320, 60), (960, 80)]
    assert [each.size for each in planner.sent] == [len(each) for each in sent]
    assert [each.is_cold for each in planner.sent] == [True, False]
    assert [each.wait for each in planner.sent] == [each.timing["wait"] for each in details]
    assert [each.send for each in planner.sent] == [each.timing["send"] for each in details]
    assert planner.heights == [pytest.approx([0.4 * 720, 720])] * 2
    assert not planner.lost


def test_another_plan_is_told_as_an_event_and_one_picture_for_measuring_is_not() -> None:
    told: list[Event] = []
    plans = [
        Plan(640, 80, "usual"),
        Plan(480, 60, "slow uplink", is_new=True),
        Plan(480, 85, "measuring"),
        Plan(480, 60, "slow uplink"),
    ]
    with WireServer([GOOD] * 4) as server:
        detector = planned_at(server.url, ScriptedPlanner(*plans))
        detector.tell(told.append)
        for sequence in range(4):
            detector.detect(large_frame(sequence))
    (event,) = told
    assert isinstance(event, PayloadPlanned)
    assert (event.source, event.width, event.quality, event.reason) == ("test", 480, 60, "slow uplink")


def test_without_a_planner_the_picture_is_as_requested_whatever_is_seen() -> None:
    with WireServer([GOOD] * 30) as server:
        detector = detector_at(server.url, width=320)
        frames = [large_frame(sequence, width=640, height=480) for sequence in range(30)]
        sizes = {detector.detect(frame).bytes_sent for frame in frames}
    assert len(sizes) == 1


A_MOMENT = 1e-6
"""Seconds: a deadline that every call is past."""


def test_a_picture_whose_call_was_ended_at_its_deadline_is_told_to_the_planner() -> None:
    planner = ScriptedPlanner(Plan(640, 80, "usual"))
    with WireServer([is_silent]) as server:
        detector = planned_at(server.url, planner, deadline=A_MOMENT)
        assert isinstance(aborted(detector, large_frame(), server.asked), DetectionAborted)
    assert len(planner.lost) == 1
    assert not planner.sent


def test_a_picture_that_reached_the_service_too_slowly_is_told_to_the_planner() -> None:
    planner = ScriptedPlanner(Plan(640, 80, "usual"))
    with WireServer([refuses("RequestTimeoutException")]) as server, pytest.raises(CloudError):
        planned_at(server.url, planner, deadline=A_MOMENT).detect(large_frame())
    assert len(planner.lost) == 1


def test_a_call_that_was_ended_early_says_nothing_of_the_uplink() -> None:
    planner = ScriptedPlanner(Plan(640, 80, "usual"))
    with WireServer([is_silent]) as server:
        detector = planned_at(server.url, planner, deadline=60.0)
        assert isinstance(aborted(detector, large_frame(), server.asked), DetectionAborted)
    assert not planner.lost


def test_a_call_that_failed_says_nothing_of_the_uplink() -> None:
    planner = ScriptedPlanner(Plan(640, 80, "usual"))
    with WireServer([refuses("ThrottlingException")]) as server, pytest.raises(CloudError):
        planned_at(server.url, planner, deadline=A_MOMENT).detect(large_frame())
    assert not planner.lost
    assert not planner.sent


def test_a_region_that_is_not_set_is_told() -> None:
    detector = RekognitionDetector(AwsAccess(), clock=SystemClock())
    with pytest.raises(CloudError, match="--region"):
        detector.detect(large_frame())


def test_the_local_endpoint_is_called_like_the_service_and_confirms_the_figures() -> None:
    with in_background(Setup(eyes=CannedEyes(2), with_moto=False)) as endpoint:
        access = AwsAccess(region="us-east-1", endpoint_url=endpoint.url)
        detector = RekognitionDetector(access, clock=SystemClock(), request=FacesRequest(("ALL",)))
        detector.warm()
        detection = detector.detect(large_frame())
        entries = [entry for entry in endpoint.requests() if entry.operation == "DetectFaces"]
    assert len(detection.faces) == 2
    assert detection.faces[0].eye_direction is not None
    (entry,) = entries
    assert entry.request_id == detection.request_id
    assert entry.service_time is not None
    assert detection.sent_at is not None
    assert detection.sent_at <= entry.arrived_at
    assert sum(detection.timing[part] for part in ("send", "wait", "read")) >= entry.service_time


def test_a_wrong_secret_is_found_out_by_the_local_endpoint_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
    with in_background(Setup(eyes=CannedEyes(), with_moto=False)) as endpoint:
        access = AwsAccess(region="us-east-1", endpoint_url=endpoint.url)
        with pytest.raises(CloudError, match="secret key") as caught:
            RekognitionDetector(access, clock=SystemClock()).detect(large_frame())
    assert caught.value.is_lasting


def test_by_itself_it_sends_to_this_machine_only() -> None:
    access = AwsAccess(region="eu-west-1", endpoint_url="http://192.0.2.1:9")
    with pytest.raises(CloudError, match=r"nothing is sent to http://192\.0\.2\.1:9") as caught:
        RekognitionDetector(access, clock=SystemClock()).detect(large_frame())
    assert caught.value.code == "NotAgreed"
    assert caught.value.is_lasting


def test_every_client_is_asked_about_before_its_first_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str | None]] = []
    with WireServer([GOOD]) as first, WireServer([GOOD]) as second:
        detector = RekognitionDetector(
            AwsAccess(region="eu-west-1"),
            clock=SystemClock(),
            may_send=lambda url, region: asked.append((url, region)),
        )
        monkeypatch.setenv("AWS_ENDPOINT_URL", first.url)
        detector.detect(large_frame())
        detector.detect(large_frame())
        monkeypatch.setenv("AWS_ENDPOINT_URL", second.url)  # as a file may be changed while it runs
        monkeypatch.setattr(clients, "_made", {})
        detector.detect(large_frame())
        assert asked == [(first.url, "eu-west-1"), (second.url, "eu-west-1")]


def test_a_deadline_beyond_the_usual_is_waited_for() -> None:
    access = AwsAccess(region="eu-west-1", endpoint_url="http://127.0.0.1:9")
    client = clients.live_client("rekognition", access, in_flight=1, deadline=10.0)
    assert client.meta.config.read_timeout == 10.0
    assert clients.live_client("rekognition", access, in_flight=1).meta.config.read_timeout == 3.0
