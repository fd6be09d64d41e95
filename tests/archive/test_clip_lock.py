from __future__ import annotations

import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from livecam.archive.clip_lock import take_lock
from livecam.archive.folder import ClipFolder
from livecam.errors import OutputError

if TYPE_CHECKING:
    from pathlib import Path

ID = "20261123-073012-k3f9qa"
HOLDER = """
import sys
from pathlib import Path
from livecam.archive.clip_lock import take_lock
from livecam.archive.folder import ClipFolder
lock = take_lock(ClipFolder(Path(sys.argv[1])), sys.argv[2])
print("held" if lock else "busy", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path) -> ClipFolder:
    return ClipFolder(tmp_path)


def test_one_works_on_a_clip_at_a_time(folder: ClipFolder) -> None:
    lock = take_lock(folder, ID)
    assert lock is not None
    assert take_lock(folder, ID) is None
    lock.release()
    again = take_lock(folder, ID)
    assert again is not None
    again.release()


def test_another_thread_may_release_it_and_nothing_is_left(folder: ClipFolder) -> None:
    lock = take_lock(folder, ID)
    assert lock is not None
    thread = threading.Thread(target=lock.release)
    thread.start()
    thread.join()
    lock.release()
    assert not folder.lock(ID).exists()
    with take_lock(folder, ID) or pytest.fail("it is not free"):
        assert take_lock(folder, ID) is None


def test_a_process_that_is_killed_holds_nothing_any_more(folder: ClipFolder) -> None:
    command = [sys.executable, "-c", HOLDER, str(folder.path), ID]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert take_lock(folder, ID) is None
        holder.kill()
        holder.wait()
    lock = take_lock(folder, ID)
    assert lock is not None
    lock.release()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / ".livecam").touch()
    with pytest.raises(OutputError, match="clips cannot be kept in"):
        take_lock(ClipFolder(tmp_path), ID)
