from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests import command_line
from tests.local_aws.clients import answer_from, connected, signed_request

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def started(*arguments: str, cwd: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Give an endpoint's process and the line that it printed."""
    command = [sys.executable, "-m", "livecam", "local-aws", "--port", "0", "--no-moto", *arguments]
    with subprocess.Popen(
        command,
        cwd=cwd,
        env=command_line.environment(cwd),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline()
        finally:
            process.kill()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_it_says_its_address_in_one_line_serves_and_ends_quietly(
    number: signal.Signals, code: int, tmp_path: Path
) -> None:
    with started("--canned", "3", "--key", "other:word", cwd=tmp_path) as (process, line):
        url = line.split()[0]
        assert "livecam local-aws --env --port " in line
        with connected(int(url.rpartition(":")[2])) as wire:
            wire.sendall(signed_request(url))
            status, _, body = answer_from(wire)
        assert (status, body.count(b"BoundingBox")) == (200, 3)
        process.send_signal(number)
        said = process.communicate(timeout=20)
    assert (process.returncode, said) == (code, ("", ""))


def test_its_flags_and_its_file_make_the_plan(tmp_path: Path) -> None:
    (tmp_path / "faults.toml").write_text('[[faults]]\nkind = "bad-gateway"\n', encoding="utf-8")
    flags = (
        "--canned",
        "1",
        "--faults",
        "faults.toml",
        "--fault",
        "ThrottlingException:0",
        "--latency",
        "1ms",
    )
    with started(*flags, cwd=tmp_path) as (_, line):
        url = line.split()[0]
        with connected(int(url.rpartition(":")[2])) as wire:
            wire.sendall(signed_request(url))
            assert answer_from(wire)[0] == 502


def test_env_prints_what_a_shell_exports_and_starts_nothing(tmp_path: Path) -> None:
    result = command_line.livecam("local-aws", "--env", "--port", "4999", cwd=tmp_path)
    assert result.returncode == 0
    assert result.stdout.splitlines() == [
        "export AWS_ENDPOINT_URL=http://127.0.0.1:4999",
        "export AWS_ACCESS_KEY_ID=test",
        "export AWS_SECRET_ACCESS_KEY=test",
        "export AWS_DEFAULT_REGION=us-east-1",
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--env", "--port", "0"], "give --port a number"),
        (["--latency", "340"], "write 340ms"),
        (["--fault", "fire"], "fire is no fault"),
        (["--faults", "nowhere.toml"], "cannot be read"),
        (["--key", "alone"], "KEY:SECRET"),
    ],
)
def test_a_flag_that_cannot_be_used_is_told_in_one_line(
    arguments: list[str], said: str, tmp_path: Path
) -> None:
    result = command_line.livecam("local-aws", *arguments, cwd=tmp_path)
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert said in result.stderr


def test_missing_models_are_told_as_the_line_to_run(tmp_path: Path) -> None:
    env = {"LIVECAM_MODELS": str(tmp_path / "nowhere")}
    result = command_line.livecam("local-aws", "--port", "0", "--no-moto", cwd=tmp_path, env=env)
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert "run: livecam models install" in result.stderr
