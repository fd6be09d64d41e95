"""Faults put before a real livecam that shows, records, sends and serves a page: the short version.

`scripts/try_faults` is the long one, with all faults and their figures. Here a fault lasts until it was told
and thirty pictures were shown, however long that takes; how long is not judged.
"""

from __future__ import annotations

import importlib
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.requirements import skip_unless

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).resolve().parents[2] / "scripts" / "faults"
FAULTS = (
    "dns",
    "clock-forward",
    "credentials",
    "disk-full",
    "read-only",
    "ledger-locked",
    "ledger-deleted",
)
"""Those that no other test puts before a whole run."""


@pytest.fixture
def suite() -> Iterator[Any]:
    """Return what imports a module of the suite."""
    sys.path.insert(0, str(FOLDER))
    yield importlib.import_module
    sys.path.remove(str(FOLDER))


@pytest.mark.timeout(180)
@pytest.mark.parametrize("name", FAULTS)
def test_livecam_keeps_its_promises(name: str, suite: Any, tmp_path: Path) -> None:  # noqa: ANN401
    outcome = suite("try_faults").try_fault(name, tmp_path, seconds=0.0, longest_gap=None)
    if outcome.not_tried == suite("own_mounts").NOT_ALLOWED:  # a container may be forbidden them
        pytest.skip(outcome.not_tried)
    skip_unless(outcome.not_tried is None, str(outcome.not_tried))
    assert outcome.problems == []
    assert outcome.recorded > 0
    assert outcome.lost <= 1  # the one that a full disk cut off
    assert outcome.paid > 0


@pytest.mark.timeout(180)
def test_a_kill_at_a_random_moment_costs_one_frame_at_most(suite: Any, tmp_path: Path) -> None:  # noqa: ANN401
    outcome = suite("trial_endings").try_ending("killed", tmp_path, times=1, starts=threading.Lock())
    assert outcome.problems == []
    assert outcome.lost <= 1
    assert outcome.clips > 0
