"""Disks and system files of a run's own: mounts that nobody else sees. Linux, where it is allowed."""

from __future__ import annotations

import contextlib
import functools
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WAYS = (("unshare", "--mount"), ("unshare", "--map-root-user", "--mount"))
BLOCK = 65536
NOT_ALLOWED = "no mounts of one's own are allowed here"
"""What a fault that needs them says."""


@functools.cache
def way() -> Sequence[str]:
    """Return the command that makes a namespace of mounts here; nothing where that is not allowed."""
    for each in _WAYS:
        with contextlib.suppress(OSError):
            command = [*each, "mount", "-t", "tmpfs", "none", "/mnt"]
            tried = subprocess.run(command, capture_output=True, check=False)  # noqa: S603  ours
            if tried.returncode == 0:
                return each
    return ()


def with_files(files: dict[str, Path]) -> list[str]:
    """Return what a command is started by that finds others in the place of system files.

    Args:
        files: by the path at which each is to be found.
    """
    script = " && ".join(f"mount --bind '{file}' '{path}'" for path, file in files.items())
    return [*way(), "sh", "-c", f'{script} && exec "$@"', "sh"]


class SmallDisk:
    """A disk of a few megabytes, in memory; `small_disk` makes one.

    Args:
        holder: process that keeps it.
        folder: where those find it who are started by `prefix`.
    """

    def __init__(self, holder: subprocess.Popen[bytes], folder: Path) -> None:
        self._pid = holder.pid
        self._folder = folder
        self.prefix = ["nsenter", "--target", str(holder.pid), "--mount", "--preserve-credentials"]
        if "--map-root-user" in way():
            self.prefix.append("--user")
        self.folder = Path(f"/proc/{holder.pid}/root{folder}")
        """Where all others find it."""

    @contextlib.contextmanager
    def full(self) -> Iterator[None]:
        """Leave not a byte."""
        filler = self.folder / "filler"
        with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while file.write(bytes(BLOCK)):
                pass
        try:
            yield
        finally:
            filler.unlink()

    @contextlib.contextmanager
    def read_only(self) -> Iterator[None]:
        """Let nothing that is opened from now on be written."""
        here = f"'{self._folder}'"
        self._do(f"mount --bind {here} {here} && mount -o remount,bind,ro {here}")
        try:
            yield
        finally:
            self._do(f"umount --lazy {here}")

    def _do(self, script: str) -> None:
        subprocess.run([*self.prefix, "sh", "-c", script], check=True, capture_output=True)  # noqa: S603  ours


@contextlib.contextmanager
def small_disk(folder: Path, *, megabytes: int) -> Iterator[SmallDisk]:
    """Mount a small disk on an empty folder."""
    folder.mkdir()
    script = f"mount -t tmpfs -o size={megabytes}m tmpfs '{folder}' && echo ready && exec cat"
    with subprocess.Popen(  # noqa: S603  ours
        [*way(), "sh", "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None  # noqa: S101  it was asked for
        if holder.stdout.readline() != b"ready\n":
            raise RuntimeError("no small disk can be mounted here")
        yield SmallDisk(holder, folder)
        assert holder.stdin is not None  # noqa: S101
        holder.stdin.close()
