from __future__ import annotations

import string

import botocore.session  # type: ignore[import-untyped]
import pytest

from livecam.aws import service_errors
from livecam.aws.service_errors import SERVICE_ERRORS, STATUS_ERRORS, Rule

WORDS = {"where", "region", "host", "profile", "flag", "action", "detail", "code", "status", "endpoint"}
RULES = [
    *SERVICE_ERRORS.values(),
    *STATUS_ERRORS.values(),
    *service_errors.DENIED_BY.values(),
    service_errors.UNWELL,
    service_errors.STATUS_4XX,
    service_errors.STATUS_3XX,
]


@pytest.mark.parametrize("operation", ["DetectFaces", "StartFaceDetection", "GetFaceDetection"])
def test_every_error_that_the_services_model_documents_is_here(operation: str) -> None:
    model = botocore.session.get_session().get_service_model("rekognition")
    shapes = model.operation_model(operation).error_shapes
    assert len(shapes) >= 7
    codes = {shape.metadata.get("error", {}).get("code", shape.name) for shape in shapes}
    missing = codes - set(SERVICE_ERRORS)
    assert not missing, f"{operation}: say in service_errors.py what {missing} means"


def test_what_botocore_takes_for_throttling_slows_the_pace() -> None:
    from botocore.retries.standard import ThrottledRetryableChecker  # type: ignore[import-untyped]

    # For video jobs it means that as many run as may: fewer live calls would not help.
    codes = set(ThrottledRetryableChecker._THROTTLED_ERROR_CODES) - {"LimitExceededException"}
    for code in codes:
        assert SERVICE_ERRORS[code].is_throttle, code


def test_what_botocore_takes_for_a_passing_weakness_is_the_services() -> None:
    from botocore.retries.standard import TransientRetryableChecker

    for code in TransientRetryableChecker._TRANSIENT_ERROR_CODES:
        assert SERVICE_ERRORS[code].blame in ("service", "network"), code
        assert not SERVICE_ERRORS[code].is_lasting


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.sentence[:40])
def test_a_sentence_has_only_places_that_are_filled_and_is_one(rule: Rule) -> None:
    places = {name for _, name, _, _ in string.Formatter().parse(rule.sentence) if name}
    assert places <= WORDS
    assert not rule.sentence.endswith(".")
    assert "\n" not in rule.sentence


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.sentence[:40])
def test_a_throttle_passes_and_what_the_user_must_mend_does_not(rule: Rule) -> None:
    assert not (rule.is_throttle and rule.is_lasting)
    if rule.blame in ("service", "network"):
        assert not rule.is_lasting


def test_what_a_service_says_about_a_signature_is_not_repeated() -> None:
    quoting = (
        service_errors.WRONG_SIGNATURE,
        service_errors.NOT_SIGNED,
        service_errors.CLOCK,
        service_errors.EXPIRED,
        service_errors.UNKNOWN_KEY,
    )
    assert not [rule for rule in quoting if "{detail}" in rule.sentence]
