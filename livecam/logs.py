"""Logging with redaction at the root: no handler can print what was not redacted first.

The standard library's logging, so that the libraries below us speak through the same door.
"""

from __future__ import annotations

import logging
import sys
import time
from typing import TYPE_CHECKING, TextIO

from livecam.redaction import redact
from livecam.terminal import one_line, printable

if TYPE_CHECKING:
    from pathlib import Path

log = logging.getLogger(__name__)

PEOPLE_FORMAT = "livecam: %(message)s"
FILE_FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
TALKATIVE = ("boto3", "botocore")
"""Libraries that tell at INFO, with every client, where they have found what."""


class RedactingFormatter(logging.Formatter):
    """Formats a record whole, arguments and traceback included, and redacts the result; times are UTC."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        """Return the finished line without secrets, and without what would steer a terminal that shows it."""
        return printable(redact(super().format(record)))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  logging's name
        """Return the line of a message, which is one whatever a name in it holds; a traceback follows."""
        return one_line(super().formatMessage(record))


class _StandardErrorHandler(logging.StreamHandler[TextIO]):
    """Logging's own report of a failure would go where it just failed, and unredacted."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  logging's name
        """Say nothing: whoever read standard error has left."""


def configure(*, verbosity: int = 0, log_file: Path | None = None) -> None:
    """Send log lines to standard error, and to a file when one is given.

    Args:
        verbosity: -1 errors only, 0 warnings, 1 what happens, 2 everything.
        log_file: gets everything from INFO up, whatever the verbosity.

    Raises:
        OutputError: the log file cannot be written, or another livecam writes it.
    """
    level = {-1: logging.ERROR, 0: logging.WARNING, 1: logging.INFO}.get(verbosity, logging.DEBUG)
    root = logging.getLogger()
    for old in root.handlers[:]:  # first: one may hold the very file
        root.removeHandler(old)
        old.close()
    to_people = _StandardErrorHandler(sys.stderr)
    to_people.setLevel(level)
    to_people.setFormatter(RedactingFormatter(PEOPLE_FORMAT if level > logging.DEBUG else FILE_FORMAT))
    if level > logging.DEBUG:
        to_people.addFilter(_is_wanted)
    root.addHandler(to_people)
    if log_file is not None:
        from livecam.log_file import LogFile

        to_file = LogFile(log_file)
        to_file.setLevel(logging.INFO)
        to_file.setFormatter(RedactingFormatter(FILE_FORMAT))
        to_file.addFilter(_is_wanted)
        root.addHandler(to_file)
    root.setLevel(min(level, logging.INFO if log_file else level))


def note(message: str) -> None:
    """Write an error to the log file alone, because people were told in another way."""
    record = log.makeRecord("livecam", logging.ERROR, "", 0, message, (), None)
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.FileHandler):
            handler.handle(record)


def _is_wanted(record: logging.LogRecord) -> bool:
    """Whether a record is worth a line where not everything is asked for."""
    return record.levelno >= logging.WARNING or not record.name.startswith(TALKATIVE)
