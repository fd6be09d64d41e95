from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from livecam.encoding import finishing
from livecam.encoding.boxes import Box, boxes
from livecam.encoding.finishing import NothingRecorded, finish
from livecam.encoding.h264 import H264Encoder
from livecam.encoding.part_file import PartFile, WriteFailed
from livecam.encoding.probe import probe
from livecam.errors import OutputError
from livecam.native import av
from tests.encoding.clips import a_part, decoded, encoded, keyframes_of, ticks_of, uneven_times

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.encoding.probe import VideoFacts

FRAMES = 12
DISK_IS_FULL = """
import resource, sys
from pathlib import Path
from livecam.encoding.finishing import finish
from livecam.encoding.part_file import WriteFailed
folder = Path(sys.argv[1])
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), hard))
for _ in range(3):
    try:
        finish(folder / "a.part.mp4", folder / "a.mp4", scratch=folder / "a.tmp.mp4")
    except WriteFailed as error:
        print(error.errno, error)
print("open files:", len(list(Path("/dev/fd").iterdir())))
"""


def finished(part: Path, *, end: float | None = None) -> VideoFacts:
    facts = finish(part, part.with_name("a.mp4"), scratch=part.with_name("a.tmp.mp4"), end=end)
    assert not part.with_name("a.tmp.mp4").exists()
    assert part.exists()
    return facts


def killed(path: Path) -> tuple[bytes, bytes]:
    """Return what a part file of 12 frames is before it is closed, and what closing it appends."""
    encoder = H264Encoder(16, 16)
    part = PartFile(path, encoder)
    for packet in encoded(encoder, [number / 10 for number in range(FRAMES)]):
        part.write(packet)
    before = path.read_bytes()
    part.close()
    return before, path.read_bytes()[len(before) :]


def test_uneven_times_are_kept_to_the_tick(tmp_path: Path) -> None:
    times = uneven_times(200)
    part = a_part(tmp_path / "a.part.mp4", times)
    facts = finished(part, end=times[-1] - times[0] + 0.2)
    ticks = [round(time * 90_000) for time in times]
    assert ticks_of(tmp_path / "a.mp4") == [tick - ticks[0] for tick in ticks]
    assert round(facts.duration * 90_000) == pytest.approx(ticks[-1] - ticks[0] + 18_000, abs=1)
    assert (facts.frames, facts.is_faststart, facts.pixel_format) == (200, True, "yuv420p")


@pytest.mark.parametrize("end", [None, 0.3, 0.05, -1.0])
def test_without_a_known_end_the_last_frame_lasts_as_long_as_those_before(
    tmp_path: Path, end: float | None
) -> None:
    part = a_part(tmp_path / "a.part.mp4", [0.0, 0.1, 0.2, 0.3])
    assert finished(part, end=end).duration == pytest.approx(0.4)


def test_one_pause_does_not_make_the_last_frame_long(tmp_path: Path) -> None:
    part = a_part(tmp_path / "a.part.mp4", [0.0, 5.0, 5.1, 5.2])
    assert finished(part).duration == pytest.approx(5.3)


def test_a_lone_frame_has_a_duration(tmp_path: Path) -> None:
    part = a_part(tmp_path / "a.part.mp4", [7.0])
    assert finished(part).duration == pytest.approx(1 / 30)
    assert finished(part, end=2.0).duration == pytest.approx(2.0)


def test_the_clip_is_its_owners_alone_and_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    part = a_part(tmp_path / "a.part.mp4", [0.0, 0.1])
    (tmp_path / "a.mp4").write_text("older")
    (tmp_path / "a.tmp.mp4").write_text("left by a kill")
    finished(part)
    assert (tmp_path / "a.mp4").stat().st_mode & 0o777 == 0o600
    assert len(decoded(tmp_path / "a.mp4")) == 2


@pytest.mark.parametrize("is_torn", [False, True])
def test_the_index_names_the_keyframes_and_no_other_frame(tmp_path: Path, is_torn: bool) -> None:  # noqa: FBT001
    part = tmp_path / "a.part.mp4"
    encoder = H264Encoder(64, 48)
    packets = encoded(encoder, [number / 10 for number in range(35)])
    file = PartFile(part, encoder)
    for packet in packets:
        file.write(packet)
    torn = part.read_bytes()
    file.close()
    assert keyframes_of(part) == [0, 10, 20, 30]
    if is_torn:
        part.write_bytes(torn)
    finished(part)
    assert keyframes_of(tmp_path / "a.mp4") == [0, 10, 20, 30]


def test_finishing_twice_gives_the_same_clip(tmp_path: Path) -> None:
    part = a_part(tmp_path / "a.part.mp4", uneven_times(30))
    finished(part)
    before = (tmp_path / "a.mp4").read_bytes()
    finished(part)
    assert (tmp_path / "a.mp4").read_bytes() == before


def test_a_file_cut_anywhere_in_its_last_fragments_loses_only_the_torn_frame(tmp_path: Path) -> None:
    part = tmp_path / "a.part.mp4"
    data, _ = killed(part)
    ends = [box.end for box in boxes_of(tmp_path, data) if box.name == b"mdat"]
    assert len(ends) == FRAMES - 1
    for length in range(ends[-4], len(data) + 1):
        part.write_bytes(data[:length])
        whole = sum(end <= length for end in ends)
        assert finished(part).frames == whole, length
        if length % 50 == 0:
            assert ticks_of(tmp_path / "a.mp4") == [number * 9_000 for number in range(whole)]


def boxes_of(folder: Path, data: bytes) -> list[Box]:
    path = folder / "whole"
    path.write_bytes(data)
    return list(boxes(path))


def test_a_kill_while_the_index_is_written_loses_nothing(tmp_path: Path) -> None:
    part = tmp_path / "a.part.mp4"
    data, appended = killed(part)
    for length in range(0, len(appended) + 1, 3):
        part.write_bytes(data + appended[:length])
        assert finished(part).frames >= FRAMES - 1, length


def test_before_the_first_frame_is_whole_nothing_was_recorded(tmp_path: Path) -> None:
    part = tmp_path / "a.part.mp4"
    data, _ = killed(part)
    first = next(box.end for box in boxes_of(tmp_path, data) if box.name == b"mdat")
    for length in [*range(0, first, 37), first - 1]:
        part.write_bytes(data[:length])
        with pytest.raises(NothingRecorded, match=r"no frame can be read in .*a\.part\.mp4"):
            finished(part)
    assert not (tmp_path / "a.mp4").exists()
    part.write_bytes(data[:first])
    assert finished(part).frames == 1


@pytest.mark.parametrize(("lost", "more"), [(40, 0), (40, 700), (500, 9_000)])
def test_blocks_that_never_reached_the_disk_are_no_frames(tmp_path: Path, lost: int, more: int) -> None:
    part = tmp_path / "a.part.mp4"
    data, _ = killed(part)
    whole = sum(box.end <= len(data) - lost for box in boxes_of(tmp_path, data) if box.name == b"mdat")
    assert whole < FRAMES - 1
    part.write_bytes(data[:-lost] + bytes(lost + more))
    assert finished(part).frames == len(decoded(tmp_path / "a.mp4")) == whole


def test_after_a_damaged_frame_the_clip_goes_on_with_the_next_keyframe(tmp_path: Path) -> None:
    part = a_part(tmp_path / "a.part.mp4", [number / 10 for number in range(30)])
    whole = ticks_of(part)
    part.write_bytes(spoiled(part, frame=13))
    facts = finished(part)
    assert facts.frames == 30 - 7
    assert ticks_of(tmp_path / "a.mp4") == whole[:13] + whole[20:]


def spoiled(path: Path, *, frame: int) -> bytes:
    """Return a file's bytes in which the first NAL unit of a frame has a wrong length."""
    with av.open(str(path)) as container:
        places = [packet.pos for packet in container.demux(video=0) if packet.dts is not None]
    data, at = bytearray(path.read_bytes()), places[frame]
    assert at is not None
    data[at : at + 4] = b"\0\1\0\0"
    return bytes(data)


@pytest.mark.parametrize(
    ("box", "place", "puts"), [(b"avc1", 0, b"zzzz"), (b"avcC", -4, b"\0\0\0\1"), (b"avcC", 5, bytes(4))]
)
def test_what_nobody_could_decode_is_not_taken_for_a_clip(
    tmp_path: Path, box: bytes, place: int, puts: bytes
) -> None:
    part = tmp_path / "a.part.mp4"
    content, _ = killed(part)
    at = content.index(box, content.index(b"stsd")) + place
    part.write_bytes(content[:at] + puts + content[at + len(puts) :])
    with pytest.raises(OutputError, match="cannot be decoded") as told:
        finished(part)
    assert not isinstance(told.value, NothingRecorded)
    assert part.exists()
    assert not part.with_name("a.mp4").exists()


def test_a_damaged_title_costs_no_frame(tmp_path: Path) -> None:
    part = a_part(tmp_path / "a.part.mp4", [number / 10 for number in range(FRAMES)])
    content = part.read_bytes()
    assert b"Lavf" in content
    part.write_bytes(content.replace(b"Lavf", b"\xff\xfe\xc3\x28"))
    assert finished(part).frames == FRAMES


@pytest.mark.parametrize("content", [b"", b"rubbish", bytes(9_000), b"\0\0\0\x08moov\0\0\0\x08mdat"])
def test_in_what_is_no_part_file_nothing_was_recorded(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.part.mp4").write_bytes(content)
    with pytest.raises(NothingRecorded):
        finished(tmp_path / "a.part.mp4")


def test_a_part_file_that_is_not_there_is_another_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"a\.part\.mp4 cannot be read: No such file") as caught:
        finished(tmp_path / "a.part.mp4")
    assert not isinstance(caught.value, NothingRecorded)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    part = a_part(tmp_path / "a.part.mp4", [0.0, 0.1])
    with pytest.raises(WriteFailed, match="No such file"):
        finish(part, tmp_path / "none" / "a.mp4", scratch=tmp_path / "none" / "a.tmp.mp4")


def test_a_target_that_cannot_be_replaced_is_told(tmp_path: Path) -> None:
    part = a_part(tmp_path / "a.part.mp4", [0.0, 0.1])
    (tmp_path / "a.mp4").mkdir()
    with pytest.raises(WriteFailed, match=r"a\.mp4 cannot be finished: Is a directory"):
        finished(part)
    assert not (tmp_path / "a.tmp.mp4").exists()


@pytest.mark.parametrize("room", [0, 30, 5_000, 50_000])
def test_a_disk_that_is_full_leaves_the_part_file_and_nothing_else(tmp_path: Path, room: int) -> None:
    part = a_part(tmp_path / "a.part.mp4", [number / 10 for number in range(30)])
    before = part.read_bytes()
    assert len(before) > 60_000
    command = [sys.executable, "-c", DISK_IS_FULL, str(tmp_path), str(room)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=40)
    sentence = f"27 {tmp_path / 'a.tmp.mp4'} cannot be written: File too large"
    # The three standard ones, and the folder that is listed: none is left behind by a failure.
    assert done.stdout.splitlines() == [sentence] * 3 + ["open files: 4"]
    assert done.stderr == ""
    assert [path.name for path in tmp_path.iterdir()] == ["a.part.mp4"]
    assert part.read_bytes() == before


def test_a_clip_that_did_not_become_whole_does_not_appear(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = a_part(tmp_path / "a.part.mp4", [0.0, 0.1, 0.2])
    other = tmp_path / "other.mp4"
    finish(a_part(tmp_path / "b.part.mp4", [0.0]), other, scratch=tmp_path / "b.tmp.mp4")
    monkeypatch.setattr(finishing, "probe", lambda _: probe(other))
    with pytest.raises(OutputError, match=r"did not become an MP4 that can be played \(1 of 3 frames"):
        finished(part)
    assert not (tmp_path / "a.mp4").exists()
    assert not (tmp_path / "a.tmp.mp4").exists()
