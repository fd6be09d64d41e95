"""Faces as detectors describe them: boxes, scores and attributes.

Coordinates are fractions of the frame (0..1 inside it). Scores and confidences are 0..100
throughout, as Amazon Rekognition gives them. Every member of `Face` but its box and confidence is
optional: a detector leaves out what it cannot know and never invents it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum

LARGEST_SIDE = 4.0
"""Of a box, and how far outside it may begin, in frames: a face at the lens is larger than the picture."""


class Emotion(StrEnum):
    """What a face appears to express: Rekognition's emotion types."""

    HAPPY = "HAPPY"
    SAD = "SAD"
    ANGRY = "ANGRY"
    CONFUSED = "CONFUSED"
    DISGUSTED = "DISGUSTED"
    SURPRISED = "SURPRISED"
    CALM = "CALM"
    FEAR = "FEAR"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class BoundingBox:
    """A rectangle in fractions of the frame's width and height."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Right edge, as a fraction of the frame's width."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Bottom edge, as a fraction of the frame's height."""
        return self.top + self.height

    @property
    def area(self) -> float:
        """Area as a fraction of the frame's."""
        return max(self.width, 0.0) * max(self.height, 0.0)

    @property
    def is_proper(self) -> bool:
        """Whether it can be the box of a face: finite, with an area, hardly larger than the frame."""
        sides = (self.left, self.top, self.width, self.height)
        return (
            all(map(math.isfinite, sides))
            and min(self.width, self.height) > 0
            and max(map(abs, sides)) <= LARGEST_SIDE
        )

    def iou(self, other: BoundingBox) -> float:
        """Return intersection over union with another box, 0..1."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        if across <= 0 or down <= 0:
            return 0.0
        intersection = across * down
        return intersection / (self.area + other.area - intersection)

    @property
    def center(self) -> tuple[float, float]:
        """Its centre: x as a fraction of the frame's width, y of its height."""
        return self.left + self.width / 2, self.top + self.height / 2

    @classmethod
    def around(cls, center: tuple[float, float], width: float, height: float) -> BoundingBox:
        """Return the box of that size around a centre."""
        return cls(center[0] - width / 2, center[1] - height / 2, width, height)

    def moved(self, movement: Movement) -> BoundingBox:
        """Return the box after a movement."""
        x, y = self.center
        return BoundingBox.around(
            (x + movement.dx, y + movement.dy), self.width * movement.scale, self.height * movement.scale
        )

    def clamped(self) -> BoundingBox:
        """Return the part of the box that lies inside the frame."""
        if min(self.left, self.top) >= 0 and max(self.right, self.bottom) <= 1:
            return self
        left, top = min(max(self.left, 0.0), 1.0), min(max(self.top, 0.0), 1.0)
        right, bottom = min(max(self.right, 0.0), 1.0), min(max(self.bottom, 0.0), 1.0)
        return BoundingBox(left, top, right - left, bottom - top)

    def mirrored(self) -> BoundingBox:
        """Return the box in the frame turned left to right."""
        return BoundingBox(1.0 - self.right, self.top, self.width, self.height)

    def within(self, outer: BoundingBox) -> BoundingBox:
        """Return the box, given in fractions of the frame, in fractions of `outer` (which has an area)."""
        return BoundingBox(
            (self.left - outer.left) / outer.width,
            (self.top - outer.top) / outer.height,
            self.width / outer.width,
            self.height / outer.height,
        )

    def placed_in(self, outer: BoundingBox) -> BoundingBox:
        """Return the box, given in fractions of `outer`, in fractions of the frame: undoes `within`."""
        return BoundingBox(
            outer.left + self.left * outer.width,
            outer.top + self.top * outer.height,
            self.width * outer.width,
            self.height * outer.height,
        )

    def edges_in_pixels(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Return left, top, right and bottom in a frame of that many pixels, rounded outwards.

        Right and bottom are the first column and row outside. Every pixel that the box touches is
        inside, and none that is not of the frame.
        """
        inside = self.clamped()
        left, top = math.floor(inside.left * width), math.floor(inside.top * height)
        right, bottom = math.ceil(inside.right * width), math.ceil(inside.bottom * height)
        return left, top, min(right, width), min(bottom, height)


@dataclass(frozen=True, slots=True)
class Movement:
    """How a face moved from one frame to another."""

    dx: float
    """Of its centre, as a fraction of the frame's width."""
    dy: float
    """Of its centre, as a fraction of the frame's height."""
    scale: float = 1.0
    """Its size in the later frame, divided by that in the earlier one."""
    quality: float = 1.0
    """Share of the points on it that went the same way, 0..1: low when something passes before it."""


@dataclass(frozen=True, slots=True)
class EmotionScore:
    """How strongly a face appears to express one emotion."""

    emotion: Emotion
    confidence: float
    """0..100."""


@dataclass(frozen=True, slots=True)
class Landmark:
    """A named point of a face, such as `eyeLeft` (the eye on the image's left side)."""

    kind: str
    x: float
    """Fraction of the frame's width."""
    y: float
    """Fraction of the frame's height."""

    def placed_in(self, outer: BoundingBox) -> Landmark:
        """Return the point, given in fractions of `outer`, in fractions of the frame."""
        return Landmark(self.kind, outer.left + self.x * outer.width, outer.top + self.y * outer.height)

    def within(self, outer: BoundingBox) -> Landmark:
        """Return the point, given in fractions of the frame, in fractions of `outer`: undoes `placed_in`."""
        return Landmark(self.kind, (self.x - outer.left) / outer.width, (self.y - outer.top) / outer.height)


@dataclass(frozen=True, slots=True)
class Pose:
    """How the head is turned, in degrees, each -180..180."""

    roll: float
    yaw: float
    pitch: float


@dataclass(frozen=True, slots=True)
class Quality:
    """How bright and sharp the face is, each 0..100 on the detector's own scale."""

    brightness: float
    sharpness: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """A yes-or-no statement about a face, such as "smiles"."""

    value: bool
    confidence: float
    """0..100, of the value given."""


@dataclass(frozen=True, slots=True)
class AgeRange:
    """Estimated age in years, bounds included."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Gender:
    """Predicted presentation; it says nothing about a person's identity."""

    value: str
    confidence: float
    """0..100."""


@dataclass(frozen=True, slots=True)
class EyeDirection:
    """Where the eyes look, in degrees."""

    yaw: float
    pitch: float
    confidence: float
    """0..100."""


@dataclass(frozen=True, slots=True)
class Face:
    """One face in one frame. None means that the detector did not say."""

    box: BoundingBox
    confidence: float
    """0..100, that this is a face at all; on the detector's own scale."""
    emotions: tuple[EmotionScore, ...] | None = None
    """Strongest first; need not hold every type."""
    landmarks: tuple[Landmark, ...] | None = None
    pose: Pose | None = None
    quality: Quality | None = None
    smile: Judgement | None = None
    age_range: AgeRange | None = None
    gender: Gender | None = None
    eyeglasses: Judgement | None = None
    sunglasses: Judgement | None = None
    beard: Judgement | None = None
    mustache: Judgement | None = None
    eyes_open: Judgement | None = None
    mouth_open: Judgement | None = None
    face_occluded: Judgement | None = None
    eye_direction: EyeDirection | None = None

    def placed_in(self, outer: BoundingBox) -> Face:
        """Return the face, seen in the part `outer` of a frame, as a face of that frame.

        What is an angle or a judgement is the same in both.
        """
        landmarks = self.landmarks and tuple(point.placed_in(outer) for point in self.landmarks)
        return replace(self, box=self.box.placed_in(outer), landmarks=landmarks)
