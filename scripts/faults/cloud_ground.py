"""Where one fault is tried: a folder, a bucket, and livecams that use them."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cloud_checks import CloudVerdict, judge
from cloud_endpoint import plain_environment, wait_until

from livecam.state.ledger import Ledger

if TYPE_CHECKING:
    from pathlib import Path

    from cloud_endpoint import LocalEndpoint

    from livecam.stored_video import Job, StoredVideo

BUCKET = "troubled-clips"
ENDED_WITHIN = 420.0
"""Seconds; the longest is a job whose end nobody tells, which is asked about after 300."""
MOST_RUNS = 5
"""After which whatever is still undone is a problem."""
TOPIC_ROLE = {"Version": "2012-10-17", "Statement": []}


@dataclass(frozen=True, slots=True)
class Said:
    """How a livecam ended."""

    code: int
    problems: list[str]
    """Of videos, each in one sentence."""
    warnings: list[str]
    """On standard error."""
    states: list[str]
    """Of the videos' jobs; "none" where there is none."""

    @property
    def words(self) -> list[str]:
        """All that it told people."""
        return [*self.problems, *self.warnings]


@dataclass
class Ground:
    """One fault's own.

    Args:
        work: an empty folder.
        endpoint: nobody else uses it.
        seconds: that what is down stays down.
    """

    work: Path
    endpoint: LocalEndpoint
    seconds: float
    environment: dict[str, str] = field(init=False)
    flags: list[str] = field(default_factory=list, init=False)
    """Of every livecam, beside those that say where videos go."""
    runs: list[Said] = field(default_factory=list, init=False)
    problems: list[str] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self.environment = plain_environment(self.work, self.endpoint.environment)
        self.clips = self.work / "clips"
        self.ledger = Ledger(self.clips)
        self.make_bucket()

    def make_bucket(self) -> None:
        """Make the bucket, which keeps versions: what is stored twice is seen then."""
        s3 = self.endpoint.client("s3")
        s3.create_bucket(Bucket=BUCKET)
        s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})

    def analyze(self, *arguments: str | Path) -> Said:
        """Run `livecam clips analyze --wait` to its end."""
        return self.ended(self.start(*arguments))

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        """Begin `livecam clips analyze --wait`."""
        where = ["--wait", "--json", "--upload", f"s3://{BUCKET}", "--clip-dir", str(self.clips)]
        command = ["clips", "analyze", *map(str, arguments), *where, *self.flags]
        return subprocess.Popen(  # noqa: S603  livecam itself
            [sys.executable, "-m", "livecam", *command],
            cwd=self.work,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def record(self, film: Path) -> tuple[dict[str, Any], Said]:
        """Record a film in two clips, uploaded and analysed meanwhile; return the run's summary, too."""
        outputs = ["--detector", "none", "--view", "none", "--segment", "1", "--json"]
        cloud = ["--upload", f"s3://{BUCKET}", "--analyze", "--clip-dir", str(self.clips)]
        result = subprocess.run(  # noqa: S603  livecam itself
            [sys.executable, "-m", "livecam", "record", str(film), *outputs, *cloud],
            cwd=self.work,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=ENDED_WITHIN,
            check=False,
        )
        summary: dict[str, Any] = json.loads(result.stdout or "{}")
        told = [each for each in result.stderr.splitlines() if not each.startswith(f"{film.name}: ")]
        said = Said(result.returncode, [], told, [])
        self._judge_words(said, is_answered=bool(summary))
        self.runs.append(said)
        return summary, said

    def ended(self, process: subprocess.Popen[str]) -> Said:
        """Wait for a livecam and return how it ended."""
        try:
            out, told = process.communicate(timeout=ENDED_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            out, told = process.communicate()
            self.problems.append(f"a livecam did not end within {ENDED_WITHIN:.0f} s: {told}")
        record = json.loads(out) if out.startswith("{") else {}
        videos = record.get("videos", ())
        said = Said(
            process.returncode,
            [video["problem"] for video in videos if video["problem"]],
            told.splitlines(),
            [video["job"]["status"] if video["job"] else "none" for video in videos],
        )
        self._judge_words(said, is_answered=bool(record))
        self.runs.append(said)
        return said

    def finish(self) -> None:
        """Have livecam go on with what was begun, until nothing is left or it is of no use."""
        for _ in range(MOST_RUNS):
            if self.analyze().code == 0:
                return
        self.problems.append(f"after {MOST_RUNS} times there is still: {self.runs[-1]}")

    def judged(self, *, may_repeat: bool) -> CloudVerdict:
        """Return whether all is there once and whole, and what else was a problem; see `judge`."""
        verdict = judge(self.endpoint, BUCKET, self.clips, may_repeat=may_repeat)
        verdict.problems += self.problems
        return verdict

    def expect(self, holds: object, what: str) -> None:
        """Note a problem unless something holds."""
        if not holds:
            self.problems.append(f"{what}; the last livecam: {self.runs[-1] if self.runs else 'none'}")

    def video(self, path: Path) -> StoredVideo | None:
        """Return what the ledger says of a file."""
        return self.ledger.videos.get(str(path))

    def has_job(self, path: Path, state: str) -> bool:
        """Say whether a job of a file is in a state."""
        return any(job.state == state for job in self.ledger.jobs.of(str(path)))

    def wait_for_parts(self, path: Path) -> None:
        """Wait until parts of a file are being sent."""

        def are_sent() -> bool:
            video = self.video(path)
            return video is not None and (video.upload is not None or video.state == "stored")

        self.expect(wait_until(are_sent), "its upload did not begin")

    def wait_for_job(self, path: Path) -> Job | None:
        """Wait until a job of a file has an id, and return it."""
        self.expect(
            wait_until(lambda: any(job.job_id for job in self.ledger.jobs.of(str(path)))), "no job began"
        )
        return next(iter(self.ledger.jobs.of(str(path))), None)

    def use_queue(self, *, is_subscribed: bool) -> tuple[Any, str]:
        """Make a topic, a role and a queue, and have livecam use them; return SQS's client and the queue."""
        sns, sqs, iam = map(self.endpoint.client, ("sns", "sqs", "iam"))
        topic = sns.create_topic(Name="AmazonRekognition-livecam")["TopicArn"]
        queue = sqs.create_queue(QueueName="livecam")["QueueUrl"]
        role = iam.create_role(RoleName="rekognition", AssumeRolePolicyDocument=json.dumps(TOPIC_ROLE))
        if is_subscribed:
            arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
            sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn["Attributes"]["QueueArn"])
        self.flags += ["--sns-topic", topic, "--role-arn", role["Role"]["Arn"], "--queue-url", queue]
        return sqs, queue

    def _judge_words(self, said: Said, *, is_answered: bool) -> None:
        words = [*said.problems, *said.warnings]
        self.problems += [
            f"more than a sentence: {each}" for each in words if "\n" in each or "Traceback" in each
        ]
        strange = [each for each in said.warnings if not each.startswith("livecam: ")]
        self.problems += [f"not livecam's own words: {each}" for each in strange]
        if said.code and not words:
            self.problems.append(f"it ended with {said.code} and did not say why")
        if not is_answered and said.code == 0:
            self.problems.append("it said nothing of what it did")
