from __future__ import annotations

import json

import pytest

from livecam.bench.pipeline.request import Request, request_from
from livecam.errors import UsageError


def test_nothing_given_is_the_demo_scene_once_twice_and_four_times() -> None:
    request = request_from(None, {"runners": None})
    assert request == Request()
    assert (request.source, request.size, request.runners) == ("demo", (1280, 720), (1, 2, 4))


def test_flags_amount_to_a_request() -> None:
    given = {"duration": "4s", "size": "640X480", "runners": "3,1, 3", "view": "None"}
    assert request_from("a.mp4", given, record=True) == Request(
        source="a.mp4", duration=4.0, size=(640, 480), runners=(1, 3), record=True, view="none"
    )


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("duration", "long", "--duration long is not a number"),
        ("duration", "nan", "--duration nan is not a number"),
        ("duration", "1", "--duration 1 is out of range"),
        ("size", "720p", "--size 720p is not a size"),
        ("size", "8x8", "--size 8x8 is out of range"),
        ("runners", "two", "--runners two are no numbers"),
        ("runners", ",", "--runners , are no numbers"),
        ("runners", "0", "--runners 0 is out of range"),
        ("runners", "1,99", "--runners 1,99 is out of range"),
        ("view", "browser", "--view browser is not known"),
    ],
)
def test_what_cannot_be_run_is_named(name: str, text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        request_from(None, {name: text})


def test_a_request_survives_json() -> None:
    request = Request(size=(640, 360), runners=(2,), record=True)
    assert Request.from_json(json.loads(json.dumps(request.as_json()))) == request
