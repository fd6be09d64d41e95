from __future__ import annotations

import sys

import pytest

from livecam.errors import MissingDependency
from livecam.extras import missing_of, require_package


def test_a_package_that_is_there_is_fine() -> None:
    require_package("json.decoder", purpose="a test needs", extra="bench")


def test_one_that_is_missing_is_told_with_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(
        MissingDependency,
        match=r"^pictures need matplotlib, which is not installed; run: pip install 'livecam\[bench\]'$",
    ):
        require_package("matplotlib.figure", purpose="pictures need", extra="bench")


def test_those_that_are_missing_are_named_and_none_is_imported() -> None:
    before = set(sys.modules)
    assert missing_of(["wave", "no_such_package"]) == ["no_such_package"]
    assert set(sys.modules) == before
