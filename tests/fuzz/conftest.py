"""No case sees the settings and accounts of this machine; how many there were can be told."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.aws.environment import use_stub_environment
from tests.fuzz.cases import counts


@pytest.fixture(autouse=True)
def _nothing_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    use_stub_environment(monkeypatch)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in [name for name in os.environ if name.startswith("LIVECAM_") and name != "LIVECAM_MODELS"]:
        monkeypatch.delenv(name)


def pytest_sessionfinish() -> None:
    """Tell `scripts/fuzz` how many cases there were."""
    if "FUZZ_COUNTS" in os.environ:
        Path(os.environ["FUZZ_COUNTS"]).write_text(json.dumps(counts), encoding="utf-8")
