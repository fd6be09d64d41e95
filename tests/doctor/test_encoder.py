from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.doctor import encoder
from livecam.encoding.h264 import H264Writer
from livecam.errors import OutputError

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from livecam.frames import Image


def test_a_few_pictures_are_really_encoded_and_nothing_is_left(tmp_path: Path) -> None:
    told = encoder.encoder(folder=tmp_path)
    assert told.state == "ok"
    assert "writes H.264 (libx264): 6 pictures encoded, finished and read back" in told.text
    assert list(tmp_path.iterdir()) == []


def test_an_encoder_that_is_not_there_fails_with_what_to_run() -> None:
    told = encoder.encoder("no-such-encoder")
    assert (told.state, "no-such-encoder" in told.text) == ("fail", True)
    assert "pip install --force-reinstall" in str(told.advice)


def test_one_that_is_there_and_does_not_work_fails_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: H264Writer, image: Image, media_time: float) -> None:
        raise OutputError("a picture cannot be encoded")

    monkeypatch.setattr(H264Writer, "write", fail)
    told = encoder.encoder(folder=tmp_path)
    assert (told.state, "a trial of 6 pictures failed" in told.text) == ("fail", True)


def test_video_that_lacks_pictures_or_that_rekognition_refuses_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoder, "why_refused", lambda _: "Rekognition takes H.264.")
    told = encoder.encoder(folder=tmp_path)
    assert (told.state, "is no use: Rekognition takes H.264." in told.text) == ("fail", True)
    written, write = [], H264Writer.write

    def lose_one(self: H264Writer, image: Image, media_time: float) -> None:
        written.append(media_time)
        if len(written) != encoder.PICTURES:
            write(self, image, media_time)

    monkeypatch.setattr(H264Writer, "write", lose_one)
    assert "5 of 6 pictures" in encoder.encoder(folder=tmp_path).text


def test_a_folder_that_takes_nothing_is_told_for_what_it_is(tmp_path: Path) -> None:
    told = encoder.encoder(folder=tmp_path / "gone")
    assert (told.state, "nothing can be written to" in told.text) == ("fail", True)
    assert "TMPDIR" in str(told.advice)
