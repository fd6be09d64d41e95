"""Clips on S3 and their jobs, tried with the real command: killed, cut off, throttled, refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KILLED_WITHIN = 110
"""Seconds for what takes 35 on an idle machine."""
TRIED_WITHIN = 170
"""Seconds for what takes 60 on an idle machine."""
TRIED = (
    "answer lost",
    "session expired",
    "connections refused",
    "no answer",
    "recorded offline",
    "throttled",
    "server errors",
    "word lost",
    "word twice",
    "job failed",
    "bucket deleted",
)


@pytest.mark.timeout(KILLED_WITHIN + 10)
def test_killed_at_random_moments_every_clip_is_stored_and_analysed_once() -> None:
    command = [str(ROOT / "scripts" / "kill_test"), "--cloud", "--times", "6", "--seed", "7", "--json"]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=KILLED_WITHIN)
    told = json.loads(result.stdout)
    assert told["problems"] == []
    assert result.returncode == 0
    assert sum(told["kills"].values()) == 6
    assert told["kills"].keys() == {"uploading", "submitting", "waiting", "fetching"}
    assert told["videos"] == told["objects"] == told["jobs"] == told["results"] > 0
    assert told["faces"] > 1000


@pytest.mark.timeout(TRIED_WITHIN + 10)
def test_whatever_fails_in_the_cloud_nothing_is_lost_and_all_is_told_in_a_sentence() -> None:
    script = str(ROOT / "scripts" / "faults" / "cloud_trials.py")
    command = [sys.executable, script, "--seconds", "4", "--json", *TRIED]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=TRIED_WITHIN)
    tried = {each["fault"]: each for each in json.loads(result.stdout)["faults"]}
    assert {name: each["problems"] for name, each in tried.items()} == {name: [] for name in TRIED}
    assert result.returncode == 0
    assert any("no bucket" in each for each in tried["bucket deleted"]["said"])
    assert any("has expired" in each for each in tried["session expired"]["said"])
