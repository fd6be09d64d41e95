"""What following faces costs per frame: CPU time of one thread, shrinking the frame included.

Run as `.venv/bin/python scripts/bench/follow.py [MEDIA_DIR]`. The pixels are those of a clip, scaled to each
size; one to three faces are the reference's, more are boxes side by side over the same pixels. Prints a
Markdown table. CPU time hardly depends on what else runs, but a busy machine's caches still cost some.
"""

from __future__ import annotations

import argparse
import json
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from livecam.clock import thread_cpu
from livecam.faces import BoundingBox
from livecam.frames import Frame
from livecam.motion.follower import GridFollower
from livecam.motion.small_frames import LONGER_SIDE
from livecam.native import av, cv2

if TYPE_CHECKING:
    from livecam.frames import Image

MEDIA = Path(__file__).resolve().parents[3] / "shared" / "media"
CLIP = "multi_children"
SIZES = {"480p": (854, 480), "720p": (1280, 720), "1080p": (1920, 1080), "4K": (3840, 2160)}
TARGETS = {1: 1.5, 3: 2.5, 8: 5.0, 20: None}
"""Faces, and the milliseconds that they may take at 720p and 1080p; of 20 nothing is asked."""
FPS = 30.0


def read_clip(path: Path, frames: int) -> list[Image]:
    """Return the first frames of a clip."""
    with av.open(str(path)) as container:
        decoded = container.decode(video=0)
        return [
            frame.to_ndarray(format="bgr24").astype(np.uint8)
            for _, frame in zip(range(frames), decoded, strict=False)
        ]


def boxes_for(faces: int, reference: list[list[float]]) -> list[BoundingBox]:
    """Return that many boxes: the reference's, or a row or two of equal ones."""
    if faces <= len(reference):
        return [BoundingBox(*face[:4]) for face in reference[:faces]]
    columns = -(-faces // 2)
    return [
        BoundingBox((index % columns + 0.05) / columns, 0.2 + 0.4 * (index // columns), 0.9 / columns, 0.3)
        for index in range(faces)
    ]


def milliseconds(images: list[Image], boxes: list[BoundingBox], longer_side: int) -> list[float]:
    """Return what each frame takes, at full effort."""
    follower = GridFollower(keep=2.0, cpu=lambda: 0.0, longer_side=longer_side)
    frames = [Frame("bench", index, index / FPS, index / FPS, image) for index, image in enumerate(images)]
    follower.add(frames[0])
    costs = []
    for earlier, later in pairwise(frames):
        began = thread_cpu()
        follower.add(later)
        movements = follower.between(earlier.sequence, later.sequence, boxes)
        costs.append(1000 * (thread_cpu() - began))
        boxes = [
            box.moved(movement) if movement else box for box, movement in zip(boxes, movements, strict=True)
        ]
    return costs


def main() -> None:
    """Parse the command line and print the table."""
    parser = argparse.ArgumentParser(description="CPU time per frame of following faces.")
    parser.add_argument("media", nargs="?", type=Path, default=MEDIA, help="folder of clips")
    parser.add_argument("--frames", type=int, default=60, help="frames of the clip (%(default)s)")
    parser.add_argument("--longer-side", type=int, default=LONGER_SIDE, help="pixels (%(default)s)")
    options = parser.parse_args()
    if not options.media.is_dir():
        raise SystemExit(f"There is no folder {options.media}; name the media folder")
    cv2.setNumThreads(1)  # or the pool's threads do work that this thread's clock does not see
    reference = json.loads((options.media / f"{CLIP}.faces.jsonl").read_text().splitlines()[0])["faces"]
    originals = read_clip(options.media / f"{CLIP}.mp4", options.frames)
    print("| size | faces | median ms | p95 ms | target ms |\n|---|---|---|---|---|")
    for name, size in SIZES.items():
        images = [np.asarray(cv2.resize(image, size), dtype=np.uint8) for image in originals]
        for faces, target in TARGETS.items():
            costs = milliseconds(images, boxes_for(faces, reference), options.longer_side)
            median, p95 = np.percentile(costs, (50, 95))
            print(f"| {name} | {faces} | {median:.2f} | {p95:.2f} | {target or '-'} |")


if __name__ == "__main__":
    main()
