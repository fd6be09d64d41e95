from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam.cli import doctor_paid
from livecam.cli.doctor_paid import drawn_face, drawn_payload, paid_call
from livecam.clock import SystemClock
from livecam.compose.detector import Permission
from livecam.config import load_settings
from livecam.doctor.examination import Finding
from livecam.local_aws.canned_eyes import CannedEyes
from livecam.local_aws.endpoint import Setup
from livecam.local_aws.fault_plan import plan_from
from livecam.local_aws.server import in_background
from livecam.state.consent import ConsentStore
from tests.aws.environment import use_stub_environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from livecam.config import Settings
    from livecam.local_aws.server import Running

FINE = {"credentials": Finding("ok", "AKIA...WXYZ"), "endpoint": Finding("ok", "answers")}


@pytest.fixture(autouse=True)
def _stub_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    use_stub_environment(monkeypatch)


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with in_background(Setup(eyes=CannedEyes(faces=1), with_moto=False)) as made:
        yield made


def settings_for(url: str) -> Settings:
    return load_settings({"endpoint_url": url, "region": "us-east-1"})


def test_one_call_is_made_and_told_with_its_parts_and_its_price_before(
    running: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    told = paid_call(settings_for(running.url), FINE, Permission(), SystemClock())
    assert told.state == "ok"
    assert told.text.startswith("an answer came after ")
    assert "1 face in a drawn picture; it cost nothing (the endpoint is on this machine)" in told.text
    said = capsys.readouterr().err
    assert said.startswith("livecam: --paid makes one call of DetectFaces; it costs nothing")


def test_a_call_that_is_refused_fails_in_a_sentence() -> None:
    plan = plan_from({"faults": [{"kind": "error", "code": "AccessDeniedException"}]}, "test")
    with in_background(Setup(eyes=CannedEyes(), with_moto=False, plan=plan)) as running:
        told = paid_call(settings_for(running.url), FINE, Permission(), SystemClock())
    assert told.state == "fail"
    assert "may not call rekognition:DetectFaces" in told.text


def test_without_consent_nothing_leaves_this_machine(tmp_path: Path) -> None:
    elsewhere = settings_for("https://rekognition.example.invalid")
    permission = Permission(store=ConsentStore(tmp_path / "consent.sqlite3"))
    told = paid_call(elsewhere, FINE, permission, SystemClock())
    assert told.state == "fail"
    assert "--yes" in told.text


@pytest.mark.parametrize("name", doctor_paid.NEEDED)
def test_it_is_not_made_where_it_would_fail(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def never() -> None:
        raise AssertionError

    monkeypatch.setattr(doctor_paid, "drawn_payload", never)
    found = FINE | {name: Finding("fail", "broken")}
    told = paid_call(settings_for("http://127.0.0.1:1"), found, Permission(yes=True), SystemClock())
    assert (told.state, told.text) == ("skip", f"not made, and nothing paid: see {name}")


def test_it_is_not_made_with_settings_that_cannot_be_used() -> None:
    assert paid_call(None, FINE, Permission(yes=True), SystemClock()).state == "skip"


def test_what_is_sent_is_small_and_drawn() -> None:
    payload = drawn_payload()
    assert drawn_face().shape == (240, 320, 3)
    assert (payload.width, payload.height) == (320, 240)
    assert payload.data.startswith(b"\xff\xd8")
    assert len(payload.data) < 20_000


def test_an_error_of_the_price_file_is_told_and_nothing_is_paid(tmp_path: Path) -> None:
    broken = tmp_path / "prices.toml"
    broken.write_text("call = -1\n", encoding="utf-8")
    settings = settings_for("http://127.0.0.1:1").model_copy(update={"prices": broken})
    told = paid_call(settings, FINE, Permission(yes=True), SystemClock())
    assert (told.state, "prices.toml" in told.text) == ("fail", True)
