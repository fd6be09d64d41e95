from __future__ import annotations

import subprocess
import sys

import pytest

import livecam

HEAVY = ("cv2", "av", "boto3", "botocore", "pydantic", "numpy", "starlette", "uvicorn", "websockets", "rich")


def test_all_is_sorted_and_complete() -> None:
    assert sorted(livecam.__all__) == livecam.__all__
    public = {name for name in vars(livecam) if not name.startswith("_")}
    modules = {name for name in public if f"livecam.{name}" in sys.modules}
    assert public - modules == set(livecam.__all__) - {"__version__"}


@pytest.mark.parametrize("statement", ["import livecam", "import livecam.cli.app"])
def test_importing_it_loads_nothing_heavy_and_sets_no_environment(statement: str) -> None:
    code = (
        f"import os, sys; before = dict(os.environ); {statement};"
        f"print([name for name in {HEAVY!r} if name in sys.modules], before == dict(os.environ))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[] True"
