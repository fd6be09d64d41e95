from __future__ import annotations

import errno
from pathlib import Path

import pytest

from livecam.config import settings_file
from livecam.errors import UsageError

HERE = Path("livecam.toml")


def read() -> dict[str, object]:
    return settings_file.parse(settings_file.read(HERE), HERE)


def test_the_folders_file_is_in_use_before_the_users() -> None:
    here, user = settings_file.candidates()
    assert settings_file.in_use() is None
    user.parent.mkdir(parents=True)
    user.touch()
    assert settings_file.in_use() == user
    here.touch()
    assert settings_file.in_use() == here


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("rate = = 1\n", r"line 1, column 8"),
        ("bars = true\nrate = \n", r"line 2, column 8"),
        ('view = "none', r"line 1, column 13"),
        ("rate = 1\nrate = 2\n", r"line 2, column \d"),
        ("view = none\n", r"line 1, column 8"),
    ],
)
def test_a_file_that_is_not_toml_is_told_with_line_and_column(text: str, place: str) -> None:
    HERE.write_text(text)
    with pytest.raises(UsageError, match=rf"^livecam\.toml, {place}: not TOML: .*key = value"):
        read()


def test_a_file_that_is_not_utf_8_is_told_with_its_line() -> None:
    HERE.write_bytes(b'bars = true\nsource = "\xff"\n')
    with pytest.raises(UsageError, match=r"^livecam\.toml, line 2: .*not UTF-8"):
        read()


def test_a_mark_before_the_text_is_no_part_of_it() -> None:
    HERE.write_bytes(b"\xef\xbb\xbfrate = 1\n")
    assert read() == {"rate": 1}


def test_a_folder_in_its_place_is_told() -> None:
    HERE.mkdir()
    assert settings_file.in_use() == HERE
    with pytest.raises(UsageError, match=r"^livecam\.toml is a folder"):
        read()


@pytest.mark.parametrize(
    "text", ["rate = " + "9" * 5000, "mask = " + "[" * 50_000], ids=["digits", "brackets"]
)
def test_what_python_cannot_take_in_is_told(text: str) -> None:
    HERE.write_text(text, encoding="utf-8")
    with pytest.raises(
        UsageError, match=r"livecam\.toml cannot be read: (a number in it has too|its lists are)"
    ):
        settings_file.parse(settings_file.read(HERE), HERE)


def test_a_file_that_cannot_be_read_is_told() -> None:
    HERE.symlink_to("nowhere.toml")
    assert settings_file.in_use() == HERE
    with pytest.raises(UsageError, match=r"livecam\.toml cannot be read: No such file"):
        read()


def test_a_file_of_somebody_else_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_options: object) -> str:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "read_text", refuse)  # root, who may run this, may read everything
    with pytest.raises(UsageError, match=r"livecam\.toml cannot be read: Permission denied"):
        read()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("rate = 1", 1),
        ("# rate = 1\n\n  rate=2", 3),
        ('"rate" = 1', 1),
        ("'rate' = 1", 1),
        ("rates = 1\nrate = 2", 2),
        ('source = """\nrate = 1\n"""\nrate = 2', 4),
        ("mask = [\n]\nrate = 2", 3),
        ("[rate]\nx = 1", 1),
        ("[[ rate ]]\nx = 1", 1),
        ("rate.x = 1", 1),
        ('"r\\u0061te" = 1', None),
    ],
)
def test_a_keys_line_is_found(text: str, line: int | None) -> None:
    assert settings_file.line_of("rate", text) == line
