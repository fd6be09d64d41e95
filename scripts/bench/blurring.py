"""How many faces of real clips are covered when faces are blurred, and what it costs per picture.

Run as `.venv/bin/python scripts/bench/blurring.py [CLIP ...]`, each with CLIP.faces.jsonl beside it. Every
picture goes through the real picture path in the clip's own time; nobody looks for faces but the on-device
finder, 5 times a second; what it saw is known `LOOK_TAKES` later. A face of the reference counts as covered
where hardly a pixel of its box is as it was. "found" is what the finder, asked again, still finds where the
reference has a face. Prints Markdown.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict, deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from livecam.archive.record_switch import RecordSwitch
from livecam.clock import thread_cpu
from livecam.compose.finder import AUTO_RATE
from livecam.detections import Sighting
from livecam.faces import BoundingBox
from livecam.frames import Frame
from livecam.motion.follower import GridFollower
from livecam.native import av
from livecam.overlay.cover import Cover
from livecam.overlay.shield import Shield
from livecam.pictures import Status
from livecam.pipeline.finder_schedule import FinderSchedule
from livecam.pipeline.picture import PicturePath
from livecam.sinks.held_back import HeldBack
from livecam.testing.recording_sink import RecordingSink
from livecam.tracking.finder_look import LEAST_SCORE
from livecam.tracking.tracks import Tracks
from livecam.vision.face_locator import OnDeviceLocator

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from livecam.frames import Image
    from livecam.pictures import Picture

MEDIA = Path(__file__).resolve().parents[3] / "shared" / "media"
CLIPS = ("webcam_single", "expressions_single", "multi_children", "signers_swap", "crowd_enter_leave")
SIZES = (("under 8 %", 0.08), ("8-20 %", 0.2), ("over 20 %", 9.9))
"""Classes of faces by their height in shares of the picture's."""
MOST_LEFT = 0.1
"""Share of a covered face's pixels that may be as they were, by chance."""
SAME_FACE = 0.2
"""Overlap from which a box is about the same face."""
AWAY_FOR = 0.5
"""Seconds without a face at a place before one there counts as coming in."""
LOOK_TAKES = 0.1
"""Seconds from a frame's capture until what the finder saw on it is known."""
LOOK_COSTS = 0.03
"""CPU seconds."""
LOOK_EVERY = 5
"""Pictures from one that the finder looks at to the next."""


@dataclass
class Findings:
    """What was found in all clips."""

    faces: defaultdict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    """Reference's faces by size, and how many of them were covered, "shown" and "recorded"."""
    found: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    whole: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    bare_for: list[float] = field(default_factory=list)
    """Seconds from each face's coming in until it was first covered in what is shown."""
    cost: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Milliseconds of CPU time per picture."""


def main() -> None:
    """Parse the command line, play the clips, print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("clips", nargs="*", type=Path, default=[MEDIA / f"{name}.mp4" for name in CLIPS])
    options = parser.parse_args()
    findings = Findings()
    finder = OnDeviceLocator()
    finder.warm()
    for clip in options.clips:
        judge(clip, play(clip, finder, findings), findings, finder)
    print(*lines(findings), sep="\n")


def play(clip: Path, finder: OnDeviceLocator, findings: Findings) -> list[tuple[Picture, Picture, Picture]]:
    """Return each picture of a clip: as it was, as it is shown, as it is recorded."""
    recorded, shield = RecordingSink(), Shield(Cover())
    held = HeldBack(recorded, Cover(), switch=RecordSwitch(), passed=RecordSwitch())
    clean, shown = [], []
    for picture in pictures_of(clip, finder):
        began = thread_cpu()
        shown.append(shield(picture))
        between = thread_cpu()
        held.write(picture)
        findings.cost["shown"].append(1000 * (between - began))
        findings.cost["recorded"].append(1000 * (thread_cpu() - between))
        clean.append(picture)
    held.close()
    return list(zip(clean, shown, recorded.pictures, strict=True))


def pictures_of(clip: Path, finder: OnDeviceLocator) -> Iterator[Picture]:
    """Yield a clip's finished pictures, as a run without a detector would show them."""
    path = PicturePath(tracks=Tracks(keep=3.5), follower=GridFollower(keep=3.5, cpu=lambda: 0.0))
    schedule, sightings = FinderSchedule(AUTO_RATE), deque[Sighting]()
    status = Status(clip.name, "playing", detector="")
    with av.open(str(clip)) as container:
        for number, decoded in enumerate(container.decode(video=0)):
            now = float(decoded.time or 0.0)
            frame = Frame(
                clip.name, number, now, now, np.asarray(decoded.to_ndarray(format="bgr24"), np.uint8)
            )
            path.follow(frame)
            while sightings and sightings[0].found_at <= now:
                path.apply_sighting(sightings.popleft())
            yield path.finish(frame, now, status)
            if not sightings and schedule.is_due(now, hurry=path.wants_finder):
                schedule.began(now)
                faces = tuple(face for face in finder.locate(frame) if face.box.is_proper)
                schedule.took(LOOK_COSTS, has_found=any(face.confidence >= LEAST_SCORE for face in faces))
                sightings.append(Sighting(clip.name, number, now, now + LOOK_TAKES, faces))


def judge(
    clip: Path,
    pictures: Sequence[tuple[Picture, Picture, Picture]],
    findings: Findings,
    finder: OnDeviceLocator,
) -> None:
    """Hold what became of a clip's faces against its reference."""
    rows = [json.loads(line) for line in clip.with_suffix(".faces.jsonl").read_text().splitlines()]
    entering = _Entering(findings.bare_for)
    for index, (clean, *blurred) in enumerate(pictures):
        faces = [BoundingBox(*face[:4]).clamped() for face in rows[clean.frame.sequence]["faces"]]
        covered = {
            kind: [is_covered(clean.frame.image, picture.frame.image, face) for face in faces]
            for kind, picture in zip(("shown", "recorded"), blurred, strict=True)
        }
        for kind, are in covered.items():
            for face, is_one in zip(faces, are, strict=True):
                findings.faces[size_of(face), kind] += is_one
        for face in faces:
            findings.faces[size_of(face), "all"] += 1
        entering.note(clean.frame.media_time, faces, covered["shown"])
        findings.whole["pictures"] += 1
        findings.whole["shown"] += blurred[0].status.trouble is not None
        if index % LOOK_EVERY == 0:
            for kind, picture in zip(("before", "shown", "recorded"), (clean, *blurred), strict=True):
                boxes = [each.box for each in finder.locate(picture.frame)]
                findings.found[kind] += sum(any(face.iou(box) > SAME_FACE for box in boxes) for face in faces)
    entering.finish()


def is_covered(before: Image, after: Image, face: BoundingBox) -> bool:
    """Tell whether hardly a pixel of a face is as it was."""
    left, top, right, bottom = face.edges_in_pixels(before.shape[1], before.shape[0])
    same = np.all(before[top:bottom, left:right] == after[top:bottom, left:right], axis=2)
    return bool(same.mean() <= MOST_LEFT)


def size_of(face: BoundingBox) -> str:
    """Return the class of a face's size."""
    return next(name for name, most in SIZES if face.height < most)


class _Entering:
    """Follows each face that comes in until it is covered; keeps for how long it was not."""

    def __init__(self, bare_for: list[float]) -> None:
        self._bare_for = bare_for
        self._recent: list[tuple[float, BoundingBox]] = []
        self._bare: list[tuple[float, BoundingBox]] = []
        """When it came in, and where it was last."""
        self._now = 0.0

    def note(self, time: float, faces: Sequence[BoundingBox], covered: Sequence[bool]) -> None:
        self._now = time
        still: list[tuple[float, BoundingBox]] = []
        for face, is_one in zip(faces, covered, strict=True):
            since = next((began for began, box in self._bare if box.iou(face) > SAME_FACE), None)
            is_new = not any(box.iou(face) > SAME_FACE for _, box in self._recent)
            if since is None and not is_new:
                continue
            since = time if since is None else since
            if is_one:
                self._bare_for.append(time - since)
            else:
                still.append((since, face))
        # One that the reference loses before it was covered was bare for as long as it was seen.
        gone = [
            (began, box) for began, box in self._bare if not any(box.iou(face) > SAME_FACE for face in faces)
        ]
        self._bare_for += [time - began for began, _ in gone]
        self._bare = still
        self._recent = [each for each in self._recent if each[0] >= time - AWAY_FOR]
        self._recent += [(time, face) for face in faces]

    def finish(self) -> None:
        self._bare_for += [self._now - began for began, _ in self._bare]


def lines(findings: Findings) -> Iterator[str]:
    """Yield the tables."""
    yield "| faces, by height | in the reference | covered, shown | covered, recorded |"
    yield "|---|---|---|---|"
    for name, _ in SIZES:
        count = findings.faces[name, "all"]
        if count:
            shares = [f"{100 * findings.faces[name, kind] / count:.2f} %" for kind in ("shown", "recorded")]
            yield f"| {name} | {count} | {shares[0]} | {shares[1]} |"
    found, whole = findings.found, findings.whole
    yield ""
    yield f"found by our finder at reference faces: {dict(found)}"
    yield f"pictures blurred altogether when shown: {whole['shown']} of {whole['pictures']}"
    p50, p95 = np.percentile(findings.bare_for, (50, 95))
    yield f"faces that came in: {len(findings.bare_for)}; seconds until covered: p50 {p50:.2f}, p95 {p95:.2f}"
    for kind, costs in findings.cost.items():
        low, high = np.percentile(costs, (50, 95))
        yield f"{kind}: {low:.2f} ms of CPU time per picture (p95 {high:.2f})"


if __name__ == "__main__":
    main()
