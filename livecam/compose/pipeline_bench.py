"""`livecam bench pipeline`: real runs side by side, each in a process of its own, and what they were like.

A process is told its request on standard input, says when it is ready, begins when it is told to, and
answers on standard output: one JSON object a line.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import queue
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from livecam.bench.pipeline.figures import CameraFigures, Round, figures_of
from livecam.bench.pipeline.request import DEMO, Request
from livecam.bench.pipeline.scene import SceneSource, clip_detector, scene_detector
from livecam.bench.pipeline.stages import (
    OF_A_FRAME,
    OF_OUTPUTS,
    StageCpu,
    by_stage,
    process_cpu,
    thread_stages,
)
from livecam.bench.pipeline.watch import WARM_UP, PictureWatch
from livecam.clock import SystemClock
from livecam.compose.run import Parts, compose
from livecam.compose.source import are_stills, is_camera
from livecam.config import Settings
from livecam.errors import LivecamError, UsageError
from livecam.pipeline.foreground import run_in_foreground
from livecam.sinks.display import why_no_window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from livecam.clock import Clock
    from livecam.compose.run import Run

WORKER = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.SIG_IGN);"
    " signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))\n"
    "from livecam.compose.pipeline_bench import answer; answer()"
)
"""Ctrl-C reaches all processes of a terminal: one that still loads leaves it to the one who asked, and
removes its folder when that one ends it."""
READY_WITHIN = 60.0
"""Seconds that a process may take to load everything."""
LATE = 30.0
"""Seconds after its time at which one that has not answered is given up."""
LOOK_EVERY = 0.25
"""Seconds between two tellings of how far a round is."""


@dataclass(frozen=True, slots=True)
class BenchRun:
    """A run that is watched."""

    run: Run
    watch: PictureWatch

    def figures(self) -> CameraFigures | None:
        """Return what it was like, once it is over; None when it showed too little."""
        info = self.watch.info
        dropped = self.run.tally.summary()["frames"]["dropped"]
        return figures_of(info, self.watch.pictures, self.watch.snapshots, dropped) if info else None


def composed(request: Request, clip_dir: Path, clock: Clock) -> BenchRun:
    """Return a run as `livecam run` makes it, with a scripted detector, and watched.

    What it learns about the detector's boxes is not kept: nobody closes it.

    Raises:
        LivecamError: as `compose`.
    """
    cpu = StageCpu()
    watch = PictureWatch(process_cpu, lambda: by_stage(cpu.spent, thread_stages()))
    settings = Settings(
        source=request.source,
        size=request.size,
        duration=WARM_UP + request.duration,
        detector="none",  # one of our own is passed in
        rate=request.rate,
        policy="smart",
        view="window" if request.view == "window" else "none",
        record="all" if request.record else "off",
        clip_dir=clip_dir,
    )
    scene = SceneSource(request.size, clock) if request.source == DEMO else None
    detector = (
        scene_detector(scene.scene, delay=request.latency)
        if scene
        else clip_detector(request.source, delay=request.latency)
    )
    parts = Parts(
        source=scene, detector=detector, sinks=[watch], is_quiet=True, paints=request.view != "none"
    )
    run = compose(settings, parts)
    run.runner.picture = cpu.watched(run.runner.picture, OF_A_FRAME)
    run.runner.sinks = cpu.watched(run.runner.sinks, OF_OUTPUTS)
    return BenchRun(run, watch)


def answer() -> None:
    """Be one of the processes: for `WORKER`."""
    request = Request.from_json(json.loads(sys.stdin.readline()))
    try:
        with tempfile.TemporaryDirectory(prefix="livecam-bench-") as folder:
            bench = composed(request, Path(folder), SystemClock())
            _say({"ready": True})
            if not sys.stdin.readline():
                return  # whoever asked has gone
            run_in_foreground(bench.run.runner, bench.run.window)
            figures = bench.figures()
    except LivecamError as error:
        _say({"error": str(error), "is_usage": isinstance(error, UsageError)})
        return
    _say({"figures": figures.as_json() if figures else None})


def _say(told: dict[str, Any]) -> None:
    print(json.dumps(told), flush=True)  # noqa: T201  it is what this process is for


def measured(
    request: Request, begin: Callable[[str], Callable[[int, int], None]], clock: Clock | None = None
) -> Iterator[Round]:
    """Run round after round and yield what each was like; what was begun ends when the iteration does.

    Args:
        request: what to run.
        begin: begins to tell how far a round of that name is; what it returns is told seconds done of all.
        clock: for that.

    Raises:
        UsageError: the source cannot be run so often, or not at all.
        LivecamError: a run could not start, or showed too little.
    """
    _refuse(request)
    for runners in request.runners:
        name = "1 runner" if runners == 1 else f"{runners} runners"
        yield _one_round(request, runners, begin(name), clock or SystemClock())


def machine() -> dict[str, Any]:
    """Return where it is measured: nothing that names a person or a machine."""
    return {"platform": platform.platform(), "cpus": os.cpu_count(), "python": platform.python_version()}


def _refuse(request: Request) -> None:
    obstacle = why_no_window() if request.view == "window" else None
    if obstacle:
        raise UsageError(f"--view window: {obstacle}; leave it out: pictures are drawn and shown nowhere")
    if request.source == DEMO:
        return
    if are_stills(request.source):
        raise UsageError(f"{request.source} is no video; give a camera, a video, a stream, or nothing")
    if is_camera(request.source) and max(request.runners) > 1:
        raise UsageError(
            f"camera {request.source} can be opened once: give --runners 1, or leave the camera out to have"
            " several scenes side by side"
        )


def _one_round(request: Request, runners: int, progress: Callable[[int, int], None], clock: Clock) -> Round:
    whole = WARM_UP + request.duration
    with _Workers(request, runners) as workers:
        workers.each(READY_WITHIN, clock)
        workers.tell("go")
        began_at = clock.now()
        told = workers.each(
            whole + LATE, clock, lambda: progress(int(min(clock.now() - began_at, whole)), int(whole))
        )
    progress(int(whole), int(whole))
    if not all(each["figures"] for each in told):
        raise LivecamError(
            f"{request.source} showed too few pictures to tell: it must last longer than"
            f" {WARM_UP:g} s, and deliver"
        )
    return Round(tuple(CameraFigures.from_json(each["figures"]) for each in told))


class _Workers:
    """Processes that run the same at the same time."""

    def __init__(self, request: Request, count: int) -> None:
        self._request = request
        self._count = count
        self._said: queue.Queue[tuple[int, str]] = queue.Queue()
        self._processes: list[subprocess.Popen[str]] = []

    def __enter__(self) -> Self:
        for index in range(self._count):
            process = subprocess.Popen(  # noqa: S603  this interpreter, and nothing of the user's
                [sys.executable, "-c", WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            self._processes.append(process)
            threading.Thread(target=self._listen, args=(index, process), daemon=True).start()
        self.tell(json.dumps(self._request.as_json()))
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.terminate()  # one that has answered is ending anyway
        for process in self._processes:
            with contextlib.suppress(OSError):  # it has gone with something unread
                if process.stdin:
                    process.stdin.close()
            try:
                process.wait(LATE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def tell(self, line: str) -> None:
        """Say a line to all; one that has gone is missed when its answer is."""
        for process in self._processes:
            with contextlib.suppress(OSError):
                assert process.stdin is not None  # noqa: S101  it was asked for
                process.stdin.write(f"{line}\n")
                process.stdin.flush()

    def each(
        self, seconds: float, clock: Clock, look: Callable[[], None] = lambda: None
    ) -> Sequence[dict[str, Any]]:
        """Return what each says next, in their order.

        Raises:
            LivecamError: one could not run, has gone, or said nothing for so many seconds.
        """
        until = clock.now() + seconds
        answers: dict[int, dict[str, Any]] = {}
        while len(answers) < self._count:
            look()
            try:
                index, line = self._said.get(timeout=LOOK_EVERY)
            except queue.Empty:
                if clock.now() > until:
                    raise LivecamError(
                        f"a runner said nothing for {seconds:.0f} s; run again with fewer --runners"
                    ) from None
                continue
            if line or index not in answers:  # one that has answered may go while the others are at it
                answers[index] = _understood(line)
        return [answers[index] for index in range(self._count)]

    def _listen(self, index: int, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None  # noqa: S101  it was asked for
        with process.stdout:
            for line in process.stdout:
                self._said.put((index, line))
        self._said.put((index, ""))


def _understood(line: str) -> dict[str, Any]:
    if not line:
        raise LivecamError("a runner ended by itself; run again with fewer --runners, or with --debug")
    told: dict[str, Any] = json.loads(line)
    if "error" in told:
        raise (UsageError if told["is_usage"] else LivecamError)(told["error"])
    return told
