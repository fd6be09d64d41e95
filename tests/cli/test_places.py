from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from livecam.archive.folder import default_folder
from livecam.cli.places import Place, places, removal
from livecam.state.conventions import ConventionStore
from livecam.tracking.convention import Convention
from livecam.tracking.relation import Relation
from tests.archive.samples import an_archive, left_by_a_crash


@pytest.fixture(autouse=True)
def _a_machine_with_nothing_on_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("LIVECAM_MODELS", str(tmp_path / "models"))


def named(what: str) -> Place:
    return next(place for place in places(platform="linux") if place.what == what)


def test_where_nothing_is_there_is_nothing_to_remove() -> None:
    assert [(place.size, place.remove) for place in places()] == [(None, None)] * 9
    assert all(place.path.is_absolute() for place in places())


def test_the_users_settings_are_not_in_use_where_the_folder_has_its_own(tmp_path: Path) -> None:
    user = tmp_path / "config" / "livecam" / "livecam.toml"
    user.parent.mkdir(parents=True)
    user.write_text("rate = 1\n")
    assert named("settings of this user").is_in_use
    Path("livecam.toml").write_text("fps = 2\n")
    assert not named("settings of this user").is_in_use
    assert named("settings of this user").size == 9
    assert named("settings of this folder").is_in_use
    assert named("settings of this folder").remove == f"rm -rf {tmp_path / 'livecam.toml'}"


def test_what_is_learnt_about_boxes_can_be_removed(tmp_path: Path) -> None:
    store = ConventionStore()
    store.save("rekognition", "centerface@384", Convention(Relation(0.0, 0.1, 0.0, 0.2), 3))
    place = named("how detectors draw boxes")
    assert place.path == store.path == tmp_path / "data" / "livecam" / store.path.name
    assert place.size == store.path.stat().st_size
    assert place.remove == f"rm -rf {store.path}"


def test_a_folder_of_ours_is_removed_whole_and_one_with_other_things_file_by_file(tmp_path: Path) -> None:
    models = tmp_path / "models"
    models.mkdir()
    (models / "centerface.onnx").write_bytes(bytes(7))
    assert named("models").remove == f"rm -rf {models}"
    (models / "thesis.tex").write_bytes(bytes(1000))
    place = named("models")
    assert place.remove == f"rm -rf {models / 'centerface.onnx'}"
    assert place.size == 7
    (models / "centerface.onnx").unlink()
    assert named("models").remove is None


@pytest.mark.parametrize("name", ["plain", "with space", "it's", '$(rm "x")'])
def test_a_command_names_exactly_the_path(name: str) -> None:
    assert shlex.split(removal([Path(name), Path("b")], platform="darwin")) == ["rm", "-rf", name, "b"]


def test_on_windows_it_is_the_shells_own_command() -> None:
    said = removal([Path("it's"), Path("b")], platform="win32")
    assert said == "Remove-Item -Recurse -Force -LiteralPath 'it''s','b'"


def test_clips_are_removed_by_the_command_that_knows_all_of_them() -> None:
    archive = an_archive(default_folder())
    left_by_a_crash(archive)
    place = named("clips")
    assert place.path == default_folder()
    assert place.size is not None
    assert place.size > 1000
    assert place.remove == "livecam clips purge --all"
