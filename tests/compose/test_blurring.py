from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from livecam import plugins
from livecam.clock import SystemClock
from livecam.compose import Parts, compose
from livecam.compose import finder as composing_finder
from livecam.compose import view as composing_view
from livecam.compose.blurring import blurs_recorded, cover_of, refuse_blind, shield_of, warn_of_blurred_clips
from livecam.config import load_settings
from livecam.dashboard.panel import Panel
from livecam.dashboard.web_view import WebView
from livecam.detectors.scripted import ScriptedDetector
from livecam.errors import UsageError
from livecam.faces import Face
from livecam.native import cv2
from livecam.overlay.cover import Cover
from livecam.overlay.shield import ShieldedPainter
from livecam.sinks.annotated_stills import AnnotatedStillsSink
from livecam.sinks.clip_recorder import ClipRecorder
from livecam.sinks.held_back import HeldBack
from livecam.sinks.window import WindowSink
from livecam.sources.demo_scene.scene import DemoScene
from livecam.testing.list_source import ListSource
from livecam.testing.recording_sink import RecordingSink
from tests.builders import a_frame, a_label, a_picture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from livecam.config import Settings
    from livecam.faces import BoundingBox
    from livecam.frames import Frame, Image
    from livecam.pictures import Picture
    from livecam.pipeline.runner import Runner
    from livecam.protocols import FrameSink

WIDTH, HEIGHT = 320, 180
MOST_FRAMES = 3000
"""Until the detector must have answered."""
FRAMES_AFTER = 40
"""More than are held back."""


class Scene:
    """The demo scene's person, again and again, until pictures with labels were shown."""

    def __init__(self) -> None:
        portrait = np.random.default_rng(7).integers(0, 255, (600, 512, 3), np.uint8)
        scene = DemoScene(WIDTH, HEIGHT, portrait=portrait)
        self.images = [scene.render(1.0 + step / 30) for step in range(6)]
        self.boxes = [scene.truth(1.0 + step / 30).faces[0].box for step in range(6)]
        self.program = RecordingSink()
        """Knows what was shown."""

    def frames(self) -> Iterator[Frame]:
        clock, rest = SystemClock(), FRAMES_AFTER
        for number in itertools.count():
            image = self.images[number % len(self.images)]
            at = clock.now()
            yield replace(a_frame(number, at=at), media_time=number / 30, image=image)
            rest -= any(picture.faces for picture in self.program.pictures)
            if rest < 0 or number == MOST_FRAMES:
                return

    def faces(self, frame: Frame) -> tuple[Face, ...]:
        return (Face(self.boxes[frame.sequence % len(self.boxes)], confidence=99.0),)

    def is_bare(self, image: Image, sequence: int) -> bool:
        """Tell whether any pixel of the face is as it was."""
        number = sequence % len(self.images)
        left, top, right, bottom = self._part(self.boxes[number])
        seen, clean = image[top:bottom, left:right], self.images[number][top:bottom, left:right]
        return bool((np.abs(seen.astype(int) - clean).max(axis=2) <= 1).mean() > 0.02)

    @staticmethod
    def _part(box: BoundingBox) -> tuple[int, int, int, int]:
        return box.edges_in_pixels(WIDTH, HEIGHT)


class Spies:
    """Look at every picture that reaches a sink, before the sink does."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self.bare: list[str] = []
        """Sinks that were handed a face that can be recognised."""
        self.seen: dict[str, list[bool]] = {}
        """By sink, of each picture whether something of it was left to be seen."""

    def set_on(self, sink: FrameSink) -> None:
        name = type(sink).__name__
        taken: Callable[[Picture], None] = sink.write

        def write(picture: Picture) -> None:
            sequence = picture.frame.sequence
            images = [picture.frame.image] + ([] if picture.image is None else [picture.image])
            self.bare += [name for image in images if self._scene.is_bare(image, sequence)]
            same = (picture.frame.image == self._scene.images[sequence % 6]).all(axis=2).mean()
            self.seen.setdefault(name, []).append(bool(same > 0.3))
            taken(picture)

        sink.write = write  # type: ignore[method-assign]


def run_through(settings: Settings, scene: Scene, detector: ScriptedDetector) -> Spies:
    """Run to the end; return what reached each sink."""
    parts = Parts(source=ListSource(scene.frames()), detector=detector, sinks=[scene.program], is_quiet=False)
    run, spies = compose(settings, parts), Spies(scene)
    for sink in run.runner.sinks.sinks:
        spies.set_on(sink._then if isinstance(sink, HeldBack) else sink)
    asyncio.run(_to_the_end(run.runner))
    run.close()
    return spies


async def _to_the_end(runner: Runner) -> None:
    await asyncio.wait_for(runner.run(), 60)


@pytest.fixture
def _display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composing_view, "why_no_window", lambda: None)


def everything(tmp_path: Path, **given: Any) -> Settings:  # noqa: ANN401  as in livecam.toml
    usual = {
        "source": "0", "finder": "off", "blur": "all", "port": 0, "no_open": True, "record": "all",
        "clip_dir": tmp_path / "clips", "output": tmp_path / "o.mp4", "trace": tmp_path / "t.jsonl",
        "csv": tmp_path / "c.csv", "mirror": False,
    }  # fmt: skip
    return load_settings(usual | given)


@pytest.mark.usefixtures("_display")
@pytest.mark.parametrize("view", ["window", "web"])
def test_where_all_is_blurred_no_sink_is_handed_a_face(
    view: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin = type("PluginSink", (RecordingSink,), {})
    monkeypatch.setattr(plugins, "names", lambda _: ("own",))
    monkeypatch.setattr(plugins, "load", lambda *_: lambda _argument, *, clock: plugin())
    scene = Scene()
    settings = everything(tmp_path, view=view, sink="own")
    spies = run_through(settings, scene, ScriptedDetector(scene.faces))
    assert spies.bare == []
    sinks = {"window": {"WindowSink"}, "web": {"Panel", "WebView"}}[view]
    expected = {
        "StatusLine",
        "EmotionCsvSink",
        "PluginSink",
        "ClipRecorder",
        "VideoFileSink",
        "RecordingSink",
    }
    assert set(spies.seen) == sinks | expected
    # Not only because nothing at all was to be seen.
    assert all(any(clear) for clear in spies.seen.values())
    assert all(not clear[0] for clear in spies.seen.values())
    assert len(spies.seen["ClipRecorder"]) == len(spies.seen["RecordingSink"])


@pytest.mark.parametrize(
    ("blur", "bare"),
    [
        ("off", {"ClipRecorder", "VideoFileSink", "RecordingSink", "StatusLine", "EmotionCsvSink"}),
        ("shown", {"ClipRecorder"}),
        ("recorded", {"VideoFileSink", "RecordingSink", "StatusLine", "EmotionCsvSink"}),
    ],
)
def test_blurred_is_what_was_asked_for_and_the_detector_always_sees_the_frame_as_it_is(
    blur: str, bare: set[str], tmp_path: Path
) -> None:
    scene = Scene()
    asked: list[Frame] = []

    def answer(frame: Frame) -> tuple[Face, ...]:
        asked.append(frame)
        return scene.faces(frame)

    settings = everything(tmp_path, blur=blur, view="none")
    spies = run_through(settings, scene, ScriptedDetector(answer))
    assert set(spies.bare) == bare
    assert asked
    assert all(any(frame.image is image for image in scene.images) for frame in asked)


@pytest.mark.usefixtures("_display")
@pytest.mark.parametrize(("view", "kinds"), [("window", (WindowSink,)), ("web", (Panel, WebView))])
def test_a_picture_that_is_shown_again_is_blurred_too(
    view: str, kinds: tuple[type, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = everything(tmp_path, view=view)
    run = compose(settings, Parts(source=ListSource([]), detector=ScriptedDetector(lambda _: ())))
    views = [sink for sink in run.runner.sinks.sinks if isinstance(sink, kinds)]
    assert len(views) == len(kinds)
    noise = np.random.default_rng(7).integers(0, 255, (48, 64, 3), np.uint8)
    picture = replace(a_picture(replace(a_frame(), image=noise), a_label()), image=None)
    got: list[Picture] = []
    for sink in views:
        monkeypatch.setattr(sink, "refresh", got.append)
    run.runner.sinks.refresh(picture)
    assert len(got) == len(kinds)
    assert not any((each.frame.image == noise).all(axis=2).any() for each in got)
    run.close()


@pytest.mark.usefixtures("_display")
def test_no_key_of_the_window_uncovers_a_face(tmp_path: Path) -> None:
    scene = Scene()
    parts = Parts(source=ListSource(scene.frames()), detector=ScriptedDetector(scene.faces), is_quiet=True)
    run = compose(everything(tmp_path, view="window"), replace(parts, sinks=[scene.program]))
    asyncio.run(_to_the_end(run.runner))
    window, shown = run.window, scene.program.pictures[-1]
    assert window is not None
    window.write(shown)
    window._shown = shown
    for key in "obob":
        window.press(ord(key))
        assert not scene.is_bare(window.rendered(window._shown), shown.frame.sequence)
    run.close()


def test_a_still_is_saved_with_its_faces_covered(tmp_path: Path) -> None:
    scene, photo = Scene(), tmp_path / "photo.png"
    cv2.imwrite(str(photo), scene.images[0])
    settings = load_settings({"source": str(photo), "blur": "shown", "output": tmp_path / "o.png"})
    run = compose(settings, Parts(detector=ScriptedDetector(scene.faces), is_quiet=True))
    assert isinstance(run.runner.sinks.sinks[0], AnnotatedStillsSink)
    asyncio.run(_to_the_end(run.runner))
    saved = np.asarray(cv2.imread(str(tmp_path / "o.png")), np.uint8)
    assert not scene.is_bare(saved, 0)
    assert (saved == scene.images[0]).all(axis=2).mean() > 0.3


def test_what_is_not_blurred_has_neither_shield_nor_delay(tmp_path: Path) -> None:
    run = compose(everything(tmp_path, blur="off", view="none", detector="none"), Parts(is_quiet=True))
    assert not isinstance(run.runner.picture._painter, ShieldedPainter)
    kinds = [type(sink) for sink in run.runner.sinks.sinks]
    assert ClipRecorder in kinds
    assert HeldBack not in kinds
    run.close()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"blur": "all", "detector": "none", "finder": "off"},
            "--blur all needs somebody who looks for faces, and with --detector none and --finder off nobody",
        ),
        (
            {"blur_outside_roi": True, "roi": "0,0,1,0.5"},
            "--blur-outside-roi leaves the faces in a region as they are; give --blur shown, recorded",
        ),
        ({"blur_outside_roi": True, "blur": "shown"}, "as they are; give --roi L,T,W,H, too"),
    ],
)
def test_what_could_not_be_blurred_as_asked_is_refused(given: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        compose(load_settings({"source": "demo", "view": "none", "detector": "none"} | given))
    assert message in str(caught.value)


def test_stills_that_no_detector_looks_at_cannot_be_blurred(tmp_path: Path) -> None:
    photo = tmp_path / "photo.png"
    cv2.imwrite(str(photo), np.zeros((100, 100, 3), np.uint8))
    with pytest.raises(UsageError, match="--blur shown needs somebody who looks"):
        compose(load_settings({"source": str(photo), "blur": "shown", "detector": "none"}))


def test_where_faces_are_blurred_the_finder_looks_without_a_detector(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composing_finder, "OnDeviceLocator", lambda **_: None)
    given = {"source": "demo", "detector": "none", "view": "none"}
    assert compose(load_settings(given | {"blur": "shown"})).runner.finder is not None
    assert compose(load_settings(given)).runner.finder is None


def test_a_detector_alone_may_tell_where_faces_are() -> None:
    refuse_blind(load_settings({"blur": "all", "finder": "off"}), has_eyes=True)


@pytest.mark.parametrize(
    ("blur", "shown", "recorded"),
    [("off", False, False), ("shown", True, False), ("recorded", False, True), ("all", True, True)],
)
def test_what_is_blurred_is_what_is_set(blur: str, *, shown: bool, recorded: bool) -> None:
    settings = load_settings({"blur": blur})
    assert (shield_of(settings, are_stills=False) is not None) == shown
    assert blurs_recorded(settings) == recorded


def test_a_region_is_covered_as_it_is_set() -> None:
    settings = load_settings({"roi": "0.25,0,0.5,1", "blur": "all"})
    assert cover_of(settings) == Cover(settings.roi, spares_region=False)
    spared = settings.model_copy(update={"blur_outside_roi": True})
    assert cover_of(spared) == Cover(settings.roi, spares_region=True)


@pytest.mark.parametrize(
    ("given", "warnings"),
    [({"blur": "recorded", "analyze": True}, 1), ({"blur": "recorded"}, 0), ({"analyze": True}, 0)],
)
def test_that_blurred_clips_would_be_analysed_for_nothing_is_said(
    given: dict[str, object], warnings: int, caplog: pytest.LogCaptureFixture
) -> None:
    warn_of_blurred_clips(load_settings(given))
    assert len(caplog.records) == warnings
    assert all("hardly any face in them" in record.getMessage() for record in caplog.records)
