"""Where a trial works: a folder that is named, and kept, or one that goes with it."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def work_folder(chosen: Path | None) -> Iterator[Path]:
    """Give the folder to work in; made where it is not there."""
    if chosen is not None:
        chosen.mkdir(parents=True, exist_ok=True)
        yield chosen.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="livecam-trial-") as folder:
        yield Path(folder).resolve()
