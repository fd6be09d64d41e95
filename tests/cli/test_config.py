from __future__ import annotations

import json
import stat
import sys
from typing import TYPE_CHECKING

from tests import command_line
from tests.requirements import skip_unless

if TYPE_CHECKING:
    from pathlib import Path


def test_init_writes_a_file_that_changes_nothing_and_overwrites_none(tmp_path: Path) -> None:
    first = command_line.livecam("config", "init", cwd=tmp_path)
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.startswith("livecam.toml: written")
    (tmp_path / "livecam.toml").write_text("rate = 3\n")
    again = command_line.livecam("config", "init", cwd=tmp_path)
    assert again.returncode == 2
    assert again.stderr == "livecam: livecam.toml is there already; --force overwrites it\n"
    assert (tmp_path / "livecam.toml").read_text() == "rate = 3\n"
    assert command_line.livecam("config", "init", "--force", cwd=tmp_path).returncode == 0
    shown = command_line.livecam("config", "show", "--json", cwd=tmp_path)
    assert {each["origin"] for each in json.loads(shown.stdout)["settings"].values()} == {"default"}


def test_init_can_write_the_users_file_which_only_the_user_may_read(tmp_path: Path) -> None:
    result = command_line.livecam("config", "init", "--user", cwd=tmp_path)
    path = tmp_path / "config" / "livecam" / "livecam.toml"
    assert (result.returncode, result.stdout.split(":")[0]) == (0, str(path))
    skip_unless(sys.platform != "win32", "Windows has no such modes")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_init_says_where_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file where the folder should be")
    result = command_line.livecam("config", "init", "--user", cwd=tmp_path)
    assert result.returncode == 1
    assert "livecam.toml cannot be written: " in result.stderr
    assert result.stderr.count("\n") == 1


def test_show_says_where_each_value_came_from_and_no_secret(tmp_path: Path) -> None:
    (tmp_path / "livecam.toml").write_text('\nrate = 5\nroi = "0,0,0.5,1"\nfps = 10\n')
    env = {
        "LIVECAM_SOURCE": "rtsp://user:hunter2@cam/live?pw=hunter2",
        "LIVECAM_WEBHOOK": "https://chat.example/hunter2",
        "LIVECAM_WEBHOOK_SECRET": "hunter2",
        "LIVECAM_FPS": "15",
        "LIVECAM_VEIW": "hunter2",
    }
    as_json = command_line.livecam("config", "show", "--json", cwd=tmp_path, env=env)
    table = command_line.livecam("config", "show", cwd=tmp_path, env=env)
    for result in (as_json, table):
        assert result.returncode == 0
        assert "hunter2" not in result.stdout + result.stderr
        assert "LIVECAM_VEIW sets nothing" in result.stderr
        assert "did you mean view?" in result.stderr
    said = json.loads(as_json.stdout)
    assert said["schema"] == "livecam.config/1"
    settings = said["settings"]
    file = {"origin": "file", "where": "livecam.toml, line 2"}
    assert settings["rate"] == {"value": 5.0} | file
    assert settings["roi"] == {"value": [0, 0, 0.5, 1], "origin": "file", "where": "livecam.toml, line 3"}
    assert settings["fps"] == {"value": 15.0, "origin": "environment", "where": "LIVECAM_FPS"}
    assert settings["source"]["value"] == "rtsp://cam/live"
    assert settings["webhook_secret"]["value"] == "***"
    assert settings["view"] == {"value": "auto", "origin": "default", "where": None}
    rows = {line.split()[0]: line for line in table.stdout.splitlines()}
    assert rows.keys() == settings.keys()
    assert rows["rate"].split(maxsplit=2)[1:] == ["5.0", "livecam.toml, line 2"]
    assert rows["trace"].split() == ["trace", "not", "set", "default"]
    assert rows["webhook"].split()[1:] == ["https://chat.example/***", "LIVECAM_WEBHOOK"]


def test_show_says_what_is_wrong_with_the_file(tmp_path: Path) -> None:
    (tmp_path / "livecam.toml").write_text("# mine\nrat = 5\n")
    result = command_line.livecam("config", "show", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("livecam: livecam.toml, line 2: rat is not a setting; did you mean rate?")


def test_paths_says_where_things_are_and_how_to_remove_them_and_removes_none(tmp_path: Path) -> None:
    models = tmp_path / "models"
    models.mkdir()
    (models / "centerface.onnx").write_bytes(bytes(1234))
    env = {"LIVECAM_MODELS": str(models)}
    result = command_line.livecam("config", "paths", cwd=tmp_path, env=env)
    assert result.returncode == 0
    assert f"models: {models} (1,234 bytes)\n    " in result.stdout
    assert f"settings of this folder: {tmp_path / 'livecam.toml'} (not there)" in result.stdout
    as_json = command_line.livecam("config", "paths", "--json", cwd=tmp_path, env=env)
    said = json.loads(as_json.stdout)
    assert said["schema"] == "livecam.paths/1"
    assert {place["what"]: place["bytes"] for place in said["places"]}["models"] == 1234
    assert (models / "centerface.onnx").exists()
