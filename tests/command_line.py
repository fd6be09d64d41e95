"""Starting the real `livecam` command, as a user would."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

TIMEOUT = 60.0
_POLL = 0.05


def livecam(
    *arguments: str | Path, cwd: Path, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `livecam` without a display and return what it said."""
    return subprocess.run(
        [sys.executable, "-m", "livecam", *map(str, arguments)],
        cwd=cwd,
        env=environment(cwd) | (env or {}),
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )


def environment(cwd: Path) -> dict[str, str]:
    """Return this process's environment without a display or settings of this machine."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("LIVECAM_")}
    kept.pop("DISPLAY", None)
    if "LIVECAM_MODELS" in os.environ:
        kept["LIVECAM_MODELS"] = os.environ["LIVECAM_MODELS"]
    return kept | {"XDG_CONFIG_HOME": str(cwd / "config"), "XDG_DATA_HOME": str(cwd / "data")}


def json_lines(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def page_address(errors: Path, process: subprocess.Popen[Any]) -> str:
    """Wait for the address of the page that a run prints to its standard error, a file; return it."""
    for _ in range(round(TIMEOUT / _POLL)):
        if found := re.search(r"^http://\S+\?t=\S+$", errors.read_text(), re.MULTILINE):
            return found[0]
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_POLL)
            break
    raise AssertionError(f"no address was told: {errors.read_text()}")
