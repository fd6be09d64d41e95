"""How well the on-device engine does on the shared media: expressions of stills, boxes of stills and clips.

Run as `.venv/bin/python scripts/bench/accuracy.py [MEDIA_DIR]`. The labels are those that the stills' own
file names or titles state ("name", "title"), and weaker ones seen by a person ("eye"). The reference
boxes are CenterFace's own at a larger input, so they measure agreement, not truth.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from livecam.clock import SystemClock
from livecam.detectors.on_device import OnDeviceDetector
from livecam.faces import BoundingBox
from livecam.frames import Frame
from livecam.native import av, cv2
from livecam.vision import model_files
from livecam.vision.face_description import face_box
from livecam.vision.face_finder import INPUT_WIDTH, FaceFinder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from livecam.frames import Image

MEDIA = Path(__file__).resolve().parents[3] / "shared" / "media"

LABELS = {
    "img_angry.jpg": ("name", {"ANGRY"}),
    "img_fearful.jpg": ("name", {"FEAR"}),
    "img_happy.jpg": ("name", {"HAPPY"}),
    "img_sad.jpg": ("name", {"SAD"}),
    "img_surprised.jpg": ("name", {"SURPRISED"}),
    "img_happy_laughing_man.jpg": ("title", {"HAPPY"}),
    "img_seq_a3_calm.jpg": ("eye", {"CALM"}),
    "img_seq_a4_angry_teeth.jpg": ("eye", {"ANGRY", "DISGUSTED"}),
    "img_seq_a5_angry.jpg": ("eye", {"ANGRY"}),
    "img_seq_a6_happy_open.jpg": ("eye", {"HAPPY", "SURPRISED"}),
    "img_seq_a7_smirk.jpg": ("eye", {"HAPPY", "CALM"}),
    "img_seq_a8_confused.jpg": ("eye", {"CONFUSED", "DISGUSTED"}),
}

MATCH = 0.5
"""Intersection over union from which two boxes are the same face."""
# The reference's own background faces flicker: only these must be found (MANIFEST.md on the crowd).
LEAST_HEIGHT, LEAST_SCORE = 0.06, 0.7


@dataclass(frozen=True, slots=True)
class Reference:
    """A box of the reference."""

    box: BoundingBox
    must_be_found: bool


@dataclass(slots=True)
class Agreement:
    """Counts how found boxes agree with the reference's."""

    wanted: int = 0
    matched: int = 0
    false: int = 0
    overlaps: list[float] = field(default_factory=list)

    def add(self, found: list[BoundingBox], references: list[Reference]) -> None:
        """Count one picture; a found box that meets an optional reference is neither right nor wrong."""
        waiting = list(references)
        self.wanted += sum(reference.must_be_found for reference in references)
        for box in found:
            best = max(waiting, key=lambda reference: box.iou(reference.box), default=None)
            if best is None or box.iou(best.box) < MATCH:
                self.false += 1
                continue
            waiting.remove(best)
            if best.must_be_found:
                self.matched += 1
                self.overlaps.append(box.iou(best.box))

    def row(self) -> str:
        """Return recall, precision and mean overlap as text."""
        found = self.matched + self.false
        recall = f"{self.matched / self.wanted:8.3f}" if self.wanted else "       -"
        precision = f"{self.matched / found:8.3f}" if found else "       -"
        overlap = f"{np.mean(self.overlaps):8.3f}" if self.overlaps else "       -"
        return f"{self.wanted:7}{self.matched:9}{self.false:7}{recall}{precision}{overlap}"


def references_of(faces: list[list[float]]) -> list[Reference]:
    """Return a reference line's faces."""
    return [
        Reference(BoundingBox(*face[:4]), must_be_found=face[3] >= LEAST_HEIGHT or face[4] >= LEAST_SCORE)
        for face in faces
    ]


def read_still(path: Path) -> Image:
    """Return a still's pixels."""
    image = cv2.imread(str(path))
    if image is None:
        raise SystemExit(f"{path} cannot be read")
    return np.asarray(image, dtype=np.uint8)


def read_clip(path: Path, every: int) -> Iterator[tuple[int, Image]]:
    """Yield every n-th frame of a clip with its index."""
    with av.open(str(path)) as container:
        for index, frame in enumerate(container.decode(video=0)):
            if index % every == 0:
                yield index, frame.to_ndarray(format="bgr24").astype(np.uint8)


def boxes_in(finder: FaceFinder, image: Image) -> list[BoundingBox]:
    """Return the boxes the finder sees."""
    height, width = image.shape[:2]
    return [face_box(face, width, height) for face in finder.find(image)]


def report_expressions(media: Path, input_width: int) -> None:
    """Print what each labelled still is taken for."""
    detector = OnDeviceDetector(input_width=input_width, clock=SystemClock())
    right: dict[str, list[bool]] = {}
    print(f"{'still':30}{'label by':10}{'expected':20}{'got':12}{'confidence':>10}")
    for name, (source, expected) in LABELS.items():
        faces = detector.detect(Frame(name, 0, 0.0, 0.0, read_still(media / name))).faces
        best = faces[0].emotions[0] if faces and faces[0].emotions else None
        got, confidence = (best.emotion.value, best.confidence) if best else ("no face", 0.0)
        right.setdefault(source, []).append(got in expected)
        note = "" if got in expected else "  wrong"
        if confidence < detector.info.unclear_below:
            note += "  (shown as unclear)"
        print(f"{name:30}{source:10}{'/'.join(sorted(expected)):20}{got:12}{confidence:10.1f}{note}")
    print(*(f"{source}: {sum(hits)} of {len(hits)} right" for source, hits in right.items()), sep="; ")


def report_boxes(media: Path, input_width: int, every: int) -> None:
    """Print how the finder's boxes agree with the reference, for the stills and each clip."""
    finder = FaceFinder(model_files.load_verified(model_files.FACE_FINDER), input_width=input_width)
    titles = f"{'wanted':>13}{'matched':>9}{'false':>7}{'recall':>8}{'precis.':>8}{'IoU':>8}"
    print(f"\nfinder at {input_width} px  {titles}")
    agreement = Agreement()
    for line in (media / "stills.faces.jsonl").read_text().splitlines():
        row = json.loads(line)
        agreement.add(boxes_in(finder, read_still(media / row["file"])), references_of(row["faces"]))
    print(f"{'stills':25}{agreement.row()}")
    for clip in sorted(media.glob("*.mp4")):
        lines = clip.with_suffix(".faces.jsonl").read_text().splitlines()
        agreement = Agreement()
        for index, image in read_clip(clip, every):
            agreement.add(boxes_in(finder, image), references_of(json.loads(lines[index])["faces"]))
        print(f"{clip.stem:25}{agreement.row()}")


def main() -> None:
    """Parse the command line and print both reports."""
    parser = argparse.ArgumentParser(description="Accuracy of the on-device engine on the shared media.")
    parser.add_argument("media", nargs="?", type=Path, default=MEDIA, help="folder of clips and stills")
    parser.add_argument("--input-width", type=int, default=INPUT_WIDTH, help="pixels (%(default)s)")
    parser.add_argument("--every", type=int, default=5, help="use every n-th frame (%(default)s)")
    options = parser.parse_args()
    if not options.media.is_dir():
        raise SystemExit(f"There is no folder {options.media}; name the media folder")
    report_expressions(options.media, options.input_width)
    report_boxes(options.media, options.input_width, options.every)


if __name__ == "__main__":
    main()
