"""What it costs to say how a face looks, and how far looks are apart: CPU time of one thread, distances.

Run as `.venv/bin/python scripts/bench/evidence.py [MEDIA_DIR]`. The pixels are those of stills, scaled to
each size of picture, the landmarks the on-device finder's. Prints two Markdown tables.
"""

from __future__ import annotations

import argparse
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from livecam.clock import thread_cpu
from livecam.evidence.appearance import appearance_of
from livecam.evidence.sharpness import sharpness_of
from livecam.frames import Frame
from livecam.native import cv2
from livecam.vision.face_locator import OnDeviceLocator

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.detections import Appearance
    from livecam.faces import Face
    from livecam.frames import Image

MEDIA = Path(__file__).resolve().parents[3] / "shared" / "media"
HEIGHTS = {"480p": 480, "720p": 720, "1080p": 1080, "4K": 2160}
FACE_SHARES = (0.15, 0.4, 0.9)
"""Heights of the face, as shares of the picture's."""
TARGET_MS = 0.5
"""Per face, at 720p."""
RUNS = 300


def read_still(path: Path) -> Image:
    """Return a still's pixels."""
    image = cv2.imread(str(path))
    if image is None:
        raise SystemExit(f"{path} cannot be read")
    return np.asarray(image, dtype=np.uint8)


def in_picture(still: Image, face: Face, height: int, share: float) -> Image:
    """Return a 16:9 picture of that height with the still's face in it, so high."""
    scale = share * height / (face.box.height * still.shape[0])
    scaled = np.asarray(cv2.resize(still, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    picture = np.full((height, height * 16 // 9, 3), 128, np.uint8)
    left = int(face.box.center[0] * scaled.shape[1] - picture.shape[1] / 2)
    top = int(face.box.center[1] * scaled.shape[0] - height / 2)
    part = scaled[max(0, top) : top + height, max(0, left) : left + picture.shape[1]]
    picture[max(0, -top) :, max(0, -left) :][: part.shape[0], : part.shape[1]] = part
    return picture


def milliseconds(work: Callable[..., object], *given: object) -> tuple[float, float]:
    """Return what `work` costs with what it is given, median and p95."""
    costs = []
    for _ in range(RUNS):
        began = thread_cpu()
        work(*given)
        costs.append(1000 * (thread_cpu() - began))
    median, p95 = np.percentile(costs, (50, 95))
    return float(median), float(p95)


def report_costs(locator: OnDeviceLocator, still: Image) -> None:
    """Print CPU time by the size of the picture and of the face."""
    (face, *_) = locator.locate(Frame("bench", 0, 0.0, 0.0, still))
    print(
        "| picture | face | median ms | p95 ms | of which sharpness | target ms |\n|---|---|---|---|---|---|"
    )
    for name, height in HEIGHTS.items():
        for share in FACE_SHARES:
            picture = in_picture(still, face, height, share)
            found = locator.locate(Frame("bench", 0, 0.0, 0.0, picture))
            if not found:
                continue
            seen = found[0]
            median, p95 = milliseconds(appearance_of, picture, seen)
            sharp, _ = milliseconds(sharpness_of, picture, seen.box)
            target = TARGET_MS if height == HEIGHTS["720p"] else "-"
            size = f"{seen.box.height * height:.0f} px"
            print(f"| {name} | {size} | {median:.2f} | {p95:.2f} | {sharp:.2f} | {target} |")


def look_at(locator: OnDeviceLocator, image: Image) -> Appearance | None:
    """Return how the most certain face of a picture looks."""
    faces = locator.locate(Frame("bench", 0, 0.0, 0.0, image))
    return appearance_of(image, faces[0]) if faces else None


def copies_of(still: Image) -> dict[str, Image]:
    """Return copies of a still that a camera might take of the same moment."""
    noise = np.random.default_rng(1).normal(0, 5, still.shape)
    height, width = still.shape[:2]
    shift = np.array([[1.0, 0.0, 13.3], [0.0, 1.0, -9.7]])
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 6.0, 0.93)
    size = (width, height)
    return {
        "noise": np.asarray(np.clip(still + noise, 0, 255), np.uint8),
        "brighter": np.asarray(np.clip(still * 1.15 + 12, 0, 255), np.uint8),
        "darker": np.asarray(still * 0.7, np.uint8),
        "shifted": np.asarray(cv2.warpAffine(still, shift, size, borderMode=cv2.BORDER_REPLICATE), np.uint8),
        "turned and smaller": np.asarray(
            cv2.warpAffine(still, turn, size, borderMode=cv2.BORDER_REPLICATE), np.uint8
        ),
    }


def report_distances(locator: OnDeviceLocator, media: Path) -> None:
    """Print how far copies of a moment, and other expressions of one woman, are apart."""
    stills = {path.stem: read_still(path) for path in sorted(media.glob("img_seq_a*.jpg"))}
    # As high as on a webcam: of a portrait photograph the finder's points are finer than it will ever see.
    small = {name: np.asarray(cv2.resize(each, (576, 720)), np.uint8) for name, each in stills.items()}
    looks = {name: look_at(locator, each) for name, each in small.items()}
    print("\n| compared | distances |\n|---|---|")
    for kind in copies_of(next(iter(small.values()))):
        apart = [
            distance(looks[name], look_at(locator, copies_of(each)[kind])) for name, each in small.items()
        ]
        print(f"| {kind} | {' '.join(f'{each:.3f}' for each in sorted(apart))} |")
    apart = [distance(looks[one], looks[other]) for one, other in combinations(looks, 2)]
    print(f"| other expressions | {' '.join(f'{each:.3f}' for each in sorted(apart))} |")


def distance(one: Appearance | None, other: Appearance | None) -> float:
    """Return one minus the cosine of two looks; no number without one of them."""
    return float("nan") if one is None or other is None else 1.0 - float(one.vector @ other.vector)


def main() -> None:
    """Parse the command line and print the tables."""
    parser = argparse.ArgumentParser(description="CPU time per face of saying how it looks.")
    parser.add_argument("media", nargs="?", type=Path, default=MEDIA, help="folder of stills")
    options = parser.parse_args()
    if not options.media.is_dir():
        raise SystemExit(f"There is no folder {options.media}; name the media folder")
    cv2.setNumThreads(1)  # or the pool's threads do work that this thread's clock does not see
    locator = OnDeviceLocator()
    report_costs(locator, read_still(options.media / "img_seq_a6_happy_open.jpg"))
    report_distances(locator, options.media)


if __name__ == "__main__":
    main()
