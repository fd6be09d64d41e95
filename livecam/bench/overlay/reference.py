"""The reference of one run: who is where on each frame, as the detector under test draws and names them.

Everything is collected while the clip runs, frame after frame, since the scripted detector must know at
once who is who; what is scored against is made at the end, when each box can be smoothed by those after it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from livecam.bench.overlay.paths import UNSEEN, filled, smoothed
from livecam.bench.overlay.persons import PersonLinker
from livecam.bench.overlay.results import TrueFace
from livecam.faces import BoundingBox, Emotion

if TYPE_CHECKING:
    from livecam.bench.overlay.conventions import BoxConvention, PersonsConvention
    from livecam.bench.overlay.truth import ReferenceFace, ReferenceFrame

EMOTIONS = tuple(emotion for emotion in Emotion if emotion is not Emotion.UNKNOWN)
"""One for each person in turn, where the reference names none."""
TALL_FROM = 0.06
"""Height in fractions of the frame from which a face must be shown, however unsure the reference is..."""
SURE_FROM = 0.7
"""...and the score from which it must, however small: the others flicker in the reference itself."""
VISIBLE_FROM = 0.3
"""Share of a face that must be inside the picture for it to be asked for."""
WHOLE = BoundingBox(0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class AnsweredFace:
    """A face as the scripted detector sees it."""

    person: int
    box: BoundingBox
    """In the detector's convention, in fractions of the picture; may reach beyond it."""
    emotion: Emotion


@dataclass(slots=True)
class _Entry:
    """One frame of the reference, and the part of it that is the picture."""

    faces: tuple[ReferenceFace, ...]
    persons: tuple[int, ...]
    window: BoundingBox = WHOLE
    is_shown: bool = False


@dataclass(slots=True)
class Reference:
    """Takes the frames of a clip in order.

    Args:
        convention: how the detector under test draws boxes.
        seed: of the persons' deviations.
    """

    convention: BoxConvention
    seed: int
    _linker: PersonLinker = field(default_factory=PersonLinker)
    _entries: list[_Entry] = field(default_factory=list)
    _persons: dict[int, PersonsConvention] = field(default_factory=dict)

    def add(self, frame: ReferenceFrame, *, is_cut: bool) -> None:
        """Take the next frame of the clip, shown or not."""
        self._entries.append(_Entry(frame.faces, self._linker.link(frame, is_cut=is_cut)))

    def show(self, window: BoundingBox = WHOLE) -> tuple[AnsweredFace, ...]:
        """Say that the newest frame is shown, `window` of it; return what the detector would see in it.

        The boxes are those of the reference, with its own noise.
        """
        entry = self._entries[-1]
        entry.window, entry.is_shown = window, True
        return tuple(
            AnsweredFace(person, self._drawn(person, face.box.within(window)), _emotion(person, face))
            for person, face in zip(entry.persons, entry.faces, strict=True)
            if _visible_share(face.box.within(window)) >= VISIBLE_FROM
        )

    def finished(self) -> tuple[tuple[TrueFace, ...], ...]:
        """Return who must be where, for each frame that was shown; who need not be shown does not count."""
        seen: defaultdict[int, dict[int, ReferenceFace]] = defaultdict(dict)
        for index, entry in enumerate(self._entries):
            for person, face in zip(entry.persons, entry.faces, strict=True):
                seen[person][index] = face
        faces: list[list[TrueFace]] = [[] for _ in self._entries]
        for person, path in sorted(seen.items()):
            for index, face in filled(smoothed(path)).items():
                window = self._entries[index].window
                if self._is_in(person, face.box.within(window)):
                    faces[index].append(self._true_face(person, face, window))
        return tuple(
            tuple(there) for there, entry in zip(faces, self._entries, strict=True) if entry.is_shown
        )

    def _is_in(self, person: int, box: BoundingBox) -> bool:
        """Tell whether anything of a face is in the picture, as it is and as it is drawn."""
        return _visible_share(box) > 0 and self._drawn(person, box).clamped().area > 0

    def _true_face(self, person: int, face: ReferenceFace, window: BoundingBox) -> TrueFace:
        box = face.box.within(window)
        must_be_found = face.score > UNSEEN and (face.box.height >= TALL_FROM or face.score >= SURE_FROM)
        return TrueFace(
            person=person,
            box=self._drawn(person, box).clamped(),
            emotion=_emotion(person, face),
            counts=must_be_found and _visible_share(box) >= VISIBLE_FROM,
        )

    def _drawn(self, person: int, box: BoundingBox) -> BoundingBox:
        if person not in self._persons:
            self._persons[person] = self.convention.of_person(self.seed, person)
        return self._persons[person].drawn(box)


def _visible_share(box: BoundingBox) -> float:
    return box.clamped().area / box.area if box.area > 0 else 0.0


def _emotion(person: int, face: ReferenceFace) -> Emotion:
    return face.emotion or EMOTIONS[person % len(EMOTIONS)]
