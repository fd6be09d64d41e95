from __future__ import annotations

import subprocess
import sys

import pytest

import livecam

HEAVY = ("cv2", "av", "boto3", "botocore", "pydantic", "numpy", "starlette", "uvicorn", "websockets", "rich")


def test_all_is_sorted_and_is_what_there_is() -> None:
    assert sorted(livecam.__all__) == livecam.__all__
    assert dir(livecam) == livecam.__all__
    for name in livecam.__all__:
        assert getattr(livecam, name) is not None
    homes = {name for names in livecam._HOMES.values() for name in names}
    assert homes == set(livecam.__all__) - {"__version__"}


def test_what_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'detekt'"):
        _ = livecam.detekt  # type: ignore[attr-defined]


@pytest.mark.parametrize("statement", ["import livecam", "import livecam.cli.app"])
def test_importing_it_loads_nothing_heavy_and_sets_no_environment(statement: str) -> None:
    code = (
        f"import os, sys; before = dict(os.environ); {statement};"
        f"print([name for name in {HEAVY!r} if name in sys.modules], before == dict(os.environ))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[] True"
