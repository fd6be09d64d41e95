"""The image and the compose file, as far as they can be judged without an engine."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from livecam.config import load_settings
from tests.packaging.command_lines import parse
from tests.requirements import skip_unless

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = ROOT / "Dockerfile"


def instructions() -> list[tuple[str, str]]:
    """Return the Dockerfile's (word, rest), continued lines joined."""
    lines = [line for line in DOCKERFILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [
        (word, rest.strip())
        for word, _, rest in (line.partition(" ") for line in joined.splitlines() if line)
    ]


def last(word: str) -> str:
    return [rest for found, rest in instructions() if found == word][-1]


def variables() -> dict[str, str]:
    """Return the variables that the image sets."""
    return dict(pair.split("=", 1) for pair in last("ENV").split())


@pytest.fixture
def service() -> dict[str, Any]:
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)["services"]["livecam"]
    return found


def targets(service: dict[str, Any]) -> dict[str, str]:
    """Return what is mounted, by the place where it is."""
    return {volume.split(":")[1]: volume for volume in service["volumes"]}


def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    linter = Path(sys.executable).with_name("hadolint")
    skip_unless(linter.is_file(), "hadolint is not installed; run: scripts/install dev")
    result = subprocess.run(
        [linter, "--no-color", "--failure-threshold", "style", DOCKERFILE],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout) == (0, "")


def test_a_lint_rule_that_is_ignored_has_its_reason_above() -> None:
    lines = DOCKERFILE.read_text(encoding="utf-8").splitlines()
    ignored = [index for index, line in enumerate(lines) if "hadolint ignore" in line]
    assert all(lines[index - 1].startswith("# ") for index in ignored)


def test_the_build_is_given_what_it_copies_and_nothing_else() -> None:
    copied = {
        name
        for word, rest in instructions()
        if word == "COPY" and "--from" not in rest
        for name in rest.split()[:-1]
    }
    rules = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert rules[1] == "*"
    assert {rule[1:] for rule in rules if rule.startswith("!")} == copied
    assert all((ROOT / name).exists() for name in copied)


def test_the_base_image_can_be_chosen_and_is_a_tagged_slim_python() -> None:
    assert re.fullmatch(r"BASE=python:3\.\d+-slim-\w+", last("ARG"))
    assert {rest.split()[0] for word, rest in instructions() if word == "FROM"} == {"${BASE}"}


def test_the_image_does_not_run_as_root() -> None:
    user = last("USER")
    assert int(user) > 0
    assert f"useradd --uid {user} " in last("RUN")
    assert "--groups video" in last("RUN")


def test_the_image_has_the_libraries_that_ci_installs_for_opencv() -> None:
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    libraries = set(re.findall(r"lib\S+?\.so\.\d+:(\S+?)[; ]", ci))
    assert libraries
    assert libraries <= set(last("RUN").split())


def test_the_image_starts_a_run_without_a_window() -> None:
    assert json.loads(last("ENTRYPOINT")) == ["livecam"]
    parameters = parse(json.loads(last("CMD")))
    assert parameters["view"] == "none"
    assert parameters["wait"] is True


def test_compose_starts_a_run_on_the_camera_that_it_passes_through(service: dict[str, Any]) -> None:
    parameters = parse(service["command"])
    assert parameters["wait"] is True
    assert service["devices"] == [parameters["source"]]
    assert service["group_add"]


def test_compose_publishes_the_port_that_its_page_listens_on(service: dict[str, Any]) -> None:
    parameters = parse(service["command"])
    assert (parameters["view"], parameters["host"]) == ("web", "0.0.0.0")  # noqa: S104  inside the container
    assert "[web]" in next(rest for word, rest in instructions() if "pip install" in rest)
    port = parameters["port"] or load_settings({}).port
    assert service["ports"] == [f"127.0.0.1:{port}:{port}"]


def test_compose_publishes_on_loopback_only(service: dict[str, Any]) -> None:
    assert service["ports"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert "network_mode" not in service


def test_compose_gives_no_rights_that_a_run_does_not_need(service: dict[str, Any]) -> None:
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["read_only"] is True
    assert not {"privileged", "cap_add", "user", "pid", "ipc"} & set(service)


def test_what_compose_mounts_is_where_the_image_looks(service: dict[str, Any]) -> None:
    settings = f"{variables()['XDG_CONFIG_HOME']}/livecam"
    assert set(targets(service)) == {settings, last("WORKDIR")}
    assert targets(service)[settings].endswith(":ro")


def test_compose_holds_no_setting_and_no_secret_itself(service: dict[str, Any]) -> None:
    assert "environment" not in service
    assert [entry["path"] for entry in service["env_file"]] == ["livecam.env"]
