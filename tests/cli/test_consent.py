from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING

import pytest

from livecam.cli.consent import asker, consent_lines
from livecam.consent import TEXT_VERSION, ConsentScope, Sending
from livecam.state.consent import Consent, ConsentStore
from livecam.testing.clock import FakeClock
from tests import command_line
from tests.requirements import skip_unless

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

HOME = ConsentScope("https://rekognition.us-east-1.amazonaws.com", "us-east-1", "default")
LAB = ConsentScope("http://192.168.1.5:4566", "", "work")
SENDING = Sending("camera 0", 640, 80, 2.0)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def store(tmp_path: Path) -> ConsentStore:
    skip_unless(sys.platform == "linux", "XDG_DATA_HOME is for Linux")
    return ConsentStore(tmp_path / "data" / "livecam" / "consent.sqlite3", clock=FakeClock())


def consent(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return command_line.livecam("consent", *arguments, cwd=cwd, env={"XDG_DATA_HOME": str(cwd / "data")})


def test_where_none_is_given_there_is_none_to_take_back(tmp_path: Path, store: ConsentStore) -> None:
    shown, revoked = consent("show", cwd=tmp_path), consent("revoke", cwd=tmp_path)
    assert (shown.returncode, shown.stdout[:10]) == (0, "none given")
    assert (revoked.returncode, revoked.stdout[:10]) == (0, "none given")
    assert not store.path.exists()


def test_consents_are_shown_to_people_and_programs(tmp_path: Path, store: ConsentStore) -> None:
    store.give(HOME)
    assert consent("show", cwd=tmp_path).stdout == (
        "https://rekognition.us-east-1.amazonaws.com, us-east-1, profile default\n"
        "  given 2026-01-01 00:00 UTC\n"
    )
    said = json.loads(consent("show", "--json", cwd=tmp_path).stdout)
    assert said == {
        "schema": "livecam.consent/1",
        "file": str(store.path),
        "consents": [
            {
                "endpoint": HOME.endpoint,
                "region": "us-east-1",
                "profile": "default",
                "given_at": "2026-01-01T00:00:00+00:00",
                "text_version": TEXT_VERSION,
                "is_current": True,
            }
        ],
    }


def test_a_consent_to_an_older_text_is_shown_as_one() -> None:
    lines = consent_lines(Consent(LAB, TEXT_VERSION - 1, FakeClock().wall()))
    assert lines[0] == "http://192.168.1.5:4566, profile work"
    assert "you will be asked again" in lines[1]
    assert max(map(len, lines)) <= 80


def test_the_only_consent_need_not_be_named_but_one_of_several_must(
    tmp_path: Path, store: ConsentStore
) -> None:
    store.give(HOME)
    store.give(LAB)
    unnamed = consent("revoke", cwd=tmp_path)
    assert unnamed.returncode == 2
    assert "there are 2 consents" in unnamed.stderr
    assert consent("revoke", "https://elsewhere.example", cwd=tmp_path).returncode == 2
    assert len(store.list()) == 2
    assert consent("revoke", LAB.endpoint, cwd=tmp_path).returncode == 0
    assert [each.scope for each in store.list()] == [HOME]
    assert consent("revoke", cwd=tmp_path).stdout.startswith("taken back: https://rekognition.us-east-1")
    assert store.list() == ()


def test_all_are_taken_back_at_once(tmp_path: Path, store: ConsentStore) -> None:
    store.give(HOME)
    store.give(LAB)
    assert consent("revoke", "--all", cwd=tmp_path).stdout.count("taken back") == 2
    assert store.list() == ()


def test_people_at_a_terminal_are_told_and_asked_on_standard_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = Terminal()
    monkeypatch.setattr(sys, "stdin", Terminal("yes\n"))
    monkeypatch.setattr(sys, "stderr", said)
    ask = asker(SENDING)
    assert ask is not None
    assert ask(HOME) == "yes\n"
    assert "stills of camera 0" in said.getvalue()
    assert said.getvalue().endswith("Type yes to agree: ")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("piped", ["stdin", "stderr"])
def test_where_nobody_sits_nobody_is_asked(piped: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setattr(sys, piped, io.StringIO())
    assert asker(SENDING) is None
