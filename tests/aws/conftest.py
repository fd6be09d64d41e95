"""No test of this room sees the machine's own AWS settings."""

from __future__ import annotations

import pytest

from tests.aws.environment import use_stub_environment


@pytest.fixture(autouse=True)
def _stub_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    use_stub_environment(monkeypatch)
