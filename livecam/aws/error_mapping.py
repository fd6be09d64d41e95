"""Every way in which a call to AWS fails, as one `CloudError`: whose it is, and what to do about it.

The only place that makes one. No sentence holds a secret: no service message about a signature, no output
of a credential process, no password of a URL.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from livecam.aws import errors_by_service, library_errors, service_errors
from livecam.aws.broken_answer import BrokenAnswer
from livecam.errors import CloudError
from livecam.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from livecam.aws.service_errors import Rule

MOST_DETAIL = 240
"""Characters of the service's own words."""
TOLERATED_SKEW = 240.0
"""Seconds; the service tolerates 300, and the answer's date has whole seconds."""
_SERVICES = {
    "rekognition": "Amazon Rekognition",
    "sts": "AWS STS",
    "s3": "Amazon S3",
    "sns": "Amazon SNS",
    "sqs": "Amazon SQS",
}
_OTHERS_OPERATIONS = {
    "AssumeRole": "sts:AssumeRole",
    "AssumeRoleWithWebIdentity": "sts:AssumeRoleWithWebIdentity",
    "GetSessionToken": "sts:GetSessionToken",
    "GetRoleCredentials": "sso:GetRoleCredentials",
    "CreateToken": "sso:CreateToken",
}
"""Calls that botocore makes by itself to get credentials."""

_BARE = (
    ("ValueError", "endpoint", "endpoint"),
    ("RuntimeError", "still expired", "still expired"),
)
"""What botocore raises without a class of its own, by words that it uses."""


@dataclass(frozen=True, slots=True)
class CallTarget:
    """Where a call went and as whom, as far as it is known."""

    action: str
    """As policies have it: "rekognition:DetectFaces"; or the service alone."""
    region: str | None = None
    endpoint: str | None = None
    """URL."""
    profile: str | None = None
    resource: str | None = None
    """What of the service it was about, such as "s3://BUCKET/KEY"."""


def translate(error: Exception, *, target: CallTarget, wall: datetime | None = None) -> CloudError:
    """Return what went wrong in a call, in one sentence with what to do.

    Args:
        error: what boto3, botocore or `check_answer` raised.
        target: where the call went.
        wall: this machine's wall time when it was refused; tells by how much its clock is off.
    """
    if isinstance(error, CloudError):
        return error
    words = _words(error, target)
    if isinstance(error, BrokenAnswer):
        rule, code = library_errors.SEVERAL["broken"], str(error.code)
    elif isinstance(getattr(error, "response", None), dict):
        rule, code = _service_rule(error, words, wall)
    else:
        rule, code = _library_rule(error, target), type(error).__name__
    message = rule.sentence.format_map(words | {"code": code})
    return CloudError(
        redact(message),
        code=code,
        blame=rule.blame,
        is_throttle=rule.is_throttle,
        is_lasting=rule.is_lasting,
    )


def found(code: str, detail: str = "", *, target: CallTarget, region: str | None = None) -> CloudError:
    """Return what livecam itself finds wrong about an answer, in one sentence.

    Args:
        code: one of `errors_by_service.FINDINGS`.
        detail: its part of the sentence.
        target: where the call went, and what it was about.
        region: the Region that a bucket is in.
    """
    rule = errors_by_service.FINDINGS[code]
    words = _words(Exception(detail), target) | _whereabouts(region) | {"code": code, "detail": detail}
    message = redact(rule.sentence.format_map(words))
    return CloudError(message, code=code, blame=rule.blame, is_lasting=rule.is_lasting)


def _service_rule(error: Any, words: dict[str, str], wall: datetime | None) -> tuple[Rule, str]:  # noqa: ANN401
    """Return the rule and code of what a service answered; adds to `words` what only that says."""
    said = error.response.get("Error") or {}
    metadata = error.response.get("ResponseMetadata") or {}
    status = int(metadata.get("HTTPStatusCode") or 0)
    code, message = str(said.get("Code") or status or "Unknown"), str(said.get("Message") or "")
    words |= {"detail": _one_line(message) or "nothing", "status": str(status or "unknown")}
    operation = getattr(error, "operation_name", "")
    words["action"] = _OTHERS_OPERATIONS.get(operation, words["action"])
    region = _region_in(said, metadata)
    words |= _whereabouts(region)
    rule = _rule_of(code, status, operation, words["action"])
    if code == "AuthorizationHeaderMalformed" and region is None:
        rule = service_errors.NOT_SIGNED  # it is about the Region only where it says which
    if rule in (service_errors.DENIED, errors_by_service.DENIED_OBJECT):
        return _denial(rule, message, words), code
    if rule in (service_errors.WRONG_SIGNATURE, service_errors.CLOCK):
        return _signature_rule(rule, message, _skew(metadata, wall), words), code
    return rule, code


def _rule_of(code: str, status: int, operation: str, action: str) -> Rule:
    """Return what a code means for the service of an action, else for any, else what the status means."""
    is_its_own = operation not in _OTHERS_OPERATIONS
    of_service = errors_by_service.BY_SERVICE.get(action.partition(":")[0], {}) if is_its_own else {}
    rule = of_service.get(code) or service_errors.SERVICE_ERRORS.get(code) or of_service.get(str(status))
    return rule or _status_rule(status)


def _status_rule(status: int) -> Rule:
    if status in service_errors.STATUS_ERRORS:
        return service_errors.STATUS_ERRORS[status]
    if status >= 500:  # noqa: PLR2004
        return service_errors.UNWELL
    if 300 <= status < 400:  # noqa: PLR2004
        return service_errors.STATUS_3XX
    return service_errors.STATUS_4XX


def _denial(general: Rule, message: str, words: dict[str, str]) -> Rule:
    """Return which denial it is; the action in `words` becomes the one that AWS names."""
    denied = re.search(r"not authorized to perform:? ([a-z0-9-]+:\w+)", message)
    if denied:
        words["action"] = denied[1]
    for telling, rule in service_errors.DENIED_BY.items():
        if telling.lower() in message.lower():
            return rule
    is_of_key = general is errors_by_service.DENIED_OBJECT and words["action"].startswith("kms:")
    return errors_by_service.DENIED_KEY if is_of_key else general


def _region_in(said: Mapping[str, Any], metadata: Mapping[str, Any]) -> str | None:
    """Return the Region that a bucket is in, when the refusal says it."""
    region = said.get("Region") or (metadata.get("HTTPHeaders") or {}).get("x-amz-bucket-region")
    return str(region) if region else None


def _whereabouts(region: str | None) -> dict[str, str]:
    """Return the words about the Region that a bucket is in."""
    if region is None:
        return {"elsewhere": "another Region", "its_region": "that one with --region"}
    return {"elsewhere": f"Region {region}", "its_region": f"--region {region}"}


def _signature_rule(rule: Rule, message: str, skew: float | None, words: dict[str, str]) -> Rule:
    """Tell a wrong clock from a wrong secret: AWS has one code for both."""
    says_time = re.search(r"expired|not yet current|too skewed|in the future", message, re.IGNORECASE)
    if skew is not None and abs(skew) > TOLERATED_SKEW:
        minutes = round(abs(skew) / 60)
        words["minutes"] = f"{minutes} minutes"
        words["direction"] = "ahead of" if skew > 0 else "behind"
        return service_errors.CLOCK_MINUTES
    return service_errors.CLOCK if says_time else rule


def _skew(metadata: Mapping[str, Any], wall: datetime | None) -> float | None:
    """Return by how many seconds this machine's clock is ahead of the one that dated the answer."""
    stamp = (metadata.get("HTTPHeaders") or {}).get("date")
    if wall is None or not stamp:
        return None
    try:
        return (wall - parsedate_to_datetime(stamp)).total_seconds()
    except (TypeError, ValueError):  # no date, or one without a zone
        return None


def _library_rule(error: Exception, target: CallTarget) -> Rule:
    special = _told_apart(error, target)
    if special is not None:
        return library_errors.SEVERAL[special]
    for base in type(error).__mro__:
        if base.__name__ in library_errors.LIBRARY_ERRORS:
            return library_errors.LIBRARY_ERRORS[base.__name__]
    return library_errors.UNKNOWN


def _told_apart(error: Exception, target: CallTarget) -> str | None:
    """Return which of several things an exception means whose class does not say it."""
    name = type(error).__name__
    if name == "EndpointConnectionError":
        cause = (getattr(error, "kwargs", None) or {}).get("error")
        if type(cause).__name__ in ("NameResolutionError", "gaierror"):
            return "no name"
        return "nothing local" if _is_local(target.endpoint) else None
    if name == "SSLError" and re.search("certificate|self.signed|hostname", str(error), re.IGNORECASE):
        return "certificate"
    return next((which for kind, words, which in _BARE if name == kind and words in str(error).lower()), None)


def _words(error: Exception, target: CallTarget) -> dict[str, str]:
    """Return what the places in the sentences are filled with."""
    said = getattr(error, "kwargs", None) or {}
    service = _SERVICES.get(target.action.partition(":")[0], target.action.partition(":")[0])
    endpoint = redact(target.endpoint or "")
    is_own = bool(endpoint) and not (urlsplit(endpoint).hostname or "").endswith(
        (".amazonaws.com", ".aws", ".cn")
    )
    region = str(said.get("region_name") or target.region or "this Region")
    return {
        "where": f"{service} at {endpoint}" if is_own else f"{service} in {region}",
        "action": target.action,
        "region": region,
        "endpoint": endpoint or "of the service",
        "host": urlsplit(endpoint).netloc.rpartition("@")[2] or service,
        "profile": f'AWS profile "{target.profile}"' if target.profile else "the default AWS credentials",
        "flag": f" --profile {target.profile}" if target.profile else "",
        "detail": error.detail if isinstance(error, BrokenAnswer) else _one_line(str(error)),
        "status": "unknown",
        "missing": str(said.get("cred_var", "a part")),
        "provider": str(said.get("provider", "where they come from")),
        "profile_name": f'"{said.get("profile", target.profile)}"',
        "path": str(said.get("path", "")),
        "resource": target.resource or "what was asked for",
        "bucket": urlsplit(target.resource or "").netloc or "that was given",
    }


def _is_local(endpoint: str | None) -> bool:
    return (urlsplit(endpoint or "").hostname or "") in ("localhost", "127.0.0.1", "::1")


def _one_line(text: str) -> str:
    """Return the service's words as a part of a sentence."""
    text = " ".join(text.split()).rstrip(".")
    return text if len(text) <= MOST_DETAIL else text[: MOST_DETAIL - 1] + "…"
