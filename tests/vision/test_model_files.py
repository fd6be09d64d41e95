from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from livecam.errors import ModelDamaged, ModelMissing
from livecam.vision import model_files
from livecam.vision.model_files import EXPRESSION_MODEL, FACE_FINDER

if TYPE_CHECKING:
    from pathlib import Path


def test_a_missing_model_is_told_in_one_line_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing) as caught:
        model_files.load_verified(FACE_FINDER, tmp_path)
    assert str(caught.value).endswith("run: livecam models install")
    assert "\n" not in str(caught.value)


def test_a_damaged_model_is_told_in_one_line_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / FACE_FINDER.name).write_bytes(b"not a network")
    with pytest.raises(ModelDamaged) as caught:
        model_files.load_verified(FACE_FINDER, tmp_path)
    assert str(caught.value).endswith("run: livecam models install")
    assert "\n" not in str(caught.value)


def test_one_byte_more_is_noticed_at_the_next_load(models: Path, tmp_path: Path) -> None:
    copy = tmp_path / EXPRESSION_MODEL.name
    shutil.copy(models / EXPRESSION_MODEL.name, copy)
    model_files.load_verified(EXPRESSION_MODEL, tmp_path)
    with copy.open("ab") as file:
        file.write(b"\0")
    with pytest.raises(ModelDamaged):
        model_files.load_verified(EXPRESSION_MODEL, tmp_path)


def test_something_unreadable_in_a_models_place_is_told_not_raised_raw(tmp_path: Path) -> None:
    (tmp_path / FACE_FINDER.name).mkdir()
    with pytest.raises(ModelMissing, match="cannot be read"):
        model_files.load_verified(FACE_FINDER, tmp_path)


def test_verify_tells_missing_damaged_and_sound_files_apart(models: Path, tmp_path: Path) -> None:
    shutil.copy(models / EXPRESSION_MODEL.name, tmp_path)
    (tmp_path / FACE_FINDER.name).write_bytes(b"12345")
    states = {state.name: state for state in model_files.verify(tmp_path)}
    assert states[EXPRESSION_MODEL.name].state == "ok"
    assert states[FACE_FINDER.name].state == "damaged"
    assert states[FACE_FINDER.name].size == 5
    assert states["centerface.LICENSE"].state == "missing"


def test_requiring_all_files_raises_what_a_load_would(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"centerface\.onnx"):
        model_files.require_all(model_files.verify(tmp_path))


def test_the_variable_chooses_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVECAM_MODELS", str(tmp_path))
    assert model_files.models_folder() == tmp_path


def test_without_the_variable_the_models_are_in_the_users_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVECAM_MODELS", "")
    assert model_files.models_folder().parts[-2:] == ("livecam", "models")
