"""Which files the service takes, and what it says about those."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pytest

from livecam.local_aws import video_analysis
from livecam.local_aws.video_analysis import AnalysisCancelled, UnsupportedVideo, VideoAnalysis, analyse
from tests.local_aws.video_files import HEIGHT, WIDTH, BrightEyes, a_detail, a_sound, a_video, seen_at, turned
from tests.sources.fakes import write_clip

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FASTSTART = {"movflags": "faststart"}


def analysed(
    film: bytes, eyes: BrightEyes | None = None, attributes: Literal["DEFAULT", "ALL"] = "ALL"
) -> VideoAnalysis:
    return analyse(film, eyes or BrightEyes(), attributes=attributes)


def clip(folder: Path, times: Sequence[float]) -> bytes:
    return write_clip(folder / "clip.mp4", times).read_bytes()


def refused(film: bytes) -> str:
    with pytest.raises(UnsupportedVideo) as caught:
        analysed(film)
    return str(caught.value)


@pytest.mark.parametrize("container", ["mp4", "mov"])
def test_h264_in_mp4_and_mov_is_described_in_the_services_words(container: str) -> None:
    assert analysed(a_video(container)).metadata == {
        "Codec": "h264",
        "DurationMillis": 2000,
        "Format": "QuickTime / MOV",
        "FrameRate": 30.0,
        "FrameHeight": HEIGHT,
        "FrameWidth": WIDTH,
        "ColorRange": "LIMITED",
    }


def test_a_full_range_of_luminance_is_told() -> None:
    assert analysed(a_video(pixels="yuvj420p")).metadata["ColorRange"] == "FULL"


@pytest.mark.parametrize(
    ("container", "codec"),
    [
        ("mp4", "mpeg4"),
        ("avi", "mpeg4"),
        ("avi", "libx264"),
        ("webm", "libvpx"),
        ("matroska", "libx264"),
        ("mpegts", "libx264"),
        ("3gp", "libx264"),
    ],
)
def test_any_other_codec_or_container_is_refused(container: str, codec: str) -> None:
    assert refused(a_video(container, codec, pictures=5)) == "Unsupported codec/format."


@pytest.mark.parametrize(
    "content", [b"", b"x" * 100_000, b"#EXTM3U\n#EXTINF:1,\nfile:///etc/hosts\n", b"\xff\xd8\xff\xe0"]
)
def test_what_is_no_video_at_all_is_refused(content: bytes) -> None:
    assert refused(content) == "Unsupported codec/format."


def test_a_file_with_sound_only_is_refused() -> None:
    assert refused(a_sound()) == "Unsupported codec/format."


def test_a_file_without_its_index_is_refused() -> None:
    film = a_video()

    assert refused(film[: len(film) - 500]) == "Unsupported codec/format."


def test_an_index_without_any_picture_is_refused() -> None:
    film = a_video(options=FASTSTART)

    assert refused(film[: film.index(b"mdat") + 4]) == "Unsupported codec/format."


def test_of_a_torn_file_the_part_before_is_analysed() -> None:
    film = a_video(options=FASTSTART, pictures=200)
    whole = seen_at(analysed(film).faces)

    part = seen_at(analysed(film[: len(film) - 2500]).faces)

    assert part == whole[: len(part)]
    assert 1 <= len(part) < len(whole)


def test_a_damaged_part_does_not_end_the_analysis() -> None:
    film = bytearray(a_video(options=FASTSTART, pictures=200))
    middle = film.index(b"mdat") + (len(film) - film.index(b"mdat")) // 2
    film[middle : middle + 300] = b"M" * 300

    assert seen_at(analysed(bytes(film)).faces)[-1] == 6500


def test_there_is_one_entry_per_face_for_every_half_second() -> None:
    faces = analysed(a_video(pictures=61), BrightEyes(faces=2)).faces

    assert seen_at(faces) == [0, 0, 500, 500, 1000, 1000, 1500, 1500, 2000, 2000]
    assert [face["Face"]["BoundingBox"]["Left"] for face in faces[:2]] == [0.0, 0.1]


def test_the_picture_that_is_shown_at_that_time_is_looked_at() -> None:
    eyes = BrightEyes()

    analysed(a_video(), eyes)

    grey = [round(float(picture[HEIGHT - 1, WIDTH - 1].mean())) for picture in eyes.pictures]
    assert grey == pytest.approx([18, 33, 48, 63], abs=3)


def test_pictures_of_an_uneven_rate_are_seen_at_their_own_times(tmp_path: Path) -> None:
    eyes = BrightEyes()

    faces = analysed(clip(tmp_path, [0, 0.4, 0.6, 2.0, 2.1]), eyes).faces

    brightness = [face["Face"]["Quality"]["Brightness"] for face in faces]
    assert seen_at(faces) == [0, 500, 1000, 1500, 2000]
    assert brightness == pytest.approx([20, 60, 100, 100, 140], abs=3)
    assert len(eyes.pictures) == 4, "a picture that is still shown was looked at again"


def test_a_film_that_begins_late_is_timed_from_its_start() -> None:
    film = a_video(begin=150, pictures=30, options={"movflags": "frag_keyframe+empty_moov"})

    analysis = analysed(film)

    assert seen_at(analysis.faces) == [0, 500]
    assert analysis.metadata["DurationMillis"] == 1000


def test_a_single_picture_is_a_film(tmp_path: Path) -> None:
    analysis = analysed(clip(tmp_path, [0.0]))

    assert seen_at(analysis.faces) == [0]
    assert analysis.metadata["DurationMillis"] == 33


@pytest.mark.parametrize(
    ("right", "down", "size", "white"),
    [
        ((0, 1), (-1, 0), (HEIGHT, WIDTH), (0, -1)),
        ((-1, 0), (0, -1), (WIDTH, HEIGHT), (-1, -1)),
        ((0, -1), (1, 0), (HEIGHT, WIDTH), (-1, 0)),
    ],
)
def test_a_film_that_was_taken_on_its_side_is_seen_upright(
    right: tuple[int, int], down: tuple[int, int], size: tuple[int, int], white: tuple[int, int]
) -> None:
    eyes = BrightEyes()

    metadata = analysed(turned(a_video(), right, down), eyes).metadata

    picture = eyes.pictures[0]
    assert (metadata["FrameWidth"], metadata["FrameHeight"]) == size
    assert picture.shape == (size[1], size[0], 3)
    assert picture.flags.c_contiguous
    corners = {(row, column): float(picture[row, column].mean()) for row in (0, -1) for column in (0, -1)}
    assert max(corners, key=lambda corner: corners[corner]) == white


def test_default_attributes_are_the_documented_five() -> None:
    faces = analysed(a_video(), attributes="DEFAULT").faces

    assert {name for face in faces for name in face["Face"]} == {
        "BoundingBox",
        "Confidence",
        "Landmarks",
        "Pose",
        "Quality",
    }


def test_all_attributes_are_all_but_the_two_that_are_always_null() -> None:
    faces = analysed(a_video()).faces

    assert all(set(face["Face"]) == set(a_detail()) - {"FaceOccluded", "EyeDirection"} for face in faces)


def test_a_film_without_faces_has_none() -> None:
    analysis = analysed(a_video(), BrightEyes(faces=0))

    assert analysis.faces == ()
    assert analysis.metadata["DurationMillis"] == 2000


def test_a_film_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video_analysis, "LONGEST_VIDEO", 1)

    assert "maximum duration" in refused(a_video())


def test_a_cancelled_analysis_stops_at_once() -> None:
    eyes = BrightEyes()

    with pytest.raises(AnalysisCancelled):
        analyse(a_video(), eyes, attributes="ALL", is_cancelled=lambda: len(eyes.pictures) == 2)

    assert len(eyes.pictures) == 2


def test_pictures_are_bgr() -> None:
    eyes = BrightEyes()

    analysed(a_video(), eyes)

    assert eyes.pictures[0].dtype == np.uint8
    assert eyes.pictures[0].shape == (HEIGHT, WIDTH, 3)
