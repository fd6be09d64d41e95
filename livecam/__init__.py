"""livecam: a real-time webcam monitor that shows what faces appear to express."""

from livecam.clock import Clock, SystemClock
from livecam.detections import Answer, Detection, DetectorInfo
from livecam.errors import LivecamError
from livecam.faces import BoundingBox, Emotion, EmotionScore, Face
from livecam.frames import Frame, SourceInfo
from livecam.pictures import FaceLabel, Picture, Status
from livecam.protocols import FaceDetector, FrameSink, FrameSlot, FrameSource

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "BoundingBox",
    "Clock",
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
    "LivecamError",
    "Picture",
    "SourceInfo",
    "Status",
    "SystemClock",
    "__version__",
]
