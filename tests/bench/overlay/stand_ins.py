"""Parts that stand in for the real ones where those are not what is tested."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.bench.overlay.hold import HoldingPath
from livecam.pictures import FaceLabel, Picture

if TYPE_CHECKING:
    from livecam.detections import Answer, Sighting
    from livecam.faces import Face
    from livecam.frames import Frame
    from livecam.pictures import Status


class TellingLocator:
    """Sees the same faces in every picture and remembers which pictures it was shown."""

    def __init__(self, *faces: Face) -> None:
        self._faces = faces
        self.is_warm = False
        self.looked_at: list[int] = []

    def warm(self) -> None:
        self.is_warm = True

    def locate(self, frame: Frame) -> tuple[Face, ...]:
        self.looked_at.append(frame.sequence)
        return self._faces


class EverySchedule:
    """Lets the finder look as often as it can."""

    def __init__(self) -> None:
        self.hurries: list[bool] = []
        self.costs: list[tuple[float, bool]] = []

    def is_due(self, now: float, *, hurry: bool) -> bool:
        self.hurries.append(hurry)
        return True

    def began(self, now: float) -> None:
        pass

    def took(self, cpu_seconds: float, *, has_found: bool) -> None:
        self.costs.append((cpu_seconds, has_found))


class NotingPath(HoldingPath):
    """Holds boxes, those of the finder as well, and notes in which order it was told what."""

    def __init__(self, notes: list[str]) -> None:
        super().__init__()
        self._notes = notes
        self._seen: Sighting | None = None

    @property
    def wants_finder(self) -> bool:
        return self._seen is None

    def follow(self, frame: Frame) -> None:
        self._notes.append(f"follow {frame.sequence}")
        super().follow(frame)

    def apply(self, answer: Answer) -> None:
        self._notes.append(f"answer {answer.sequence}")
        super().apply(answer)

    def apply_sighting(self, sighting: Sighting) -> None:
        self._notes.append(f"sighting {sighting.sequence}")
        self._seen = sighting

    def finish(self, frame: Frame, now: float, status: Status) -> Picture:
        self._notes.append(f"finish {frame.sequence}")
        picture = super().finish(frame, now, status)
        if picture.faces or self._seen is None:
            return picture
        faces = tuple(
            FaceLabel(90 + index, face.box.clamped(), "on-device", None, None, False, None, None)
            for index, face in enumerate(self._seen.faces)
        )
        return Picture(frame, faces, status, now)
