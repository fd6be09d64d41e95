from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from livecam.errors import OutputError
from livecam.state.ledger_paths import as_cell, file_of, results_of, video_name
from livecam.state.sqlite_file import NotOurs

if TYPE_CHECKING:
    from collections.abc import Callable

CLIPS = Path("/data/clips")
ID = "20261123-120000-k3f9qa"
OWN = "/home/me/holidays/beach.day.mp4"
OBJECT = "s3://a-bucket/videos/../odd key.mp4"


@pytest.mark.parametrize("name", [ID, OWN, OBJECT, "C:\\Users\\me\\beach.mp4", "/home/me/.hidden/a:b.mp4"])
def test_a_video_is_named_by_an_id_a_path_or_an_address(name: str) -> None:
    assert video_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "..",
        "../x.mp4",
        "home/me/x.mp4",
        "/home/../etc/passwd",
        "C:\\..\\x",
        "s3://",
        "s3://b",
        "s3:///k",
        7,
    ],
)
def test_anything_else_is_no_name_of_a_video(name: object) -> None:
    with pytest.raises(NotOurs):
        video_name(name)


@pytest.mark.parametrize(
    ("path", "written"),
    [
        (CLIPS / f"{ID}.mp4", f"{ID}.mp4"),
        (CLIPS / "sub" / ".." / f"{ID}.mp4", f"{ID}.mp4"),
        (CLIPS / "sub" / "x.mp4", "/data/clips/sub/x.mp4"),
        (CLIPS / ".hidden.mp4", "/data/clips/.hidden.mp4"),
        (CLIPS / ".livecam" / "transcoded" / "x.mp4", ".livecam/transcoded/x.mp4"),
        (Path(OWN), OWN),
        (None, None),
    ],
)
def test_what_is_in_the_clip_folder_is_written_by_its_name_alone(
    path: Path | None, written: str | None
) -> None:
    assert as_cell(CLIPS, path) == written


def test_a_name_that_is_no_text_is_told() -> None:
    with pytest.raises(OutputError, match=r"caf\\udce9.mp4' cannot be worked with, .* rename the file"):
        as_cell(CLIPS, Path("/home/caf\udce9.mp4"))


FILES = [
    (file_of, ID, f"{ID}.mp4", CLIPS / f"{ID}.mp4"),
    (file_of, OWN, "beach.day.mp4", CLIPS / "beach.day.mp4"),
    (file_of, OWN, OWN, Path(OWN)),
    (file_of, ID, f".livecam/transcoded/{ID}.mp4", CLIPS / ".livecam" / "transcoded" / f"{ID}.mp4"),
    (file_of, OWN, ".livecam/transcoded/beach.mp4", CLIPS / ".livecam" / "transcoded" / "beach.mp4"),
    (file_of, OBJECT, None, None),
    (results_of, ID, f"{ID}.results.jsonl", CLIPS / f"{ID}.results.jsonl"),
    (results_of, OWN, "beach.day.results.jsonl", CLIPS / "beach.day.results.jsonl"),
    (
        results_of,
        OWN,
        "/home/me/holidays/beach.day.results.jsonl",
        Path("/home/me/holidays/beach.day.results.jsonl"),
    ),
    (
        results_of,
        OWN,
        "/home/me/holidays/beach.day.mp4.results.jsonl",
        Path("/home/me/holidays/beach.day.mp4.results.jsonl"),
    ),
    (results_of, OBJECT, "odd-key-1f2e.results.jsonl", CLIPS / "odd-key-1f2e.results.jsonl"),
    (results_of, ID, None, None),
]


@pytest.mark.parametrize(("read", "video", "written", "path"), FILES)
def test_a_path_leads_into_the_clip_folder_or_to_what_the_user_named(
    read: Callable[[Path, str, object], Path | None], video: str, written: str | None, path: Path | None
) -> None:
    assert read(CLIPS, video, written) == path


ELSEWHERE = [
    (file_of, ID, "../other.mp4"),
    (file_of, ID, "/etc/passwd"),
    (file_of, ID, "20261123-120000-zzzzzz.mp4"),
    (file_of, ID, ID + "/x.mp4"),
    (file_of, ID, f".livecam/{ID}.mp4"),
    (file_of, ID, ".livecam/transcoded/other.mp4"),
    (file_of, ID, f".livecam/transcoded/.livecam/transcoded/{ID}.mp4"),
    (file_of, ID, f".livecam/transcoded/../../../{ID}.mp4"),
    (results_of, ID, f".livecam/transcoded/{ID}.results.jsonl"),
    (file_of, ID, ID),
    (file_of, OWN, "/etc/passwd"),
    (file_of, OWN, "sub/beach.day.mp4"),
    (file_of, OBJECT, OBJECT),
    (file_of, OBJECT, "/etc/passwd"),
    (file_of, OWN, ""),
    (file_of, OWN, b"x"),
    (results_of, ID, "../x.results.jsonl"),
    (results_of, ID, "20261123-120000-zzzzzz.results.jsonl"),
    (results_of, ID, f"{ID}.mp4"),
    (results_of, ID, f"{ID}.jsonl"),
    (results_of, ID, f"/data/clips/{ID}.results.jsonl"),
    (results_of, OWN, OWN),
    (results_of, OWN, "/home/me/beach.day.results.jsonl"),
    (results_of, OWN, "/home/me/holidays/../beach.day.results.jsonl"),
    (results_of, OWN, "/home/me/holidays/sub/beach.day.results.jsonl"),
    (results_of, OWN, "/home/me/holidays/mountain.results.jsonl"),
    (results_of, OWN, "/home/me/holidays/beach.day.mov.results.jsonl"),
    (results_of, OBJECT, "s3://a-bucket/videos/../odd key.results.jsonl"),
    (results_of, OBJECT, "/etc/x.results.jsonl"),
    (results_of, ID, ""),
    (results_of, ID, 7),
]


@pytest.mark.parametrize(("read", "video", "written"), ELSEWHERE)
def test_a_path_that_leads_elsewhere_is_damage(
    read: Callable[[Path, str, object], Path | None], video: str, written: object
) -> None:
    with pytest.raises(NotOurs):
        read(CLIPS, video, written)


def test_a_folder_that_was_carried_to_another_system_is_no_damage() -> None:
    windows = "C:\\Users\\me\\beach.mp4"
    assert str(file_of(CLIPS, windows, windows)) == windows
    assert str(results_of(CLIPS, windows, "C:\\Users\\me\\beach.results.jsonl")).endswith("results.jsonl")
    with pytest.raises(NotOurs):
        results_of(CLIPS, windows, "C:\\Users\\beach.results.jsonl")
