"""What local-only and no-store promise, seen from outside: by the system's calls and by the files."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("uvicorn", reason="the extra `web` is not installed")

from tests import command_line
from tests.requirements import skip_unless

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

POLLS = 600
"""Of a twentieth of a second."""
IS_ANSWERED = b'livecam_calls_total{detector="on-device",result="ok"}'
TRACED = "trace=connect,sendto,sendmsg,sendmmsg"
GOES_OUT = re.compile(r"(?:connect|sendto|sendmsg|sendmmsg)\(.*sa_family=AF_(?:INET6?|PACKET)\b")
"""A call of the system by which something leaves, or would."""
ACCOUNT = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_REGION": "us-east-1",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
}
"""With these a run takes Rekognition by itself, as none of it leaves this machine."""
BOOKKEEPING = {"browser-key", "conventions.json"}
"""What livecam keeps of a run that stores nothing: a key for open pages, how a detector draws its boxes."""


class Page:
    """What asks a run's server, as a program does."""

    def __init__(self, address: str) -> None:
        self._origin, _, self._token = address.partition("/?t=")

    def get(self, path: str) -> bytes:
        return self._ask(urllib.request.Request(f"{self._origin}/{path}"))  # noqa: S310  this machine

    def press(self, control: str, value: object) -> dict[str, Any]:
        """Use a control; return what the server says."""
        body = json.dumps({"value": value}).encode()
        request = urllib.request.Request(f"{self._origin}/api/controls/{control}", body, method="POST")  # noqa: S310
        request.add_header("Content-Type", "application/json")
        said: dict[str, Any] = json.loads(self._ask(request))
        return said

    def _ask(self, request: urllib.request.Request) -> bytes:
        request.add_header("Authorization", f"Bearer {self._token}")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                return bytes(answer.read())
        except urllib.error.HTTPError as error:
            return bytes(error.read())


@contextlib.contextmanager
def running(
    folder: Path, models: Path, command: Sequence[str | Path]
) -> Iterator[tuple[subprocess.Popen[str], Page]]:
    """Start a command in a folder of its own, which has HOME and temporary files too; yield its page."""
    errors = folder / "errors.txt"
    with (
        errors.open("w") as file,
        subprocess.Popen(
            list(map(str, command)), cwd=folder / "here", env=homes(folder, models), stderr=file, text=True
        ) as process,
    ):
        try:
            yield process, Page(command_line.page_address(errors, process))
        finally:
            process.kill()


def homes(folder: Path, models: Path) -> dict[str, str]:
    """Return an environment in which everything that is written lands in a folder."""
    for name in ("here", "tmp", "home"):
        (folder / name).mkdir(exist_ok=True)
    own = {"LIVECAM_MODELS": str(models), "HOME": str(folder / "home"), "TMPDIR": str(folder / "tmp")}
    own |= {f"XDG_{kind}_HOME": str(folder / "home" / kind.lower()) for kind in ("STATE", "CACHE")}
    return command_line.environment(folder) | own | ACCOUNT


def wait_for(process: subprocess.Popen[str], page: Page, words: bytes) -> None:
    """Wait until the run's figures tell of something."""
    for _ in range(POLLS):
        if words in page.get("metrics"):
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
    pytest.fail(f"{words!r} was never told: {page.get('metrics')!r}")


@pytest.fixture
def strace() -> str:
    program = shutil.which("strace")
    skip_unless(program is not None, "strace is not installed")
    return str(program)


def what_went_out(log: Path) -> list[str]:
    return [line for line in log.read_text(errors="replace").splitlines() if GOES_OUT.search(line)]


def test_a_connection_would_be_seen(strace: str, tmp_path: Path) -> None:
    log = tmp_path / "calls.txt"
    code = "import socket; socket.socket().connect_ex(('127.0.0.1', 9))"
    subprocess.run([strace, "-f", "-o", log, "-e", TRACED, sys.executable, "-c", code], check=True)
    assert len(what_went_out(log)) == 1


def test_local_only_opens_no_connection(strace: str, tmp_path: Path, models: Path) -> None:
    log = tmp_path / "calls.txt"
    livecam = [strace, "-f", "-o", str(log), "-e", TRACED, sys.executable, "-m", "livecam"]
    clips = tmp_path / "clips"
    options = ["--view", "web", "--port", "0", "--no-open", "--record", "all", "--clip-dir", str(clips)]
    command = [*livecam, "run", "demo", "--local-only", *options]
    with running(tmp_path, models, command) as (process, page):
        assert b"<title>livecam</title>" in page.get("")
        wait_for(process, page, IS_ANSWERED)
        assert page.get("snapshot.jpg").startswith(b"\xff\xd8")
        page.press("stop", None)
        assert process.wait(60) == 0, (tmp_path / "errors.txt").read_text()
    assert list(clips.glob("*.mp4"))
    assert what_went_out(log) == []


def test_local_only_keeps_the_doctor_here_too(strace: str, tmp_path: Path, models: Path) -> None:
    log = tmp_path / "calls.txt"
    command = [strace, "-f", "-o", log, "-e", TRACED, sys.executable, "-m", "livecam", "doctor", "--json"]
    environment = homes(tmp_path, models) | {"LIVECAM_LOCAL_ONLY": "1"}
    done = subprocess.run(
        list(map(str, command)), cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    told = json.loads(done.stdout)
    assert "local-only is set" in json.dumps(told)
    assert what_went_out(log) == []


def test_no_store_leaves_no_picture_and_no_face_on_any_disk(tmp_path: Path, models: Path) -> None:
    options = ["--no-store", "--view", "web", "--port", "0", "--no-open"]
    command = [sys.executable, "-m", "livecam", "run", "demo", "--detector", "on-device", *options]
    with running(tmp_path, models, command) as (process, page):
        wait_for(process, page, IS_ANSWERED)
        for control, value in (("record", True), ("snapshot", None)):
            assert "--no-store is set" in json.dumps(page.press(control, value))
        page.press("mark", "here")
        assert page.get("snapshot.jpg").startswith(b"\xff\xd8")
        page.press("stop", None)
        assert process.wait(60) == 0, (tmp_path / "errors.txt").read_text()
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.name for path in written} <= {"errors.txt", *BOOKKEEPING}
