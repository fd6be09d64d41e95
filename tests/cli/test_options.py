from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from livecam import logs
from livecam.cli import commands, running
from livecam.config import Settings
from livecam.config.settings import WITHOUT_FLAG
from livecam.faces import BoundingBox

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LEFT_HALF = BoundingBox(0, 0, 0.5, 1)
FLAGS: dict[str, tuple[list[str], object]] = {
    "source": (["clip.mp4"], "clip.mp4"),
    "wait": (["--wait"], True),
    "size": (["--size", "640x480"], (640, 480)),
    "fps": (["--fps", "15"], 15.0),
    "fast": (["--fast"], True),
    "mirror": (["--no-mirror"], False),
    "duration": (["--duration", "2"], 2.0),
    "detector": (["--detector", "none"], "none"),
    "rate": (["--rate", "5"], 5.0),
    "deadline": (["--deadline", "1"], 1.0),
    "roi": (["--roi", "0,0,0.5,1"], LEFT_HALF),
    "mask": (["--mask", "0,0,.5,1", "--mask", "0,0,1,1"], (LEFT_HALF, BoundingBox(0, 0, 1, 1))),
    "finder": (["--finder", "3"], 3.0),
    "in_flight": (["--in-flight", "4"], 4),
    "policy": (["--policy", "every"], "every"),
    "nobody_check": (["--nobody-check", "off"], "off"),
    "budget": (["--budget", "0.5"], 0.5),
    "daily_budget": (["--daily-budget", "2"], 2.0),
    "prices": (["--prices", "p.toml"], Path("p.toml")),
    "quota": (["--quota", "50"], 50.0),
    "fallback": (["--fallback", "on-device"], "on-device"),
    "attributes": (["--attributes", "emotions,smile"], ("EMOTIONS", "SMILE")),
    "width": (["--width", "320"], 320),
    "quality": (["--quality", "70"], 70),
    "region": (["--region", "eu-west-1"], "eu-west-1"),
    "profile": (["--profile", "work"], "work"),
    "endpoint_url": (["--endpoint-url", "http://127.0.0.1:4566"], "http://127.0.0.1:4566"),
    "view": (["--view", "web"], "web"),
    "host": (["--host", "192.0.2.7"], "192.0.2.7"),
    "port": (["--port", "0"], 0),
    "allow_host": (["--allow-host", "camera", "--allow-host", "b.example"], ("camera", "b.example")),
    "no_open": (["--no-open"], True),
    "mode": (["--mode", "aligned"], "aligned"),
    "bars": (["--bars"], True),
    "record": (["--record", "events"], "events"),
    "record_on": (
        ["--record-on", "HAPPY >= 80 for 1 s", "--record-on", "new face"],
        ("HAPPY >= 80 for 1 s", "new face"),
    ),
    "segment": (["--segment", "60"], 60.0),
    "pre_roll": (["--pre-roll", "10"], 10.0),
    "post_roll": (["--post-roll", "0"], 0.0),
    "min_gap": (["--min-gap", "30"], 30.0),
    "clip_dir": (["--clip-dir", "clips"], Path("clips")),
    "keep_days": (["--keep-days", "7"], 7.0),
    "upload": (["--upload", "s3://my-clips/livecam/"], "s3://my-clips/livecam"),
    "analyze": (["--analyze"], True),
    "key_template": (["--key-template", "{date}/{id}.mp4"], "{date}/{id}.mp4"),
    "storage_class": (["--storage-class", "STANDARD_IA"], "STANDARD_IA"),
    "encryption": (["--encryption", "aws:kms"], "aws:kms"),
    "kms_key": (["--kms-key", "alias/clips"], "alias/clips"),
    "tag": (["--tag", "a=b", "--tag", "c=d"], ("a=b", "c=d")),
    "keep_local": (["--no-keep-local"], False),
    "face_attributes": (["--face-attributes", "DEFAULT"], "DEFAULT"),
    "job_tag": (["--job-tag", "office"], "office"),
    "sns_topic": (
        ["--sns-topic", "arn:aws:sns:us-east-1:123456789012:AmazonRekognition-x"],
        "arn:aws:sns:us-east-1:123456789012:AmazonRekognition-x",
    ),
    "role_arn": (["--role-arn", "arn:aws:iam::123456789012:role/x"], "arn:aws:iam::123456789012:role/x"),
    "queue_url": (["--queue-url", "https://sqs.x/1/q"], "https://sqs.x/1/q"),
    "keep_size": (["--keep-size", "10GB"], 10_000_000_000),
    "keep_free": (["--keep-free", "1 GB"], 1_000_000_000),
    "copies": (["--copies", "annotated,blurred"], ("annotated", "blurred")),
    "blur": (["--blur", "shown"], "shown"),
    "blur_outside_roi": (["--blur-outside-roi"], True),
    "local_only": (["--local-only"], True),
    "no_store": (["--no-store"], True),
    "output": (["--output", "o.mp4"], Path("o.mp4")),
    "trace": (["--trace", "t.jsonl"], Path("t.jsonl")),
    "events": (["--events", "e.jsonl"], Path("e.jsonl")),
    "csv": (["--csv", "e.csv"], Path("e.csv")),
    "sink": (["--sink", "mqtt:a;b"], ("mqtt:a;b",)),
    "webhook": (["--webhook", "http://h/x"], "http://h/x"),
    "webhook_events": (["--webhook-events", "source_ended,output_failed"], ("source_ended", "output_failed")),
}


@pytest.fixture
def settings_of(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Settings]:
    """Return what gives the settings that a command line amounts to, without a run."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr("livecam.plugins.names", lambda group: ["mqtt"])
    monkeypatch.setattr(logs, "configure", lambda **_: None)
    seen: list[Settings] = []

    def perform(settings: Settings, params: Mapping[str, Any], **_: object) -> int:
        seen.append(settings)
        return 0

    monkeypatch.setattr(running, "perform", perform)

    def settings_of(*arguments: str) -> Settings:
        assert commands.app(list(arguments), standalone_mode=False) == 0
        return seen[-1]

    return settings_of


@pytest.mark.parametrize("name", sorted(set(Settings.model_fields) - WITHOUT_FLAG))
def test_every_flag_sets_its_setting(name: str, settings_of: Callable[..., Settings]) -> None:
    arguments, value = FLAGS[name]
    assert dict(settings_of("run", *arguments)) == dict(Settings()) | {name: value}


def test_without_flags_the_defaults_hold(settings_of: Callable[..., Settings]) -> None:
    assert settings_of("run") == Settings()


def test_recording_takes_the_flags_of_a_run_but_two(settings_of: Callable[..., Settings]) -> None:
    taken = {name: FLAGS[name] for name in FLAGS if name not in ("record", "output")}
    found = settings_of("record", *(argument for arguments, _ in taken.values() for argument in arguments))
    expected = {name: value for name, (_, value) in taken.items()} | {"record": "all"}
    assert dict(found) == dict(Settings()) | expected


def test_the_demo_takes_the_output_flags(settings_of: Callable[..., Settings]) -> None:
    names = ("finder", "mode", "output", "trace", "events", "csv", "sink", "webhook", "webhook_events")
    arguments = [each for name in names for each in FLAGS[name][0]]
    found = dict(settings_of("demo", *arguments))
    assert {name: found[name] for name in names} == {name: FLAGS[name][1] for name in names}
    assert found["source"] == "demo"
