"""What a test may need beyond the checkout, and whether its absence is a failure."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from livecam.vision import model_files

SHARED = Path(__file__).resolve().parents[2] / "shared"


def skip_unless(condition: bool, reason: str) -> None:  # noqa: FBT001  it reads as a sentence
    """Skip the running test unless the condition holds; fail it under TESTS_REQUIRE=all."""
    if condition:
        return
    if os.environ.get("TESTS_REQUIRE") == "all":
        pytest.fail(f"required by TESTS_REQUIRE=all: {reason}")
    pytest.skip(reason)


def media_folder() -> Path:
    """Return the folder of shared clips and stills, which stands beside the checkout."""
    folder = SHARED / "media"
    skip_unless(folder.is_dir(), f"the shared media are not at {folder}")
    return folder


def seed_answer() -> Path:
    """Return the one recorded Rekognition answer, which stands beside the checkout."""
    path = SHARED / "seed-answer.json"
    skip_unless(path.is_file(), f"the recorded answer is not at {path}")
    return path


def installed_models() -> Path:
    """Return the folder of the installed models."""
    folder = model_files.models_folder()
    is_complete = all(state.state == "ok" for state in model_files.verify(folder))
    skip_unless(is_complete, f"the models are not in {folder}; run: livecam models install")
    return folder
