"""One program on one clip against the local endpoint: started, watched, scored from what it displayed."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import Request as HttpRequest
from urllib.request import urlopen

from livecam.bench.overlay.request import Request
from livecam.bench.overlay.trace import score_trace
from livecam.latency import percentile
from livecam.local_aws.endpoint import environment_of
from livecam.vision.model_files import models_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PEERS = Path(__file__).resolve().parents[1] / "peers"
RATE = 2.0
"""Calls per second that livecam may make, and about what the threaded peer makes."""
PATIENCE = 60.0
"""Seconds more than the clip's that a program may take."""
PROGRAMS = ("livecam", "read_call_draw", "threaded_hold")


@dataclass(frozen=True, slots=True)
class Played:
    """What one program made of the clip."""

    displayed: int
    captured: int
    """Frames that the camera delivered until the clip's end, also after the program's."""
    age_p50: float | None
    """Seconds from capture to display."""
    age_p95: float | None
    calls: int
    """Requests that reached the endpoint."""
    answered: int
    """Of these answered with faces: those are paid."""
    iou: float | None
    """Of boxes with the faces that were answered about, up to the program's end."""
    iou_all: float | None
    """Of all faces."""
    ended: str
    """"well", or the name of the error that ended it."""


class LocalService:
    """The endpoint in a process of its own.

    Args:
        url: its address.
    """

    def __init__(self, url: str) -> None:
        self.url = url

    def become(self, plan: Mapping[str, Any]) -> None:
        """Put a fault plan in force and forget all requests."""
        self._ask("PUT", "faults", json.dumps(plan).encode())
        self._ask("DELETE", "requests")

    def outcomes(self) -> list[str]:
        """Return how each DetectFaces ended since the plan was put in force."""
        requests = self._ask("GET", "requests")["requests"]
        return [each["outcome"] for each in requests if each["operation"] == "DetectFaces"]

    def _ask(self, method: str, path: str, body: bytes | None = None) -> Any:  # noqa: ANN401  JSON
        with urlopen(HttpRequest(f"{self.url}/_livecam/{path}", body, method=method)) as answer:  # noqa: S310
            return json.load(answer)


@contextlib.contextmanager
def local_service() -> Iterator[LocalService]:
    """Run `livecam local-aws` on a free port."""
    command = [sys.executable, "-m", "livecam", "local-aws", "--no-moto", "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603  livecam itself
    try:
        assert process.stdout is not None  # noqa: S101  it was asked for
        line = process.stdout.readline()
        if not line.startswith("http"):
            raise SystemExit("the local endpoint did not start; see above")
        yield LocalService(line.split()[0])
    finally:
        process.terminate()
        process.wait()


def dead_url() -> str:
    """Return an address at which connections are refused."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


def played(
    program: str, clip: Path, *, seconds: float, expected: int, url: str, service: LocalService | None
) -> Played:
    """Let a program show the clip, and return what came of it.

    Args:
        program: one of `PROGRAMS`.
        clip: with its reference beside it.
        seconds: of the clip.
        expected: frames that it has until then.
        url: where the calls go.
        service: what answers there; None for nobody.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        trace = folder / "trace.jsonl"
        command = _command(program, clip, folder / "shown.mp4", trace, seconds)
        result = subprocess.run(  # noqa: S603  our own programs
            command,
            cwd=folder,
            env=_environment(folder, url),
            capture_output=True,
            text=True,
            timeout=seconds + PATIENCE,
            check=False,
        )
        outcomes = service.outcomes() if service else []
        lines = [json.loads(line) for line in trace.read_text("utf-8").splitlines()] if trace.exists() else []
        scores = score_trace(Request(), clip, trace).methods[0].scores if lines else None
    ages = sorted(line["displayed_at"] - line["captured_at"] for line in lines)
    captured = json.loads(result.stdout)["frames"]["captured"] if program == "livecam" else expected
    return Played(
        displayed=len(lines),
        captured=captured,
        age_p50=percentile(ages, 0.5),
        age_p95=percentile(ages, 0.95),
        calls=len(outcomes),
        answered=outcomes.count("ok"),
        iou=scores.iou if scores else None,
        iou_all=scores.iou_all if scores else None,
        ended=ending(result.returncode, result.stderr),
    )


def plain_call(picture: Path, url: str) -> tuple[float | None, str]:
    """Let plain boto3 ask about one picture; return the seconds it tells, and how it ended."""
    with tempfile.TemporaryDirectory() as name:
        result = subprocess.run(  # noqa: S603  our own program
            [sys.executable, str(PEERS / "detect_faces.py"), str(picture)],
            env=_environment(Path(name), url),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    told = [line for line in result.stderr.splitlines() if line.startswith("detect_faces:")]
    return (float(told[0].split()[1]) if told else None), ending(result.returncode, result.stderr)


def ending(code: int, said: str) -> str:
    """Return "well", or the name of the error that a program ended with.

    Args:
        code: its exit code.
        said: on standard error.
    """
    if code == 0:
        return "well"
    last = said.strip().splitlines()[-1] if said.strip() else ""
    name = last.partition(":")[0].rpartition(".")[2]
    return name if name.isidentifier() else f"exit code {code}"


def _command(program: str, clip: Path, video: Path, trace: Path, seconds: float) -> Sequence[str]:
    if program != "livecam":
        return [sys.executable, str(PEERS / f"{program}.py"), str(clip), str(video), str(trace), str(seconds)]
    run = [sys.executable, "-m", "livecam", "run", str(clip), "--detector", "rekognition"]
    outputs = ["--view", "none", "--output", str(video), "--trace", str(trace), "--json", "--quiet"]
    return [*run, *outputs, "--rate", str(RATE), "--duration", str(seconds)]


def _environment(folder: Path, url: str) -> dict[str, str]:
    """Return variables under which nothing of this machine's settings counts, and nothing is learnt."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LIVECAM_", "AWS_"))}
    nowhere = str(folder / "nowhere")
    return {
        **kept,
        **environment_of(url),
        "AWS_CONFIG_FILE": nowhere,
        "AWS_SHARED_CREDENTIALS_FILE": nowhere,
        "AWS_EC2_METADATA_DISABLED": "true",
        "LIVECAM_MODELS": str(models_folder()),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_DATA_HOME": str(folder / "data"),
    }
