"""A detector of one's own, in one class. This one takes the brightest spot for a face.

Usage: own_detector.py [SOURCE] [SECONDS]
"""

import typer

import livecam
from livecam.frames import Frame

SIDE = 0.2


class BrightestSpot:
    """Fits `livecam.FaceDetector`; it is called in a thread of its own and may take its time."""

    info = livecam.DetectorInfo("brightest spot", is_approximate=True, unclear_below=50.0)

    def warm(self) -> None:
        """Nothing to load."""

    def detect(self, frame: Frame) -> livecam.Detection:
        """Return one "face"; what a detector does not know, it leaves out."""
        grey = frame.image.mean(axis=2)
        row, column = divmod(int(grey.argmax()), frame.width)
        box = livecam.BoundingBox(column / frame.width - SIDE / 2, row / frame.height - SIDE / 2, SIDE, SIDE)
        return livecam.Detection((livecam.Face(box.clamped(), confidence=float(grey.max()) / 2.55),), {})

    def abort(self, frame: Frame) -> None:
        """Too quick to be worth it."""


def main(source: str = "demo", seconds: float = 3.0) -> None:
    """Follow the brightest spot."""
    boxes = [
        face.box
        for picture in livecam.watch(source, detector=BrightestSpot(), duration=seconds, annotated=False)
        for face in picture.faces
    ]
    print(f"a spot on {len(boxes)} pictures; the last at {boxes[-1].left:.2f}, {boxes[-1].top:.2f}")


if __name__ == "__main__":
    typer.run(main)
