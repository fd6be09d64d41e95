"""Settings files and variables: refused with what is wrong and where, or the settings are what they say."""

from __future__ import annotations

import json
import math
import os
from pathlib import Path
from typing import Any
from unittest import mock

from hypothesis import strategies as st

from livecam.config import load_settings, masking
from livecam.config.commented_file import as_toml, commented_file
from livecam.config.loading import traced_settings
from livecam.config.settings import Settings, form
from livecam.config.written import variable
from livecam.errors import LivecamError
from livecam.redaction import MASK
from tests.fuzz.cases import assert_told, fuzzed
from tests.fuzz.damage import DAMAGE, JUNK, TEXTS, Damage

KEYS = sorted(set(Settings.model_fields) - {"sink"})  # no plugin is installed that could be named
SECRET = ("webhook", "webhook_secret", "source")
"""What is shown of them is not what was written."""
FILE = Path("livecam.toml")
USED = "\n".join(line[1:] if line[1:2].islower() else line for line in commented_file().splitlines())
"""The file of `livecam config init` with every setting in use."""

TOML = st.recursive(
    st.one_of(
        st.booleans(),
        st.integers(),
        st.sampled_from([10**18, 10**400, -(10**400), 1e308]),
        st.floats(),
        TEXTS,
        *(st.just(form(key).example) for key in KEYS),
    ),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=6,
)


def written(value: Any) -> str:  # noqa: ANN401  JSON
    """Return a value as TOML."""
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def loaded() -> Settings | str:
    """Return the settings, or why there are none."""
    try:
        return load_settings({})
    except LivecamError as error:
        assert_told(error)
        return str(error)


def assert_read_back(settings: Settings) -> None:
    """See that what `livecam config show` tells of settings are the same settings again."""
    told = {
        key: masking.plain(key, value)
        for key, value in settings
        if key in settings.model_fields_set and value is not None and key not in SECRET
    }
    told = {key: value for key, value in told.items() if MASK not in str(value)}
    json.dumps(told, allow_nan=False)
    again = Settings.model_validate(told)
    assert {key: value for key, value in again if key in told} == {
        key: value for key, value in settings if key in told
    }


BOMBS = st.sampled_from(
    [b"rate = " + b"9" * 5000, b"a = " + b"[" * 50_000, b"a." * 2000 + b"b = 1", b"\xef\xbb\xbf"]
)


@fuzzed(100, content=st.one_of(st.binary(max_size=200), JUNK, BOMBS))
def test_a_file_of_any_bytes_is_refused_by_name_or_sets_what_it_says(content: bytes) -> None:
    FILE.write_bytes(content)
    settings = loaded()
    if isinstance(settings, str):
        assert str(FILE) in settings
    else:
        assert_read_back(settings)


@fuzzed(60, damage=DAMAGE)
def test_a_damaged_file_is_refused_by_name_or_sets_what_it_says(damage: Damage) -> None:
    FILE.write_bytes(damage.of(USED.encode()))
    settings = loaded()
    if isinstance(settings, str):
        assert str(FILE) in settings
    else:
        assert_read_back(settings)


@fuzzed(100, values=st.dictionaries(st.sampled_from(KEYS), TOML, min_size=1, max_size=3))
def test_a_value_is_refused_by_the_name_of_its_setting_or_used(values: dict[str, Any]) -> None:
    FILE.write_text("".join(f"{key} = {written(value)}\n" for key, value in values.items()), "utf-8")
    settings = loaded()
    if isinstance(settings, str):
        assert any(f"{FILE}, line {line}: {key} " in settings for line, key in enumerate(values, 1))
    else:
        assert set(values) >= settings.model_fields_set
        assert_read_back(settings)


@fuzzed(60, key=TEXTS, value=TOML)
def test_a_key_that_is_no_setting_is_refused_by_its_line(key: str, value: Any) -> None:  # noqa: ANN401
    if key in KEYS:
        return
    FILE.write_text(f"{written(key)} = {written(value)}\n", "utf-8")
    settings = loaded()
    assert isinstance(settings, str)
    assert str(FILE) in settings


@fuzzed(
    100,
    key=st.sampled_from(KEYS),
    text=st.one_of(TEXTS, TOML.map(str), st.from_regex(r"[0-9.,:;xeGMB -]{1,15}")),
)
def test_a_variable_is_refused_by_its_name_or_used(key: str, text: str) -> None:
    text = text.encode("utf-8", "replace").replace(b"\0", b"").decode()
    FILE.unlink(missing_ok=True)
    with mock.patch.dict(os.environ, {variable(key): text}):
        settings = loaded()
        if isinstance(settings, str):
            assert variable(key) in settings
        else:
            assert settings.model_fields_set <= {key}
            assert_read_back(settings)


@fuzzed(100, key=st.sampled_from(KEYS), text=TEXTS, example=st.booleans())
def test_the_same_text_means_the_same_wherever_it_is_written(key: str, text: str, *, example: bool) -> None:
    value = (
        form(key).example if example else text.encode("utf-8", "replace").decode().replace("\0", "").strip()
    )
    if not value or isinstance(value, list):
        return
    FILE.write_text(f"{key} = {as_toml(value) if example else written(value)}\n", "utf-8")
    outcomes = [loaded()]
    FILE.unlink()
    with mock.patch.dict(os.environ, {variable(key): str(value) if value is not True else "true"}):
        outcomes.append(loaded())
    try:
        outcomes.append(traced_settings({key: value}, origin="flag")[0])
    except LivecamError as error:
        outcomes.append(str(error))
    assert len({isinstance(each, str) for each in outcomes}) == 1, outcomes
    if not isinstance(outcomes[0], str):
        assert outcomes[0] == outcomes[1] == outcomes[2]
