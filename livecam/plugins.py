"""Sources, detectors and sinks that other packages bring: found by entry point, nothing to register.

A package says in its `pyproject.toml` what it brings; what is named there is called as the matching
shape below says, and returns what fits the plug of `protocols.py`:

    [project.entry-points."livecam.detectors"]
    my-model = "my_package:MyDetector"      # livecam run --detector my-model
    [project.entry-points."livecam.sources"]
    theta = "my_package:ThetaCamera"        # livecam run theta:192.168.1.7
    [project.entry-points."livecam.sinks"]
    mqtt = "my_package:MqttSink"            # livecam run --sink mqtt:broker.local
"""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, Protocol

from livecam.errors import MissingDependency, UsageError

if TYPE_CHECKING:
    from livecam.clock import Clock
    from livecam.protocols import EventListener, FaceDetector, FrameSink, FrameSource

SOURCES = "livecam.sources"
DETECTORS = "livecam.detectors"
SINKS = "livecam.sinks"


class SourceFactory(Protocol):
    """Makes a source; an entry point of the group `livecam.sources`, named after the address's scheme."""

    def __call__(self, address: str, *, source: str, clock: Clock, publish: EventListener) -> FrameSource:
        """Return the source at `address`, what follows `NAME:`; `source` is the id for its frames."""


class DetectorFactory(Protocol):
    """Makes a detector; an entry point of the group `livecam.detectors`."""

    def __call__(self, *, clock: Clock) -> FaceDetector:
        """Return a detector; heavy work belongs into its `warm`."""


class SinkFactory(Protocol):
    """Makes a sink; an entry point of the group `livecam.sinks`."""

    def __call__(self, argument: str, *, clock: Clock) -> FrameSink:
        """Return a sink; `argument` is what follows `NAME:`, or nothing."""


def names(group: str) -> list[str]:
    """Return the names that installed packages bring in a group, in order."""
    return sorted({entry.name for entry in entry_points(group=group)})


def load(group: str, name: str) -> Any:  # noqa: ANN401  one of the factories above; mypy cannot see the package
    """Return what an installed package brings under a name.

    Raises:
        UsageError: nothing of that name is installed.
        MissingDependency: it is, and cannot be loaded.
    """
    for entry in entry_points(group=group):
        if entry.name == name:
            try:
                return entry.load()
            except Exception as error:
                raise MissingDependency(
                    f"the plugin {name} ({entry.value}) cannot be loaded: {type(error).__name__}: {error}"
                ) from error
    known = ", ".join(names(group)) or "none"
    raise UsageError(f"no plugin named {name} is installed for {group}; there are: {known}")
