"""How detectors draw boxes compared with the on-device finder, remembered from run to run.

Four numbers for each pair of detector and finder: no face, no picture, nothing about anybody. What is
lost is learnt again within seconds, so nothing that is wrong with the file stops a run.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from livecam.clock import SystemClock
from livecam.tracking.convention import Convention
from livecam.tracking.relation import Relation
from livecam.whole_file import make_folder

if TYPE_CHECKING:
    from livecam.clock import Clock

log = logging.getLogger(__name__)

FILE_NAME = "box-conventions.json"
SCHEMA = "livecam.box-conventions/1"
MOST_BYTES = 100_000
"""A larger file is not ours: one entry takes some 200 bytes."""
FARTHEST = 1.0
"""Of each part of a relation: half the size, twice the size, or a whole box beside is no convention."""
PARTS = ("dx", "dy", "log_width", "log_height")

Pair = tuple[str, str]
"""Names of a detector and of a finder."""


class _NotOurs(ValueError):
    """The file holds what livecam never writes."""


def conventions_file() -> Path:
    """Return where they are remembered unless told otherwise: in the user's data folder."""
    import platformdirs

    return platformdirs.user_data_path("livecam", appauthor=False) / FILE_NAME


class ConventionStore:
    """Remembers a convention for each pair of detector and finder; nothing it does raises.

    A file that is damaged or another program's is moved aside, which a warning says; so it says where
    the file cannot be read or written.

    Args:
        path: the file; its folder is made when it is missing. Both are for their owner only.
        clock: names a file that is moved aside.
    """

    def __init__(self, path: Path | None = None, *, clock: Clock | None = None) -> None:
        self.path = path or conventions_file()
        self._clock = clock or SystemClock()

    def load(self, detector: str, finder: str) -> Convention | None:
        """Return what was learnt of a detector and a finder; None if nothing.

        A finder's name tells its input size: at another one it draws otherwise.
        """
        return self._all().get((detector, finder))

    def save(self, detector: str, finder: str, convention: Convention) -> None:
        """Remember what was learnt; it takes the place of what was known of the same two."""
        if convention.count < 1:
            return
        known = self._all() | {(detector, finder): convention}
        try:
            self._write(json.dumps(_as_document(known), indent=1) + "\n")
        except OSError as error:
            log.warning(
                "how %s draws boxes cannot be kept in %s (%s): it will be learnt anew in the next run",
                detector,
                self.path,
                error.strerror or error,
            )

    def _all(self) -> dict[Pair, Convention]:
        try:
            with self.path.open("rb") as file:
                content = file.read(MOST_BYTES + 1)
            return _from_document(content)
        except FileNotFoundError:
            pass
        except _NotOurs as error:
            self._set_aside(error)
        except OSError as error:
            log.warning(
                "how detectors draw boxes cannot be read from %s (%s): it is learnt anew",
                self.path,
                error.strerror or error,
            )
        return {}

    def _write(self, text: str) -> None:
        """Put a new file in the place of the old one at once: whoever reads sees one or the other, whole."""
        if not self.path.parent.is_dir():
            make_folder(self.path.parent)
        # A name of its own, as another livecam may end at the same time; made with mode 0600.
        handle, name = tempfile.mkstemp(prefix=f"{FILE_NAME}.", suffix=".part", dir=self.path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self.path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise

    def _set_aside(self, error: Exception) -> None:
        aside = Path(f"{self.path}.damaged-{self._clock.wall():%Y%m%d-%H%M%S}")
        try:
            self.path.replace(aside)
        except OSError as obstacle:
            log.warning(
                "%s cannot be used (%s) nor set aside (%s): remove it", self.path, error, obstacle.strerror
            )
        else:
            log.warning(
                "how detectors draw boxes cannot be read (%s): %s is set aside as %s, and it is learnt anew",
                error,
                self.path,
                aside.name,
            )


def _as_document(known: dict[Pair, Convention]) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "conventions": [
            {"detector": detector, "finder": finder, "count": convention.count}
            | {part: round(getattr(convention.relation, part), 6) for part in PARTS}
            for (detector, finder), convention in sorted(known.items())
        ],
    }


def _from_document(content: bytes) -> dict[Pair, Convention]:
    """Return what a file says.

    Raises:
        _NotOurs: it says something else.
    """
    if len(content) > MOST_BYTES:
        raise _NotOurs("it is too large")
    try:
        match json.loads(content):
            case {"schema": schema, "conventions": list(entries)} if schema == SCHEMA:
                return dict(_convention(entry) for entry in entries)
    except (ValueError, RecursionError) as error:
        raise _NotOurs(str(error)) from error
    raise _NotOurs("it is no list of conventions")


def _convention(entry: object) -> tuple[Pair, Convention]:
    match entry:
        case {
            "detector": str(detector),
            "finder": str(finder),
            "count": int(count),
            "dx": dx,
            "dy": dy,
            "log_width": log_width,
            "log_height": log_height,
        } if count >= 1:
            relation = Relation(*map(_part, (dx, dy, log_width, log_height)))
            return (detector, finder), Convention(relation, count)
    raise _NotOurs("an entry is no convention")


def _part(value: object) -> float:
    # Compared, since an int may be too large to become a float; NaN is within nothing.
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= FARTHEST:
        return float(value)
    raise _NotOurs("a number is none that a relation has")
