from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from livecam.config import masking
from livecam.faces import BoundingBox


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [
        ("source", "demo", "demo"),
        ("source", "rtsp://user:pw@cam:554/live?token=x", "rtsp://cam:554/live"),
        ("source", "http://cam/video?pw=x", "http://cam/video"),
        ("webhook", "https://hooks.example/services/T0/B0/secret", "https://hooks.example/***"),
        ("webhook", "https://u:pw@host:1/x?y", "https://host:1/***"),
        ("webhook", "pw", "***"),
        ("webhook", "https://[pw", "***"),
        ("webhook_secret", SecretStr("pw"), "***"),
        ("webhook_secret", "pw", "***"),
        ("webhook_secret", None, None),
        ("sink", ("mqtt:mqtt://u:pw@broker/x", "file:a"), ["mqtt:mqtt://broker/x", "file:a"]),
        ("trace", Path("t.jsonl"), "t.jsonl"),
        ("roi", BoundingBox(0, 0, 0.1 + 0.2, 1), [0, 0, 0.3, 1]),
        ("rate", 2.5, 2.5),
        ("wait", False, False),
        ("mirror", None, None),
    ],
)
def test_a_value_is_shown_without_its_secrets(key: str, value: object, shown: object) -> None:
    assert masking.plain(key, value) == shown


def test_a_long_value_is_cut() -> None:
    assert len(masking.quoted("source", "x" * 500)) < 100


def test_a_value_is_one_line() -> None:
    assert masking.quoted("source", "a\nb") == r"'a\nb'"
