from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.encoding.finishing import finish
from livecam.encoding.h264 import H264Encoder
from livecam.encoding.part_file import PartFile
from livecam.encoding.probe import Unreadable, VideoFacts, probe, why_refused
from livecam.native import av
from tests.encoding.clips import a_part, encoded, noise

if TYPE_CHECKING:
    from pathlib import Path

GOOD = VideoFacts(
    container="mp4",
    codec="h264",
    codec_tag="avc1",
    profile="High",
    pixel_format="yuv420p",
    width=640,
    height=480,
    duration=10.0,
    frames=300,
    fps=30.0,
    size=1_000_000,
    is_faststart=True,
    is_fragmented=False,
    has_audio=False,
)


def a_video(path: Path, *, codec: str, pixel_format: str = "yuv420p", has_audio: bool = False) -> Path:
    """Write one second of ten frames in another way than livecam's."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=10)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 64, 48, pixel_format
        sound = container.add_stream("aac", rate=48_000) if has_audio else None
        for number in range(10):
            frame = av.VideoFrame.from_ndarray(noise(number), format="bgr24").reformat(format=pixel_format)
            frame.pts, frame.time_base = number, Fraction(1, 10)
            container.mux(stream.encode(frame))
        if sound is not None:
            silence = av.AudioFrame.from_ndarray(np.zeros((2, 1024), np.float32), "fltp", "stereo")
            silence.sample_rate = 48_000
            container.mux(sound.encode(silence))
            container.mux(sound.encode(None))
        container.mux(stream.encode(None))
    return path


def test_a_finished_clip_is_what_it_should_be(tmp_path: Path) -> None:
    part = a_part(tmp_path / "a.part.mp4", [0.0, 0.25, 1.0])
    finish(part, tmp_path / "a.mp4", scratch=tmp_path / "a.tmp.mp4", end=2.0)
    facts = probe(tmp_path / "a.mp4")
    size = (tmp_path / "a.mp4").stat().st_size
    assert facts == replace(GOOD, width=64, height=48, duration=2.0, frames=3, fps=1.5, size=size)
    assert why_refused(facts) is None


def test_a_closed_part_file_is_a_plain_mp4_with_its_index_at_the_end(tmp_path: Path) -> None:
    facts = probe(a_part(tmp_path / "a.part.mp4", [0.0, 0.5, 1.0]))
    assert (facts.is_fragmented, facts.is_faststart, facts.frames) == (False, False, 3)


def test_the_frames_of_a_part_file_that_is_being_written_are_counted(tmp_path: Path) -> None:
    encoder = H264Encoder(64, 48)
    part = PartFile(tmp_path / "a.part.mp4", encoder)
    for packet in encoded(encoder, [3.0, 3.5, 4.0, 4.5, 5.0]):
        part.write(packet)
    facts = probe(part.path)
    part.close()
    assert (facts.is_fragmented, facts.frames) == (True, 4)
    assert facts.duration == pytest.approx(2.0)
    assert "still in fragments" in (why_refused(facts) or "")


@pytest.mark.parametrize(
    ("name", "codec", "pixel_format", "container", "refused"),
    [
        ("a.mov", "libx264", "yuv420p", "mov", None),
        ("a.mp4", "libx264", "yuv444p", "mp4", "needs yuv420p with 8 bits, and this is yuv444p"),
        ("a.mp4", "libx264", "yuv420p10le", "mp4", "needs yuv420p with 8 bits, and this is yuv420p10le"),
        ("a.mp4", "mpeg4", "yuv420p", "mp4", "takes H.264, and this is mpeg4"),
        ("a.mkv", "libx264", "yuv420p", "matroska", "takes MP4 and MOV files, and this is matroska"),
        ("a.avi", "libx264", "yuv420p", "avi", "takes MP4 and MOV files, and this is avi"),
    ],
)
def test_other_videos_are_known_for_what_they_are(
    tmp_path: Path, name: str, codec: str, pixel_format: str, container: str, refused: str | None
) -> None:
    facts = probe(a_video(tmp_path / name, codec=codec, pixel_format=pixel_format))
    assert (facts.container, facts.pixel_format, facts.frames) == (container, pixel_format, 10)
    assert facts.duration == pytest.approx(1.0, abs=0.11)
    assert not facts.has_audio
    why = why_refused(facts)
    assert why is None if refused is None else refused in (why or "")


def test_sound_is_noticed(tmp_path: Path) -> None:
    assert probe(a_video(tmp_path / "a.mp4", codec="libx264", has_audio=True)).has_audio


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"size": 12_300_000_000}, "takes up to 10 GB, and this has 12.3 GB"),
        ({"duration": 6 * 3600 + 36.0}, "takes up to 6 hours, and this lasts 6.01 hours"),
        ({"width": 641}, "even width and height, and this has 641x480 pixels"),
        ({"height": 481}, "even width and height, and this has 640x481 pixels"),
        ({"frames": 0}, "no picture in it"),
        ({"pixel_format": ""}, "this is unknown"),
    ],
)
def test_what_has_the_wrong_measure_is_refused_in_a_sentence(change: dict[str, object], why: str) -> None:
    sentence = why_refused(replace(GOOD, **change))  # type: ignore[arg-type]
    assert sentence is not None
    assert why in sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize("change", [{"size": 10_000_000_000}, {"duration": 6 * 3600.0}, {"container": "mov"}])
def test_what_is_just_allowed_is_not_refused(change: dict[str, object]) -> None:
    assert why_refused(replace(GOOD, **change)) is None  # type: ignore[arg-type]


@pytest.mark.parametrize("content", [b"", b"no video", bytes(5_000), b"\0\0\0\x08moov\0\0\0\x08mdat"])
def test_what_is_no_video_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.mp4").write_bytes(content)
    with pytest.raises(Unreadable, match=r"a\.mp4 cannot be read as a video: "):
        probe(tmp_path / "a.mp4")


def test_a_codec_that_nothing_here_knows_is_told(tmp_path: Path) -> None:
    path = a_video(tmp_path / "a.mp4", codec="libx264")
    path.write_bytes(path.read_bytes().replace(b"avc1", b"zzzz"))
    with pytest.raises(Unreadable, match="nothing here can decode its picture track"):
        probe(path)


def test_a_damaged_title_does_not_matter(tmp_path: Path) -> None:
    path = a_video(tmp_path / "a.mp4", codec="libx264")
    content = path.read_bytes()
    assert b"Lavf" in content
    path.write_bytes(content.replace(b"Lavf", b"\xff\xfe\xc3\x28"))
    assert probe(path).frames == 10


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"a\.mp4 cannot be read as a video: No such file or directory"):
        probe(tmp_path / "a.mp4")
