from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from livecam.cli.doctor import finding_lines, masked, tell, verdict
from livecam.doctor.examination import Finding
from livecam.local_aws.canned_eyes import CannedEyes
from livecam.local_aws.endpoint import Setup
from livecam.local_aws.server import in_background
from tests import command_line
from tests.aws.environment import NOWHERE
from tests.doctor.endpoints import endpoint

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

KEY_ID = "AKIAIOSFODNN7EXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"  # noqa: S105  AWS's example


@pytest.fixture(autouse=True)
def _without_an_account(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty AWS_PROFILE is a profile: what is inherited has to be taken out."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)


def doctor(*arguments: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    alone = {
        "AWS_CONFIG_FILE": NOWHERE,
        "AWS_SHARED_CREDENTIALS_FILE": NOWHERE,
        "AWS_EC2_METADATA_DISABLED": "true",
        "XDG_DATA_HOME": str(cwd / "data"),
    }
    return command_line.livecam("doctor", *arguments, cwd=cwd, env=alone | env)


def checks_of(result: subprocess.CompletedProcess[str]) -> dict[str, dict[str, str | None]]:
    said = json.loads(result.stdout)
    assert said["schema"] == "livecam.doctor/1"
    return {each["check"]: each for each in said["checks"]}


def test_a_machine_without_an_account_is_looked_at_in_80_columns(models: Path, tmp_path: Path) -> None:
    result = doctor(cwd=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= 80 + max(len(str(models)), len(str(tmp_path)))
    assert lines[0].startswith("ok   livecam     livecam ")
    assert "skip credentials there are no AWS credentials" in result.stdout
    assert lines[-1].endswith(", 0 fail, 13 skip")


def test_what_fails_is_an_exit_code_and_says_what_to_do(tmp_path: Path) -> None:
    result = doctor("--json", cwd=tmp_path, LIVECAM_MODELS=str(tmp_path / "none"))
    found = checks_of(result)
    assert result.returncode == 1
    assert json.loads(result.stdout)["fail"] == 1
    assert found["models"]["state"] == "fail"
    assert "livecam models install" in str(found["models"]["text"])


def test_settings_that_cannot_be_used_are_a_problem_among_the_others(tmp_path: Path) -> None:
    (tmp_path / "livecam.toml").write_text("rat = 3\n", encoding="utf-8")
    found = checks_of(doctor("--json", cwd=tmp_path))
    assert found["settings"]["state"] == "fail"
    assert "rat is not a setting" in str(found["settings"]["text"])
    assert found["opencv"]["state"] == "ok"


def test_a_flag_that_cannot_be_used_is_a_usage_error(tmp_path: Path) -> None:
    result = doctor("--endpoint-url", "nowhere", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (2, "")
    assert "--endpoint-url" in result.stderr


def test_an_account_is_looked_at_without_telling_its_key(tmp_path: Path) -> None:
    with endpoint() as url:
        result = doctor(
            *("--json", "--region", "us-east-1", "--endpoint-url", url),
            cwd=tmp_path,
            AWS_ACCESS_KEY_ID=KEY_ID,
            AWS_SECRET_ACCESS_KEY=SECRET,
        )
    found = checks_of(result)
    assert found["credentials"]["text"] == "AKIA...MPLE from environment variables"
    assert "us-east-1" in str(found["region"]["text"])
    assert found["endpoint"]["state"] == "ok"
    assert found["consent"]["state"] == "ok"
    assert KEY_ID not in result.stdout + result.stderr
    assert SECRET not in result.stdout + result.stderr


def test_what_clips_need_is_looked_at_with_flags_and_from_the_file(tmp_path: Path) -> None:
    (tmp_path / "livecam.toml").write_text('upload = "s3://my-clips/livecam"\n', encoding="utf-8")
    with endpoint() as url:
        result = doctor(
            *("--json", "--region", "ca-central-1", "--endpoint-url", url),
            *("--sns-topic", "arn:aws:sns:us-east-1:123456789012:AmazonRekognition-livecam"),
            cwd=tmp_path,
            AWS_ACCESS_KEY_ID=KEY_ID,
            AWS_SECRET_ACCESS_KEY=SECRET,
        )
    found = checks_of(result)
    assert "no stored video in ca-central-1" in str(found["jobs"]["text"])
    assert "the topic is in us-east-1" in str(found["topic"]["text"])
    assert found["role"]["state"] == "skip"


@pytest.mark.parametrize("words", ["one", "many " * 60])
def test_a_finding_is_wrapped_below_itself(words: str) -> None:
    lines = finding_lines("credentials", Finding("fail", words.strip(), words.strip()))
    assert lines[0].startswith("fail credentials ")
    assert max(map(len, lines)) <= 80
    assert all(line.startswith(" " * 17) for line in lines[1:])
    assert " ".join(" ".join(lines).split()) == f"fail credentials {words.strip()} -> {words.strip()}"


def test_no_secret_is_printed_of_a_finding() -> None:
    told = "rtsp://ann:hunter2@cam/live?pw=hunter2 is not reached"
    assert "hunter2" not in "".join(finding_lines("x", Finding("fail", told, told)))


def test_the_last_line_counts() -> None:
    found = {"a": Finding("ok", "x"), "b": Finding("warn", "x"), "c": Finding("warn", "x")}
    assert verdict(found) == "1 ok, 2 warn, 0 fail, 0 skip"


def test_the_numbers_of_accounts_are_masked_and_nothing_else() -> None:
    arn, others = "arn:aws:sqs:eu-west-1:123456789012:q", "20260101-120000 1234567890123 12345678901"
    told = masked(Finding("ok", f"{arn} {others}", f"run: {arn}"))
    assert told.text == f"arn:aws:sqs:eu-west-1:********9012:q {others}"
    assert told.advice == "run: arn:aws:sqs:eu-west-1:********9012:q"


def test_accounts_are_masked_unless_they_are_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with in_background(Setup(eyes=CannedEyes())) as running:
        flags = ["--json", "--region", "eu-west-1", "--endpoint-url", running.url]
        keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
        result = doctor(*flags, cwd=tmp_path, **keys)
    told = str(checks_of(result)["identity"]["text"])
    assert told.startswith("account ********9012, arn:aws:sts::********9012:user/")
    assert "123456789012" not in result.stdout
    tell("identity", Finding("ok", "account 123456789012"), as_json=False, show_account=True)
    assert capsys.readouterr().out == "ok   identity    account 123456789012\n"


@pytest.mark.parametrize("flags", [[], ["--paid"]])
def test_local_only_asks_nothing_of_anybody(tmp_path: Path, flags: list[str]) -> None:
    result = doctor("--json", "--local-only", *flags, cwd=tmp_path, AWS_ENDPOINT_URL="http://127.0.0.1:1")
    if flags:
        assert (result.returncode, "--paid needs a connection" in result.stderr) == (2, True)
        return
    found = checks_of(result)
    skipped = [name for name, each in found.items() if "local-only is set" in str(each["text"])]
    assert len(skipped) == 13
    assert {found[name]["state"] for name in skipped} == {"skip"}


def test_the_paid_call_is_not_made_where_the_free_checks_say_that_it_would_fail(tmp_path: Path) -> None:
    result = doctor("--json", "--paid", "--yes", cwd=tmp_path)
    paid = checks_of(result)["paid"]
    assert (result.returncode, paid["state"]) == (1, "skip")
    assert "not made, and nothing paid: see credentials" in str(paid["text"])
