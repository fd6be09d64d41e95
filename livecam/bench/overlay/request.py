"""What a bench run is asked to do. Values only; the defaults are those of the command line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from livecam.bench.overlay.conventions import SAME, BoxConvention
from livecam.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.tracking.convention import Convention

METHODS = ("hold", "flow", "merged")
"""Hold the last answer's boxes; follow the picture between answers; the same with the on-device finder."""

_LEAST_RATE = 0.01
_RANGES = {
    "latency": (0.0, 60.0),
    "rate": (_LEAST_RATE, 100.0),
    "jitter": (0.0, 3.0),
    "misses": (0.0, 1.0),
    "noise": (0.0, 1.0),
    "speed": (1, 10),
    "finder": (_LEAST_RATE, 30.0),
    "max_seconds": (0.1, 86400.0),
}
"""What a value may be, in its own unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Clips, the network they are to be shown over, and what to compare.

    Raises:
        UsageError: a value is out of its range; the message names it.
    """

    clips: tuple[Path, ...] = ()
    """Video files; none for the demo scene."""
    truth: Path | None = None
    """The reference of the one clip; None for NAME.faces.jsonl beside each, or the finder as a stand-in."""
    latency: float = 0.34
    """Seconds from the capture of a frame to the answer about it; the median where they vary."""
    rate: float = 2.0
    """Answers asked for per second."""
    jitter: float = 0.0
    """How much the latency varies: sigma of its logarithm. 0.5 makes answers overtake each other."""
    misses: float = 0.0
    """Share of faces that an answer leaves out, 0..1, each by chance."""
    convention: BoxConvention = SAME
    """How the detector draws its boxes, compared with the reference."""
    noise: float = 0.0
    """Error of each answered box in position and in size, as a share of the face's size (sigma)."""
    shake: bool = False
    """Whether a virtual camera shakes and pans over the pictures."""
    speed: int = 1
    """2 leaves out every second picture, so that everything moves twice as fast."""
    finder: float | None = 5.0
    """Looks of the on-device finder per second; None: without it, and then without "merged"."""
    methods: tuple[str, ...] = METHODS
    """Of `METHODS`, in the order of the table."""
    seed: int = 0
    """Of everything that is left to chance."""
    max_seconds: float | None = None
    """Of each clip; None for all of it, of the demo scene for one round."""
    prior: Convention | None = None
    """What was learnt of the detector's boxes in an earlier session; None: nothing."""

    def __post_init__(self) -> None:
        """Refuse what cannot be simulated."""
        for name, (least, most) in _RANGES.items():
            value = getattr(self, name)
            if value is not None and not least <= value <= most:
                flag = "duration" if name == "max_seconds" else name
                raise UsageError(f"{flag} {value} is out of range; it must be {least:g} to {most:g}")
        unknown = [method for method in self.methods if method not in METHODS]
        if unknown or not self.methods:
            raise UsageError(f"method {', '.join(unknown) or 'none'} is not one of {', '.join(METHODS)}")
        if self.truth is not None and len(self.clips) != 1:
            raise UsageError(f"a truth file belongs to one clip, and {len(self.clips)} were given; give one")
        if self.finder is None and set(self.methods) == {"merged"}:
            raise UsageError("method merged needs the finder; give it looks per second, or another method")
