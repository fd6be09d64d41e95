"""What each error code of AWS means to a user: whose it is, and what to do. A table, no logic.

Places in braces are filled by `error_mapping.py`: {where} service and Region or endpoint, {region}, {host},
{profile}, {flag} (" --profile X" or nothing), {action} such as rekognition:DetectFaces, {detail} the
service's own words. {detail} is left out where the service may quote the request: a message about a
signature holds the session token.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Blame: TypeAlias = Literal["user", "service", "network", "livecam"]


@dataclass(frozen=True, slots=True)
class Rule:
    """What one kind of error means."""

    blame: Blame
    sentence: str
    is_throttle: bool = False
    """The service wants fewer calls."""
    is_lasting: bool = False
    """The next call will fail in the same way."""


def _user(sentence: str) -> Rule:
    return Rule("user", sentence, is_lasting=True)


EXPIRED = _user(
    "the session of {profile} has expired: run `aws sso login{flag}` or `aws login{flag}`, "
    "or renew AWS_SESSION_TOKEN"
)
UNKNOWN_KEY = _user(
    "AWS does not know the access key of {profile}; check it with `aws sts get-caller-identity{flag}`, "
    "and whether Region {region} is enabled for the account"
)
WRONG_SIGNATURE = _user(
    "AWS did not accept how the request was signed; the secret key of {profile} is not that of its access "
    "key id (or a proxy changed the request): run `aws configure{flag}`"
)
NOT_SIGNED = _user(
    "the request reached {where} without all that proves who asks: see whether a proxy removes headers, "
    "and check the credentials of {profile}"
)
CLOCK = _user(
    "this machine's clock is wrong, so that AWS refuses its requests: set it (NTP), such as with "
    "`timedatectl set-ntp true`"
)
CLOCK_MINUTES = _user(
    "this machine's clock is {minutes} {direction} AWS's, which refuses more than 5 minutes: "
    "set the clock (NTP), such as with `timedatectl set-ntp true`"
)
DENIED = _user(
    "{profile} may not call {action} in {region}: add it to the identity's policy "
    '("Effect": "Allow", "Action": "{action}", "Resource": "*"); AWS says: {detail}'
)
DENIED_BY = {
    "service control policy": _user(
        "your organisation forbids {action} in {region} by a service control policy (SCP), which no policy "
        "of {profile} can undo: ask who runs the organisation, or choose another --region"
    ),
    "resource control policy": _user(
        "your organisation forbids {action} in {region} by a resource control policy (RCP): ask who runs it"
    ),
    "permissions boundary": _user(
        "the permissions boundary of {profile} does not allow {action}: ask who manages it to add it"
    ),
    "session policy": _user(
        "the session policy of {profile} does not allow {action}: sign in with a role or session that does"
    ),
    "VPC endpoint policy": _user(
        "the policy of the VPC endpoint on the way to {host} does not allow {action}: add it there"
    ),
    "explicit deny": _user(
        "a policy of {profile} explicitly denies {action}: an Allow does not help, the Deny must go; "
        "AWS says: {detail}"
    ),
}
"""By words in the message of a denial; the first that is there counts."""
NOT_SUBSCRIBED = _user(
    "the AWS account of {profile} is not ready to use {where}: finish its sign-up, "
    "or enable the Region in the account settings"
)
NO_QUEUE = _user(
    "{where} has no such queue, or not any more: check its address and Region; jobs are asked about meanwhile"
)
QUEUE_KEY = _user(
    "{profile} may not use the key that the queue is encrypted with: its identity needs kms:Decrypt on it"
)
THROTTLED = Rule("service", "{where} asked for fewer calls ({code}); the pace was lowered", is_throttle=True)
UNWELL = Rule("service", "{where} failed ({code}, HTTP {status})")
REFUSED_INPUT = Rule("livecam", "{where} did not accept the request ({code}): {detail}")
MISREAD = Rule("livecam", "{where} did not understand livecam's request ({code}): {detail}", is_lasting=True)

SERVICE_ERRORS: dict[str, Rule] = {
    # Rekognition's own, DetectFaces and stored video.
    "AccessDeniedException": DENIED,
    "ImageTooLargeException": Rule(
        "livecam", "{where} found the picture too large: lower --width or --quality; AWS says: {detail}"
    ),
    "InvalidImageFormatException": Rule("livecam", "{where} could not read the picture: {detail}"),
    "InvalidParameterException": REFUSED_INPUT,
    "InvalidS3ObjectException": Rule(
        "user",
        "{where} could not read the object from S3: it must exist, its bucket must be in Region {region}, "
        "and {profile} must be allowed s3:GetObject on it (and kms:Decrypt on its key if it has one); "
        "AWS says: {detail}",
    ),
    "VideoTooLargeException": Rule(
        "user", "the video is too large: {where} takes up to 10 GB and 6 hours; record shorter segments"
    ),
    "LimitExceededException": Rule(
        "user",
        "{where} runs as many video jobs as the account may have at a time; the next waits for one to end",
    ),
    "IdempotentParameterMismatchException": Rule(
        "livecam",
        "a job was started with this request token before and with other parameters: start another attempt; "
        "AWS says: {detail}",
    ),
    "InvalidPaginationTokenException": Rule(
        "livecam", "the page of results is not valid any more (24 hours): ask for the results from the start"
    ),
    "ResourceNotFoundException": Rule(
        "user",
        "{where} does not know the job, or not any more (results are kept for 7 days): analyse the video "
        "again if it was this account and Region that had it; AWS says: {detail}",
    ),
    "InternalServerError": UNWELL,
    "ThrottlingException": THROTTLED,
    "ProvisionedThroughputExceededException": THROTTLED,
    # SQS's, for word that jobs have ended; by either of its names, which differ by protocol.
    "AWS.SimpleQueueService.NonExistentQueue": NO_QUEUE,
    "QueueDoesNotExist": NO_QUEUE,
    "InvalidAddress": NO_QUEUE,
    "KmsAccessDenied": QUEUE_KEY,
    "KMS.AccessDeniedException": QUEUE_KEY,
    # Throttling under the names that other services and gateways use.
    "Throttling": THROTTLED,
    "ThrottledException": THROTTLED,
    "RequestThrottled": THROTTLED,
    "RequestThrottledException": THROTTLED,
    "TooManyRequestsException": THROTTLED,
    "RequestLimitExceeded": THROTTLED,
    "BandwidthLimitExceeded": THROTTLED,
    "SlowDown": THROTTLED,
    "EC2ThrottledException": THROTTLED,
    "TransactionInProgressException": THROTTLED,
    "PriorRequestNotComplete": THROTTLED,
    # Who calls.
    "ExpiredToken": EXPIRED,
    "ExpiredTokenException": EXPIRED,
    "TokenRefreshRequired": EXPIRED,
    "UnauthorizedException": EXPIRED,
    "UnrecognizedClientException": UNKNOWN_KEY,
    "InvalidClientTokenId": UNKNOWN_KEY,
    "InvalidAccessKeyId": UNKNOWN_KEY,
    "InvalidToken": UNKNOWN_KEY,
    "AuthFailure": UNKNOWN_KEY,
    "InvalidSignatureException": WRONG_SIGNATURE,
    "InvalidSignature": WRONG_SIGNATURE,
    "SignatureDoesNotMatch": WRONG_SIGNATURE,
    "IncompleteSignature": NOT_SIGNED,
    "IncompleteSignatureException": NOT_SIGNED,
    "MissingAuthenticationToken": NOT_SIGNED,
    "MissingAuthenticationTokenException": NOT_SIGNED,
    "RequestExpired": CLOCK,
    "RequestTimeTooSkewed": CLOCK,
    "RequestInTheFuture": CLOCK,
    "AccessDenied": DENIED,
    "UnauthorizedOperation": DENIED,
    "NotAuthorized": DENIED,
    "ForbiddenException": DENIED,
    "OptInRequired": NOT_SUBSCRIBED,
    "SubscriptionRequired": NOT_SUBSCRIBED,
    "SubscriptionRequiredException": NOT_SUBSCRIBED,
    "NotSignedUp": NOT_SUBSCRIBED,
    "AccountProblem": NOT_SUBSCRIBED,
    # The service is not well.
    "ServiceUnavailable": UNWELL,
    "ServiceUnavailableException": UNWELL,
    "InternalFailure": UNWELL,
    "InternalError": UNWELL,
    "InternalServiceError": UNWELL,
    "InternalServerException": UNWELL,
    "InternalServiceException": UNWELL,
    "RequestTimeout": Rule(
        "network",
        "the picture reached {where} too slowly ({code}): lower --width or --quality on a slow uplink",
    ),
    "RequestTimeoutException": Rule(
        "network",
        "the picture reached {where} too slowly ({code}): lower --width or --quality on a slow uplink",
    ),
    # The request as such.
    "ValidationException": REFUSED_INPUT,
    "ValidationError": REFUSED_INPUT,
    "InvalidParameterValue": REFUSED_INPUT,
    "SerializationException": MISREAD,
    "UnknownOperationException": _user(
        "what answers at {host} does not know {action}: check --endpoint-url and AWS_ENDPOINT_URL"
    ),
    "InvalidAction": _user(
        "what answers at {host} does not know {action}: check --endpoint-url and AWS_ENDPOINT_URL"
    ),
    "MalformedQueryString": MISREAD,
    "RequestEntityTooLarge": Rule(
        "livecam", "the picture is too large for {where}: lower --width or --quality"
    ),
}

STATUS_ERRORS: dict[int, Rule] = {
    401: _user("what answers at {host} wants another sign-in (HTTP 401): check --endpoint-url and the proxy"),
    403: _user(
        "{host} refused the call with HTTP 403 and not in the way AWS does: is there a proxy or firewall in "
        "between, or another program at that endpoint?"
    ),
    404: _user("nothing at {host} answers {action} (HTTP 404): check --endpoint-url and AWS_ENDPOINT_URL"),
    407: _user("the proxy wants a user and password (HTTP 407): put them into HTTPS_PROXY"),
    408: Rule("network", "the picture reached {where} too slowly (HTTP 408): lower --width or --quality"),
    413: Rule(
        "livecam", "the picture is too large for what is at {host} (HTTP 413): lower --width or --quality"
    ),
    429: THROTTLED,
}
"""For answers without a code that is known, such as a proxy's page."""
STATUS_4XX = Rule("livecam", "{where} refused the call ({code}, HTTP {status}): {detail}")
STATUS_3XX = _user("{host} points elsewhere (HTTP {status}): check --region and --endpoint-url")
