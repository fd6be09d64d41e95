"""What every test may ask for, and what no test may leave behind."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests import requirements

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# The same examples every time, so that a run that fails can be repeated by anybody;
# `--hypothesis-profile default` searches at random.
settings.register_profile("repeatable", derandomize=True, print_blob=True)
settings.load_profile("repeatable")


@pytest.fixture
def media() -> Path:
    return requirements.media_folder()


@pytest.fixture
def models() -> Path:
    return requirements.installed_models()


@pytest.fixture(autouse=True)
def _account_stays() -> Iterator[None]:
    """Fail a test that leaves another AWS account in the environment: later tests would ask it."""
    before = _account()
    yield
    assert _account() == before


def _account() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith("AWS_")}


@pytest.fixture(autouse=True)
def _nothing_is_kept_from_test_to_test(
    _account_stays: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Let what livecam remembers between runs be remembered in a folder of the test's own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture(autouse=True)
def _no_error_is_logged(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail a test in which an ERROR was logged, unless it is marked `logs_errors`."""
    yield
    if request.node.get_closest_marker("logs_errors"):
        return
    errors = [record.getMessage() for record in caplog.get_records("call") if record.levelno >= logging.ERROR]
    assert not errors, f"logged: {errors}"
