"""Every error livecam raises on purpose, split by who is to blame.

LivecamError
 +-- UsageError               the user's: a bad flag, key or value               exit code 2
 +-- MissingDependency        the installation's: a package or system library     exit code 1
 +-- SourceError              the camera's or the file's
 |    +-- SourceUnavailable   it could not be opened at the start
 |    +-- SourceFailed        it had delivered and then failed
 +-- DetectorError            the detector's
 |    +-- ModelMissing        a model file is not installed
 |    +-- ModelDamaged        a model file is not the one that was pinned
 |    +-- ModelInstallFailed  the package index did not give the model wheels
 |    +-- DeadlineExceeded    an answer did not come within the call's deadline
 |    +-- DetectionAborted    the call was ended by `abort()`
 |    +-- CloudError          the service's, the network's or the account's; says whose and what to do
 +-- OutputError              the disk's or the display's: something cannot be written or shown

A message says what was wrong, with which value, and what to do about it; it is one line.
Foreign errors are translated once, where they enter, with `raise ... from`.
"""

from __future__ import annotations

from typing import Literal


class LivecamError(Exception):
    """Anything livecam reports to its user in one line, without a traceback."""

    exit_code = 1


class UsageError(LivecamError):
    """A flag, key or value that cannot be used as given."""

    exit_code = 2


class MissingDependency(LivecamError):
    """A package or system library that this command needs is not installed."""


class SourceError(LivecamError):
    """The camera, file or scene that frames come from is at fault."""


class SourceUnavailable(SourceError):
    """The source could not be opened at the start."""


class SourceFailed(SourceError):
    """The source had delivered frames and then failed."""


class DetectorError(LivecamError):
    """The detector could not answer."""


class ModelMissing(DetectorError):
    """A model file is not installed."""


class ModelDamaged(DetectorError):
    """A model file does not have the pinned SHA-256."""


class ModelInstallFailed(DetectorError):
    """The model wheels could not be fetched or unpacked."""


class DeadlineExceeded(DetectorError):
    """An answer did not come within the call's deadline."""


class DetectionAborted(DetectorError):
    """A call was ended by `abort()` before it was answered."""


class CloudError(DetectorError):
    """A call to AWS failed; made in `aws/error_mapping.py` alone.

    Args:
        message: one sentence: what was wrong and what to do.
        code: the service's error code, or botocore's or our name for it; never empty.
        blame: who can do something about it.
        is_throttle: the service wants fewer calls; the pace is to be lowered.
        is_lasting: it will be the same at the next call, so that calling on is of no use for a while.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str,
        blame: Literal["user", "service", "network", "livecam"],
        is_throttle: bool = False,
        is_lasting: bool = False,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.blame = blame
        self.is_throttle = is_throttle
        self.is_lasting = is_lasting


class OutputError(LivecamError):
    """A file cannot be written or a window cannot be shown."""
