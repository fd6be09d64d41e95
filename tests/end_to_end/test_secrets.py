"""livecam is used with marked secrets as a user does; then all that came out is searched for them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import unquote

import boto3  # type: ignore[import-untyped]
import pytest

pytest.importorskip("moto", reason="the extra `local-aws` is not installed")
pytest.importorskip("uvicorn", reason="the extra `web` is not installed")

from livecam.local_aws.canned_eyes import CannedEyes
from livecam.local_aws.endpoint import Setup
from livecam.local_aws.server import in_background
from tests.end_to_end.canaries import (
    ACCESS_KEY,
    FACE,
    GIVEN,
    PRESIGNED,
    PROXY_PASSWORD,
    QUERY_TOKEN,
    SECRET_KEY,
    SESSION_TOKEN,
    STREAM_PASSWORD,
    STREAM_USER,
    WEBHOOK_PATH,
    Canary,
    Leak,
    contents,
    leaks,
)
from tests.end_to_end.canary_stage import Stage, webhook_receiver
from tests.servers.process import free_port, mjpeg_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ALL = os.environ.get("CANARIES") == "all"
"""Whether more commands are tried than the regular suite has time for: scripts/canaries."""
PLACE = "s3://canary-bucket/clips"
OUTPUTS = ("--events", "events.jsonl", "--trace", "trace.jsonl", "--csv", "faces.csv", "--json")
STREAM = f"{STREAM_USER.text}:{STREAM_PASSWORD.text}@127.0.0.1"
QUERY = f"token={QUERY_TOKEN.text}&X-Amz-Signature={PRESIGNED.text}&X-Amz-Security-Token={PRESIGNED.text}"
PAGES = ("", "main.js", "api/controls", "api/clips", "api/camera", "metrics", "events", "mjpeg", "nothing")
MAY_SHOW_PEOPLE = (".mp4", ".html", ".jpg", "/mjpeg")
"""What is made for that."""


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    setup = Setup(eyes=CannedEyes(1), secrets={ACCESS_KEY.text: SECRET_KEY.text})
    with in_background(setup) as endpoint:
        keys = {"aws_access_key_id": ACCESS_KEY.text, "aws_secret_access_key": SECRET_KEY.text}
        s3 = boto3.client("s3", endpoint_url=endpoint.url, region_name="us-east-1", **keys)
        s3.create_bucket(Bucket="canary-bucket")
        yield Stage(tmp_path, endpoint.url)


@pytest.mark.timeout(900 if ALL else 240)
def test_no_secret_comes_out_anywhere(stage: Stage, media: Path) -> None:
    with webhook_receiver(stage.said) as port:
        hook = f"http://{STREAM_USER.text}:{STREAM_PASSWORD.text}@127.0.0.1:{port}/{WEBHOOK_PATH.text}"
        token = watched_in_a_browser(stage, hook)
    looked_into(stage, media / "img_happy.jpg", hook)
    streams(stage)
    what_fails(stage, media / "img_happy.jpg")
    key = next(stage.folder.rglob("browser-key")).read_text()
    assert searched(stage, [*GIVEN, Canary("page token", token), Canary("cookie key", key)]) == {
        Leak("page token", "plain", "web.err"),  # the printed address
        Leak("cookie key", "plain", "data/livecam/browser-key"),
    }
    assert wide_open(stage.folder) == []
    told = stage.said | contents(stage.folder)
    assert [
        name for name, text in told.items() if not name.endswith(MAY_SHOW_PEOPLE) and FACE.search(text)
    ] == []


def wide_open(folder: Path) -> list[str]:
    """Return what livecam made in its own folder and in the current one that others may read."""
    made = [*folder.glob("*.*"), *(folder / "data").rglob("*")]
    named = [path for path in made if path.suffix not in {".out", ".err"}]  # those are the stage's
    assert len(named) > 15
    return [path.name for path in named if os.name == "posix" and path.stat().st_mode & 0o077]


def searched(stage: Stage, canaries: list[Canary]) -> set[Leak]:
    return set(leaks(stage.said | contents(stage.folder), canaries))


def watched_in_a_browser(stage: Stage, hook: str) -> str:
    """Watch a run that records, uploads and analyses, and tells a webhook of it; return the page's token."""
    recorded = ("--record", "all", "--upload", PLACE, "--copies", "annotated")
    ways = ("--view", "web", "--no-open", "--port", "0", "--log-file", "web.log", "--webhook-events", "all")
    env = {"LIVECAM_WEBHOOK": hook}
    arguments = ("run", "demo", "--detector", "rekognition", "--debug", *recorded, *ways, *OUTPUTS)
    with stage.started("web", *arguments, env=env) as process:
        address, _, token = stage.address_in("web", process).partition("?t=")
        statuses = [stage.ask(f"{address}{page}", token=token) for page in PAGES]
        assert statuses == [200] * (len(PAGES) - 1) + [404]
        assert stage.ask(f"{address}?t={token}x") == 403
        assert stage.ask(f"{address}api/controls/stop", token=token, body=b'{"value": null}') == 200
        assert process.wait(120) == 0
    assert b"clip_recorded" in stage.said["webhook"]
    assert b"webhook-signature" in stage.said["webhook"].lower()
    return token


def looked_into(stage: Stage, picture: Path, hook: str) -> None:
    """Ask for all that can be told and measured."""
    known = {"LIVECAM_WEBHOOK": hook, "LIVECAM_SOURCE": f"rtsp://{STREAM}/cam?{QUERY}"}
    (clip,) = (stage.folder / "data/livecam/clips").glob("*-??????.mp4")
    latency = ("bench", "latency", picture, "--calls", "3", "--warm-up", "1", "--rate", "20")
    ended = [
        stage.run("show", "config", "show", "--json", env=known),
        stage.run("analysis", "clips", "analyze", clip.stem, "--upload", PLACE, "--yes", "--debug"),
        stage.run("report", "clips", "report", clip.stem, "--csv", "seen.csv", "--jsonl", "seen.jsonl"),
        stage.run("image", "bench", "image", picture, "--json", "--debug", "--annotated", "labelled.jpg"),
        stage.run("latency", *latency, "--save", "l.json", "--html", "l.html", "--csv", "l.csv", "--debug"),
    ]
    assert ended == [0] * len(ended)
    assert stage.run("doctor", "doctor", "--json", env=known) in (0, 1)
    if ALL:
        stage.run("show-text", "config", "show", env=known)
        stage.run("doctor-text", "doctor", env=known)
        for command in ("config paths", "consent show", "clips list", f"clips show {clip.stem}", "cameras"):
            stage.run(command, *command.split(), "--json", env=known)


def streams(stage: Stage) -> None:
    """Watch cameras that need a password, those that are gone too."""
    with mjpeg_server("--user", STREAM_USER.text, "--password", unquote(STREAM_PASSWORD.text)) as camera:
        paths = ("video", "forbidden", "page.html", "garbage", "nothing-good", "broken")
        for path in paths if ALL else paths[:2]:
            source = f"http://{STREAM}:{camera.port}/{path}?{QUERY}"
            plain = ("--detector", "none", "--view", "none", "--duration", "1", "--debug", *OUTPUTS)
            assert (stage.run(path, "run", source, *plain) == 0) == (path in {"video", "garbage"})


def what_fails(stage: Stage, picture: Path) -> None:
    """Let things fail in ways whose messages like to repeat what they were given."""
    proxy = f"http://{STREAM_USER.text}:{PROXY_PASSWORD.text}@127.0.0.1:{free_port()}"
    for name, env in {
        "proxy": {"HTTP_PROXY": proxy, "AWS_ENDPOINT_URL": "http://rekognition.invalid"},
        "wrong-secret": {"AWS_SECRET_ACCESS_KEY": SECRET_KEY.text[::-1]},
        "endpoint": {"AWS_ENDPOINT_URL": f"http://{STREAM}:{free_port()}/?{QUERY}"},
    }.items():
        assert stage.run(name, "bench", "image", picture, "--debug", "--yes", env=env) != 0
        assert not ALL or stage.run(f"{name}-doctor", "doctor", env=env) != 0
    gone = f"rtsp://{STREAM}:{free_port()}/cam?{QUERY}"
    said = f"{gone} aws_secret_access_key={SECRET_KEY.text} Authorization: Bearer {SESSION_TOKEN.text}"
    crash = (
        "import sys; from livecam.cli import commands\n"
        "def fail(**_): raise RuntimeError(sys.argv[1])\n"
        "commands.app = fail\n"
        "from livecam.cli.app import main; main()"
    )
    assert stage.run("crash", "-c", crash, said, "--debug") == 1
    wrong = {
        "gone": ("run", gone, "--view", "none", "--debug", "--duration", "1"),
        "bad-value": ("run", "demo", "--webhook", f"ftp://{STREAM}/{WEBHOOK_PATH.text}"),
        "bad-flag": ("run", "demo", f"--nothing={gone}"),
        "bad-sink": ("run", "demo", "--sink", f"nothing:{gone}"),
    }
    for name in wrong if ALL else ("gone", "bad-flag"):
        assert stage.run(name, *wrong[name]) != 0
