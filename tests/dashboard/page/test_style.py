"""The page's colours and words: those of the overlay, and readable. No browser is needed."""

from __future__ import annotations

import json
import re

import pytest

from livecam.dashboard.app import STATIC
from livecam.overlay.theme import EMOTION_COLOURS, UNSURE
from livecam.overlay.wording import ADJECTIVES

TEXT, GRAPHICS = 4.5, 3.0
"""WCAG 2.1 AA: 1.4.3 and 1.4.11."""
CSS = (STATIC / "style.css").read_text("utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", part))
    for part in CSS.split("* { box-sizing")[0].split("@media")
)
SCHEMES = {"light": LIGHT, "dark": LIGHT | DARK}


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_colours_of_emotions_are_those_of_the_overlay() -> None:
    colours = {emotion.lower(): bgr for emotion, bgr in EMOTION_COLOURS.items()} | {"unsure": UNSURE}
    assert {name: LIGHT[name] for name in colours} == {
        name: "#{2:02x}{1:02x}{0:02x}".format(*bgr) for name, bgr in colours.items()
    }


def test_the_words_for_emotions_are_those_of_the_overlay() -> None:
    source = (STATIC / "words.js").read_text("utf-8").split("ADJECTIVES = {")[1].split("}")[0]
    assert dict(re.findall(r'(\w+): "(\w+)"', source)) == {
        str(each): word for each, word in ADJECTIVES.items()
    }


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("front", "back"),
    [
        *[(front, back) for front in ("ink", "quiet") for back in ("ground", "panel")],
        ("on-accent", "accent"),
        ("warn", "warn-ground"),
        ("warn", "ground"),
        ("warn", "panel"),
        ("accent", "panel"),
        ("plate-ink", "plate"),
    ],
)
def test_text_can_be_read(scheme: str, front: str, back: str) -> None:
    assert _contrast(SCHEMES[scheme][front], SCHEMES[scheme][back]) >= TEXT


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("front", "back"),
    [
        ("edge", "ground"),
        ("accent", "ground"),
        ("accent", "panel"),
        ("rec", "ground"),
        ("rec", "panel"),
        ("p50", "panel"),
        ("p95", "panel"),
        *[(str(emotion).lower(), "plate") for emotion in EMOTION_COLOURS],
    ],
)
def test_edges_and_lines_can_be_seen(scheme: str, front: str, back: str) -> None:
    assert _contrast(SCHEMES[scheme][front], SCHEMES[scheme][back]) >= GRAPHICS


def test_words_on_spells_of_the_timeline_can_be_read() -> None:
    assert all(_contrast("#101010", LIGHT[emotion.lower()]) >= TEXT for emotion in EMOTION_COLOURS)


def test_nothing_is_inline_and_nothing_comes_from_elsewhere() -> None:
    page = (STATIC / "index.html").read_text("utf-8")
    assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?![^>]* src=)", page)
    for file in STATIC.iterdir():
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", file.read_text("utf-8")), file.name


def test_every_file_of_the_page_is_named_by_another() -> None:
    everything = {file.name: file.read_text("utf-8") for file in STATIC.iterdir()}
    for name in everything.keys() - {"index.html"}:
        others = json.dumps([text for other, text in everything.items() if other != name])
        assert name in others, name


@pytest.mark.parametrize("place", [".events li", ".marks button"])
def test_accents_piled_up_in_a_note_stay_within_its_own_row(place: str) -> None:
    (rules,) = re.findall(rf"^{re.escape(place)} \{{(.*)\}}$", CSS, re.MULTILINE)
    assert "overflow: clip;" in rules
