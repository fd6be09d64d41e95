from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from livecam.config import Settings, load_settings
from livecam.config.settings import WITHOUT_FLAG, flag, form
from livecam.errors import UsageError

BAD: dict[str, object] = {
    "source": True, "wait": "perhaps", "size": "large", "fps": "quick", "fast": "very", "mirror": "glass",
    "duration": -1, "detector": "guess", "rate": "fast", "deadline": "nan", "roi": "0,0,2,2", "mask": "all",
    "host": "no host", "port": 70000, "allow_host": 5, "no_open": "some",
    "view": "windw", "bars": "some", "output": 5, "trace": 5, "events": True, "csv": {"a": 1}, "sink": 5,
    "in_flight": 0, "policy": "best", "fallback": "cloud",
    "budget": 0, "daily_budget": "much", "prices": "", "quota": "none",
    "nobody_check": "never", "finder": "often", "mode": "late", "attributes": "emotion", "width": 20,
    "quality": 200, "region": "Ireland", "profile": "", "endpoint_url": "localhost:4566",
    "record": "evens", "record_on": 5, "segment": 0, "pre_roll": 61, "post_roll": -1, "min_gap": "long",
    "clip_dir": "", "keep_days": "all", "keep_size": "10", "keep_free": "some", "copies": "blured",
    "upload": "my-bucket", "analyze": "perhaps", "key_template": 5, "storage_class": "GLACIER",
    "encryption": "rot13", "kms_key": "", "tag": 5, "keep_local": "some", "face_attributes": "SOME",
    "job_tag": "a b", "sns_topic": "topic", "role_arn": "role", "queue_url": "sqs",
    "blur": "some", "blur_outside_roi": "some",
    "local_only": "perhaps", "no_store": "some",
    "webhook": "ftp://host/hunter2", "webhook_secret": 5, "webhook_events": 5,
}  # fmt: skip
JARGON = re.compile(
    r"input should|valid (string|number|integer|boolean)|parse|pydantic|value error|type=|instance|unpack"
    r"|could not|float|Field|literal|none is not|tuple|Path"
)


@pytest.mark.parametrize("key", Settings.model_fields)
def test_every_settings_bad_value_is_told_with_what_is_allowed(key: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_settings({key: BAD[key]}, origin="argument")
    said = str(caught.value)
    assert said.startswith(f"{key} = ")
    allowed = form(key).allowed.partition(", or")[0].partition("NAME or")[0]
    assert allowed in said
    assert not JARGON.search(said), said
    assert "\n" not in said


@pytest.mark.parametrize("key", sorted(set(Settings.model_fields) - WITHOUT_FLAG))
def test_a_flags_bad_value_is_told_by_the_flags_name(key: str) -> None:
    with pytest.raises(UsageError, match=f"^{flag(key)} "):
        load_settings({key: BAD[key]})


@pytest.mark.parametrize("key", Settings.model_fields)
def test_a_files_bad_value_is_told_with_its_line(key: str) -> None:
    value = "{ a = 1 }" if isinstance(BAD[key], dict) else json.dumps(BAD[key])
    Path("livecam.toml").write_text(f"# settings\n{key} = {value}\n")
    with pytest.raises(UsageError, match=rf"^livecam\.toml, line 2: {key} = .* cannot be used: "):
        load_settings({})


def test_a_variables_bad_value_is_told_by_the_variables_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVECAM_RATE", "fast")
    monkeypatch.setenv("LIVECAM_MASK", "0,0,1,1;0,0,9,9")
    with pytest.raises(UsageError) as caught:
        load_settings({})
    assert "LIVECAM_RATE = 'fast' cannot be used: give a number per second from 0 (excl" in str(caught.value)
    assert "LIVECAM_MASK = '0,0,1,1;0,0,9,9' cannot be used: give LEFT,TOP,WIDTH,HEIGHT" in str(caught.value)


def test_an_unknown_key_is_told_with_what_was_meant_and_all_there_are() -> None:
    Path("livecam.toml").write_text("bars = true\nrat = 1\n")
    with pytest.raises(UsageError) as caught:
        load_settings({})
    assert str(caught.value).startswith(
        "livecam.toml, line 2: rat is not a setting; did you mean rate? "
        "Settings: allow_host, analyze, attributes, "
    )


def test_a_key_of_more_than_a_line_is_told_in_one() -> None:
    Path("livecam.toml").write_text('"a\\nb" = 1\n')
    with pytest.raises(UsageError, match=r"livecam\.toml: 'a\\nb' is not a setting"):
        load_settings({})


def test_a_section_is_told_as_one() -> None:
    Path("livecam.toml").write_text("[livecam]\nrate = 1\n")
    with pytest.raises(UsageError, match=r"line 1: livecam is not a setting; settings stand above every \["):
        load_settings({})


def test_a_near_miss_is_guessed() -> None:
    with pytest.raises(
        UsageError, match=r"--view 'windw' .*auto, window, web or none; did you mean window\?$"
    ):
        load_settings({"view": "windw"})
    with pytest.raises(
        UsageError, match=r"give auto, rekognition, on-device or none; did you mean on-device\?$"
    ):
        load_settings({"detector": "on_device"})
    with pytest.raises(UsageError, match=r"did you mean source_ended\?$"):
        load_settings({"webhook_events": "source_end"})


@pytest.mark.parametrize(
    "given",
    [
        {"webhook": "ftp://chat/hunter2"},
        {"webhook": "hunter2"},
        {"webhook": "https://u:hunter2@host/ x"},
        {"webhook_secret": ["hunter2"]},
        {"source": {"a": "rtsp://u:hunter2@cam/1"}},
        {"source": ["rtsp://cam/1?pw=hunter2"]},
        {"sink": "none:mqtt://u:hunter2@broker"},
    ],
)
def test_no_secret_is_repeated(given: dict[str, object]) -> None:
    with pytest.raises(UsageError) as caught:
        load_settings(given)
    assert "hunter2" not in str(caught.value)
    assert "hunter2" not in str(caught.value.__cause__)
