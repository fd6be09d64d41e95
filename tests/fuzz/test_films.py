"""Video files with damaged bytes: played, finished and copied as far as they are whole, or refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import strategies as st

from livecam.archive.copying import make_copy
from livecam.archive.sidecar import SidecarWriter
from livecam.encoding.finishing import finish
from livecam.encoding.h264 import H264Encoder
from livecam.encoding.part_file import PartFile
from livecam.encoding.probe import Unreadable, probe, why_refused
from livecam.errors import LivecamError, OutputError, SourceUnavailable
from livecam.native import av
from livecam.sources.video_file import VideoFileSource
from livecam.testing.clock import FakeClock
from livecam.testing.recording_slot import RecordingSlot
from tests.archive.samples import pictures
from tests.archive.test_copying import HEADER
from tests.command_line import livecam
from tests.encoding.clips import a_part, decoded, encoded
from tests.fuzz.cases import assert_told, fuzzed
from tests.fuzz.damage import DAMAGE, Damage
from tests.sources.test_video_file import GROWING, a_film

FRAMES = 12
TIMES = [number / 30 for number in range(FRAMES)]
KINDS = [each for each in GROWING if each[0] != ".mjpeg"]  # which takes another pixel format
NAMES = re.compile(
    rb"ftyp|moov|mvhd|trak|tkhd|edts|elst|mdia|mdhd|hdlr|minf|stbl|stsd|avc1|avcC|stts|ctts|stss|stsc|stsz|stco|co64"
    rb"|mvex|trex|moof|mfhd|traf|tfhd|tfdt|trun|mdat|mfra|sidx|udta|meta"
)
"""Of boxes (ISO/IEC 14496-12)."""


@dataclass(frozen=True, slots=True)
class BoxDamage:
    """Other bytes within or before the head of some box."""

    box: int
    """Which one, modulo their number."""
    place: int
    """Bytes from its name; -4 is its size."""
    puts: bytes

    def of(self, content: bytes) -> bytes:
        """Return what became of the content."""
        found = list(NAMES.finditer(content))
        if not found:
            return content
        at = max(found[self.box % len(found)].start() + self.place, 0)
        return content[:at] + self.puts + content[at + len(self.puts) :]


WORDS = st.one_of(
    st.binary(min_size=1, max_size=8),
    st.integers(0, 40).map(lambda number: number.to_bytes(4)),
    st.sampled_from(
        [bytes(4), bytes(8), b"\xff" * 4, b"\x7f\xff\xff\xff", b"\x80\0\0\0", b"free", b"moof", b"\0\0\0\1"]
    ),
)
BOX_DAMAGE = st.builds(
    BoxDamage, st.integers(0, 300), st.sampled_from([-4, -4, -4, 0]) | st.integers(-4, 60), WORDS
)
FILE_DAMAGE = st.lists(st.one_of(DAMAGE, BOX_DAMAGE, BOX_DAMAGE), min_size=1, max_size=3)


class Films:
    """Whole films of the kinds that are written here and elsewhere."""

    def __init__(self, folder: Path) -> None:
        self.part = a_part(folder / "a.part.mp4", TIMES).read_bytes()
        self.torn = self._torn(folder / "torn.part.mp4")
        finish(folder / "a.part.mp4", folder / "a.mp4", scratch=folder / "s.mp4")
        self.by_suffix = {".mp4": (folder / "a.mp4").read_bytes(), ".part.mp4": self.part}
        for suffix, kind, codec, options in KINDS:
            film = a_film(folder / f"b{suffix}", kind=kind, codec=codec, options=options, pictures=FRAMES)
            self.by_suffix[f".{codec}{suffix}"] = film.read_bytes()

    def _torn(self, path: Path) -> bytes:
        """Return a part file as a killed livecam leaves it: fragments without an index."""
        encoder = H264Encoder(64, 48)
        part = PartFile(path, encoder)
        for packet in encoded(encoder, TIMES):
            part.write(packet)
        content = path.read_bytes()
        part.close()
        return content


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Films:
    return Films(tmp_path_factory.mktemp("films"))


def put(name: str, content: bytes, damage: list[Damage | BoxDamage]) -> Path:
    path = Path(name)
    for each in damage:
        content = each.of(content)
    path.write_bytes(content)
    return path


def packets_of(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


def decodable(path: Path) -> list[av.VideoFrame]:
    """Return the pictures that a player shows."""
    with av.open(str(path)) as container:
        return [frame for packet in container.demux(video=0) for frame in _pictures_of(packet)]


def _pictures_of(packet: av.Packet[av.VideoStream]) -> list[av.VideoFrame]:
    try:
        return packet.decode()
    except av.FFmpegError:
        return []


SUFFIXES = [".mp4", ".part.mp4", *(f".{codec}{suffix}" for suffix, _, codec, _ in KINDS)]


@fuzzed(60, suffix=st.sampled_from(SUFFIXES), damage=FILE_DAMAGE)
def test_a_damaged_film_plays_in_order_or_is_refused(
    films: Films, suffix: str, damage: list[Damage | BoxDamage]
) -> None:
    path = put(f"film{suffix}", films.by_suffix[suffix], damage)
    source, slot = VideoFileSource(path, source="film", clock=FakeClock(), is_fast=True), RecordingSlot()
    try:
        info = source.open()
    except SourceUnavailable as error:
        assert_told(error)
        source.close()
        return
    source.start(slot)
    assert slot.wait_until_closed() is None
    source.close()
    assert info.fps is None or info.fps > 0
    assert info.duration is None or info.duration > 0
    assert slot.frames[0].image.shape == (info.height, info.width, 3)
    assert all(earlier.media_time < later.media_time for earlier, later in pairwise(slot.frames))
    assert len(slot.frames) <= 50 * FRAMES


@fuzzed(100, suffix=st.sampled_from(SUFFIXES), damage=FILE_DAMAGE)
def test_a_damaged_film_is_probed_or_refused(
    films: Films, suffix: str, damage: list[Damage | BoxDamage]
) -> None:
    path = put(f"film{suffix}", films.by_suffix[suffix], damage)
    try:
        facts = probe(path)
    except Unreadable as error:
        assert_told(error)
        return
    assert facts.size == path.stat().st_size
    assert min(facts.frames, facts.duration, facts.width, facts.height, facts.fps) >= 0
    assert (why_refused(facts) or "it is.").endswith(".")


@fuzzed(100, is_torn=st.booleans(), damage=FILE_DAMAGE)
def test_what_is_recovered_of_a_damaged_part_file_was_written_there(
    films: Films, damage: list[Damage | BoxDamage], *, is_torn: bool
) -> None:
    content = films.torn if is_torn else films.part
    path, target = put("part.mp4", content, damage), Path("clip.mp4")
    target.unlink(missing_ok=True)
    try:
        facts = finish(path, target, scratch=Path("scratch.mp4"))
    except OutputError as error:
        assert_told(error)
        assert not target.exists()
        assert not Path("scratch.mp4").exists()
        return
    found = packets_of(target)
    Path("whole.mp4").write_bytes(films.part)
    written = packets_of(Path("whole.mp4"))
    edits = sum(len(each.edits) + 1 if isinstance(each, Damage) else 1 for each in damage)
    assert facts.frames == len(found) <= FRAMES + edits
    assert sum(packet not in written for packet in found) <= edits
    order = [written.index(packet) for packet in found if packet in written]
    assert order == sorted(order)
    assert len(decodable(target)) > 0


@fuzzed(100, end=st.integers(0, 1 << 24))
def test_a_part_file_that_was_cut_anywhere_keeps_every_whole_frame(films: Films, end: int) -> None:
    damage = Damage((), end)
    path, target = put("part.mp4", films.torn, [damage]), Path("clip.mp4")
    size = path.stat().st_size
    Path("whole.mp4").write_bytes(films.part)
    written = packets_of(Path("whole.mp4"))
    ends = [films.torn.find(packet) + len(packet) for packet in written if packet in films.torn]
    try:
        finish(path, target, scratch=Path("scratch.mp4"))
    except OutputError as error:
        assert_told(error)
        assert not any(each <= size for each in ends)
    else:
        assert packets_of(target) == written[: sum(each <= size for each in ends)]
        assert len(decoded(target)) == len(packets_of(target))


@fuzzed(15, damage=FILE_DAMAGE, kind=st.sampled_from(["annotated", "blurred"]))
def test_a_copy_of_a_damaged_clip_is_whole_or_not_there(
    films: Films, damage: list[Damage | BoxDamage], kind: str
) -> None:
    clip, target, sidecar = (
        put("clip.mp4", films.by_suffix[".mp4"], damage),
        Path("copy.mp4"),
        Path("clip.jsonl"),
    )
    target.unlink(missing_ok=True)
    if not sidecar.exists():
        writer = SidecarWriter(sidecar, HEADER)
        for time, picture in zip(TIMES, pictures(FRAMES), strict=True):
            writer.write(time, picture)
        writer.close()
    try:
        result = make_copy(clip, sidecar, target, kind=kind)
    except LivecamError as error:
        assert_told(error)
        assert not target.exists()
    else:
        assert result.frames == len(decoded(target))


@fuzzed(1, suffix=st.sampled_from(SUFFIXES), damage=FILE_DAMAGE)
def test_the_command_plays_a_damaged_film_or_says_why_not(
    films: Films, suffix: str, damage: list[Damage | BoxDamage], tmp_path: Path
) -> None:
    path = put(f"film{suffix}", films.by_suffix[suffix], damage)
    ended = livecam(
        "run", path, "--view", "none", "--detector", "none", "--fast", "--finder", "off", cwd=tmp_path
    )
    assert ended.returncode in (0, 1), ended.stderr
    assert "Traceback" not in ended.stderr
    assert "internal error" not in ended.stderr
    assert ended.returncode == 0 or ended.stderr.startswith("livecam: ")
