from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from livecam.archive.purging import purge
from livecam.archive.syncing import sync
from livecam.cli.clips import found
from livecam.clock import SystemClock
from livecam.errors import UsageError
from livecam.native import av
from livecam.state.ledger import ledger_file
from livecam.stored_video import S3Place, StoredVideo
from tests import command_line
from tests.archive.samples import an_archive, left_by_a_crash, record

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from livecam.archive.archive import Archive


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return an_archive(tmp_path / "clips", clock=SystemClock())


def run(archive: Archive, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = archive.folder.path
    return command_line.livecam("clips", *arguments, "--clip-dir", path, cwd=path.parent)


def as_json(archive: Archive, *arguments: str) -> dict[str, Any]:
    result = run(archive, *arguments, "--json")
    told: dict[str, Any] = json.loads(result.stdout)
    assert told["schema"] == "livecam.clips/1"
    return told


def finished(archive: Archive, frames: int = 10) -> str:
    clip = left_by_a_crash(archive, frames)
    sync(archive)
    return clip


def test_clips_are_listed_for_people_and_programs(archive: Archive) -> None:
    clips = [finished(archive, 30), finished(archive, 60)]
    said = run(archive, "list").stdout.splitlines()
    assert {line.split()[0] for line in said[1:3]} == set(clips)
    assert said[3].startswith("2 clips, 0:03, ")
    told = as_json(archive, "list")["clips"]
    assert {clip["id"] for clip in told} == set(clips)
    assert {clip["frames"] for clip in told} == {30, 60}
    assert all(clip["state"] == "recorded" for clip in told)


def test_an_empty_folder_says_what_to_do(archive: Archive) -> None:
    result = run(archive, "list")
    assert result.returncode == 0
    assert result.stdout.strip() == f"no clips in {archive.folder.path}; `livecam record` makes one"


def test_what_a_crash_left_is_told_by_list_and_taken_up_by_sync(archive: Archive) -> None:
    clip = left_by_a_crash(archive, 30)
    assert "1 unfinished or unknown to the ledger" in run(archive, "list").stdout
    assert run(archive, "sync").stdout.splitlines()[0] == f"finished: {archive.folder.clip(clip)} (0:01)"
    assert "unfinished" not in run(archive, "list").stdout
    assert as_json(archive, "sync")["salvaged"] == []


def test_a_clip_is_found_by_its_id_its_beginning_its_file_or_as_the_last(archive: Archive) -> None:
    clip = finished(archive)
    for name in (clip, clip[:-3], str(archive.folder.clip(clip)), "last"):
        assert as_json(archive, "show", name)["clip"]["id"] == clip


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["show", "nothing"], "there is no clip nothing in"),
        (["purge", "last", "./2026.mov", "--yes"], "there is no clip ./2026.mov in"),
        (["show", "2"], "is the beginning of 2 clips' ids"),
        (["purge"], "name the clips to delete, or give --all or --older-than DAYS"),
        (["purge", "--all"], "2 clips would be deleted for good; give --yes to do so"),
        (
            ["copy", "last", "--kind", "blured"],
            "--kind blured: give annotated or blurred; did you mean blurred?",
        ),
    ],
)
def test_bad_input_is_one_sentence_and_loses_nothing(
    archive: Archive, arguments: list[str], words: str
) -> None:
    clips = {finished(archive), finished(archive)}
    result = run(archive, *arguments)
    assert result.returncode == 2
    assert words in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert {row.id for row in archive.ledger.all()} == clips


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    result = command_line.livecam("clips", "list", "--clip-dir", "nowhere", cwd=tmp_path)
    assert (result.returncode, result.stderr) == (2, "livecam: --clip-dir nowhere is no folder\n")


def test_chosen_clips_are_deleted_and_others_stay(archive: Archive) -> None:
    clips = [finished(archive) for _ in range(3)]
    result = run(archive, "purge", clips[0], "--yes")
    assert (result.returncode, result.stdout) == (0, "1 clip deleted\n")
    assert set(archive.folder.ids()) == set(clips[1:])
    assert as_json(archive, "purge", "--older-than", "1", "--yes")["removed"] == []
    assert set(as_json(archive, "purge", "--all", "--yes")["removed"]) == set(clips[1:])
    assert archive.folder.ids() == []


def test_all_means_files_that_the_ledger_does_not_know_too(archive: Archive) -> None:
    clip = finished(archive)
    for path in ledger_file(archive.folder.path).parent.glob("ledger*"):
        path.unlink()
    assert as_json(archive, "purge", "--all", "--yes")["removed"] == [clip]
    assert archive.folder.ids() == []


def test_all_means_what_a_kill_and_damage_left_too_and_nothing_of_the_users_own(archive: Archive) -> None:
    clip = finished(archive)
    folder = archive.folder.path
    aside = archive.ledger.path.with_name("ledger.sqlite.damaged-20260101-000000")
    left = [
        folder / f"20260101-00000{number}-aaaaaa{end}"
        for number, end in enumerate((".part.mp4", ".tmp.mp4", ".blurred.part.mp4", ".report.html.part"))
    ]
    own = [folder / "my own.mp4", folder / "notes.txt", folder / "20260101.mp4"]
    for path in (aside, *left, *own):
        path.touch()
    record = as_json(archive, "purge", "--all", "--yes")
    assert record["removed"] == [clip, *(path.name.partition(".")[0] for path in left), str(aside)]
    assert record["kept"] == {}
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [".livecam", *(each.name for each in own)]
    )


def test_of_all_the_clip_that_is_being_recorded_stays_and_is_told(archive: Archive) -> None:
    clip, writer = finished(archive), record(archive)
    result = run(archive, "purge", "--all", "--yes")
    assert (result.returncode, result.stdout) == (1, "1 clip deleted\n")
    assert f"not deleted: {writer.id}: {writer.id} is being recorded or worked on" in result.stderr
    assert archive.folder.part(writer.id).is_file()
    assert archive.folder.files(clip) == []


def test_a_clip_that_is_being_recorded_is_not_deleted(archive: Archive) -> None:
    writer = record(archive)
    result = run(archive, "purge", writer.id, "--yes")
    assert result.returncode == 1
    assert "is being recorded or worked on" in result.stderr
    assert archive.folder.part(writer.id).is_file()


def test_a_damaged_ledger_is_filled_again_from_the_files(archive: Archive) -> None:
    clip = finished(archive)
    ledger_file(archive.folder.path).write_bytes(b"no database" * 500)
    result = run(archive, "list")
    assert clip in result.stdout
    assert "set aside" in result.stderr


def test_a_copy_has_every_frame(archive: Archive) -> None:
    clip = finished(archive, 30)
    result = run(archive, "copy", clip)
    path = archive.folder.copy(clip, "annotated")
    assert result.stdout.strip() == str(path)
    with av.open(str(path)) as film:
        assert sum(1 for _ in film.decode(video=0)) == 30
    assert str(path.name) in as_json(archive, "show", clip)["clip"]["files"]


def test_an_unfinished_clip_has_no_copy_yet(archive: Archive) -> None:
    clip = left_by_a_crash(archive)
    result = run(archive, "copy", clip)
    assert result.returncode == 2
    assert "is not finished (recording); `livecam clips sync` takes it up" in result.stderr


def test_the_beginning_of_an_id_does_for_bare_texts_only(tmp_path: Path) -> None:
    archive = an_archive(tmp_path / "clips")
    clip = finished(archive)
    assert found(archive, clip[:8]).id == clip
    sidecar = archive.folder.sidecar(clip)
    assert found(archive, str(sidecar)).id == clip
    for text in (f"{clip[:8]}.mp4", f"{archive.folder.path}/{clip[:8]}.mp4", str(tmp_path / sidecar.name)):
        with pytest.raises(UsageError, match=f"there is no clip {re.escape(text)} in"):
            found(archive, text)
    with pytest.raises(UsageError, match="there is no clip '' in"):
        found(archive, "")


def test_a_copy_is_not_written_over_the_clip(archive: Archive) -> None:
    clip = finished(archive)
    before = archive.folder.clip(clip).read_bytes()
    for path in (
        archive.folder.clip(clip),
        archive.folder.sidecar(clip),
        archive.folder.copy(clip, "blurred"),
    ):
        result = run(archive, "copy", clip, "--output", str(path))
        assert result.returncode == 2
        assert "would write over what is kept there" in result.stderr
    assert archive.folder.clip(clip).read_bytes() == before


def test_a_clip_that_is_on_s3_alone_has_no_copy_and_show_says_so(archive: Archive) -> None:
    clip = finished(archive)
    place = S3Place("b", f"k/{clip}.mp4")
    archive.ledger.videos.add(StoredVideo(clip, "stored", place=place))
    archive.folder.clip(clip).unlink()
    result = run(archive, "copy", clip)
    assert result.returncode == 2
    assert f"{clip} is on S3 alone: {place.uri};" in result.stderr
    assert f"it is on S3 alone: {place.uri}" in run(archive, "show", clip).stdout


def test_what_a_deletion_left_on_s3_is_listed(archive: Archive) -> None:
    clip = finished(archive)
    archive.ledger.videos.add(StoredVideo(clip, "removing", place=S3Place("b", "k.mp4")))
    assert as_json(archive, "list")["left_on_s3"] == []
    purge(archive, clip, reason="by hand")
    said = run(archive, "list").stdout.splitlines()
    assert said[-1] == (
        f"1 clip is gone here and left on S3: {clip}; `livecam clips purge {clip}` deletes it there"
    )
    assert as_json(archive, "list")["left_on_s3"] == [clip]
