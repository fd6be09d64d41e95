from __future__ import annotations

import logging
from pathlib import Path

import pytest

from livecam import local_only, plugins
from livecam.compose.privacy import refuse_connections, with_privacy
from livecam.config import load_settings
from livecam.errors import UsageError


def refused(**settings: object) -> str:
    with pytest.raises(UsageError) as caught:
        with_privacy(load_settings({"source": "demo"} | settings))
    return str(caught.value)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"detector": "rekognition"}, "--detector rekognition"),
        ({"source": "rtsp://u:hunter2@cam/1?t=hunter2"}, "SOURCE rtsp://..."),
        ({"source": "http://cam/x.m3u8"}, "SOURCE http://..."),
        ({"upload": "s3://my-clips/x"}, "--upload"),
        ({"analyze": True}, "--analyze"),
        ({"webhook": "http://127.0.0.1/hunter2"}, "--webhook"),
        ({"endpoint_url": "http://127.0.0.1:4566"}, "--endpoint-url"),
        ({"host": "0.0.0.0"}, "--host 0.0.0.0"),  # noqa: S104
        ({"host": "camera.lan"}, "--host camera.lan"),
    ],
)
def test_local_only_refuses_what_needs_a_connection(given: dict[str, object], named: str) -> None:
    with_privacy(load_settings({"source": "demo"} | given))  # without it nothing is refused
    said = refused(local_only=True, **given)
    assert said == f"{named} needs a connection, and local-only is set (by local_only = true)"


def test_all_that_is_too_much_is_named_at_once() -> None:
    said = refused(local_only=True, detector="rekognition", webhook="http://h/x", upload="s3://my-clips/x")
    assert said.startswith("--detector rekognition, --upload and --webhook need a connection, and ")


def test_where_local_only_is_set_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("livecam.toml").write_text("# mine\nlocal_only = true\n")
    assert refused(detector="rekognition").endswith("(by livecam.toml, line 2)")
    monkeypatch.setenv("LIVECAM_LOCAL_ONLY", "1")
    assert refused(detector="rekognition").endswith("(by LIVECAM_LOCAL_ONLY)")
    monkeypatch.setattr(local_only._guard, "by", "--local-only")
    assert refused(detector="rekognition").endswith("(by --local-only)")


@pytest.mark.parametrize(
    "given",
    [{}, {"source": "browser"}, {"source": "0"}, {"source": "film.mp4"}, {"view": "web", "host": "::1"}],
)
def test_what_stays_on_this_machine_is_let_pass(given: dict[str, object]) -> None:
    settings = load_settings({"source": "demo", "local_only": True, "record": "all"} | given)
    assert with_privacy(settings) == settings


def test_a_plugins_camera_is_let_pass_as_its_sockets_are_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugins, "names", lambda group: ["usbcam"] if group == plugins.SOURCES else [])
    refuse_connections(load_settings({"source": "usbcam:3", "local_only": True}))


def test_no_name_is_looked_up_for_the_browser_view_either() -> None:
    assert with_privacy(load_settings({"host": "localhost", "local_only": True})).host == "127.0.0.1"
    assert with_privacy(load_settings({"host": "localhost"})).host == "localhost"


@pytest.mark.parametrize(
    ("given", "begin"),
    [
        ({"record": "all"}, "--record all does not go together with --no-store"),
        ({"record": "events"}, "--record events does not go together with --no-store"),
        ({"output": "o.mp4"}, "--output does not go together with --no-store"),
        ({"trace": "t.jsonl"}, "--trace does not go together with --no-store"),
        ({"csv": "t.csv"}, "--csv does not go together with --no-store"),
        ({"events": "e.jsonl"}, "--events does not go together with --no-store"),
        ({"upload": "s3://my-clips/x"}, "--upload does not go together with --no-store"),
        (
            {"trace": "t", "csv": "c", "record": "all"},
            "--record all, --trace and --csv do not go together with",
        ),
    ],
)
def test_no_store_refuses_what_keeps_pictures_or_what_was_seen(given: dict[str, object], begin: str) -> None:
    with_privacy(load_settings({"source": "demo"} | given))
    assert refused(no_store=True, **given).startswith(begin)


def test_what_a_plugin_keeps_is_told_to_be_its_own_affair(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(plugins, "names", lambda group: ["mqtt"])
    with caplog.at_level(logging.WARNING):
        with_privacy(load_settings({"source": "demo", "no_store": True, "sink": "mqtt:home"}))
    assert caplog.messages == [
        "--no-store does not hold for the plugin mqtt: what it keeps is its own affair"
    ]
