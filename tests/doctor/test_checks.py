from __future__ import annotations

import errno
import shutil
import threading
from datetime import timedelta
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

import pytest

from livecam.archive.folder import ClipFolder
from livecam.aws import whoami
from livecam.aws.clients import AwsAccess
from livecam.aws.clip_store import S3ClipStore
from livecam.aws.whoami import Credentials, Identity, Outlook
from livecam.config.settings import Settings
from livecam.doctor import cameras, checks, connection, storage, view
from livecam.doctor.examination import examine
from livecam.errors import CloudError, OutputError
from livecam.native import av
from livecam.recording.disk_room import DiskRoom
from livecam.sources.camera_names import NamedCamera
from livecam.state.consent import consent_file
from livecam.state.ledger import ledger_file
from livecam.testing.clock import FakeClock
from tests.doctor.cloud_clips import ALL, AWS, REGION, USER, FakeWiring

if TYPE_CHECKING:
    from collections.abc import Callable

    Patch: TypeAlias = pytest.MonkeyPatch

REFUSED = CloudError("AWS refuses it", code="InvalidClientTokenId", blame="user")
AWAY = CloudError("AWS is not reached", code="ConnectTimeoutError", blame="network")


class World:
    """A machine and an account on which everything is well, until something is broken."""

    def __init__(self, folder: Path, models: Path, patch: Patch) -> None:
        self.patch = patch
        self.clock = FakeClock()
        self.wiring = FakeWiring()
        self.clips = folder / "clips"
        self.settings: dict[str, Any] = dict(ALL)
        self.view: Callable[[], str] = lambda: "web"
        patch.chdir(folder)
        patch.setenv("LIVECAM_MODELS", str(models))
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
            patch.setenv(name, str(folder / name))
        patch.setattr(cameras, "named_cameras", lambda _: [NamedCamera("/dev/video0", "Desk camera")])
        patch.setattr(cameras, "why_refused", lambda *_: None)
        patch.setattr(view, "_try_port", lambda *_: None)
        patch.setattr(view, "WEB", ())
        patch.setattr(whoami, "look_up", lambda _: Outlook(None, REGION, AWS, None))
        patch.setattr(whoami, "credentials", lambda _: Credentials("a role", "AKIA...WXYZ"))
        patch.setattr(whoami, "identity", lambda _, clock: Identity("123456789012", USER))
        patch.setattr(checks, "reach", lambda *_, **__: connection.Reached("h", "192.0.2.1", 0, 0, None))
        self.endpoint_is(ahead=0.0)
        patch.setattr(checks, "Wiring", lambda *_: self.wiring)
        patch.setattr(S3ClipStore, "check", lambda _: None)
        patch.setattr(storage, "_ask_for_a_job", lambda _: None)

    def endpoint_is(self, *, ahead: float) -> None:
        now = self.clock.wall()
        answer = connection.Answer(0.0, now, now + timedelta(seconds=ahead - 0.5))
        self.patch.setattr(checks, "ask", lambda *_, **__: answer)

    def states(self) -> dict[str, str]:
        settings = Settings.model_validate(self.settings | {"clip_dir": str(self.clips)})
        made = checks.checks(
            AwsAccess(region=REGION), self.clock, is_asked=True, settings=settings, view_of_a_run=self.view
        )
        return {name: finding.state for name, finding in examine(made, self.clock)}


def failing(error: Exception) -> Callable[..., NoReturn]:
    def fail(*_: object, **__: object) -> NoReturn:
        raise error

    return fail


def settings(world: World) -> None:
    Path("livecam.toml").write_text("rat = 3\n", encoding="utf-8")


def opencv(world: World) -> None:
    both = [SimpleNamespace(metadata={"Name": name}) for name in ("opencv-python", "opencv_python_headless")]
    world.patch.setattr(metadata, "distributions", lambda: both)


def no_encoder(world: World) -> None:
    world.patch.setattr(av, "Codec", failing(ValueError("libx264")))


def models(world: World) -> None:
    world.patch.setenv("LIVECAM_MODELS", str(world.clips))


def camera(world: World) -> None:
    world.patch.setattr(cameras, "why_refused", lambda *_: "you may not use /dev/video0")


def display(world: World) -> None:
    world.view = failing(OutputError("--view window: no display"))


def web(world: World) -> None:
    world.settings["port"] = 8600
    world.patch.setattr(view, "_try_port", failing(OSError(errno.EADDRINUSE, "Address already in use")))


def disk(world: World) -> None:
    world.patch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=0))


def clips(world: World) -> None:
    world.patch.setattr(DiskRoom, "judge", lambda *_: "full")


def folders(world: World) -> None:
    world.clips.touch()


def databases(world: World) -> None:
    ClipFolder(world.clips).make()
    ledger_file(world.clips).touch(mode=0o600)
    ledger_file(world.clips).write_bytes(b"rubbish")


def credentials(world: World) -> None:
    world.patch.setattr(whoami, "credentials", failing(REFUSED))


def endpoint(world: World) -> None:
    world.patch.setattr(checks, "reach", failing(connection.Unreachable("no such name", "look")))


def clock(world: World) -> None:
    world.endpoint_is(ahead=1200)


def identity(world: World) -> None:
    world.patch.setattr(whoami, "identity", failing(REFUSED))


def region(world: World) -> None:
    world.patch.setattr(whoami, "look_up", lambda _: Outlook(None, None, None, None))


def quota(world: World) -> None:
    world.wiring.granted = AWAY


def permissions(world: World) -> None:
    world.wiring.missing = ("rekognition:DetectFaces",)


def bucket(world: World) -> None:
    world.patch.setattr(S3ClipStore, "check", failing(AWAY))


def jobs(world: World) -> None:
    world.patch.setattr(storage, "_ask_for_a_job", failing(AWAY))


def topic(world: World) -> None:
    world.wiring.key = AWAY


def role(world: World) -> None:
    world.wiring.trust = {}


def queue(world: World) -> None:
    world.wiring.fed = frozenset()


BREAKS: dict[str, Callable[[World], None]] = {
    "settings": settings, "opencv": opencv, "encoder": no_encoder, "models": models, "cameras": camera,
    "display": display, "web": web, "disk": disk, "clips": clips, "folders": folders, "databases": databases,
    "credentials": credentials, "endpoint": endpoint, "clock": clock, "identity": identity, "region": region,
    "quota": quota, "permissions": permissions, "bucket": bucket, "jobs": jobs, "topic": topic, "role": role,
    "queue": queue,
}  # fmt: skip
WITHOUT_FAILURE = {"livecam", "consent"}


@pytest.fixture
def world(tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(tmp_path, models, monkeypatch)


def test_every_check_has_a_name_of_its_own_that_fits_its_column_and_making_them_looks_at_nothing() -> None:
    before = threading.active_count()
    names = [check.name for check in checks.checks(AwsAccess(profile="no-such"), FakeClock(), is_asked=True)]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= 11
    assert threading.active_count() == before


def test_where_all_is_well_all_is_ok_and_every_check_can_fail(world: World) -> None:
    states = world.states()
    assert {name for name, state in states.items() if state != "ok"} == set()
    assert set(states) - set(BREAKS) == WITHOUT_FAILURE


@pytest.mark.parametrize("name", BREAKS)
def test_what_is_broken_fails_in_a_line_of_its_own_and_the_others_stay(world: World, name: str) -> None:
    BREAKS[name](world)
    states = world.states()
    assert [each for each, state in states.items() if state == "fail"] == [name]
    # What cannot be asked then says so; it neither warns nor fails because of another's fault.
    assert {state for each, state in states.items() if each != name} <= {"ok", "skip"}


@pytest.mark.parametrize(
    "error", [OutputError("it is said"), ZeroDivisionError("oh"), OSError(5, "bad disk")]
)
def test_whatever_is_raised_within_a_check_stays_within_its_line(world: World, error: Exception) -> None:
    world.patch.setattr(whoami, "identity", failing(error))
    assert [name for name, state in world.states().items() if state == "fail"] == ["identity"]


def test_consent_that_is_damaged_is_told_once_and_not_moved(world: World) -> None:
    consent_file().parent.mkdir(parents=True, mode=0o700)
    consent_file().write_bytes(b"rubbish")
    consent_file().chmod(0o600)
    states = world.states()
    assert (states["databases"], states["consent"]) == ("fail", "skip")
    assert [path.name for path in consent_file().parent.iterdir()] == [consent_file().name]


def test_with_local_only_no_look_up_is_begun(world: World) -> None:
    for name in ("look_up", "credentials", "identity"):
        world.patch.setattr(whoami, name, failing(AssertionError(name)))
    made = checks.checks(AwsAccess(), FakeClock(), is_asked=True, local_only="livecam.toml, line 1")
    told = dict(examine(made, FakeClock()))
    assert told["queue"].text == "needs a connection, and local-only is set (by livecam.toml, line 1)"
    assert next(name for name, each in told.items() if each.text == told["queue"].text) == "credentials"


def test_cameras_are_opened_only_where_that_is_asked_for(world: World) -> None:
    opened: list[str] = []

    def open_camera(device: str, **_: object) -> NoReturn:
        opened.append(device)
        raise OutputError("it is only a test")

    world.patch.setattr(cameras, "open_camera", open_camera)
    world.states()
    assert opened == []
    made = checks.checks(AwsAccess(), FakeClock(), is_asked=False, opens_cameras=True, local_only="x")
    dict(examine(made, FakeClock()))
    assert opened == ["/dev/video0"]
