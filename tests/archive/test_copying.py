from __future__ import annotations

import itertools
import json
import os
import stat
import tracemalloc
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.archive.copying import CopyResult, make_copy
from livecam.archive.film import RewritingGivenUp
from livecam.archive.sidecar import SidecarWriter
from livecam.encoding.h264 import H264Writer
from livecam.errors import OutputError, SourceUnavailable, UsageError
from livecam.faces import BoundingBox
from livecam.native import av
from livecam.overlay.cover import COVERED_FOR, KNOWN_WITHIN
from livecam.vision import model_files
from livecam.vision.face_finder import FaceFinder
from tests.builders import a_frame, a_label, a_picture, a_status
from tests.requirements import skip_unless

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from livecam.frames import Image

HEADER = {
    "clip": "20261123-073012-k3f9qa",
    "source": "test",
    "reason": "all",
    "started_at": "2026-11-23T07:30:12+00:00",
    "width": 320,
    "height": 240,
}
BOX = BoundingBox(0.4, 0.4, 0.1, 0.1)
UNEVEN = (0.0, 0.041, 0.2, 0.33, 0.34, 0.7, 1.9)
SHARE = 0.25
"""Of the noise's roughness; where nothing is blurred H.264 keeps most of it, where something is far less."""


def noise() -> Image:
    """A picture that shows where it was blurred."""
    rough = np.random.default_rng(7).integers(0, 255, (60, 80, 3), np.uint8)
    return rough.repeat(4, axis=0).repeat(4, axis=1)


class Material:
    """A clip and its sidecar in a folder."""

    def __init__(self, folder: Path) -> None:
        self.clip = folder / "clip.mp4"
        self.sidecar = folder / "clip.jsonl"
        self.target = folder / "clip.copy.mp4"

    def filmed(self, times: Iterable[float]) -> Material:
        writer, image = H264Writer(self.clip), noise()
        for time in times:
            writer.write(image, time)
        writer.close()
        return self

    def told(
        self,
        faces: Mapping[float, Sequence[tuple[int, BoundingBox]]],
        *,
        answer_age: float | None = 0.1,
        finder_rate: float | None = None,
    ) -> Material:
        """Write the sidecar: by time, the track ids and boxes of the faces that were shown."""
        self.sidecar.unlink(missing_ok=True)
        writer = SidecarWriter(self.sidecar, HEADER)
        for number, (time, boxes) in enumerate(faces.items()):
            labels = [replace(a_label(track_id), box=box) for track_id, box in boxes]
            picture = a_picture(a_frame(number), *labels)
            writer.write(
                time,
                replace(
                    picture,
                    status=replace(a_status(), finder_rate=finder_rate),
                    answered_at=None if answer_age is None else picture.displayed_at - answer_age,
                ),
            )
        writer.close()
        return self

    def copied(self, kind: str) -> CopyResult:
        return make_copy(self.clip, self.sidecar, self.target, kind=kind)


@pytest.fixture
def material(tmp_path: Path) -> Material:
    return Material(tmp_path)


def frames_of(path: Path, most: int | None = None) -> list[tuple[float, Image]]:
    with av.open(str(path)) as container:
        return [
            (float(frame.time or 0.0), np.asarray(frame.to_ndarray(format="bgr24"), np.uint8))
            for frame in itertools.islice(container.decode(video=0), most)
        ]


def roughness(image: Image, box: BoundingBox) -> float:
    """How much pixels differ from their neighbours."""
    left, top, right, bottom = box.edges_in_pixels(image.shape[1], image.shape[0])
    return float(np.abs(np.diff(image[top:bottom, left:right].astype(int), axis=1)).mean())


def is_covered(image: Image, box: BoundingBox) -> bool:
    return roughness(image, box) < SHARE * roughness(noise(), box)


def covered_times(material: Material, box: BoundingBox = BOX) -> list[float]:
    return [time for time, image in frames_of(material.target) if is_covered(image, box)]


def steps(count: int, step: float = 0.1) -> list[float]:
    return [round(number * step, 3) for number in range(count)]


@pytest.mark.parametrize("kind", ["annotated", "blurred"])
def test_a_copy_has_the_same_pictures_at_the_same_times(material: Material, kind: str) -> None:
    material.filmed(UNEVEN).told(dict.fromkeys(UNEVEN, ()))
    assert material.copied(kind) == CopyResult(len(UNEVEN), 0)
    shown = frames_of(material.target)
    assert [time for time, _ in shown] == pytest.approx(UNEVEN, abs=1e-4)
    assert {image.shape for _, image in shown} == {(240, 320, 3)}
    for (_, image), (_, before) in zip(shown, frames_of(material.clip), strict=True):
        assert np.abs(image.astype(int) - before).mean() < 8


def test_an_annotated_copy_shows_each_frames_own_labels(material: Material) -> None:
    material.filmed(UNEVEN).told({time: [(1, BOX)] if time in {0.2, 0.34} else [] for time in UNEVEN})
    assert material.copied("annotated").frames_without_faces_known == 0
    before = dict(frames_of(material.clip))
    changed = [
        round(time, 3)
        for (time, image), clean in zip(frames_of(material.target), before.values(), strict=True)
        if np.abs(image.astype(int) - clean).max() > 200
    ]
    assert changed == [0.2, 0.34]


def test_an_annotated_copy_has_no_hud(material: Material) -> None:
    material.filmed([0.0]).told({0.0: []})
    material.copied("annotated")
    (_, image), (_, clean) = frames_of(material.target)[0], frames_of(material.clip)[0]
    assert np.abs(image.astype(int) - clean).mean() < 8


def test_an_annotated_copy_shows_what_must_be_shown_with_every_picture_of_the_source(
    material: Material,
) -> None:
    material.filmed([0.0]).told({0.0: []})
    first, _, rest = material.sidecar.read_text().partition("\n")
    material.sidecar.write_text(json.dumps(json.loads(first) | {"notice": "A made-up scene"}) + "\n" + rest)
    material.copied("annotated")
    (_, image), (_, clean) = frames_of(material.target)[0], frames_of(material.clip)[0]
    assert np.abs(image[120:].astype(int) - clean[120:]).max() > 150


def test_frames_whose_line_is_lost_are_counted_and_have_no_labels(material: Material) -> None:
    times = steps(10)
    material.filmed(times).told({time: [(1, BOX)] for time in times[:7]})
    assert material.copied("annotated") == CopyResult(10, 3)


def test_a_blurred_copy_covers_a_face_and_leaves_the_rest(material: Material) -> None:
    times = steps(5)
    material.filmed(times).told({time: [(1, BOX)] for time in times})
    assert material.copied("blurred") == CopyResult(5, 0)
    for _, image in frames_of(material.target):
        assert is_covered(image, BOX)
        assert not is_covered(image, BoundingBox(0.0, 0.0, 0.3, 0.3))
        assert not is_covered(image, BoundingBox(0.6, 0.6, 0.3, 0.3))


def test_a_face_is_covered_before_it_was_found_and_after_it_was_lost(material: Material) -> None:
    times = steps(40)
    material.filmed(times).told({time: [(1, BOX)] if 1.5 <= time <= 2.0 else [] for time in times})
    material.copied("blurred")
    shown = covered_times(material)
    # At ten frames a second the next line on either side always counts, too.
    assert shown[0] == pytest.approx(1.5 - COVERED_FOR - 0.1, abs=0.01)
    assert shown[-1] == pytest.approx(2.0 + COVERED_FOR + 0.1, abs=0.01)
    assert len(shown) == 22


def test_at_a_slow_camera_a_face_is_covered_on_the_frame_before_it_was_found(material: Material) -> None:
    times = steps(6, 1.0)
    material.filmed(times).told({time: [(1, BOX)] if time == 3.0 else [] for time in times})
    material.copied("blurred")
    assert covered_times(material) == pytest.approx([2.0, 3.0, 4.0], abs=0.01)


def test_a_face_that_moves_is_covered_wherever_it_was_in_between(material: Material) -> None:
    times = steps(10)
    moving = {time: [(1, BoundingBox(0.05 + time * 0.9, 0.4, 0.1, 0.1))] for time in times}
    material.filmed(times).told({time: moving[time] for time in (*times[:3], *times[6:])})
    assert material.copied("blurred").frames_without_faces_known == 0
    for time, image in frames_of(material.target):
        assert is_covered(image, moving[round(time, 3)][0][1])


def test_faces_whose_ids_are_mixed_up_are_covered_and_not_what_is_between_them(material: Material) -> None:
    left, right = BoundingBox(0.1, 0.4, 0.1, 0.1), BoundingBox(0.8, 0.4, 0.1, 0.1)
    times = steps(60, 0.033)
    material.filmed(times).told(
        {
            time: [(1, left), (2, right)] if number % 3 else [(2, left), (1, right)]
            for number, time in enumerate(times)
        }
    )
    material.copied("blurred")
    for _, image in frames_of(material.target):
        assert is_covered(image, left)
        assert is_covered(image, right)
        assert not is_covered(image, BoundingBox(0.4, 0.4, 0.2, 0.1))


def test_where_the_sidecar_is_damaged_the_whole_picture_is_blurred_and_it_is_told(material: Material) -> None:
    times = steps(30)
    told = [time for time in times if not 0.5 < time < 2.0]
    material.filmed(times).told({time: [(1, BOX)] for time in told})
    result = material.copied("blurred")
    elsewhere = BoundingBox(0.0, 0.0, 0.3, 0.3)
    hidden = covered_times(material, elsewhere)
    assert hidden == pytest.approx([1.1, 1.2, 1.3, 1.4], abs=0.01)
    assert result == CopyResult(30, len(hidden))
    assert KNOWN_WITHIN < COVERED_FOR
    assert len(covered_times(material)) == 30


@pytest.mark.parametrize(
    ("answer_age", "finder_rate", "unknown"),
    [(None, None, 3), (None, 5.0, 3), (1.9, None, 0), (2.1, None, 3), (50.0, 5.0, 0), (50.0, 1.0, 3)],
)
def test_where_nobody_has_looked_no_faces_does_not_mean_that_there_are_none(
    material: Material, answer_age: float | None, finder_rate: float | None, unknown: int
) -> None:
    times = steps(3)
    material.filmed(times).told(dict.fromkeys(times, ()), answer_age=answer_age, finder_rate=finder_rate)
    assert material.copied("blurred") == CopyResult(3, unknown)
    assert len(covered_times(material, BoundingBox(0, 0, 1, 1))) == unknown


def test_faces_that_are_shown_are_known_whoever_found_them(material: Material) -> None:
    material.filmed(steps(3)).told({time: [(1, BOX)] for time in steps(3)}, answer_age=None)
    assert material.copied("blurred").frames_without_faces_known == 0


@pytest.mark.parametrize("kind", ["annotated", "blurred"])
def test_without_a_sidecar_there_is_no_copy(material: Material, kind: str) -> None:
    material.filmed([0.0])
    with pytest.raises(OutputError, match=r"no copy of .*clip\.mp4 can be made, because nothing tells where"):
        material.copied(kind)
    assert not material.target.exists()


@pytest.mark.parametrize("kind", ["annotated", "blurred"])
def test_with_a_sidecar_of_no_use_there_is_no_copy(material: Material, kind: str) -> None:
    material.filmed([0.0]).told({})
    with pytest.raises(OutputError, match=r"clip\.jsonl says nothing of any frame"):
        material.copied(kind)
    material.sidecar.write_text("rubbish\n")
    with pytest.raises(OutputError, match=r"clip\.jsonl cannot be read: its first line"):
        material.copied(kind)
    assert not material.target.exists()


def test_another_kind_is_refused(material: Material) -> None:
    material.filmed([0.0]).told({0.0: []})
    with pytest.raises(UsageError, match="no 'blured' copies of clips; give annotated or blurred"):
        material.copied("blured")


def test_a_clip_that_is_not_there_or_no_video_is_named(material: Material) -> None:
    material.told({0.0: []})
    with pytest.raises(SourceUnavailable, match=r"clip\.mp4 cannot be read: No such file"):
        material.copied("blurred")
    material.clip.write_bytes(b"rubbish")
    with pytest.raises(SourceUnavailable, match=r"clip\.mp4 cannot be read: Invalid data"):
        material.copied("blurred")
    assert sorted(material.clip.parent.glob("*.mp4")) == [material.clip]


def test_an_earlier_copy_stays_until_the_new_one_is_whole(material: Material) -> None:
    times = steps(5)
    material.filmed(times).told(dict.fromkeys(times, ()))
    material.target.write_bytes(b"earlier")
    seen: list[bytes] = []
    make_copy(
        material.clip,
        material.sidecar,
        material.target,
        kind="blurred",
        on_progress=lambda _: seen.append(material.target.read_bytes()),
    )
    assert seen == [b"earlier"] * 5
    assert len(frames_of(material.target)) == 5


def test_progress_counts_the_frames(material: Material) -> None:
    times, told = steps(4), list[int]()
    material.filmed(times).told(dict.fromkeys(times, ()))
    make_copy(material.clip, material.sidecar, material.target, kind="annotated", on_progress=told.append)
    assert told == [1, 2, 3, 4]


def test_a_copy_that_is_given_up_leaves_nothing(material: Material) -> None:
    times, done = steps(10), list[int]()
    material.filmed(times).told(dict.fromkeys(times, ()))
    with pytest.raises(RewritingGivenUp, match="given up"):
        make_copy(
            material.clip,
            material.sidecar,
            material.target,
            kind="blurred",
            on_progress=done.append,
            is_cancelled=lambda: len(done) == 3,
        )
    assert done == [1, 2, 3]
    assert sorted(path.name for path in material.clip.parent.iterdir() if path.is_file()) == [
        "clip.jsonl",
        "clip.mp4",
    ]


def test_a_folder_that_is_not_there_is_named(material: Material, tmp_path: Path) -> None:
    material.filmed([0.0]).told({0.0: []})
    material.target = tmp_path / "no-folder" / "a.mp4"
    with pytest.raises(OutputError, match=r"no-folder/a\.part\.mp4 cannot be written: No such file"):
        material.copied("blurred")


def test_a_target_that_is_a_folder_is_named_and_no_part_is_left(material: Material) -> None:
    material.filmed([0.0]).told({0.0: []})
    material.target.mkdir()
    with pytest.raises(OutputError, match=r"clip\.copy\.mp4 cannot be written: Is a directory"):
        material.copied("blurred")
    assert not list(material.clip.parent.glob("*.part.mp4"))


def test_a_copy_is_for_its_owner_only_whatever_was_left_of_another(material: Material) -> None:
    skip_unless(os.name == "posix", "there are no modes")
    material.filmed([0.0]).told({0.0: []})
    material.target.with_name("clip.copy.part.mp4").write_bytes(b"left by a crash")
    material.copied("blurred")
    assert stat.S_IMODE(material.target.stat().st_mode) == 0o600
    assert len(frames_of(material.target)) == 1


def test_of_a_clip_that_is_damaged_the_rest_is_copied(material: Material) -> None:
    times = steps(30)
    material.filmed(times).told(dict.fromkeys(times, ()))
    content = bytearray(material.clip.read_bytes())
    with av.open(str(material.clip)) as container:
        packets = [packet for packet in container.demux(video=0) if packet.size]
        start, size = packets[15].pos, packets[15].size
    assert start is not None
    content[start : start + size] = b"\xff" * size
    material.clip.write_bytes(content)
    result = material.copied("blurred")
    assert 15 <= result.frames <= 30
    assert len(frames_of(material.target)) == result.frames


def test_a_long_clip_takes_no_more_memory_than_a_short_one(material: Material) -> None:
    """What Python holds, pixels included: lines and pictures of all but the last second are let go."""

    def most_of(count: int) -> int:
        times = steps(count, 0.02)
        material.filmed(times).told({time: [(face, BOX) for face in range(1, 5)] for time in times})
        tracemalloc.start()
        make_copy(material.clip, material.sidecar, material.target, kind="blurred")
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    most_of(10)  # what is loaded once
    assert most_of(300) < most_of(100) + 200_000


def reference(media: Path, name: str, times: Sequence[float]) -> dict[float, list[tuple[int, BoundingBox]]]:
    rows = map(json.loads, (media / f"{name}.faces.jsonl").read_text().splitlines())
    return {
        time: [(number, BoundingBox(*face[:4])) for number, face in enumerate(row["faces"], start=1)]
        for time, row in zip(times, rows, strict=False)
    }


@pytest.mark.parametrize("name", ["webcam_single", "multi_children", "signers_swap"])
def test_in_a_blurred_copy_no_face_is_found(material: Material, media: Path, models: Path, name: str) -> None:
    shown = frames_of(media / f"{name}.mp4", 40)
    writer = H264Writer(material.clip)
    for time, image in shown:
        writer.write(image, time)
    writer.close()
    material.told(reference(media, name, [time for time, _ in shown]))
    assert material.copied("blurred") == CopyResult(40, 0)
    finder = FaceFinder(model_files.load_verified(model_files.FACE_FINDER, models))
    assert finder.find(shown[0][1])
    found = [number for number, (_, image) in enumerate(frames_of(material.target)) if finder.find(image)]
    assert found == []
