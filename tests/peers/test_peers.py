"""What people write with plain boto3 works against the local endpoint, given nothing but variables."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3  # type: ignore[import-untyped]
import botocore.session  # type: ignore[import-untyped]
import pytest
from botocore.validate import ParamValidator  # type: ignore[import-untyped]

from livecam.bench.overlay.trace import read_trace
from livecam.local_aws.canned_eyes import CannedEyes
from livecam.local_aws.endpoint import Setup
from livecam.local_aws.fault_plan import FaultPlan, plan_from
from livecam.local_aws.server import Running, in_background
from tests.local_aws.clients import a_jpeg
from tests.sources.fakes import write_clip

if TYPE_CHECKING:
    from collections.abc import Iterator

PEERS = Path(__file__).resolve().parents[2] / "scripts" / "peers"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Running]:
    with in_background(Setup(eyes=CannedEyes(faces=2))) as running:
        yield running


def run(endpoint: Running, name: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    return subprocess.run(
        [sys.executable, str(PEERS / name), *arguments],
        cwd=cwd,
        env=environment | endpoint.environment | {"AWS_EC2_METADATA_DISABLED": "true"},
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )


def is_valid(answer: dict[str, Any], operation: str) -> bool:
    model = botocore.session.get_session().get_service_model("rekognition")
    answer = {key: value for key, value in answer.items() if key != "ResponseMetadata"}
    report = ParamValidator().validate(answer, model.operation_model(operation).output_shape)
    assert not report.has_errors(), report.generate_report()
    return True


def test_detect_faces_on_a_local_picture_prints_both_times(endpoint: Running, tmp_path: Path) -> None:
    (tmp_path / "picture.jpg").write_bytes(a_jpeg())
    result = run(endpoint, "detect_faces.py", "picture.jpg", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    answer = json.loads(result.stdout)
    assert len(answer["FaceDetails"]) == 2
    assert is_valid(answer, "DetectFaces")
    assert "client creation: " in result.stderr
    assert "detect_faces: " in result.stderr


@pytest.mark.parametrize("attributes", ["DEFAULT", "ALL"])
def test_start_face_detection_with_every_parameter_is_followed_to_its_results(
    attributes: str, endpoint: Running, tmp_path: Path
) -> None:
    session = boto3.Session("test", "test", region_name="us-east-1")
    clients = {name: session.client(name, endpoint_url=endpoint.url) for name in ("s3", "sns")}
    bucket = f"clips-{attributes.lower()}"
    clip = write_clip(tmp_path / "clip.mp4", [index / 10 for index in range(20)], size=(160, 120))
    clients["s3"].create_bucket(Bucket=bucket)
    versioning = {"Status": "Enabled"}
    clients["s3"].put_bucket_versioning(Bucket=bucket, VersioningConfiguration=versioning)
    stored = clients["s3"].put_object(Bucket=bucket, Key="a/clip.mp4", Body=io.BytesIO(clip.read_bytes()))
    topic = clients["sns"].create_topic(Name=f"AmazonRekognition-{attributes}")["TopicArn"]
    for client in clients.values():
        client.close()
    result = run(
        endpoint, "start_face_detection.py", bucket, "a/clip.mp4", stored["VersionId"], topic,
        "arn:aws:iam::123456789012:role/rekognition", attributes, "livecam:1/a", cwd=tmp_path,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    answer = json.loads(result.stdout)
    assert is_valid(answer, "GetFaceDetection")
    assert (answer["JobStatus"], answer["JobTag"]) == ("SUCCEEDED", "livecam:1/a")
    assert answer["Video"]["S3Object"] == {
        "Bucket": bucket,
        "Name": "a/clip.mp4",
        "Version": stored["VersionId"],
    }
    assert ("Emotions" in answer["Faces"][0]["Face"]) is (attributes == "ALL")
    assert "SUCCEEDED: 8 faces" in result.stderr


@pytest.mark.parametrize("name", ["read_call_draw.py", "threaded_hold.py"])
def test_a_loop_shows_the_clip_with_the_boxes_it_was_told_and_notes_it(
    name: str, endpoint: Running, tmp_path: Path
) -> None:
    clip = write_clip(tmp_path / "clip.mp4", [index / 10 for index in range(20)], size=(160, 120))
    result = run(endpoint, name, str(clip), "shown.mp4", "trace.jsonl", "1.5", "5", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    frames = read_trace(tmp_path / "trace.jsonl")
    assert {frame.source for frame in frames} == {"clip.mp4"}
    assert 3 <= len(frames) < 20  # what is after the seconds that were asked for is left out
    assert len(frames[-1].faces) == 2
    assert frames[-1].answered_at is not None
    assert (tmp_path / "shown.mp4").stat().st_size > 0


@pytest.mark.parametrize("name", ["read_call_draw.py", "threaded_hold.py"])
def test_a_loop_ends_with_the_error_of_its_call(name: str, endpoint: Running, tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", [index / 10 for index in range(40)], size=(160, 120))
    endpoint.change_faults(
        plan_from({"faults": [{"kind": "error", "code": "AccessDeniedException"}]}, "test")
    )
    try:
        result = run(endpoint, name, str(clip), "shown.mp4", "trace.jsonl", cwd=tmp_path)
    finally:
        endpoint.change_faults(FaultPlan())
    assert result.returncode == 1
    assert "AccessDeniedException" in result.stderr.splitlines()[-1]
