"""Logging with redaction at the root: no handler can print what was not redacted first.

The standard library's logging, so that the libraries below us speak through the same door.
"""

from __future__ import annotations

import contextlib
import logging
import sys
from typing import TYPE_CHECKING, TextIO

from livecam.errors import OutputError
from livecam.redaction import redact

if TYPE_CHECKING:
    from pathlib import Path

log = logging.getLogger(__name__)

PEOPLE_FORMAT = "livecam: %(message)s"
FILE_FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


class RedactingFormatter(logging.Formatter):
    """Formats a record whole, arguments and traceback included, and redacts the result."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the finished line without secrets."""
        return redact(super().format(record))


class _StandardErrorHandler(logging.StreamHandler[TextIO]):
    """Logging's own report of a failure would go where it just failed, and unredacted."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  logging's name
        """Say nothing: whoever read standard error has left."""


class _LogFileHandler(logging.FileHandler):
    """A log file that is given up, once and in one line, when the disk will not take it."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802, ARG002  logging's name
        """Go on without the file."""
        logging.getLogger().removeHandler(self)
        with contextlib.suppress(OSError):
            self.close()
        log.error("the log file %s cannot be written; going on without it", self.baseFilename)


def configure(*, verbosity: int = 0, log_file: Path | None = None) -> None:
    """Send log lines to standard error, and to a file when one is given.

    Args:
        verbosity: -1 errors only, 0 warnings, 1 what happens, 2 everything.
        log_file: gets everything from INFO up, whatever the verbosity.

    Raises:
        OutputError: the log file cannot be written.
    """
    level = {-1: logging.ERROR, 0: logging.WARNING, 1: logging.INFO}.get(verbosity, logging.DEBUG)
    to_people = _StandardErrorHandler(sys.stderr)
    to_people.setLevel(level)
    to_people.setFormatter(RedactingFormatter(PEOPLE_FORMAT if level > logging.DEBUG else FILE_FORMAT))
    handlers: list[logging.Handler] = [to_people]
    if log_file is not None:
        handlers.append(_file_handler(log_file))
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
        old.close()
    for handler in handlers:
        root.addHandler(handler)
    root.setLevel(min(level, logging.INFO if log_file else level))


def _file_handler(log_file: Path) -> logging.Handler:
    try:
        handler = _LogFileHandler(log_file, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"--log-file {log_file} cannot be written: {error.strerror}") from error
    handler.setLevel(logging.INFO)
    handler.setFormatter(RedactingFormatter(FILE_FORMAT))
    return handler
