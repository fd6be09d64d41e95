"""livecam: a real-time webcam monitor that shows what faces appear to express.

    for picture in livecam.watch(0):                      # a script or a notebook
        print([face.emotion for face in picture.faces])

    async with livecam.open_monitor("demo") as monitor:   # a program with asyncio
        async for picture in monitor:
            ...

    faces = livecam.detect("photo.jpg")                   # one picture

A source, detector or sink of your own is one class that fits its plug: `Connection` (something live) or
`FrameSource`, `FaceDetector`, `FrameSink`. Pass it in, or bring it as a plugin (`livecam.plugins`).
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from livecam.clock import Clock, SystemClock
    from livecam.config import Settings
    from livecam.detections import Answer, Detection, DetectorInfo
    from livecam.errors import LivecamError
    from livecam.faces import BoundingBox, Emotion, EmotionScore, Face
    from livecam.frames import Frame, SourceInfo
    from livecam.monitor import Monitor, open_monitor, watch
    from livecam.one_shot import detect
    from livecam.pictures import FaceLabel, Picture, Status
    from livecam.protocols import Connection, FaceDetector, FrameSink, FrameSlot, FrameSource, LiveView

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "BoundingBox",
    "Clock",
    "Connection",
    "Detection",
    "DetectorInfo",
    "Emotion",
    "EmotionScore",
    "Face",
    "FaceDetector",
    "FaceLabel",
    "Frame",
    "FrameSink",
    "FrameSlot",
    "FrameSource",
    "LiveView",
    "LivecamError",
    "Monitor",
    "Picture",
    "Settings",
    "SourceInfo",
    "Status",
    "SystemClock",
    "__version__",
    "detect",
    "open_monitor",
    "watch",
]

_HOMES = {
    "clock": ("Clock", "SystemClock"),
    "config": ("Settings",),
    "detections": ("Answer", "Detection", "DetectorInfo"),
    "errors": ("LivecamError",),
    "faces": ("BoundingBox", "Emotion", "EmotionScore", "Face"),
    "frames": ("Frame", "SourceInfo"),
    "monitor": ("Monitor", "open_monitor", "watch"),
    "one_shot": ("detect",),
    "pictures": ("FaceLabel", "Picture", "Status"),
    "protocols": ("Connection", "FaceDetector", "FrameSink", "FrameSlot", "FrameSource", "LiveView"),
}
"""Module -> names, loaded when they are used: `import livecam` alone takes no time."""


if not TYPE_CHECKING:  # else no misspelt name would ever be found

    def __getattr__(name: str) -> Any:  # noqa: ANN401  the types are above
        from importlib import import_module

        for home, names in _HOMES.items():
            if name in names:
                return getattr(import_module(f"livecam.{home}"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
