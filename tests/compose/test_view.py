from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam.compose import view
from livecam.compose.view import with_view
from livecam.config import load_settings
from livecam.errors import OutputError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.config import Settings


@pytest.fixture
def _no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "why_no_window", lambda: "no display")


@pytest.fixture
def _display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "why_no_window", lambda: None)


def chosen(**settings: object) -> Settings:
    return with_view(load_settings({"source": "demo", **settings}))


@pytest.mark.usefixtures("_display")
def test_a_window_is_shown_where_there_is_a_display() -> None:
    assert chosen().view == "window"
    assert chosen(view="window").view == "window"


@pytest.mark.usefixtures("_no_display")
def test_without_a_display_the_view_is_in_a_browser() -> None:
    assert chosen().view == "web"


@pytest.mark.usefixtures("_no_display")
def test_a_page_that_nobody_would_be_told_of_is_not_made() -> None:
    assert with_view(load_settings({"source": "demo"}), is_quiet=True).view == "none"
    assert with_view(load_settings({"source": "demo", "view": "web"}), is_quiet=True).view == "web"


@pytest.mark.usefixtures("_no_display")
def test_without_its_packages_there_is_no_view_and_it_is_said(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    monkeypatch.setattr(view, "missing_of", lambda _: ["uvicorn"])
    assert chosen().view == "none"
    assert "no display; for the view in a browser run: pip install 'livecam[web]'" in caplog.text


@pytest.mark.usefixtures("_no_display")
def test_a_window_that_was_asked_for_and_cannot_be_shown_is_an_error() -> None:
    with pytest.raises(OutputError, match="--view window: no display; use --view web"):
        chosen(view="window")


@pytest.mark.usefixtures("_display")
@pytest.mark.parametrize("asked", ["none", "web"])
def test_what_was_asked_for_stays(asked: str) -> None:
    assert chosen(view=asked).view == asked


@pytest.mark.usefixtures("_display")
@pytest.mark.parametrize("view", ["auto", "web"])
def test_a_pages_camera_needs_the_page_wherever_there_is_a_display(view: str) -> None:
    settings = load_settings({"source": "browser", "view": view, "port": 8699})
    assert with_view(settings, is_quiet=True) == settings.model_copy(update={"view": "web"})


@pytest.mark.usefixtures("_display")
@pytest.mark.parametrize("view", ["none", "window"])
def test_a_pages_camera_without_the_page_is_refused(view: str) -> None:
    with pytest.raises(UsageError, match=f"--view {view} and SOURCE browser do not go together.*--view web"):
        chosen(source="browser", view=view)


@pytest.mark.usefixtures("_display")
def test_pictures_and_what_is_not_played_at_its_pace_are_not_watched(tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.touch()
    assert chosen(source=str(photo)).view == "none"
    assert chosen(source=str(photo), view="window").view == "window"
    assert chosen(fast=True).view == "none"
