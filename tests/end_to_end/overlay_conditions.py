"""Made-up faces that move over a made-up room, watched through the real picture path in virtual time.

What a detector and a finder would say of them is known exactly, so that only the path itself is judged.
"""

from __future__ import annotations

import itertools
import math
import random
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from livecam.bench.overlay.detector import VirtualDetector
from livecam.bench.overlay.finder import Looks, VirtualFinder
from livecam.bench.overlay.reference import EMOTIONS, VISIBLE_FROM, AnsweredFace
from livecam.bench.overlay.request import Request
from livecam.bench.overlay.results import ShownFace, ShownFrame, TrueFace
from livecam.bench.overlay.scores import scored
from livecam.faces import BoundingBox, Face
from livecam.frames import Frame
from livecam.motion.follower import GridFollower
from livecam.native import cv2
from livecam.pipeline.finder_schedule import FinderSchedule
from livecam.pipeline.picture import PicturePath
from livecam.tracking.tracks import Tracks
from tests.builders import a_status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from livecam.bench.overlay.results import Scores
    from livecam.detections import Answer
    from livecam.faces import Emotion
    from livecam.frames import Image

KEEP = 4.0
"""Seconds that are remembered, as in a run whose calls may take 3 s."""
START_AT = 1000.0
LOOKS = 5.0
"""Of the finder, per second."""
PATCH = (96, 128)
"""Width and height of a head as it is painted, pixels."""
HEAD = 1.2
"""Size of a head, with its hair and chin, as a multiple of the face's box."""
FEATURES = (
    (0.34, 0.44, 0.08, 0.03),
    (0.66, 0.44, 0.08, 0.03),
    (0.5, 0.58, 0.04, 0.06),
    (0.5, 0.74, 0.14, 0.03),
    (0.5, 0.12, 0.38, 0.1),
)
"""Eyes, nose, mouth and hair: centre and half axes as shares of the head."""
TEXTURE = 320
"""Width of the room as it is painted, pixels."""

Pictures: TypeAlias = "Iterator[tuple[float, Image, dict[int, BoundingBox]]]"
"""Seconds since the first, the picture, and the boxes of those who are in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover:
    """A face that goes round and round, coming nearer and going away."""

    center: tuple[float, float]
    """Of its path, fractions of the picture; as everything here."""
    width: float
    height: float
    reach: tuple[float, float]
    """How far it goes to either side, and up and down."""
    period: float = 2.5
    phase: float = 0.0
    drift: float = 0.0
    """How far its path moves to the right, per second."""
    until: float = math.inf
    """When it is gone from one picture to the next."""

    def box(self, t: float) -> BoundingBox | None:
        """Return where it is at `t` seconds; None once it is gone."""
        if t >= self.until:
            return None
        turn = 2 * math.pi * t / self.period + self.phase
        x = self.center[0] + self.drift * t + self.reach[0] * math.sin(turn)
        y = self.center[1] + self.reach[1] * math.sin(0.7 * turn + 1.0)
        size = 1.0 + 0.1 * math.sin(0.4 * turn)
        return BoundingBox.around((x, y), self.width * size, self.height * size)


def crowd(count: int, size: tuple[int, int]) -> tuple[Mover, ...]:
    """Return so many faces, each in a part of its own of a picture of that width and height."""
    if not count:
        return ()
    chance = random.Random(count)  # noqa: S311  a simulation, not a secret
    columns = max(1, round(math.sqrt(count * size[0] / size[1])))
    rows = math.ceil(count / columns)
    side = min(0.6 * size[1] / rows, 0.6 * size[0] / columns * 4 / 3)
    high, wide = side / size[1], side * 0.75 / size[0]
    room = (1 / columns - 1.1 * wide) / 2, (1 / rows - 1.1 * high) / 2
    return tuple(
        Mover(
            center=((index % columns + 0.5) / columns, (index // columns + 0.5) / rows),
            width=wide,
            height=high,
            reach=(min(0.6 * wide, room[0]), min(0.3 * high, room[1])),
            period=chance.uniform(2.0, 3.5),
            phase=chance.uniform(0.0, 6.0),
        )
        for index in range(count)
    )


class Room:
    """Draws the movers.

    Args:
        size: width and height, pixels.
        seed: two rooms of one seed, and the people in them, look alike.
        first: number of the first person.
    """

    def __init__(
        self, size: tuple[int, int], movers: Sequence[Mover], *, seed: int = 0, first: int = 0
    ) -> None:
        chance = np.random.default_rng(seed)
        painted = _noise(chance, TEXTURE, round(TEXTURE * size[1] / size[0]), 40 + 130 * (seed % 2), 2.5)
        self._empty = np.asarray(cv2.resize(painted, size, interpolation=cv2.INTER_LINEAR), np.uint8)
        self._movers = movers
        self._faces = [_painted_face(chance) for _ in movers]
        self._mask = np.zeros(PATCH[::-1], np.uint8)
        cv2.ellipse(
            self._mask, (PATCH[0] // 2, PATCH[1] // 2), (PATCH[0] // 2, PATCH[1] // 2), 0, 0, 360, 255, -1
        )
        self._first = first

    def play(self, times: Sequence[float]) -> Pictures:
        """Yield a picture for each of these instants."""
        for t in times:
            boxes = {self._first + index: mover.box(t) for index, mover in enumerate(self._movers)}
            there = {person: box for person, box in boxes.items() if box is not None}
            image = self._empty.copy()
            for person, box in there.items():
                head = BoundingBox.around(box.center, box.width * HEAD, box.height * HEAD)
                self._lay(image, self._faces[person - self._first], head)
            yield t, image, there

    def _lay(self, image: Image, face: Image, box: BoundingBox) -> None:
        rows, columns = image.shape[:2]
        left, top, right, bottom = box.edges_in_pixels(columns, rows)
        if left >= right or top >= bottom:
            return
        across, down = box.width * columns / PATCH[0], box.height * rows / PATCH[1]
        to = np.array([[across, 0, box.left * columns - left], [0, down, box.top * rows - top]])
        reach = right - left, bottom - top
        placed = cv2.warpAffine(face, to, reach, borderMode=cv2.BORDER_REPLICATE)
        cv2.copyTo(placed, cv2.warpAffine(self._mask, to, reach), image[top:bottom, left:right])


def _noise(chance: np.random.Generator, width: int, height: int, mean: float, grain: float) -> Image:
    """Return soft noise: flow needs slopes."""
    rough = chance.normal(mean, 150, (height, width, 3)).astype(np.float32)
    soft = cv2.GaussianBlur(rough, (0, 0), grain)
    return np.asarray(np.clip(soft, 0, 255), np.uint8)


def _painted_face(chance: np.random.Generator) -> Image:
    """Return skin with eyes, a nose and a mouth, each where it is on this person."""
    face = _noise(chance, *PATCH, chance.uniform(130, 190), 4.0)
    width, height = PATCH

    def part(x: float, y: float, wide: float, high: float) -> None:
        middle = int(width * x + chance.uniform(-4, 4)), int(height * y + chance.uniform(-4, 4))
        shade = [float(value) for value in chance.uniform(20, 90, 3)]
        cv2.ellipse(face, middle, (int(width * wide), int(height * high)), 0, 0, 360, shade, -1)

    for x, y, wide, high in FEATURES:
        part(x, y, wide, high)
    return face


def steps(seconds: float, *intervals: float, start: float = 0.0) -> list[float]:
    """Return the times of frames that are so far apart, the intervals taken in turn."""
    times = itertools.accumulate(itertools.cycle(intervals), initial=start)
    return list(itertools.takewhile(lambda t: t < start + seconds - 1e-9, times))


class _KnowingLocator:
    """Sees who is there: fits `FaceLocator`."""

    faces: tuple[Face, ...] = ()

    def warm(self) -> None:
        pass

    def locate(self, frame: Frame) -> tuple[Face, ...]:
        return self.faces


class Screen:
    """One picture path at work, and what it has shown.

    Args:
        name: "flow", following alone, or "merged", with the finder as well.
        cpu: what following is told of its cost.
    """

    def __init__(self, name: str, cpu: Callable[[], float]) -> None:
        self.name = name
        self.shown: list[ShownFrame] = []
        self.truth: list[tuple[TrueFace, ...]] = []
        self.most_remembered = 0
        """Frames, or boxes of one face, whichever were most."""
        self._follower = GridFollower(keep=KEEP, cpu=cpu)
        self._tracks = Tracks(keep=KEEP)
        self.path = PicturePath(tracks=self._tracks, follower=self._follower)
        self._locator = _KnowingLocator()
        self._finder = (
            VirtualFinder(Looks(self._locator), FinderSchedule(LOOKS)) if name == "merged" else None
        )

    @property
    def scores(self) -> Scores:
        """How well it did, as the benchmark has it."""
        return scored(self.name, self.truth, self.shown).scores

    def ids(self, since: float, until: float = math.inf) -> set[int]:
        """Return the track ids that were shown in these seconds."""
        return {face.track_id for frame in self.shown if since <= frame.at < until for face in frame.faces}

    def take(self, frame: Frame, answers: Sequence[Answer]) -> None:
        """Take a frame and what has come with it, in the order in which a run does it."""
        sightings = self._finder.take(frame.captured_at) if self._finder else ()
        self.path.follow(frame)
        for sighting in sightings:
            self.path.apply_sighting(sighting)
        for answer in answers:
            self.path.apply(answer)
        histories = [len(track.history._boxes) for track in self._tracks._tracks]
        remembered = max(len(self._follower._frames), len(self._tracks.frames), *histories, 0)
        self.most_remembered = max(self.most_remembered, remembered)

    def show(self, frame: Frame, truth: tuple[TrueFace, ...], now: float, detector: VirtualDetector) -> None:
        """Show a frame, the newest or one before it, and note who was to be seen on it."""
        picture = self.path.finish(frame, now, a_status())
        faces = tuple(ShownFace(face.track_id, face.box, face.emotion) for face in picture.faces)
        # An answer about a newer frame than this one says nothing about the labels that belong on it.
        answered = min(detector.answered or 0, frame.sequence) if detector.answered is not None else None
        self.truth.append(truth)
        self.shown.append(
            ShownFrame(frame.sequence, frame.media_time, faces, detector.known, answered=answered)
        )

    def look(self, frame: Frame, boxes: dict[int, BoundingBox]) -> None:
        """Let the finder look, if there is one and it is due."""
        if self._finder:
            self._locator.faces = tuple(
                Face(box.clamped(), 95.0) for box in boxes.values() if _is_visible(box)
            )
            self._finder.offer(frame, hurry=self.path.wants_finder)


@dataclass(frozen=True, slots=True)
class Watched:
    """What was shown of some pictures."""

    flow: Screen
    """By following alone."""
    merged: Screen
    """With the finder as well."""
    overtaken: int
    """Answers that came after one about a newer frame."""

    @property
    def screens(self) -> tuple[Screen, Screen]:
        return self.flow, self.merged


def watch(
    pictures: Pictures,
    request: Request | None = None,
    *,
    held: float = 0.0,
    cpu: Callable[[], float] = lambda: 0.0,
) -> Watched:
    """Watch pictures in order.

    Args:
        request: its latency, rate, jitter, misses, convention, noise and seed count.
        held: seconds that each picture is held back before it is shown; the last ones are not shown.
        cpu: what following is told of its cost; by default that it costs nothing.
    """
    request = request or Request()
    flow, merged = Screen("flow", cpu), Screen("merged", cpu)
    detector = VirtualDetector(request)
    waiting: deque[tuple[Frame, tuple[TrueFace, ...]]] = deque()
    newest_answer = overtaken = 0
    for sequence, (t, image, boxes) in enumerate(pictures):
        frame = Frame("room", sequence, START_AT + t, t, image)
        asked = _asked(boxes, request)
        waiting.append((frame, tuple(TrueFace(*_seen(face), counts=_is_visible(face.box)) for face in asked)))
        answers = detector.take(frame.captured_at)
        for answer in answers:
            overtaken += answer.sequence < newest_answer
            newest_answer = max(newest_answer, answer.sequence)
        for screen in (flow, merged):
            screen.take(frame, answers)
        while waiting and waiting[0][0].captured_at <= frame.captured_at - held:
            earlier, truth = waiting.popleft()
            for screen in (flow, merged):
                screen.show(earlier, truth, frame.captured_at, detector)
        for screen in (flow, merged):
            screen.look(frame, boxes)
        detector.offer(frame, tuple(face for face in asked if _is_visible(face.box)))
    return Watched(flow, merged, overtaken)


def _asked(boxes: dict[int, BoundingBox], request: Request) -> list[AnsweredFace]:
    """Return the faces as the detector draws and names them: each person has an emotion to be told by."""
    return [
        AnsweredFace(
            person,
            request.convention.of_person(request.seed, person).drawn(box),
            EMOTIONS[person % len(EMOTIONS)],
        )
        for person, box in boxes.items()
    ]


def _seen(face: AnsweredFace) -> tuple[int, BoundingBox, Emotion]:
    return face.person, face.box.clamped(), face.emotion


def _is_visible(box: BoundingBox) -> bool:
    return box.area > 0 and box.clamped().area >= VISIBLE_FROM * box.area
