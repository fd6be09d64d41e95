from __future__ import annotations

import math
import struct
import zlib
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest

from livecam.errors import SourceUnavailable
from livecam.native import av, cv2
from livecam.pipeline.latest_slot import LatestSlot
from livecam.sources.stills import StillsSource, is_picture, natural_order, read_picture
from livecam.testing.clock import FakeClock
from livecam.testing.recording_slot import RecordingSlot

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.frames import Image, SourceInfo

RED = (0, 0, 255)


def a_marked_image() -> Image:
    """Return a grey picture of 64x48 with a red mark in its top left corner."""
    image = np.full((48, 64, 3), 128, np.uint8)
    image[:16, :24] = RED
    return image


def write(path: Path, image: np.ndarray | None = None) -> Path:
    image = a_marked_image() if image is None else image
    path.write_bytes(cv2.imencode(path.suffix.lower(), image)[1].tobytes())
    return path


def with_exif_orientation(path: Path, orientation: int) -> Path:
    """Write into a JPEG how its camera was held, as a camera does."""
    content = path.read_bytes()
    tag = struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0)
    exif = b"Exif\0\0II*\0" + struct.pack("<IH", 8, 1) + tag + bytes(4)
    path.write_bytes(content[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + content[2:])
    return path


def an_animation(path: Path, *, codec: str, pixel_format: str, pictures: int, kind: str) -> Path:
    with av.open(str(path), "w", format=kind) as container:
        stream = cast("av.VideoStream", container.add_stream(codec, rate=5))
        stream.width, stream.height, stream.pix_fmt = 64, 48, pixel_format
        for number in range(pictures):
            image = np.full((48, 64, 3), 40 * number, np.uint8)
            frame = av.VideoFrame.from_ndarray(image, format="bgr24").reformat(format=pixel_format)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def a_source(path: Path) -> StillsSource:
    return StillsSource(path, source="stills", clock=FakeClock())


def show(path: Path) -> tuple[SourceInfo, RecordingSlot]:
    source, slot = a_source(path), RecordingSlot()
    info = source.open()
    source.start(slot)
    assert slot.wait_until_closed() is None
    source.close()
    return info, slot


def unavailable(path: Path) -> str:
    source = a_source(path)
    with pytest.raises(SourceUnavailable) as raised:
        source.open()
    source.close()
    message = str(raised.value)
    assert str(path) in message
    assert "\n" not in message
    return message


def test_one_picture_is_delivered_with_its_name(tmp_path: Path) -> None:
    info, slot = show(write(tmp_path / "photo.png"))
    assert (info.description, info.width, info.height) == ("photo.png", 64, 48)
    assert (info.fps, info.duration, info.is_live, info.are_stills) == (None, 1.0, False, True)
    (frame,) = slot.frames
    assert (frame.sequence, frame.media_time, frame.name) == (0, 0.0, "photo.png")
    assert np.array_equal(frame.image, a_marked_image())


def test_the_pictures_of_a_folder_come_in_their_natural_order(tmp_path: Path) -> None:
    names = ["img10.jpg", "IMG2.PNG", "img1.webp", "img3.bmp", "img20.tif", "img20.tiff", "b.JPEG"]
    for name in names:
        write(tmp_path / name)
    info, slot = show(tmp_path)
    assert info.description == f"{tmp_path.name} (7 pictures)"
    assert info.duration == 7.0
    assert [frame.name for frame in slot.frames] == [
        "b.JPEG",
        "img1.webp",
        "IMG2.PNG",
        "img3.bmp",
        "img10.jpg",
        "img20.tif",
        "img20.tiff",
    ]
    assert [frame.sequence for frame in slot.frames] == list(range(7))
    assert [frame.media_time for frame in slot.frames] == list(range(7))
    assert {frame.image.shape for frame in slot.frames} == {(48, 64, 3)}


def test_hidden_files_other_files_and_folders_are_left_out(tmp_path: Path) -> None:
    write(tmp_path / "shown.png")
    write(tmp_path / ".hidden.png")
    (tmp_path / "notes.txt").write_text("no picture", encoding="utf-8")
    (tmp_path / "album.png").mkdir()
    write(tmp_path / "album.png" / "deeper.png")
    info, slot = show(tmp_path)
    assert info.description.endswith("(1 picture)")
    assert [frame.name for frame in slot.frames] == ["shown.png"]


def test_every_picture_waits_until_it_is_taken(tmp_path: Path) -> None:
    for number in range(5):
        write(tmp_path / f"{number}.png")
    _, slot = show(tmp_path)
    assert slot.patiences == [math.inf] * 5
    source, dropped = a_source(tmp_path), list[str | None]()
    one_place = LatestSlot(on_drop=lambda frame: dropped.append(frame.name))
    source.open()
    source.start(one_place)
    taken = []
    while (frame := one_place.take()) is not None:
        taken.append(frame.name)
    source.close()
    assert taken == [f"{number}.png" for number in range(5)]
    assert dropped == []


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_as_its_camera_was_held(tmp_path: Path, orientation: int) -> None:
    shown = a_marked_image()
    stored = {
        1: shown,
        2: shown[:, ::-1],
        3: shown[::-1, ::-1],
        4: shown[::-1],
        5: shown.swapaxes(0, 1),
        6: np.rot90(shown),
        7: shown[::-1, ::-1].swapaxes(0, 1),
        8: np.rot90(shown, -1),
    }[orientation]
    path = with_exif_orientation(write(tmp_path / "photo.jpg", np.ascontiguousarray(stored)), orientation)
    info, slot = show(path)
    assert (info.width, info.height) == (64, 48)
    assert np.abs(slot.frames[0].image.astype(int) - shown).mean() < 6


@pytest.mark.parametrize("name", ["Größe ½ 🙂.jpg", "写真.png", "a colon: and %03d.png"])
def test_any_name_will_do(tmp_path: Path, name: str) -> None:
    _, slot = show(write(tmp_path / name))
    assert [frame.name for frame in slot.frames] == [name]


@pytest.mark.parametrize(
    ("stored", "brightness"),
    [
        (np.full((48, 64), 200, np.uint8), 200),
        (np.full((48, 64), 200 * 257, np.uint16), 200),
        (np.full((48, 64, 3), 100 * 257, np.uint16), 100),
        (np.full((48, 64, 4), 90, np.uint8), 90),
    ],
    ids=["grey", "grey of 16 bits", "colour of 16 bits", "with alpha"],
)
@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_all_depths_and_channels_become_bgr_bytes(
    tmp_path: Path, stored: np.ndarray, brightness: int, suffix: str
) -> None:
    _, slot = show(write(tmp_path / f"photo{suffix}", stored))
    image = slot.frames[0].image
    assert image.shape == (48, 64, 3)
    assert image.dtype == np.uint8
    assert image.mean() == pytest.approx(brightness, abs=1)


def test_a_damaged_picture_is_skipped_named_and_counted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(4):
        write(tmp_path / f"{number}.jpg")
    for number in (0, 2):
        (tmp_path / f"{number}.jpg").write_bytes((tmp_path / f"{number}.jpg").read_bytes()[:200])
    source, slot = a_source(tmp_path), RecordingSlot()
    info = source.open()
    source.start(slot)
    slot.wait_until_closed()
    source.close()
    assert (info.width, info.height) == (64, 48)
    assert [(frame.sequence, frame.name) for frame in slot.frames] == [(0, "1.jpg"), (1, "3.jpg")]
    assert source.skipped == ["0.jpg", "2.jpg"]
    warnings = [record.getMessage() for record in caplog.records]
    assert len(warnings) == 2
    assert "0.jpg is damaged" in warnings[0]
    assert "2.jpg is damaged" in warnings[1]
    assert warnings[1].endswith("it is skipped (2 so far)")


def test_a_picture_that_claims_to_be_huge_is_refused_before_memory_is_given(tmp_path: Path) -> None:
    content = bytearray(cv2.imencode(".png", np.zeros((48, 64, 3), np.uint8))[1].tobytes())
    content[16:24] = (40_000).to_bytes(4) + (10_000).to_bytes(4)
    content[29:33] = zlib.crc32(content[12:29]).to_bytes(4)
    (tmp_path / "huge.png").write_bytes(content)
    with pytest.raises(SourceUnavailable, match=r"huge\.png says that it has more than 250 million pixels"):
        read_picture(tmp_path / "huge.png")


def test_pictures_are_decoded_when_their_turn_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(200):
        write(tmp_path / f"{number}.png", np.zeros((2, 2, 3), np.uint8))
    decoded: list[int] = []
    decode = cv2.imdecode

    def counting(content: np.ndarray, flags: int) -> np.ndarray | None:
        decoded.append(len(content))
        return decode(content, flags)

    monkeypatch.setattr(cv2, "imdecode", counting)
    source = a_source(tmp_path)
    assert source.open().duration == 200.0
    source.close()
    assert len(decoded) == 1


def test_what_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    assert "no such file or folder" in unavailable(tmp_path / "gone")


def test_a_folder_without_pictures_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no picture", encoding="utf-8")
    assert "holds no picture" in unavailable(tmp_path)


@pytest.mark.parametrize("content", [b"", b"no picture", b"\xff\xd8\xff\xe0" + bytes(100), b"\0" * 5000])
def test_a_damaged_picture_is_said_to_be_damaged(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(content)
    assert "is damaged, or no jpg" in unavailable(path)


def test_a_folder_of_damaged_pictures_is_said_to_be_one(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.png").write_bytes(b"no picture")
    assert "none of the 3 pictures" in unavailable(tmp_path)


def test_names_sort_as_people_do() -> None:
    names = ["img10", "img2", "IMG1", "a", "2", "10", "img2b", "", "img02"]
    assert sorted(names, key=natural_order) == ["", "2", "10", "a", "IMG1", "img02", "img2", "img2b", "img10"]


@pytest.mark.parametrize("suffix", [".jpg", ".JPEG", ".png", ".webp", ".bmp", ".tif", ".TIFF", ".gif"])
def test_a_picture_is_one_by_its_suffix_and_under_any_other_name(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"still{suffix}")
    assert is_picture(path)
    assert is_picture(path.rename(tmp_path / "still.mp4"))
    assert show(tmp_path / "still.mp4")[0].width == 64


def test_a_picture_that_is_not_there_is_one_by_its_name(tmp_path: Path) -> None:
    assert is_picture(tmp_path / "gone.jpg")
    assert is_picture(tmp_path / "gone.png")
    assert not is_picture(tmp_path / "gone.mp4")
    assert not is_picture(tmp_path)


@pytest.mark.parametrize(
    ("name", "kind", "codec", "pixel_format"),
    [
        ("a.gif", "gif", "gif", "rgb8"),
        ("a.png", "apng", "apng", "rgb24"),
        ("a.mjpeg", "mjpeg", "mjpeg", "yuvj420p"),
        ("a.mp4", "mp4", "libx264", "yuv420p"),
    ],
)
def test_what_moves_is_no_picture(
    tmp_path: Path, name: str, kind: str, codec: str, pixel_format: str
) -> None:
    assert not is_picture(
        an_animation(tmp_path / name, codec=codec, pixel_format=pixel_format, pictures=4, kind=kind)
    )


def test_text_is_no_picture(tmp_path: Path) -> None:
    path = tmp_path / "notes"
    path.write_text("BMW is not a bitmap", encoding="utf-8")
    assert not is_picture(path)


def test_a_phones_own_format_is_a_picture_and_said_to_be_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "IMG_0001.HEIC"
    path.write_bytes(b"\0\0\0\x18ftypheic" + bytes(100))
    assert is_picture(path)
    assert "no jpg, png" in unavailable(path)


def test_a_picture_can_be_read_on_its_own(tmp_path: Path) -> None:
    assert np.array_equal(read_picture(write(tmp_path / "photo.png")), a_marked_image())
    for path, why in ((tmp_path / "gone.png", "no such file"), (tmp_path, "cannot be read")):
        with pytest.raises(SourceUnavailable, match=why):
            read_picture(path)
