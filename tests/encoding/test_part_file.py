from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from livecam.encoding.finishing import finish
from livecam.encoding.h264 import H264Encoder
from livecam.encoding.part_file import PartFile, WriteFailed
from tests.encoding.clips import decoded, encoded, noise, part_of, ticks_of, uneven_times
from tests.requirements import skip_unless

FULL_DISK = Path("/dev/full")
DESCRIPTORS = Path("/proc/self/fd")

PRELUDE = """
import resource, sys
from pathlib import Path
from livecam.encoding.finishing import finish
from livecam.encoding.h264 import H264Encoder
from livecam.encoding.part_file import PartFile, WriteFailed
from tests.encoding.clips import encoded
path = Path(sys.argv[1])
encoder = H264Encoder(64, 48)
packets = encoded(encoder, [number / 10 for number in range(40)])
part = PartFile(path, encoder)
"""
GROWS_TOO_LARGE = (
    PRELUDE
    + """
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
for number, packet in enumerate(packets):
    if number == int(sys.argv[2]):
        resource.setrlimit(resource.RLIMIT_FSIZE, (part.size + 700, hard))
    try:
        part.write(packet)
    except WriteFailed as error:
        print(number, error.errno, error)
        break
part.close()
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
print(finish(path, path.with_name("a.mp4"), scratch=path.with_name("a.tmp.mp4")).frames)
"""
)
CANNOT_BE_CLOSED = (
    PRELUDE
    + """
for packet in packets:
    part.write(packet)
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (part.size + int(sys.argv[2]), hard))
try:
    part.close()
except WriteFailed as error:
    print(error.errno, error)
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
print(finish(path, path.with_name("a.mp4"), scratch=path.with_name("a.tmp.mp4")).frames)
"""
)
IS_KILLED = (
    PRELUDE
    + """
for packet in packets[:int(sys.argv[2])]:
    part.write(packet)
print("written", flush=True)
sys.stdin.read()
"""
)


def run(program: str, path: Path, number: int) -> list[str]:
    command = [sys.executable, "-c", program, str(path), str(number)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=40)
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_times_are_relative_to_the_first_packet_and_kept_to_the_tick(tmp_path: Path) -> None:
    encoder = H264Encoder(64, 48)
    packets = encoded(encoder, uneven_times(150))
    path = part_of(tmp_path / "a.part.mp4", encoder, packets)
    assert ticks_of(path) == [packet.pts - packets[0].pts for packet in packets]


def test_two_files_of_one_encoder_join_at_a_keyframe_without_a_lost_frame(tmp_path: Path) -> None:
    times = uneven_times(80)
    encoder = H264Encoder(64, 48)
    packets = encoded(encoder, times[:40])
    packets.append(encoder.encode(noise(), times[40], keyframe=True))
    packets += encoded(encoder, times[41:])
    facts = []
    for name, own, end in (
        ("a", packets[:40], packets[40].pts),
        ("b", packets[40:], packets[-1].pts + 9_000),
    ):
        part = part_of(tmp_path / f"{name}.part.mp4", encoder, own)
        length = (end - own[0].pts) / 90_000
        target = tmp_path / f"{name}.mp4"
        facts.append(finish(part, target, scratch=tmp_path / "a.tmp.mp4", end=length))
    first, second = ticks_of(tmp_path / "a.mp4"), ticks_of(tmp_path / "b.mp4")
    begin = packets[0].pts
    joined = first + [tick + packets[40].pts - begin for tick in second]
    assert joined == [packet.pts - begin for packet in packets]
    lasted = [round(fact.duration * 90_000) for fact in facts]
    assert sum(lasted) == packets[-1].pts + 9_000 - begin
    assert lasted[0] == packets[40].pts - begin


def test_a_file_is_its_owners_alone_and_never_takes_anothers_place(tmp_path: Path) -> None:
    path = tmp_path / "a.part.mp4"
    encoder = H264Encoder(64, 48)
    part_of(path, encoder, encoded(encoder, [0.0]))
    before = path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(WriteFailed, match=r"a\.part\.mp4 cannot be written: File exists") as caught:
        PartFile(path, encoder)
    assert caught.value.errno == errno.EEXIST
    assert path.read_bytes() == before


def test_the_encoder_may_be_closed_while_its_packets_are_written(tmp_path: Path) -> None:
    encoder = H264Encoder(64, 48)
    packets = encoded(encoder, [0.0, 0.1])
    part = PartFile(tmp_path / "a.part.mp4", encoder)
    encoder.close()
    for packet in packets:
        part.write(packet)
    part.close()
    part.close()
    assert part.size == part.path.stat().st_size
    assert len(decoded(part.path)) == 2


def test_a_file_without_a_packet_is_empty(tmp_path: Path) -> None:
    assert part_of(tmp_path / "a.part.mp4", H264Encoder(64, 48), []).stat().st_size == 0


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(WriteFailed, match="cannot be written: No such file") as caught:
        PartFile(tmp_path / "none" / "a.part.mp4", H264Encoder(64, 48))
    assert caught.value.errno == errno.ENOENT


def test_a_full_disk_is_told_once_and_leaves_nothing_open() -> None:
    skip_unless(FULL_DISK.exists() and DESCRIPTORS.is_dir(), "there is no /dev/full")
    encoder = H264Encoder(64, 48)
    first, second = encoded(encoder, [0.0, 0.1])
    open_before = len(list(DESCRIPTORS.iterdir()))
    for _ in range(3):
        part = PartFile(FULL_DISK, encoder, replaces=True)
        for packet in (first, second):
            with pytest.raises(WriteFailed, match="/dev/full cannot be written: No space left") as caught:
                part.write(packet)
            assert caught.value.errno == errno.ENOSPC
        part.close()
    assert len(list(DESCRIPTORS.iterdir())) == open_before


@pytest.mark.parametrize("number", [3, 17])
def test_what_was_written_before_the_disk_was_full_can_be_read(tmp_path: Path, number: int) -> None:
    path = tmp_path / "a.part.mp4"
    told, readable = run(GROWS_TOO_LARGE, path, number)
    # With the packet that fails, the one before it goes to the disk.
    at = int(told.split()[0])
    assert told == f"{at} {errno.EFBIG} {path} cannot be written: File too large"
    assert at in (number, number + 1)
    assert int(readable) == len(decoded(tmp_path / "a.mp4")) == at - 1


@pytest.mark.parametrize("room", [0, 100, 1_200])
def test_a_file_that_could_not_be_finished_can_be_read(tmp_path: Path, room: int) -> None:
    path = tmp_path / "a.part.mp4"
    told, readable = run(CANNOT_BE_CLOSED, path, room)
    assert told == f"{errno.EFBIG} {path} cannot be finished: File too large"
    assert int(readable) >= 39


@pytest.mark.parametrize("written", [2, 25])
def test_a_kill_loses_one_frame(tmp_path: Path, written: int) -> None:
    path = tmp_path / "a.part.mp4"
    command = [sys.executable, "-c", IS_KILLED, str(path), str(written)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "written\n"
        process.kill()
    facts = finish(path, tmp_path / "a.mp4", scratch=tmp_path / "a.tmp.mp4")
    assert facts.frames == written - 1
    assert ticks_of(tmp_path / "a.mp4") == [number * 9_000 for number in range(written - 1)]
