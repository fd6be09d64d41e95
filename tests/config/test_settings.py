from __future__ import annotations

import pytest
from pydantic import ValidationError

from livecam.config import Settings
from livecam.config.settings import choices, flag, form


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Settings().rate = 3.0


def test_a_record_of_settings_reads_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVECAM_RATE", "2")
    assert Settings().rate is None


@pytest.mark.parametrize("key", Settings.model_fields)
def test_every_setting_says_what_it_is_and_what_may_be_given(key: str) -> None:
    assert Settings.model_fields[key].description
    assert form(key).allowed
    assert key in Settings.model_validate({key: form(key).example}).model_fields_set


def test_a_setting_is_a_flag_of_the_same_name() -> None:
    assert flag("webhook_events") == "--webhook-events"
    assert flag("source") == "SOURCE"


def test_choices_are_known_where_they_can_be_counted() -> None:
    assert choices("view") == ("auto", "window", "web", "none")
    assert choices("rate") == choices("source") == choices("mask") == ()
