"""The template and the policies that docs/aws-setup.md is about, tried as far as that goes without AWS."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import uuid
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import botocore.session  # type: ignore[import-untyped]
import pytest
from botocore import xform_name

from livecam.aws.clients import job_client, patient_client
from livecam.aws.clip_store import S3ClipStore
from livecam.aws.face_jobs import RekognitionJobs
from livecam.aws.wiring import Wanted, Wiring
from livecam.clock import SystemClock
from livecam.doctor import regions
from livecam.errors import CloudError
from livecam.local_aws.endpoint import Setup
from livecam.local_aws.server import in_background
from livecam.stored_video import JobParameters, S3Place, Upload
from livecam.testing.clock import FakeClock
from tests.aws.bucket import PART, stored
from tests.aws.environment import use_stub_environment
from tests.aws.stored_video import access_of
from tests.local_aws.clients import client
from tests.local_aws.video_files import BrightEyes, a_video
from tests.packaging.cloud_template import Template, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from livecam.local_aws.server import Running

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "aws"
TEMPLATE = FOLDER / "livecam.yaml"
PAGE = FOLDER.parent / "aws-setup.md"
POLICIES = sorted(path.stem.removeprefix("policy-") for path in FOLDER.glob("policy-*.json"))
NAME = "AmazonRekognition-livecam"
HERE = {"AWS::Partition": "aws", "AWS::Region": "us-east-1", "AWS::AccountId": "123456789012"}
WRITTEN = {"AWS::Partition": "aws", "AWS::Region": "REGION", "AWS::AccountId": "ACCOUNT"}
"""What stands in the policies for what everybody has to put in."""
RUN_CFN_LINT = "import sys; from cfnlint.runner import main; sys.exit(main())"
"""Whether or not its command is on the path."""
RECORD = """
aws() { printf '%s\\0' "$@" >> commands; printf '\\n\\0' >> commands; }
livecam() { :; }
"""
"""In the place of both programs in the page's commands: arguments end with a zero, commands with a line."""
OF_THE_CLI_ALONE = {
    ("cloudformation", "deploy"),
    ("cloudformation", "describe-stacks"),
    ("cloudformation", "delete-stack"),
}
FLAGS_OF_THE_CLI = {"--region", "--output", "--query"}
RENAMED = {"--notification-endpoint": "--endpoint"}
"""By the CLI, whose own flags have the name."""
ACTIONS = {
    "HeadBucket": "s3:ListBucket",
    "ListObjectsV2": "s3:ListBucket",
    "PutObject": "s3:PutObject",
    "CreateMultipartUpload": "s3:PutObject",
    "UploadPart": "s3:PutObject",
    "CompleteMultipartUpload": "s3:PutObject",
    "ListParts": "s3:ListMultipartUploadParts",
    "AbortMultipartUpload": "s3:AbortMultipartUpload",
    "HeadObject": "s3:GetObject",
    "GetObject": "s3:GetObject",
    "ListObjectVersions": "s3:ListBucketVersions",
    "ListMultipartUploads": "s3:ListBucketMultipartUploads",
    "DeleteObject": "s3:DeleteObject",
    "GetBucketVersioning": "s3:GetBucketVersioning",
    "GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "DeleteMessageBatch": "sqs:DeleteMessage",
}
"""What an operation needs where it is not called the same (S3 user guide, "Required permissions")."""
OF_VERSIONS = {"s3:GetObject": "s3:GetObjectVersion", "s3:DeleteObject": "s3:DeleteObjectVersion"}


def a_template(values: dict[str, str] | None = None) -> Template:
    return read(TEMPLATE, HERE | (values or {}))


def policy(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"policy-{name}.json").read_text(encoding="utf-8"))
    return found


def actions_of(name: str) -> set[str]:
    listed = [each["Action"] for each in policy(name)["Statement"]]
    return {action for each in listed for action in ([each] if isinstance(each, str) else each)}


class Stack:
    """What the template describes, made with boto3 at the local endpoint."""

    def __init__(self, running: Running) -> None:
        self._url = running.url
        suffix = uuid.uuid4().hex[:8]
        self.template = a_template({"Name": f"livecam-{suffix}", "BucketName": f"clips-{suffix}"})
        self.made = self.template.made
        self._bucket()
        self._messages()
        self._role()
        self.outputs = self.template.outputs()

    def ask(self, service: str, operation: str, **request: Any) -> Any:  # noqa: ANN401  as boto3's
        made = client(service, self._url)
        try:
            return getattr(made, operation)(**request)
        finally:
            made.close()

    def _bucket(self) -> None:
        wanted = self.template.properties("ClipBucket")
        bucket = wanted["BucketName"]
        self.ask("s3", "create_bucket", Bucket=bucket, ObjectOwnership="BucketOwnerEnforced")
        self.ask(
            "s3",
            "put_public_access_block",
            Bucket=bucket,
            PublicAccessBlockConfiguration=wanted["PublicAccessBlockConfiguration"],
        )
        self.ask(
            "s3",
            "put_bucket_versioning",
            Bucket=bucket,
            VersioningConfiguration=wanted["VersioningConfiguration"],
        )
        (rule,) = wanted["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        encryption = {
            "Rules": [{"ApplyServerSideEncryptionByDefault": rule["ServerSideEncryptionByDefault"]}]
        }
        self.ask("s3", "put_bucket_encryption", Bucket=bucket, ServerSideEncryptionConfiguration=encryption)
        rules = [as_api_has_it(rule) for rule in wanted["LifecycleConfiguration"]["Rules"]]
        self.ask(
            "s3",
            "put_bucket_lifecycle_configuration",
            Bucket=bucket,
            LifecycleConfiguration={"Rules": rules},
        )
        self.made["ClipBucket"] = {"Ref": bucket, "Arn": f"arn:aws:s3:::{bucket}"}
        document = self.template.properties("ClipBucketPolicy")["PolicyDocument"]
        self.ask("s3", "put_bucket_policy", Bucket=bucket, Policy=json.dumps(document))
        # The way to this endpoint is in the clear, which that policy forbids.
        self.ask("s3", "delete_bucket_policy", Bucket=bucket)

    def _messages(self) -> None:
        topic = self.ask("sns", "create_topic", Name=self.template.properties("JobTopic")["TopicName"])
        self.made["JobTopic"] = {"Ref": topic["TopicArn"]}
        wanted = self.template.properties("JobQueue")
        name = wanted.pop("QueueName")
        attributes = {key: str(value).lower() for key, value in wanted.items()}
        url = self.ask("sqs", "create_queue", QueueName=name, Attributes=attributes)["QueueUrl"]
        found = self.ask("sqs", "get_queue_attributes", QueueUrl=url, AttributeNames=["QueueArn"])
        self.made["JobQueue"] = {"Ref": url, "Arn": found["Attributes"]["QueueArn"]}
        document = self.template.properties("JobQueuePolicy")["PolicyDocument"]
        self.ask("sqs", "set_queue_attributes", QueueUrl=url, Attributes={"Policy": json.dumps(document)})
        joined = self.template.properties("JobSubscription")
        raw = str(joined.pop("RawMessageDelivery")).lower()
        self.ask("sns", "subscribe", **joined, Attributes={"RawMessageDelivery": raw})

    def _role(self) -> None:
        wanted = self.template.properties("JobRole")
        trust = json.dumps(wanted["AssumeRolePolicyDocument"])
        made = self.ask("iam", "create_role", RoleName=wanted["RoleName"], AssumeRolePolicyDocument=trust)
        self.made["JobRole"] = {"Ref": wanted["RoleName"], "Arn": made["Role"]["Arn"]}
        for each in wanted["Policies"]:
            document = json.dumps(each["PolicyDocument"])
            self.ask(
                "iam",
                "put_role_policy",
                RoleName=wanted["RoleName"],
                PolicyName=each["PolicyName"],
                PolicyDocument=document,
            )
        for name in self.template.names("AWS::IAM::ManagedPolicy"):
            properties = self.template.properties(name)
            made = self.ask(
                "iam",
                "create_policy",
                PolicyName=properties["ManagedPolicyName"],
                PolicyDocument=json.dumps(properties["PolicyDocument"]),
            )
            self.made[name] = {"Ref": made["Policy"]["Arn"]}


def as_api_has_it(rule: dict[str, Any]) -> dict[str, Any]:
    """Return a lifecycle rule as S3 has it: CloudFormation draws some of it together."""
    kept: dict[str, Any] = {
        key: rule[key] for key in ("Status", "AbortIncompleteMultipartUpload") if key in rule
    }
    if "NoncurrentVersionExpiration" in rule:
        kept["NoncurrentVersionExpiration"] = rule["NoncurrentVersionExpiration"]
    expiration = {"ExpiredObjectDeleteMarker": True} if "ExpiredObjectDeleteMarker" in rule else {}
    if "ExpirationInDays" in rule:
        expiration["Days"] = rule["ExpirationInDays"]
    return (
        kept
        | {"ID": rule["Id"], "Filter": {"Prefix": ""}}
        | ({"Expiration": expiration} if expiration else {})
    )


class Called:
    """Which actions livecam's own clients called."""

    def __init__(self, running: Running) -> None:
        self.actions: set[str] = set()
        access = access_of(running)
        for service in ("s3", "sqs", "sns", "iam", "service-quotas"):
            self._listen(patient_client(service, access), service)
        self._listen(job_client(access), "rekognition")

    def _listen(self, made: Any, service: str) -> None:  # noqa: ANN401  boto3 has no types
        made.meta.events.register(f"before-parameter-build.{service}", self._note)

    def _note(self, params: dict[str, Any], model: Any, **_: Any) -> None:  # noqa: ANN401
        service = model.service_model.signing_name
        action = ACTIONS.get(model.name, f"{service}:{model.name}")
        if model.name == "DeleteObjects":
            action = "s3:DeleteObject"
            params = {"VersionId": params["Delete"]["Objects"][0].get("VersionId")}
        self.actions.add(OF_VERSIONS.get(action, action) if params.get("VersionId") else action)
        if params.get("Tagging"):
            self.actions.add("s3:PutObjectTagging")
        if "NotificationChannel" in params:
            self.actions.add("iam:PassRole")
        if model.name == "SimulatePrincipalPolicy":  # the local endpoint has none
            raise CloudError("not here", code="501", blame="service")


@pytest.fixture(autouse=True)
def _stub_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    use_stub_environment(monkeypatch)


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with in_background(Setup(eyes=BrightEyes(faces=1))) as made:
        yield made


@pytest.fixture(scope="module")
def stack(running: Running) -> Stack:
    return Stack(running)


def lint(path: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", RUN_CFN_LINT, "--include-checks", "I", "--", str(path)]
    return subprocess.run(command, capture_output=True, text=True, timeout=50, check=False)


def test_cfn_lint_finds_nothing_in_the_template() -> None:
    pytest.importorskip("cfnlint")
    found = lint(TEMPLATE)
    assert (found.returncode, found.stdout) == (0, "")


def test_cfn_lint_finds_what_is_wrong_in_another(tmp_path: Path) -> None:
    pytest.importorskip("cfnlint")
    text = TEMPLATE.read_text(encoding="utf-8").replace("SqsManagedSseEnabled", "SqsManagedEnabled")
    (tmp_path / "wrong.yaml").write_text(text, encoding="utf-8")
    assert "SqsManagedEnabled" in lint(tmp_path / "wrong.yaml").stdout


@pytest.mark.parametrize("name", POLICIES)
def test_each_policy_is_that_of_the_template(name: str) -> None:
    key = "arn:aws:kms:REGION:ACCOUNT:key/KEY"
    template = read(TEMPLATE, WRITTEN | {"KmsKeyArn": key})
    role = "livecam-rekognition-REGION"
    template.made |= {
        "ClipBucket": {"Ref": "BUCKET", "Arn": "arn:aws:s3:::BUCKET"},
        "JobTopic": {"Ref": f"arn:aws:sns:REGION:ACCOUNT:{NAME}"},
        "JobQueue": {"Arn": f"arn:aws:sqs:REGION:ACCOUNT:{NAME}"},
        "JobRole": {"Ref": role, "Arn": f"arn:aws:iam::ACCOUNT:role/{role}"},
    }
    named = {each.removesuffix("Policy").lower(): each for each in template.names("AWS::IAM::ManagedPolicy")}
    assert sorted(named) == POLICIES
    assert template.properties(named[name])["PolicyDocument"] == policy(name)


def test_without_a_key_of_yours_the_template_has_no_policy_for_one() -> None:
    assert "KeyPolicy" not in a_template().names("AWS::IAM::ManagedPolicy")
    rules = a_template().properties("ClipBucket")["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rules == [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]


@pytest.mark.parametrize(("days", "count"), [("0", 2), ("30", 3)])
def test_clips_expire_only_where_that_is_wished(days: str, count: int) -> None:
    template = a_template({"ExpireAfterDays": days})
    assert len(template.properties("ClipBucket")["LifecycleConfiguration"]["Rules"]) == count


def test_the_template_refuses_the_regions_without_stored_video() -> None:
    (assertion,) = a_template().content["Rules"]["StoredVideo"]["Assertions"]
    refused, _ = assertion["Assert"]["Fn::Not"][0]["Fn::Contains"]
    assert set(refused) == regions.IMAGES_ONLY


def test_the_outputs_are_named_as_livecams_settings(stack: Stack) -> None:
    from livecam.config import load_settings

    settings = load_settings(
        {
            "upload": stack.outputs["Upload"],
            "sns_topic": stack.outputs["SnsTopic"],
            "role_arn": stack.outputs["RoleArn"],
            "queue_url": stack.outputs["QueueUrl"],
            "region": stack.outputs["Region"],
        }
    )
    assert settings.upload is not None
    assert settings.upload.endswith("/livecam")
    assert NAME in str(settings.sns_topic)


def test_a_clip_goes_through_what_the_template_makes_and_its_end_is_told(
    running: Running, stack: Stack, tmp_path: Path
) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(a_video())
    access = access_of(running)
    bucket = stack.made["ClipBucket"]["Ref"]
    place, _ = stored(S3ClipStore(access, bucket, clock=FakeClock()), film, "livecam/film.mp4")
    jobs = RekognitionJobs(access, queue_url=stack.outputs["QueueUrl"], clock=SystemClock())
    parameters = JobParameters(topic=stack.outputs["SnsTopic"], role=stack.outputs["RoleArn"])
    job = jobs.start(place, parameters, uuid.uuid4().hex)
    assert jobs.finished(frozenset({job}), 30) == frozenset({job})
    assert jobs.status(job).status == "SUCCEEDED"
    assert list(jobs.faces(job))


def test_the_policy_for_clips_allows_what_livecam_calls_and_nothing_else(
    running: Running, stack: Stack, tmp_path: Path
) -> None:
    called = Called(running)
    film, large = tmp_path / "film.mp4", tmp_path / "large.mp4"
    film.write_bytes(a_video())
    large.write_bytes(bytes(PART + 1))
    bucket, access = stack.made["ClipBucket"]["Ref"], access_of(running)
    stack.ask("s3", "put_bucket_versioning", Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    store = S3ClipStore(access, bucket, tags={"a": "b"}, part_size=PART, clock=FakeClock())
    store.check()
    place, _ = stored(store, film, "livecam/a.mp4")
    store.download(store.describe(place), tmp_path / "back.mp4", lambda *_: None)
    begun = begin(stack, bucket, "livecam/b.mp4")
    stored(store, large, "livecam/b.mp4", upload=begun)
    stored(store, large, "livecam/b.mp4", upload=begin(stack, bucket, "livecam/b.mp4"))  # it is there
    jobs = RekognitionJobs(access, queue_url=stack.outputs["QueueUrl"], clock=SystemClock())
    parameters = JobParameters(topic=stack.outputs["SnsTopic"], role=stack.outputs["RoleArn"])
    job = jobs.start(place, parameters, uuid.uuid4().hex)
    jobs.finished(frozenset({job}), 30)
    jobs.status(job)
    Wiring(access, FakeClock()).queue(stack.outputs["QueueUrl"])
    assert called.actions == actions_of("clips")


def begin(stack: Stack, bucket: str, key: str) -> Upload:
    made = stack.ask(
        "s3",
        "create_multipart_upload",
        Bucket=bucket,
        Key=key,
        ChecksumAlgorithm="SHA256",
        ChecksumType="COMPOSITE",
    )
    return Upload(made["UploadId"], PART)


def test_the_policy_for_purging_allows_what_livecam_calls_and_nothing_else(running: Running) -> None:
    called, access = Called(running), access_of(running)
    for is_versioned in (False, True):
        stack = Stack(running)
        bucket = stack.made["ClipBucket"]["Ref"]
        status = "Enabled" if is_versioned else "Suspended"
        stack.ask("s3", "put_bucket_versioning", Bucket=bucket, VersioningConfiguration={"Status": status})
        stack.ask("s3", "put_object", Bucket=bucket, Key="livecam/a.mp4", Body=b"x")
        begun = begin(stack, bucket, "livecam/a.mp4")
        store = S3ClipStore(access, bucket, clock=FakeClock())
        store.remove(S3Place(bucket, "livecam/a.mp4"), upload=begun)
        left = stack.ask("s3", "list_object_versions", Bucket=bucket)
        assert not left.get("Versions")
    assert called.actions == actions_of("purge")


def test_the_policy_for_the_doctor_allows_what_it_calls_and_nothing_else(
    running: Running, stack: Stack
) -> None:
    called, wiring = Called(running), Wiring(access_of(running), FakeClock())
    S3ClipStore(access_of(running), stack.made["ClipBucket"]["Ref"], clock=FakeClock()).check()
    facts = wiring.bucket(stack.made["ClipBucket"]["Ref"])
    assert facts.is_closed
    assert facts.ends_uploads
    assert wiring.topic_key(stack.outputs["SnsTopic"]) is None
    assert wiring.queue(stack.outputs["QueueUrl"]).arn in wiring.queues_of(stack.outputs["SnsTopic"])
    assert wiring.trust_of(stack.outputs["RoleArn"])["Statement"]
    with pytest.raises(CloudError, match="not here"):
        wiring.not_allowed(stack.outputs["RoleArn"], [Wanted(("sns:Publish",), stack.outputs["SnsTopic"])])
    with pytest.raises(CloudError):
        wiring.quotas("rekognition")  # the local endpoint has none
    assert called.actions == actions_of("doctor")


def test_the_policy_for_live_pictures_has_one_action() -> None:
    assert actions_of("live") == {"rekognition:DetectFaces"}


def commands_of_the_page(folder: Path) -> list[list[str]]:
    """Return the arguments of each command of the AWS CLI in the page, as a shell reads them."""
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    command = ["bash", "-c", RECORD + "\n".join(blocks)]
    subprocess.run(command, cwd=folder, capture_output=True, timeout=20, check=False)
    found = (folder / "commands").read_text(encoding="utf-8").split("\n\0")
    return [each.split("\0")[:-1] for each in found if each]


def test_the_commands_in_the_page_are_such_as_aws_has(tmp_path: Path) -> None:
    session = botocore.session.Session()
    commands = commands_of_the_page(tmp_path)
    assert len(commands) >= 20
    for service, operation, *arguments in commands:
        if (service, operation) in OF_THE_CLI_ALONE:
            continue
        model = session.get_service_model("s3" if service == "s3api" else service)
        named = {xform_name(name, "-"): name for name in model.operation_names}
        shape = model.operation_model(named[operation]).input_shape
        flags = {"--" + xform_name(name, "-") for name in shape.members}
        given = {RENAMED.get(each, each) for each in arguments if each.startswith("--")} - FLAGS_OF_THE_CLI
        assert given <= flags, (service, operation)
        assert {"--" + xform_name(name, "-") for name in shape.required_members} <= given, (
            service,
            operation,
        )


def test_the_documents_in_the_pages_commands_are_those_of_the_template(tmp_path: Path) -> None:
    here = {"AWS::Partition": "aws", "AWS::Region": "eu-west-1", "AWS::AccountId": "123456789012"}
    template = read(TEMPLATE, here)
    topic = f"arn:aws:sns:eu-west-1:123456789012:{NAME}"
    template.made |= {
        "ClipBucket": {"Ref": "my-clips", "Arn": "arn:aws:s3:::my-clips"},
        "JobTopic": {"Ref": topic},
    }
    said = {
        flag: json.loads(value)
        for command in commands_of_the_page(tmp_path)
        for flag, value in pairwise(command)
        if value.startswith("{")
    }
    role = template.properties("JobRole")
    assert said["--assume-role-policy-document"] == role["AssumeRolePolicyDocument"]
    assert said["--policy-document"] == role["Policies"][0]["PolicyDocument"]
    assert said["--policy"] == template.properties("ClipBucketPolicy")["PolicyDocument"]
