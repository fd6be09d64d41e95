from __future__ import annotations

import pytest

from livecam.config import load_settings
from livecam.errors import UsageError


def test_the_browser_view_stays_on_this_machine_unless_told_otherwise() -> None:
    settings = load_settings({})
    assert (settings.host, settings.port, settings.allow_host) == ("127.0.0.1", 8600, ())


def test_names_come_as_a_list_or_as_one_text() -> None:
    assert load_settings({"allow_host": "camera, b.example"}).allow_host == ("camera", "b.example")
    assert load_settings({"allow_host": ["camera"]}).allow_host == ("camera",)


@pytest.mark.parametrize(
    ("name", "value"),
    [("port", "-1"), ("port", "65536"), ("port", "web"), ("host", "http://a"), ("allow_host", "a/b")],
)
def test_what_is_no_port_or_name_is_refused(name: str, value: str) -> None:
    with pytest.raises(UsageError, match=name.replace("_", "-")):
        load_settings({name: value})
