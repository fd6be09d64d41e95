"""The office scene: the portrait's face at a desk for a compressed day, with exact truth. Pure.

Made to be measured on: expressions are smaller than those of the demo scene, the mouth also moves when
somebody only talks, and light, noise, blinks and shifts of the head change much that means nothing.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from livecam.faces import BoundingBox, Emotion
from livecam.native import cv2
from livecam.sources.demo_scene.backdrop import Backdrop
from livecam.sources.demo_scene.expressions import Expression, Mouth, blend
from livecam.sources.demo_scene.noise import SensorNoise
from livecam.sources.demo_scene.office_figure import OfficeFigure
from livecam.sources.demo_scene.office_schedule import TALK, WALK
from livecam.sources.demo_scene.portrait import FACE_BOX, load_portrait
from livecam.sources.demo_scene.scene import SceneTruth, TrueFace

if TYPE_CHECKING:
    from livecam.frames import Image
    from livecam.sources.demo_scene.office_schedule import Presence, Schedule

WIDTH, HEIGHT, FPS = 640, 360, 10.0
RAMP = 0.3
"""Seconds in which an expression forms, and in which the head goes to another place."""
LOOKS: dict[Emotion, Expression] = {
    Emotion.CALM: Expression(),
    Emotion.HAPPY: Expression({"smile": 0.9, "eyes_narrow": 0.2}),
    Emotion.ANGRY: Expression({"frown": 1.0, "nose_wrinkle": 0.3}),
    Emotion.SURPRISED: Expression({"brows_up": 1.0, "glasses_up": 0.8}, Mouth(jaw=0.35, roundness=0.6)),
    Emotion.SAD: Expression({"corners_down": 1.0, "frown": 0.35}),
}
"""The expressions of this scene."""

_FACE_HEIGHT = 0.28
"""Of the frame, in the middle of the seat."""
_BLINK = 0.15
"""Seconds."""
_LID = 2.6
"""Strength of the muscle that narrows the eyes, in the middle of a blink."""
_JAW = 0.22
"""How far it drops with each syllable."""
_DARK = 0.72
"""Of the light, without the lamp."""
_SWITCHING = 0.1
"""Seconds in which the lamp comes up."""
_EXPOSURE = 0.02
"""Seconds; what moves in that time is blurred."""
_BLURRED_FROM = 60.0
"""Pixels per second of the head."""
_MONITOR = (0.06, 0.16, 0.20, 0.34)
"""Left, top, width, height of a screen on the wall, in fractions."""


@dataclass(frozen=True, slots=True)
class _Pose:
    """Where the face is: centre and height in fractions of the frame, degrees clockwise."""

    x: float
    y: float
    height: float
    roll: float


class OfficeScene:
    """A person at a desk, or an empty room, as a schedule has it.

    Args:
        schedule: what happens when.
        width: of the pictures, pixels.
        height: of the pictures, pixels.
        portrait: BGR, shape (600, 512, 3); the real one unless a test brings its own.

    Raises:
        MissingDependency: the portrait is not installed.
        SourceUnavailable: the portrait is not the one that was pinned.
    """

    def __init__(
        self, schedule: Schedule, width: int = WIDTH, height: int = HEIGHT, *, portrait: Image | None = None
    ) -> None:
        self.schedule = schedule
        self._width, self._height = width, height
        self._figure = OfficeFigure(load_portrait() if portrait is None else portrait)
        self._room = Backdrop(width, height).crop(0.0, 0.0)
        self._noise = SensorNoise(width, height)
        self._cues_at = [cue.at for cue in schedule.cues]
        self._shifts_at = [shift.at for shift in schedule.shifts]

    def render(self, t: float) -> Image:
        """Return the picture at `t` seconds, BGR, shape (height, width, 3)."""
        image = self._room.copy()
        self._light_monitor(image, t)
        presence = self.schedule.presence_at(t)
        if presence is not None:
            image = self._with_person(image, presence, t)
        light = self._light(t)
        if light < 1.0:
            image = np.asarray(cv2.convertScaleAbs(image, alpha=light), np.uint8)
        self._noise.add_to(image, round(t * FPS))
        return image

    def truth(self, t: float) -> SceneTruth:
        """Return what is to be seen at `t` seconds."""
        presence = self.schedule.presence_at(t)
        if presence is None:
            return SceneTruth(())
        pose = self._pose(presence, t)
        width = pose.height * FACE_BOX[2] / FACE_BOX[3] * self._height / self._width
        box = BoundingBox.around((pose.x, pose.y), width, pose.height)
        share = min(round(box.clamped().area / box.area, 9), 1.0)
        if share <= 0:
            return SceneTruth(())
        previous, current, formed = self._expressions(t)
        prevails = current if formed >= 0.5 else previous  # noqa: PLR2004  more than half
        return SceneTruth((TrueFace(box, share, prevails, formed < 1.0),))

    def _with_person(self, image: Image, presence: Presence, t: float) -> Image:
        """Return the picture with the person in it, blurred as far as they move while it is exposed."""
        figure = self._figure.with_expression(self._expression(t))
        speed = math.dist(*(self._centre(presence, at) for at in (t - _EXPOSURE, t + _EXPOSURE)))
        if speed / (2 * _EXPOSURE) < _BLURRED_FROM:
            self._lay(image, figure, self._pose(presence, t))
            return image
        begin, end = image.copy(), image
        self._lay(begin, figure, self._pose(presence, t - _EXPOSURE / 2))
        self._lay(end, figure, self._pose(presence, t + _EXPOSURE / 2))
        return np.asarray(cv2.addWeighted(begin, 0.5, end, 0.5, 0.0), np.uint8)

    def _lay(self, image: Image, figure: Image, pose: _Pose) -> None:
        self._figure.lay(
            image,
            figure,
            (pose.x * self._width, pose.y * self._height),
            pose.height * self._height,
            pose.roll,
        )

    def _centre(self, presence: Presence, t: float) -> tuple[float, float]:
        pose = self._pose(presence, t)
        return pose.x * self._width, pose.y * self._height

    def _pose(self, presence: Presence, t: float) -> _Pose:
        index = bisect_right(self._shifts_at, t) - 1
        now = self.schedule.shifts[max(index, 0)]
        before = self.schedule.shifts[max(index - 1, 0)]
        if before.at < presence.begins_at:
            before = now
        share = _smooth((t - now.at) / RAMP)

        def between(name: str) -> float:
            return float(getattr(before, name) + (getattr(now, name) - getattr(before, name)) * share)

        return _Pose(
            x=0.52 + between("dx") + 0.003 * math.sin(1.9 * t) + _away(presence, t),
            y=0.50 + between("dy") + 0.003 * math.sin(1.3 * t + 1),
            height=_FACE_HEIGHT * between("size") * (1 + 0.008 * math.sin(0.7 * t)),
            roll=between("roll") + 0.7 * math.sin(0.9 * t + 2),
        )

    def _expressions(self, t: float) -> tuple[Emotion, Emotion, float]:
        """Return the expression before, the one that is forming or held, and how far it has formed, 0..1."""
        index = max(bisect_right(self._cues_at, t) - 1, 0)
        cue = self.schedule.cues[index]
        presence = self.schedule.presence_at(t)
        is_first = index == 0 or (presence is not None and cue.at == presence.begins_at)
        before = cue.expression if is_first else self.schedule.cues[index - 1].expression
        return before, cue.expression, 1.0 if is_first else _smooth((t - cue.at) / RAMP)

    def _expression(self, t: float) -> Expression:
        """Return the whole face: what it expresses, and what means nothing."""
        previous, current, formed = self._expressions(t)
        face = blend(LOOKS[previous], LOOKS[current], formed)
        lid = self._blink(t)
        if lid > 0:
            face = replace(face, muscles={**face.muscles, "eyes_narrow": lid})
        if self.schedule.activity_at(t) == TALK:
            # Two rates that beat: syllables at 3-5 a second, with pauses between words.
            said = max(0.0, math.sin(2 * math.pi * 4.1 * t) + 0.5 * math.sin(2 * math.pi * 0.9 * t))
            face = replace(face, mouth=replace(face.mouth, jaw=face.mouth.jaw + _JAW * min(said, 1.0)))
        return face

    def _blink(self, t: float) -> float:
        index = bisect_right(self.schedule.blinks, t) - 1
        since = t - self.schedule.blinks[index] if index >= 0 else math.inf
        return _LID * math.sin(math.pi * since / _BLINK) if since < _BLINK else 0.0

    def _light(self, t: float) -> float:
        """Return how bright the room is, 0..1."""
        index = bisect_right(self.schedule.lamp, t)
        if index == 0:
            return 1.0
        share = _smooth((t - self.schedule.lamp[index - 1]) / _SWITCHING)
        return _DARK + (1 - _DARK) * (1 - share if index % 2 else share)

    def _light_monitor(self, image: Image, t: float) -> None:
        """Draw what is on the screen: other colours every few seconds."""
        left, top, width, height = _MONITOR
        x, y = round(left * self._width), round(top * self._height)
        to = x + round(width * self._width), y + round(height * self._height)
        step = math.floor(t / 2.5)
        colour = tuple(60 + (step * factor) % 150 for factor in (53, 71, 97))
        cv2.rectangle(image, (x, y), to, colour, -1)


def changes(schedule: Schedule) -> tuple[tuple[float, Emotion], ...]:
    """Return each instant at which another expression prevails while somebody is there, and which."""
    begins = {presence.begins_at for presence in schedule.presences}
    return tuple((cue.at + RAMP / 2, cue.expression) for cue in schedule.cues if cue.at not in begins)


def _away(presence: Presence, t: float) -> float:
    """Return how many frame widths the person is out to the right, 0..1."""
    come = _smooth((t - presence.begins_at) / WALK) if presence.walks_in else 1.0
    gone = _smooth((t - presence.ends_at + WALK) / WALK) if presence.walks_out else 0.0
    return 1.0 - come + gone


def _smooth(value: float) -> float:
    """Return 0 up to 0, 1 from 1, and the smooth step between."""
    clipped = min(max(value, 0.0), 1.0)
    return clipped * clipped * (3 - 2 * clipped)
