"""What becomes of pictures and events: the sinks and listeners that the settings ask for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from livecam import plugins
from livecam.compose.source import are_stills
from livecam.errors import UsageError
from livecam.events import OutputFailed
from livecam.sinks.annotated_stills import AnnotatedStillsSink, default_target
from livecam.sinks.emotion_csv import EmotionCsvSink
from livecam.sinks.event_log import EventLog
from livecam.sinks.status_line import StatusLine
from livecam.sinks.trace import TraceSink
from livecam.sinks.video_file import VideoFileSink
from livecam.sinks.webhook import Webhook

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.clock import Clock
    from livecam.config import Settings
    from livecam.pipeline.event_bus import EventBus
    from livecam.protocols import EventListener, FrameSink

STILL_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")


def refuse_clashes(settings: Settings) -> None:
    """Refuse files that would overwrite each other or the source, and names that promise something else.

    Raises:
        UsageError: two of them are the same file, or the output cannot be what its name says.
    """
    files = {"SOURCE": Path(settings.source), "--output": settings.output}
    files |= {"--trace": settings.trace, "--events": settings.events, "--csv": settings.csv}
    seen: dict[Path, str] = {}
    for name, path in files.items():
        if path is None or str(path).startswith("/dev/"):
            continue
        other = seen.setdefault(path.resolve(), name)
        if other != name:
            raise UsageError(f"{name} and {other} are the same file, {path}; one would destroy the other")
    if settings.output is not None:
        _refuse_wrong_name(settings.output, settings.source)


def trace_sinks(settings: Settings, bus: EventBus, clock: Clock) -> list[FrameSink]:
    """Return the sink that writes what was shown, if it is wanted."""
    if not settings.trace:
        return []
    return [TraceSink(settings.trace, on_failure=_loss_of(settings.trace, bus, clock))]


def plain_sinks(settings: Settings, bus: EventBus, clock: Clock, *, is_quiet: bool) -> list[FrameSink]:
    """Return the other sinks that need no pixels."""
    sinks: list[FrameSink] = [] if is_quiet else [StatusLine()]
    if settings.csv:
        lost = _loss_of(settings.csv, bus, clock)
        sinks.append(EmotionCsvSink(settings.csv, clock=clock, on_failure=lost))
    for sink in settings.sink:
        name, _, argument = sink.partition(":")
        factory: plugins.SinkFactory = plugins.load(plugins.SINKS, name)
        sinks.append(factory(argument, clock=clock))
    return sinks


def pixel_sinks(
    settings: Settings, bus: EventBus, clock: Clock, *, saves_stills: bool = True
) -> list[FrameSink]:
    """Return the sinks that write annotated pictures; stills are saved unless told not to be."""
    source = Path(settings.source)
    if are_stills(settings.source):
        if settings.no_store or (not settings.output and not saves_stills):
            return []
        target = settings.output or default_target(source)
        return [AnnotatedStillsSink(target, source=source, is_folder=source.is_dir())]
    if settings.output:
        lost = _loss_of(settings.output, bus, clock)
        return [VideoFileSink(settings.output, publish=bus, on_failure=lost)]
    return []


def event_listeners(settings: Settings, bus: EventBus, clock: Clock) -> list[EventLog | Webhook]:
    """Return those that are told what happens; each wants to be closed after the run."""
    listeners: list[EventLog | Webhook] = []
    if settings.events:
        listeners.append(EventLog(settings.events, on_failure=_loss_of(settings.events, bus, clock)))
    if settings.webhook:
        secret = settings.webhook_secret
        listeners.append(
            Webhook(
                settings.webhook,
                secret=secret.get_secret_value() if secret else None,
                events=frozenset(settings.webhook_events),
                clock=clock,
            )
        )
    for listener in listeners:
        bus.subscribe(listener)
    return listeners


def _refuse_wrong_name(output: Path, source: str) -> None:
    suffix = output.suffix.lower()
    if not are_stills(source):
        if suffix != ".mp4":
            raise UsageError(
                f"--output {output}: the annotated video is an MP4; give a name that ends in .mp4"
            )
    elif Path(source).is_dir():
        if output.is_file() or suffix in (*STILL_SUFFIXES, ".mp4"):
            raise UsageError(f"--output {output}: the annotated pictures of a folder go into a folder")
    elif suffix not in STILL_SUFFIXES:
        raise UsageError(f"--output {output}: give a name that ends in {', '.join(STILL_SUFFIXES)}")


def _loss_of(path: Path, publish: EventListener, clock: Clock) -> Callable[[Exception], None]:
    """Return what is to be done when a file cannot be written any more."""

    def report(error: Exception) -> None:
        publish(OutputFailed(at=clock.now(), source="", output=str(path), message=str(error)))

    return report
