from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from livecam import plugins
from livecam.config import Settings
from livecam.config.values import EVENT_TYPES, did_you_mean, one_of
from livecam.faces import BoundingBox


def read(key: str, value: object) -> object:
    return dict(Settings.model_validate({key: value}))[key]


@pytest.mark.parametrize(
    ("key", "value", "meant"),
    [
        ("source", 1, "1"),
        ("source", "rtsp://cam/1", "rtsp://cam/1"),
        ("rate", "2.5", 2.5),
        ("nobody_check", "off", "off"),
        ("nobody_check", "300", 300.0),
        ("finder", "2.5", 2.5),
        ("finder", 3, 3.0),
        ("finder", " Auto ", "auto"),
        ("finder", "off", "off"),
        ("size", "640x480", (640, 480)),
        ("size", " 640 X 480", (640, 480)),
        ("size", [640, 480], (640, 480)),
        ("mirror", "false", False),
        ("wait", "1", True),
        ("roi", "0.25,0,0.5,1", BoundingBox(0.25, 0, 0.5, 1)),
        ("roi", [0, 0, 1, 1], BoundingBox(0, 0, 1, 1)),
        ("roi", "0.7,0,0.3,1", BoundingBox(0.7, 0, 0.3, 1)),
        ("roi", BoundingBox(0, 0, 1, 1), BoundingBox(0, 0, 1, 1)),
        ("mask", "0,0,1,0.5;0,0.5,1,0.5", (BoundingBox(0, 0, 1, 0.5), BoundingBox(0, 0.5, 1, 0.5))),
        ("mask", ["0,0,0.5,1", [0, 0, 1, 1]], (BoundingBox(0, 0, 0.5, 1), BoundingBox(0, 0, 1, 1))),
        ("mask", [0, 0, 0.5, 1], (BoundingBox(0, 0, 0.5, 1),)),
        ("mask", [], ()),
        ("record", "events", "events"),
        ("record_on", "new face; HAPPY >= 80 for 1 s", ("new face", "HAPPY >= 80 for 1 s")),
        ("record_on", ["nobody for 10 s"], ("nobody for 10 s",)),
        ("record_on", [], ()),
        ("segment", "60", 60.0),
        ("pre_roll", "0", 0.0),
        ("post_roll", 600, 600.0),
        ("min_gap", "2.5", 2.5),
        ("clip_dir", "clips", Path("clips")),
        ("keep_days", "0.5", 0.5),
        ("keep_size", "10GB", 10_000_000_000),
        ("keep_size", " 1.5 gb ", 1_500_000_000),
        ("keep_size", "500M", 500_000_000),
        ("keep_size", "2GiB", 2 * 1024**3),
        ("keep_size", "1000 kB", 1_000_000),
        ("keep_size", "2000000", 2_000_000),
        ("keep_size", 2_000_000, 2_000_000),
        ("keep_size", 2e6, 2_000_000),
        ("keep_free", "1TB", 1_000_000_000_000),
        ("copies", "annotated", ("annotated",)),
        ("copies", "blurred, annotated,blurred", ("annotated", "blurred")),
        ("copies", [], ()),
        ("csv", "e.csv", Path("e.csv")),
        ("output", "faces.jpg", Path("faces.jpg")),
        ("webhook", "https://u:p@host:8443/x?y=z", "https://u:p@host:8443/x?y=z"),
        ("webhook_events", "source_ended, output_failed", ("source_ended", "output_failed")),
        ("webhook_events", ["source_ended"], ("source_ended",)),
        ("webhook_events", "all", EVENT_TYPES),
    ],
)  # fmt: skip
def test_a_value_means_the_same_as_text_and_as_toml(key: str, value: object, meant: object) -> None:
    assert read(key, value) == meant


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("source", ""),
        ("source", True),
        ("rate", True),
        ("rate", float("nan")),
        ("rate", float("inf")),
        ("rate", 120.5),
        ("nobody_check", 0),
        ("nobody_check", "never"),
        ("nobody_check", True),
        ("nobody_check", 10**400),
        ("finder", True),
        ("finder", 0),
        ("finder", "-1"),
        ("finder", "31"),
        ("finder", "nan"),
        ("finder", 10**400),
        ("finder", "on"),
        ("finder", [5]),
        ("mode", "delayed"),
        ("duration", 0),
        ("size", "0x720"),
        ("size", [640, True]),
        ("size", "9999999999x1"),
        ("roi", "0,0,1"),
        ("roi", "0,0,1,1,1"),
        ("roi", "a,b,c,d"),
        ("roi", "0,0,0,1"),
        ("roi", "0.5,0,0.6,1"),
        ("roi", "-0.1,0,0.5,1"),
        ("roi", "nan,0,0.5,1"),
        ("roi", [True, 0, 0.5, 1]),
        ("roi", [None, 0, 0.5, 1]),
        ("mask", "0,0,1,1;0,0,2,1"),
        ("mask", 5),
        ("record", "on"),
        ("record", False),
        ("record_on", "new faces of old friends"),
        ("record_on", ["new face", 5]),
        ("segment", 0.5),
        ("segment", 86_401),
        ("pre_roll", -1),
        ("pre_roll", 61),
        ("pre_roll", "nan"),
        ("post_roll", 601),
        ("post_roll", True),
        ("min_gap", "-0.1"),
        ("clip_dir", ""),
        ("keep_days", 0),
        ("keep_days", "inf"),
        ("keep_size", "10"),
        ("keep_size", "0GB"),
        ("keep_size", "-1GB"),
        ("keep_size", "10 XB"),
        ("keep_size", "10GBB"),
        ("keep_size", "1,5GB"),
        ("keep_size", "9999999TB"),
        ("keep_size", float("nan")),
        ("keep_size", 10**400),
        ("keep_size", True),
        ("keep_size", [1]),
        ("keep_free", None),
        ("copies", "blured"),
        ("copies", 1),
        ("trace", " "),
        ("webhook", "ftp://host/x"),
        ("webhook", "https://"),
        ("webhook", "https://host:port/"),
        ("webhook", "https://[::1/"),
        ("webhook", "https://host/a b"),
        ("webhook_secret", ""),
        ("webhook_events", "source_lost"),
        ("webhook_events", ["all", "source_lost"]),
        ("webhook_events", [1]),
        ("sink", "nothing-of-this-name"),
        ("detector", "rekognitoin"),
        ("detector", 1),
    ],
)
def test_what_cannot_be_meant_is_refused(key: str, value: object) -> None:
    with pytest.raises(ValidationError):
        read(key, value)


def test_detectors_and_sinks_may_come_from_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    brought = {plugins.DETECTORS: ["mine"], plugins.SINKS: ["mqtt"]}
    monkeypatch.setattr(plugins, "names", brought.__getitem__)
    assert read("detector", "mine") == "mine"
    assert read("sink", ["mqtt:tcp://broker:1883", "mqtt"]) == ("mqtt:tcp://broker:1883", "mqtt")
    with pytest.raises(
        ValidationError, match=r"auto, rekognition, on-device, none or mine; did you mean mine\?"
    ):
        read("detector", "mime")
    with pytest.raises(
        ValidationError, match=r"'mqt' is not an installed sink; give mqtt; did you mean mqtt"
    ):
        read("sink", "mqt")


def test_a_misspelt_finder_is_corrected() -> None:
    with pytest.raises(ValidationError, match=r"give auto, off or a number .*to 30; did you mean auto\?"):
        read("finder", "atuo")


def test_a_bad_rule_is_told_in_the_words_of_rules() -> None:
    with pytest.raises(ValidationError, match=r"'HAPY > 80' is no rule.*did you mean HAPPY\?"):
        read("record_on", "new face; HAPY > 80")


def test_a_misspelt_copy_is_corrected() -> None:
    with pytest.raises(ValidationError, match=r"give some of annotated, blurred; did you mean blurred\?"):
        read("copies", "blured")


def test_the_default_rules_are_rules() -> None:
    assert read("record_on", list(Settings().record_on)) == Settings().record_on


def test_the_events_are_those_of_the_event_log() -> None:
    assert {"source_opened", "source_ended", "output_failed", "detector_unavailable"} <= set(EVENT_TYPES)
    assert set(Settings().webhook_events) <= set(EVENT_TYPES)


def test_words_are_offered_in_a_sentence() -> None:
    assert one_of(["a", "b", "c"]) == "a, b or c"
    assert one_of(["a"]) == "a"
    assert did_you_mean("Windw", ["auto", "window"]) == "; did you mean window?"
    assert did_you_mean("xyzzy", ["auto", "window"]) == ""
