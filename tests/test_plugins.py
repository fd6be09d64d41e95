from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from livecam import plugins
from livecam.errors import MissingDependency, UsageError

if TYPE_CHECKING:
    from pathlib import Path

PACKAGE = """
class Mine:
    def __init__(self, *, clock):
        self.clock = clock
"""
METADATA = "Metadata-Version: 2.1\nName: theirs\nVersion: 1.0\n"
ENTRY_POINTS = "[livecam.detectors]\nmine = theirs:Mine\nbroken = theirs_that_is_not_there:Nothing\n"


@pytest.fixture
def _installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install a package as pip would, for one test."""
    (tmp_path / "theirs.py").write_text(PACKAGE, encoding="utf-8")
    info = tmp_path / "theirs-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(METADATA, encoding="utf-8")
    (info / "entry_points.txt").write_text(ENTRY_POINTS, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "theirs", raising=False)


@pytest.mark.usefixtures("_installed")
def test_an_installed_package_brings_a_detector_by_its_name() -> None:
    assert {"mine", "broken"} <= set(plugins.names(plugins.DETECTORS))
    made = plugins.load(plugins.DETECTORS, "mine")(clock="a clock")
    assert made.clock == "a clock"


@pytest.mark.usefixtures("_installed")
def test_a_plugin_that_cannot_be_loaded_is_told_with_its_name_and_the_reason() -> None:
    with pytest.raises(MissingDependency, match=r"plugin broken .* cannot be loaded: ModuleNotFoundError"):
        plugins.load(plugins.DETECTORS, "broken")


@pytest.mark.usefixtures("_installed")
def test_an_unknown_plugin_is_told_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"no plugin named mina .*broken, mine"):
        plugins.load(plugins.DETECTORS, "mina")


def test_without_plugins_there_are_none() -> None:
    assert plugins.names("livecam.nothing") == []
    with pytest.raises(UsageError, match="there are: none"):
        plugins.load("livecam.nothing", "x")
