"""Put every fault of the cloud before livecam, and see that nothing is lost and all is told in a sentence.

Run as `python scripts/faults/cloud_trials.py [--seconds 60] [--json] [FAULT ...]`. Each fault has an endpoint
of its own, so that several are tried at once. Exit code 1 when a clip, a job or a result is missing, not
whole or there twice, or livecam did not say what was wrong.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cloud_endpoint import CLOCK, running
from cloud_films import make_film, make_mp4v
from cloud_ground import BUCKET, Ground
from cloud_relay import Relay

if TYPE_CHECKING:
    import contextlib
    from collections.abc import Callable, Sequence

AT_ONCE = 6
"""Faults that are tried at the same time; mostly they wait."""
LARGE = 18_000_000
"""Bytes that are added to a film, so that it goes in three parts."""
SLOWLY = 12_000_000.0
"""Bytes a second of the uplink, so that an upload takes a second and more."""
MOST_JOBS = 20
"""That an account may have open."""
ATTEMPTS = 5
"""Of a client, until it gives a request up."""
SHORT = 30.0
"""Seconds below which a session is a short one."""


def _refused(ground: Ground) -> None:
    """The endpoint refuses connections, while parts are sent and while a job is waited for."""
    with Relay(int(ground.endpoint.url.rpartition(":")[2])) as relay:
        ground.environment["AWS_ENDPOINT_URL"] = relay.url
        _outage(ground, relay.refusing)


def _deaf(ground: Ground) -> None:
    """The endpoint takes connections and answers nothing, at the same moments."""
    _outage(ground, ground.endpoint.deaf)


def _outage(ground: Ground, outage: Callable[[], contextlib.AbstractContextManager[None]]) -> None:
    ground.endpoint.change(uplink=SLOWLY)
    film = make_film(ground.work / "large.mp4", seconds=2, padding=LARGE)
    process = ground.start(film)
    ground.wait_for_parts(film)
    with outage():
        _pause(ground.seconds)
    ground.ended(process)
    ground.finish()
    film = make_film(ground.work / "small.mp4", seconds=2, seed=1)
    process = ground.start(film)
    ground.wait_for_job(film)
    with outage():
        _pause(ground.seconds)
    ground.expect(ground.ended(process).code == 0, "it did not go on by itself to the results")


def _recorded(ground: Ground) -> None:
    """Nothing can be reached while clips are recorded."""
    film = make_film(ground.work / "film.mp4", seconds=2)
    with Relay(int(ground.endpoint.url.rpartition(":")[2])) as relay:
        ground.environment["AWS_ENDPOINT_URL"] = relay.url
        with relay.refusing():
            summary, said = ground.record(film)
        ground.expect(said.code == 0, "the run failed because nothing could be uploaded")
        ground.expect(said.warnings, "it did not say that nothing could be uploaded")
        ground.expect(len(summary["clips"]) > 1, "it has not recorded")
        ground.finish()
        ground.expect(len(ground.ledger.videos.all()) == len(summary["clips"]), "not every clip was uploaded")


def _throttled(ground: Ground) -> None:
    """Three requests of ten are one too many."""
    _many(ground, _error("ThrottlingException", 0.3), _error("SlowDown", 0.3, "s3", 503))


def _broken(ground: Ground) -> None:
    """Three requests of ten end with an error of the server or without an answer, though it did the work."""
    _many(
        ground,
        {"kind": "hang-up", "share": 0.4, "operation": "StartFaceDetection"},
        _error("InternalServerError", 0.3),
        {"kind": "bad-gateway", "share": 0.15, "operation": "s3"},
        {"kind": "hang-up", "share": 0.15, "operation": "s3"},
    )


def _many(ground: Ground, *faults: dict[str, Any]) -> None:
    films = ground.work / "films"
    films.mkdir()
    for seed in range(4):
        make_film(films / f"{seed}.mp4", seconds=2, seed=seed, padding=0 if seed else LARGE)
    ground.endpoint.change(faults=faults)
    ground.analyze(films)
    ground.finish()
    ground.expect(len(ground.ledger.jobs.all()) == len(list(films.glob("*.mp4"))), "not every film has a job")
    ground.endpoint.change()


def _expired(ground: Ground) -> None:
    """The session ends while parts are sent, and another one while a job runs."""
    credentials, iam = ground.work / "credentials", ground.endpoint.client("iam")
    iam.create_user(UserName="somebody")
    first = _new_key(iam, credentials)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        del ground.environment[name]
    ground.environment["AWS_SHARED_CREDENTIALS_FILE"] = str(credentials)
    film = make_film(ground.work / "film.mp4", seconds=2, padding=LARGE)
    ground.endpoint.change(uplink=SLOWLY)
    process = ground.start(film)
    ground.wait_for_parts(film)
    ground.endpoint.change(faults=[_error("ExpiredToken", 1.0, "s3", 400)])
    ground.expect("expired" in " ".join(ground.ended(process).problems), "it did not say what has expired")
    ground.endpoint.change()
    process = ground.start()
    ground.wait_for_job(film)
    iam.delete_access_key(UserName="somebody", AccessKeyId=first)
    _pause(8)  # the first question comes within them
    _new_key(iam, credentials)
    ground.expect(ground.ended(process).code == 0, "it did not go on with the new session")


def _answer_lost(ground: Ground) -> None:
    """A job is started and nobody hears of it; then the session ends, and is renewed."""
    film = make_film(ground.work / "film.mp4", seconds=2)
    lost = {"kind": "hang-up", "operation": "StartFaceDetection", "times": ATTEMPTS}
    expired = _error("ExpiredTokenException", 1.0, "StartFaceDetection") | {"times": 1}
    ground.endpoint.change(faults=[lost, expired])
    said = ground.analyze(film)
    ground.expect(said.states == ["fetched"], "it did not go on with the job that it had started")
    ground.expect("expired" in " ".join(said.words), "the session's end is not told")
    asked = ground.endpoint.answered("StartFaceDetection")
    ground.expect(len(asked) == ATTEMPTS + 2, f"it was asked for {len(asked)} times")


def _new_key(iam: Any, credentials: Path) -> str:  # noqa: ANN401  boto3 has no types
    key = iam.create_access_key(UserName="somebody")["AccessKey"]
    lines = ["[default]", f"aws_access_key_id={key['AccessKeyId']}"]
    credentials.write_text("\n".join([*lines, f"aws_secret_access_key={key['SecretAccessKey']}", ""]))
    return str(key["AccessKeyId"])


def _untold(ground: Ground) -> None:
    """The word of a job's end never comes to the queue."""
    ground.use_queue(is_subscribed=False)
    film = make_film(ground.work / "film.mp4", seconds=2)
    ground.expect(ground.analyze(film).states == ["fetched"], "it waits for ever")


def _told_twice(ground: Ground) -> None:
    """The word comes too early, twice, and there is word of somebody else's job."""
    sqs, queue = ground.use_queue(is_subscribed=True)
    film = make_film(ground.work / "film.mp4", seconds=2)
    process = ground.start(film)
    job = ground.wait_for_job(film)
    for job_id in (job.job_id if job else None, job.job_id if job else None, "somebody-elses"):
        sqs.send_message(QueueUrl=queue, MessageBody=json.dumps({"JobId": job_id, "Status": "SUCCEEDED"}))
    ground.expect(ground.ended(process).states == ["fetched"], "it was not analysed")
    names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    told = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=list(names))["Attributes"]
    ground.expect(sum(int(told[name]) for name in names) == 1, f"of the queue there is left {told}")


def _failed(ground: Ground) -> None:
    """A film that Rekognition does not take is refused; forced through, its job FAILED."""
    film = make_mp4v(ground.work / "mp4v.mp4")
    told = " ".join(ground.analyze(film).problems)
    ground.expect("H.264" in told and "is not uploaded" in told, "it did not say why it is refused")
    is_empty = "Versions" not in ground.endpoint.client("s3").list_object_versions(Bucket=BUCKET)
    ground.expect(is_empty, "it was sent all the same")
    said = ground.analyze(film, "--force")
    ground.expect(said.states == ["failed"], "its job did not fail")
    ground.expect("Unsupported codec/format." in " ".join(said.problems), "it did not say why it failed")
    ground.expect(len(ground.endpoint.ended_jobs()) == 1, "there is more than one job")


def _bucket_gone(ground: Ground) -> None:
    """The bucket is deleted while parts are sent."""
    ground.endpoint.change(uplink=SLOWLY / 2)
    film = make_film(ground.work / "film.mp4", seconds=2, padding=LARGE)
    process = ground.start(film)
    ground.wait_for_parts(film)
    ground.endpoint.client("s3").delete_bucket(Bucket=BUCKET)
    told = " ".join(ground.ended(process).problems)
    ground.expect(BUCKET in told and "no bucket" in told, "it did not say that the bucket is gone")
    ground.expect(ground.analyze().code == 1, "a bucket that is gone was not told")
    ground.make_bucket()
    ground.finish()


def _too_many(ground: Ground) -> None:
    """One job more is asked for than may be open."""
    films = ground.work / "films"
    films.mkdir()
    for seed in range(MOST_JOBS + 1):
        make_film(films / f"{seed}.mp4", seconds=1, seed=seed)
    said = ground.analyze(films)
    ground.expect(said.states == ["fetched"] * (MOST_JOBS + 1), "not all were analysed")
    refused = ground.endpoint.answered("StartFaceDetection").count("LimitExceededException")
    ground.expect(refused, "the limit was not reached: nothing is shown")


FAULTS: dict[str, Callable[[Ground], None]] = {
    "word lost": _untold,
    "too many jobs": _too_many,
    "session expired": _expired,
    "answer lost": _answer_lost,
    "connections refused": _refused,
    "no answer": _deaf,
    "recorded offline": _recorded,
    "throttled": _throttled,
    "server errors": _broken,
    "word twice": _told_twice,
    "job failed": _failed,
    "bucket deleted": _bucket_gone,
}
"""The longest first."""


def try_fault(name: str, work: Path, seconds: float) -> dict[str, Any]:
    """Put one fault before livecam; return what came of it, for JSON.

    Args:
        name: one of `FAULTS`.
        work: an empty folder.
        seconds: that what is down stays down.
    """
    delays = {"too many jobs": 20.0, "word twice": 4.0, "word lost": 0.0 if seconds < SHORT else 10.0}
    began_at = CLOCK.now()
    with running(work, faces=2, job_delay=delays.get(name, 0.0)) as endpoint:
        ground = Ground(work, endpoint, seconds)
        FAULTS[name](ground)
        if name == "job failed":
            problems, figures = ground.problems, {"videos": 1, "objects": 1, "jobs": 1, "faces": 0}
        else:
            verdict = ground.judged(may_repeat=name == "server errors")
            problems, figures = verdict.problems, verdict.as_dict()
    print(f"{name}: {len(problems)} problems", file=sys.stderr, flush=True)
    words = [word for run in ground.runs for word in run.words]
    return {
        "fault": name,
        "seconds": round(CLOCK.now() - began_at, 1),
        "livecams": len(ground.runs),
        "said": list(dict.fromkeys(words)),
        **{key: figures[key] for key in ("videos", "objects", "jobs", "faces")},
        "runs": [asdict(run) for run in ground.runs],
        "problems": problems,
    }


def main() -> int:
    """Try the faults, print what came of them, and return the exit code."""
    parser = argparse.ArgumentParser(description="Put faults of the cloud before livecam.")
    parser.add_argument("faults", nargs="*", metavar="FAULT", help=f"of {', '.join(FAULTS)} (default: all)")
    parser.add_argument("--seconds", type=float, default=60.0, help="for which what is down stays down")
    parser.add_argument("--json", action="store_true", help="print one JSON object, and nothing else")
    options = parser.parse_args()
    names = options.faults or list(FAULTS)
    if strange := set(names) - FAULTS.keys():
        parser.error(f"there is no fault {', '.join(strange)}")
    with tempfile.TemporaryDirectory(prefix="livecam-faults-") as folder:
        works = [Path(folder).resolve() / str(number) for number in range(len(names))]
        for work in works:
            work.mkdir()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            tried = list(pool.map(partial(try_fault, seconds=options.seconds), names, works))
    if options.json:
        print(json.dumps({"faults": tried}))
    else:
        print(*_report(tried), sep="\n")
    return int(any(each["problems"] for each in tried))


def _report(tried: Sequence[dict[str, Any]]) -> list[str]:
    columns = ("fault", "seconds", "livecams", "videos", "objects", "jobs", "faces")
    lines = [f"| {' | '.join(columns)} | problems |", f"|{'---|' * (len(columns) + 1)}"]
    for each in tried:
        cells = [*(str(each[column]) for column in columns), str(len(each["problems"]))]
        lines.append(f"| {' | '.join(cells)} |")
    for each in tried:
        lines += ["", f"{each['fault']}:", *(f"  said: {word}" for word in each["said"])]
        lines += [f"  PROBLEM: {problem}" for problem in each["problems"]]
    return lines


def _error(
    code: str, share: float, operation: str | None = None, status: int | None = None
) -> dict[str, Any]:
    """Return a fault for the endpoint's plan; without an operation it is one of every one of Rekognition."""
    return {"kind": "error", "code": code, "share": share, "operation": operation, "status": status}


def _pause(seconds: float) -> None:
    threading.Event().wait(seconds)


if __name__ == "__main__":
    sys.exit(main())
