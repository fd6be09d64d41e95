from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from livecam.config.written import gather

if TYPE_CHECKING:
    import pytest


def test_what_was_not_given_is_not_taken_for_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVECAM_RATE", "2")
    monkeypatch.setenv("LIVECAM_TRACE", " ")
    written = gather({"rate": None, "mask": [], "sink": []})
    assert {key: each.value for key, each in written.items()} == {"rate": "2"}


def test_an_empty_tuple_is_a_programs_way_to_say_none() -> None:
    Path("livecam.toml").write_text('mask = ["0,0,1,1"]\n')
    assert gather({"mask": ()}, origin="argument")["mask"].value == ()


def test_a_variable_that_is_no_setting_is_warned_of_with_what_was_meant(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("LIVECAM_RAET", "hunter2")
    monkeypatch.setenv("LIVECAM_MODELS", "somewhere")
    assert gather({}) == {}
    assert [record.getMessage() for record in caplog.records] == [
        "LIVECAM_RAET sets nothing: raet is not a setting; did you mean rate?"
    ]
    assert caplog.records[0].levelname == "WARNING"


def test_each_origin_is_named_as_the_user_knows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("livecam.toml").write_text("\nrate = 2\n")
    monkeypatch.setenv("LIVECAM_FPS", "3")
    written = gather({"webhook_events": "all", "source": "x", "webhook_secret": "s"})
    assert [each.name_and_sign for each in written.values()] == [
        "livecam.toml, line 2: rate =",
        "LIVECAM_FPS =",
        "--webhook-events",
        "SOURCE",
        "webhook_secret",
    ]
    assert gather({"fps": 1}, origin="argument")["fps"].name_and_sign == "fps ="
