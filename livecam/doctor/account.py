"""Checks of the AWS account: credentials, on whose behalf, Region, consent. None of them costs anything."""

from __future__ import annotations

import logging
import threading
from datetime import UTC
from typing import TYPE_CHECKING, Generic, TypeVar

from livecam.consent import is_aws, is_needed, place, scope_of
from livecam.doctor import regions
from livecam.doctor.connection import MOST_SKEW
from livecam.doctor.examination import Finding
from livecam.errors import CloudError, LivecamError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.aws.whoami import Credentials, Identity, Outlook
    from livecam.clock import Clock
    from livecam.consent import ConsentScope, Remembered
    from livecam.doctor.connection import Answer, Reached

log = logging.getLogger(__name__)

Value = TypeVar("Value")

NO_CREDENTIALS = "there are no AWS credentials; livecam answers on-device"
NOT_NEEDED = "not needed without credentials"
NOT_KNOWN = "not known; see what is said above"
PATIENCE = 3.0
"""Seconds that checks which need no credentials wait to hear whether there are any.

On a machine without, botocore knows after two: it looks for a cloud's metadata service twice.
"""
REACHED_WITHIN = 6.0
"""Seconds that other checks wait to hear whether the endpoint is reached."""
NOT_REACHED = "not asked, as the endpoint is not reached"
WRONG_CLOCK = "not asked, as this machine's clock is wrong"
NO_CREDENTIALS_KNOWN = "not known without credentials"
NOBODY = frozenset({
    "RequestExpired", "InvalidSignatureException", "SignatureDoesNotMatch", "ExpiredToken",
    "ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId",
})  # fmt: skip
"""Codes of credentials that are refused."""
NOT_SERVED = frozenset({
    "UnknownOperationException", "UnknownOperation", "InvalidAction", "NotImplemented", "404", "405", "501",
})  # fmt: skip
"""Codes, or statuses without one, of an endpoint that does not know an operation."""
SOON = 3600.0
"""Seconds: a run of any length would see its credentials end."""
_RENEW = "fetch new ones before a long run; a profile of IAM Identity Center or a role renews them by itself"
_ADVICE = "to use Rekognition, run `aws configure` or `aws sso login`, or set AWS_PROFILE"


class LookUpFailed(LivecamError):
    """What several checks need could not be looked up, by a fault of livecam's."""


class Account:
    """What is known of the account; looked up once, by whichever check asks first.

    Args:
        look_up: says where calls would go.
        credentials: says where credentials come from; None for none.
        identity: asks on whose behalf calls are made.
        is_asked: whether the user named a profile, Region or endpoint, so that their absence fails.
        connect: reaches an endpoint (address, certificates to trust); None takes it for reached.
        ask: sends a request to an endpoint that is reached, likewise; None takes it for answered.
    """

    def __init__(
        self,
        *,
        look_up: Callable[[], Outlook],
        credentials: Callable[[], Credentials | None],
        identity: Callable[[], Identity],
        is_asked: bool,
        connect: Callable[[str, str | None], Reached] | None = None,
        ask: Callable[[str, str | None], Answer] | None = None,
    ) -> None:
        self.outlook = _Once(look_up)
        self.credentials = _Once(credentials)
        self.identity = _Once(identity)
        self.is_asked = is_asked
        self.reached = _Once(lambda: self._at_endpoint(connect))
        self.answer = _Once(lambda: self._at_endpoint(ask))

    def is_used(self) -> bool:
        """Say whether livecam would call AWS, so that it matters what is wrong there.

        Credentials that take their time are some: who has none knows it soon.
        """
        if self.is_asked or not self.credentials.is_known_within(PATIENCE):
            return True
        try:
            return self.credentials() is not None
        except LivecamError:  # there should be credentials
            return True

    def scope(self) -> ConsentScope | None:
        """Return where pictures would be sent; None when that is not known, which another check tells.

        Raises:
            UsageError: the endpoint's address is unclear.
        """
        try:
            outlook = self.outlook()
        except LivecamError:
            return None
        if outlook.endpoint_url is None:
            return None
        return scope_of(outlook.endpoint_url, region=outlook.region, profile=outlook.profile)

    def why_not_asked(self) -> str | None:
        """Return why AWS is not asked for anything, another check having told what is wrong; None to ask."""
        try:
            if self.credentials() is None:
                return NO_CREDENTIALS_KNOWN
            if not self.outlook().region:
                return NOT_KNOWN
        except LivecamError:
            return NOT_KNOWN
        why = self.why_not_heard()
        if why is not None:
            return why
        try:
            self.identity()
        except LivecamError as error:
            # Who is nobody to STS is nobody elsewhere. But not everybody reaches STS.
            return NOT_KNOWN if getattr(error, "code", "") in NOBODY else None
        return None

    def why_not_heard(self) -> str | None:
        """Return why no signed request would be answered, if that is known soon; None where one would."""
        if not (self.reached.is_known_within(REACHED_WITHIN) and self.answer.is_known_within(REACHED_WITHIN)):
            return NOT_REACHED
        try:
            self.reached()
            answer = self.answer()
        except LivecamError:
            return NOT_REACHED
        skew = answer.skew if answer else None
        return WRONG_CLOCK if skew is not None and abs(skew) >= MOST_SKEW else None

    def _at_endpoint(self, work: Callable[[str, str | None], Value] | None) -> Value | None:
        """Do something at the endpoint; return None when it is not known.

        Raises:
            Unreachable: it was not reached.
            UsageError: its address is unclear.
        """
        scope = self.scope()
        if scope is None or work is None:
            return None
        return work(scope.endpoint, self.outlook().ca_bundle)

    def is_told_by_credentials(self, error: LivecamError) -> bool:
        """Say whether the check of the credentials tells the same."""
        if not self.credentials.is_known_within(PATIENCE):
            return False
        try:
            self.credentials()
        except LivecamError as told:
            return str(told) == str(error)
        return False

    def is_elsewhere(self) -> bool:
        """Say whether calls go to an endpoint that is known and not an address of AWS."""
        try:
            scope = self.scope()
        except UsageError:
            return False
        return scope is not None and not is_aws(scope.endpoint)


class _Once(Generic[Value]):
    """The result of a call that is made once, its error included; those who ask wait for it.

    The call has a thread of its own, so that one may wait for a while only.
    """

    def __init__(self, call: Callable[[], Value]) -> None:
        self._call = call
        self._lock = threading.Lock()
        self._is_begun = False
        self._is_done = threading.Event()
        self._found: tuple[Value] | LivecamError | None = None

    def __call__(self) -> Value:
        """Return the result, or raise the call's error."""
        self._begin()
        self._is_done.wait()
        if not isinstance(self._found, tuple):
            assert self._found is not None  # noqa: S101  it is done
            raise self._found
        return self._found[0]

    def is_known_within(self, seconds: float) -> bool:
        """Wait for the result for so long at most; say whether it is there."""
        self._begin()
        return self._is_done.wait(seconds)

    def _begin(self) -> None:
        with self._lock:
            if not self._is_begun:
                self._is_begun = True
                threading.Thread(target=self._run, name="doctor look-up", daemon=True).start()

    def _run(self) -> None:
        try:
            self._found = (self._call(),)
        except LivecamError as error:
            self._found = error
        except Exception as error:  # several checks ask, and one is to tell
            log.debug("a look-up failed", exc_info=error)
            self._found = LookUpFailed(f"the check itself failed: {type(error).__name__}: {error}")
        finally:
            self._is_done.set()


def credentials(account: Account, clock: Clock) -> Finding:
    """Say where the credentials come from, and when they end.

    Raises:
        CloudError: there should be some, and they cannot be had.
    """
    found = account.credentials()
    if found is None:
        return Finding("fail" if account.is_asked else "skip", NO_CREDENTIALS, _ADVICE)
    told = f"{found.key_id} from {found.source}"
    if found.expires_at is None:
        return Finding("ok", told)
    left = (found.expires_at - clock.wall()).total_seconds()
    told = f"{told}, good until {found.expires_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    if found.is_renewed:
        return Finding("ok", f"{told} and then renewed by itself")
    if left < SOON:
        return Finding("warn", f"{told}, which is in {max(left / 60, 0):.0f} minutes", _RENEW)
    return Finding("ok", told)


def identity(account: Account) -> Finding:
    """Say on whose behalf calls are made.

    Raises:
        CloudError: STS does not know the credentials, or is not reached.
    """
    try:
        is_known = account.credentials() is not None
    except LivecamError:
        is_known = False
    if not is_known:
        return Finding("skip", "not asked without credentials")
    why = account.why_not_heard()
    if why is not None:
        return Finding("skip", why)
    try:
        found = account.identity()
    except CloudError as error:
        if error.code in NOT_SERVED and account.is_elsewhere():
            return Finding("warn", "not known: the endpoint is not AWS's and serves no STS")
        raise
    told = f"account {found.account}, {found.arn}"
    if found.arn.endswith(":root"):
        return Finding(
            "warn",
            f"{told}: the root user, who may do everything",
            "make a user or role with rekognition:DetectFaces only (docs/rekognition.md)",
        )
    return Finding("ok", told)


def region(account: Account) -> Finding:
    """Say which Region calls go to, and what exists there.

    Raises:
        CloudError: a file or an address of botocore's cannot be used.
    """
    if not account.is_used():
        return Finding("skip", NOT_NEEDED)
    try:
        named = account.outlook().region
    except LivecamError as error:
        if account.is_told_by_credentials(error):
            return Finding("skip", NOT_KNOWN)
        raise
    if named is None:
        return Finding("fail", "no Region is set", "give --region us-east-1, or set AWS_REGION")
    return _what_exists_in(named)


def consent(account: Account, store: Remembered) -> Finding:
    """Say whether pictures may be sent.

    Raises:
        OutputError: what was agreed to cannot be read.
    """
    if not account.is_used():
        return Finding("skip", "not needed: nothing leaves this machine")
    try:
        scope = account.scope()
    except UsageError:  # the check of the endpoint says so
        scope = None
    if scope is None:
        return Finding("skip", NOT_KNOWN)
    if not is_needed(scope.endpoint):
        return Finding("ok", f"not needed: {scope.endpoint} is on this machine")
    if store.has(scope):
        return Finding("ok", f"given for {place(scope)}; `livecam consent revoke` takes it back")
    return Finding(
        "ok",
        f"not given for {place(scope)}, so that nothing is sent there",
        "`livecam run --detector rekognition` tells what is sent and asks once",
    )


def _what_exists_in(named: str) -> Finding:
    if not regions.is_known(named):
        return Finding(
            "warn",
            f"{named} is not among the Regions that AWS listed for Rekognition in 2026",
            "check its spelling; a new Region may be fine",
        )
    told = f"{named}: live pictures (DetectFaces)"
    if named in regions.IMAGES_ONLY:
        return Finding(
            "warn", f"{told}; no stored video there (StartFaceDetection)", "analyse clips in another Region"
        )
    if named in regions.STORED_VIDEO_UNCLEAR:
        return Finding("ok", f"{told}; whether stored video exists there is not clear from AWS's list")
    return Finding("ok", f"{told}, and stored video (StartFaceDetection)")
