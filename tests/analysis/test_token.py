from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from livecam.analysis.token import client_request_token
from livecam.stored_video import JobParameters, S3Place

PLACE = S3Place("clips", "a/ä ü.mp4", "v1", "0123abcd")
PARAMETERS = JobParameters("ALL", "tag", "arn:aws:sns:eu-west-1:123456789012:T", "arn:aws:iam::1:role/r")


def test_a_token_is_one_that_the_service_takes() -> None:
    for key in ("a.mp4", "ü" * 1024, "\ud800", "a\nb"):
        token = client_request_token(replace(PLACE, key=key), PARAMETERS, 1)
        assert re.fullmatch("[a-zA-Z0-9-_]{1,64}", token)


def test_the_same_job_has_the_same_token_in_every_process() -> None:
    expected = "livecam-0d2081519d"
    assert client_request_token(PLACE, PARAMETERS, 1).startswith(expected)
    assert client_request_token(replace(PLACE), replace(PARAMETERS), 1).startswith(expected)


def of(**changed: Any) -> str:  # noqa: ANN401  fields of either value
    place = {name: value for name, value in changed.items() if name in S3Place.__slots__}
    parameters = {name: value for name, value in changed.items() if name not in place}
    return client_request_token(replace(PLACE, **place), replace(PARAMETERS, **parameters), 1)


def test_whatever_is_another_job_has_another_token() -> None:
    names = ("bucket", "key", "version", "etag", "tag", "topic", "role")
    tokens = [
        of(),
        client_request_token(PLACE, PARAMETERS, 2),
        *(of(**{name: value}) for name in names for value in ("other", None, "")),
        of(attributes="DEFAULT"),
        of(bucket="clipsa", key="/ä ü.mp4"),
    ]
    assert len(set(tokens)) == len(tokens)
