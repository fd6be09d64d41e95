"""livecam in a program: a run whose pictures are iterated over, with asyncio or without."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from livecam.compose import Parts, compose
from livecam.config import Settings, load_settings
from livecam.errors import UsageError
from livecam.sinks.picture_stream import PictureStream

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Sequence
    from typing import TypeAlias

    from livecam.compose import Run
    from livecam.frames import SourceInfo
    from livecam.pictures import Picture
    from livecam.protocols import Connection, EventListener, FaceDetector, FrameSink, FrameSource

    Source: TypeAlias = Settings | FrameSource | Callable[[], Connection] | str | int | Path | None
    """What pictures can be asked of: all settings at once, a source of your own or what opens a live one,
    or what the command line takes for SOURCE; None for what the environment and livecam.toml say."""

MODES = ("live", "aligned")

OWN_SOURCE = "own:source"
"""What stands for a source that was passed in, where settings want a name."""


class Monitor:
    """A run that goes on while its pictures are iterated over with `async for`.

    It delivers the newest picture: what the loop's body was too slow for is skipped and counted
    (`skipped`), unless the source can wait.
    """

    def __init__(
        self, run: Run, stream: PictureStream, running: asyncio.Task[str], came: asyncio.Event
    ) -> None:
        self._run = run
        self._stream = stream
        self._running = running
        self._came = came
        self.has_told = False
        """Whether the iteration came to its end, and so has said why the run ended."""

    @property
    def info(self) -> SourceInfo:
        """What the source granted: size in pixels, pictures per second, a description."""
        if self._stream.info is None:
            raise RuntimeError("the monitor is not open")
        return self._stream.info

    @property
    def skipped(self) -> int:
        """Pictures that the loop's body was too slow for."""
        return self._stream.skipped

    def summary(self) -> dict[str, Any]:
        """Return the figures so far: the `livecam.run/1` object that `livecam run --json` prints."""
        return self._run.tally.summary()

    def stop(self) -> None:
        """End the run; the iteration ends after the last picture."""
        _stop_beside(self._run)

    def pause(self, is_paused: bool = True) -> None:  # noqa: FBT001, FBT002  as in monitor.pause(False)
        """Stop sending pictures to the detector, or go on; the picture goes on."""
        if self._run.runner.detection is not None:
            self._run.runner.detection.pause(is_paused)

    def record(self, is_wanted: bool = True) -> None:  # noqa: FBT001, FBT002  as in monitor.record(False)
        """Begin a clip, or stop the one that is being recorded, whatever the settings say.

        Raises:
            UsageError: nothing may be recorded (`no_store`).
        """
        self._run.recording.say(is_wanted)

    def set_mode(self, mode: str) -> None:
        """Show pictures at once ("live"), or once the answers about them may be there ("aligned").

        Raises:
            UsageError: it is neither.
        """
        if mode not in MODES:
            raise UsageError(f"mode {mode!r} is none; give live or aligned")
        self._run.runner.mode.is_aligned = mode == "aligned"

    async def __aiter__(self) -> AsyncIterator[Picture]:
        """Yield pictures until the source ends.

        Raises:
            SourceFailed: the source had delivered and then failed for good.
        """
        while True:
            self._came.clear()
            while (picture := self._stream.take_now()) is not None:
                yield picture
            if self._running.done():
                if self._stream.is_over:
                    self.has_told = True
                    self._running.result()
                    return
                continue
            await self._came.wait()


@contextlib.asynccontextmanager
async def open_monitor(
    source: Source = None,
    *,
    detector: FaceDetector | str | None = None,
    sinks: Sequence[FrameSink] = (),
    listeners: Sequence[EventListener] = (),
    annotated: bool = True,
    **settings: object,
) -> AsyncIterator[Monitor]:
    """Open a source and watch it while the `async with` block runs.

    Args:
        source: a camera's index, a device, a file, an address or "demo"; or a `FrameSource` of your own; or
            a function or class without arguments that opens a `Connection`; or `Settings`.
        detector: one of your own, or the name of one (`--detector`).
        sinks: outputs of your own beside those that the settings ask for.
        listeners: called with every event of `livecam.events`, from any thread.
        annotated: whether `picture.image` holds the annotated picture; False saves the drawing.
        settings: everything else that can be set, as in livecam.toml (`rate=2`, `size="640x480"`).

    Yields:
        The monitor; iterate over it with `async for`.

    Raises:
        SourceUnavailable: the source cannot be opened.
        UsageError: a setting cannot be used.
    """
    came, loop = asyncio.Event(), asyncio.get_running_loop()

    def tell() -> None:
        with contextlib.suppress(RuntimeError):  # the loop was closed before the run had ended
            loop.call_soon_threadsafe(came.set)

    stream = PictureStream(tell)
    run = await asyncio.to_thread(
        _composed, source, detector, (stream, *sinks), listeners, annotated=annotated, given=settings
    )
    running = asyncio.create_task(run.runner.run())
    running.add_done_callback(lambda _: came.set())
    try:
        while stream.info is None and not running.done():
            await came.wait()
            came.clear()
        if stream.info is None:
            running.result()
        monitor = Monitor(run, stream, running, came)
        yield monitor
    finally:
        _stop_beside(run)
        stream.close()
        await asyncio.wait([running])
        await asyncio.to_thread(run.close)  # a webhook may have something left to deliver
        failed = None if running.cancelled() else running.exception()
    if failed is not None and not monitor.has_told:
        raise failed


def watch(
    source: Source = None,
    *,
    detector: FaceDetector | str | None = None,
    sinks: Sequence[FrameSink] = (),
    listeners: Sequence[EventListener] = (),
    annotated: bool = True,
    **settings: object,
) -> Iterator[Picture]:
    """Yield finished pictures, for scripts and notebooks; the run ends with the iteration.

    Takes and raises what `open_monitor` does. The run has a thread of its own, so that it works inside
    a notebook's running event loop too.
    """
    stream = PictureStream()
    run = _composed(source, detector, (stream, *sinks), listeners, annotated=annotated, given=settings)
    errors: list[Exception] = []

    def go() -> None:
        try:
            asyncio.run(run.runner.run())
        except Exception as error:  # noqa: BLE001  raised again below, in the caller's thread
            errors.append(error)
        finally:
            stream.close()

    thread = threading.Thread(target=go, name="livecam-asyncio", daemon=True)
    thread.start()
    try:
        while (picture := stream.take()) is not None:
            yield picture
    finally:
        stream.close()
        run.runner.stop("closed by user")
        thread.join()
        run.close()
    if errors:
        raise errors[0]


def _composed(
    source: Source,
    detector: FaceDetector | str | None,
    sinks: Sequence[FrameSink],
    listeners: Sequence[EventListener],
    *,
    annotated: bool,
    given: dict[str, object],
) -> Run:
    """Return the run; a program gets no window and no status line unless it asks for them."""
    own_source: FrameSource | Callable[[], Connection] | None = None
    own_detector = None if detector is None or isinstance(detector, str) else detector
    if isinstance(source, Settings):
        given = {name: getattr(source, name) for name in source.model_fields_set} | given
    elif isinstance(source, str | int | Path):
        given = {"source": str(source)} | given
    elif source is not None:
        own_source = source
        given = given | {"source": OWN_SOURCE}  # else the one that is set would decide about outputs
    if isinstance(detector, str):
        given = given | {"detector": detector}
    settings = load_settings(given, origin="argument")
    if "view" in given and settings.view in ("window", "web"):
        raise UsageError(
            f"view = {settings.view!r} cannot be used in a program, which shows its pictures itself"
        )
    settings = settings.model_copy(update={"view": "none"})
    parts = Parts(
        source=own_source,
        detector=own_detector,
        sinks=sinks,
        listeners=listeners,
        saves_stills=False,
        is_quiet=True,
        paints=annotated,
    )
    return compose(settings, parts)


def _stop_beside(run: Run) -> None:
    """Stop from a thread: closing a source may take a moment, which the event loop has not."""
    threading.Thread(
        target=run.runner.stop, args=("closed by user",), name="livecam-stop", daemon=True
    ).start()
