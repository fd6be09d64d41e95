from __future__ import annotations

import errno
import getpass
import grp
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from livecam.sources import camera_trouble, v4l2
from livecam.sources.camera_names import Host
from livecam.sources.camera_trouble import find_holders, why_no_camera, why_not_opened, why_refused
from tests.sources.fakes import METADATA, OUTPUT, FakeDevice, a_host

if TYPE_CHECKING:
    from collections.abc import Iterator

NOBODY = 65534


def in_wsl(root: Path) -> None:
    path = root / "proc/sys/kernel/osrelease"
    path.parent.mkdir(parents=True)
    path.write_text("5.15.167.4-microsoft-standard-WSL2\n")


def in_docker(root: Path) -> None:
    (root / ".dockerenv").touch()


def in_podman(root: Path) -> None:
    (root / "run").mkdir()
    (root / "run/.containerenv").touch()


def in_kubernetes(root: Path) -> None:
    (root / "proc/1").mkdir()
    (root / "proc/1/cgroup").write_text("12:pids:/kubepods/besteffort/pod1234\n0::/\n")


def refuse(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def open_node(path: Path) -> int:
        raise OSError(number, os.strerror(number), str(path))

    monkeypatch.setattr(v4l2, "open_node", open_node)


# --- it is not there -------------------------------------------------------------------------------


def test_of_a_device_that_is_not_there_those_that_are_there_are_told(tmp_path: Path) -> None:
    host = a_host(
        tmp_path, video0=FakeDevice("Desk"), video1=FakeDevice(caps=METADATA), video2=FakeDevice("Lid")
    )
    dev = tmp_path / "dev"
    assert why_not_opened(7, host) == (
        f"there is no {dev}/video7; cameras here: {dev}/video0 (Desk), {dev}/video2 (Lid)"
    )


def test_without_any_camera_that_is_told(tmp_path: Path) -> None:
    assert "no camera is plugged in" in why_not_opened(0, a_host(tmp_path))
    assert why_no_camera(a_host(tmp_path)) is None


def test_in_wsl_the_way_to_attach_a_camera_is_told(tmp_path: Path) -> None:
    host = a_host(tmp_path)
    in_wsl(tmp_path)
    for said in (why_not_opened(0, host), why_no_camera(host)):
        assert said is not None
        assert "WSL has no camera of its own" in said
        assert "usbipd attach" in said


@pytest.mark.parametrize("enter", [in_docker, in_podman, in_kubernetes])
def test_in_a_container_the_flag_that_passes_a_camera_in_is_told(tmp_path: Path, enter: object) -> None:
    host = a_host(tmp_path)
    assert callable(enter)
    enter(tmp_path)
    assert "--device /dev/video3" in why_not_opened(3, host)
    assert "--device /dev/video0" in (why_no_camera(host) or "")


def test_a_container_sees_the_machines_cameras_in_its_list_but_has_none_of_them(tmp_path: Path) -> None:
    host = a_host(tmp_path, video0=FakeDevice())
    (tmp_path / "dev/video0").unlink()
    in_docker(tmp_path)
    assert "--device /dev/video0" in why_not_opened(0, host)


# --- it may not be used ----------------------------------------------------------------------------


@pytest.fixture
def public_root() -> Iterator[Path]:
    """Return a folder that everybody may enter, unlike pytest's."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_a_device_that_really_may_not_be_used_is_told_as_that(public_root: Path) -> None:
    host = a_host(public_root, video0=FakeDevice())
    (public_root / "dev/video0").chmod(0)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    try:
        said = why_not_opened(0, host)
    finally:
        if is_root:
            os.seteuid(0)
    assert f"you may not use {public_root}/dev/video0" in said
    assert "only its owner may" in said


def test_who_may_open_a_device_is_known_without_starting_it(public_root: Path, tmp_path: Path) -> None:
    host = a_host(public_root, video0=FakeDevice())
    node = public_root / "dev/video0"
    assert why_refused(node, host) is None
    node.chmod(0)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    try:
        assert "only its owner may" in str(why_refused(node, host))
    finally:
        if is_root:
            os.seteuid(0)
    assert why_refused(node, Host(platform="darwin")) is None
    in_docker(tmp_path)
    node.unlink()
    assert f"there is no {node}" in str(why_refused(node, host))


@pytest.fixture
def group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the group of a device in `tmp_path`, which everybody is refused."""
    a_host(tmp_path, video0=FakeDevice())
    (tmp_path / "dev/video0").chmod(0o660)
    refuse(monkeypatch, errno.EACCES)
    status = SimpleNamespace(st_gid=4321, st_mode=0o020660)
    monkeypatch.setattr(Path, "stat", lambda self, **_: status)
    monkeypatch.setattr(grp, "getgrgid", lambda number: SimpleNamespace(gr_name={4321: "video"}[number]))
    monkeypatch.setattr(camera_trouble, "_is_container", lambda _: False)
    return "video"


def test_who_may_not_use_a_device_is_told_the_group_that_may(tmp_path: Path, group: str) -> None:
    assert why_not_opened(0, Host(root=tmp_path, platform="linux")) == (
        f"you may not use {tmp_path}/dev/video0: add yourself to the group {group}"
        f" (sudo usermod -aG {group} {getpass.getuser()}, then log in again)"
    )


def test_who_is_in_the_group_already_is_not_sent_there_again(
    tmp_path: Path, group: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "getgroups", lambda: [4321])
    said = why_not_opened(0, Host(root=tmp_path, platform="linux"))
    assert f"although you are in its group {group}" in said
    assert "usermod" not in said


def test_in_a_container_the_group_is_given_by_its_number(
    tmp_path: Path, group: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(camera_trouble, "_is_container", lambda _: True)
    assert "--group-add 4321" in why_not_opened(0, Host(root=tmp_path, platform="linux"))


def test_a_group_without_a_name_is_told_by_its_number(
    tmp_path: Path, group: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(number: int) -> None:
        raise KeyError(number)

    monkeypatch.setattr(grp, "getgrgid", unknown)
    assert "its group is 4321, which has no name" in why_not_opened(0, Host(root=tmp_path, platform="linux"))


def test_a_user_without_a_name_is_told_what_to_put(
    tmp_path: Path, group: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nameless() -> str:
        raise KeyError("getpwuid(): uid not found: 1000")

    monkeypatch.setattr(getpass, "getuser", nameless)
    assert "usermod -aG video USER" in why_not_opened(0, Host(root=tmp_path, platform="linux"))


# --- it is in use ----------------------------------------------------------------------------------


def holder_of(path: Path) -> subprocess.Popen[str]:
    """Return a process that has a file open, once it has."""
    code = "import sys; file = open(sys.argv[1], 'r+b'); print('open', flush=True); sys.stdin.read()"
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "open\n"
    return child


def test_the_process_that_holds_a_camera_is_named(tmp_path: Path) -> None:
    host = a_host(tmp_path, video0=FakeDevice())
    (tmp_path / "proc").rmdir()
    (tmp_path / "proc").symlink_to("/proc")
    node = tmp_path / "dev/video0"
    with holder_of(node) as child:
        name = Path(f"/proc/{child.pid}/comm").read_text(encoding="utf-8").strip()
        assert find_holders(node) == {child.pid: name}
        said = why_not_opened(0, host)
        child.communicate("")
    assert said == f"{node} is in use by {name} (process {child.pid}); close it there"
    assert find_holders(node) == {}


def test_a_camera_named_by_a_link_is_found_with_its_holder(tmp_path: Path) -> None:
    host = a_host(tmp_path, video0=FakeDevice())
    (tmp_path / "proc").rmdir()
    (tmp_path / "proc").symlink_to("/proc")
    link = tmp_path / "by-id"
    link.symlink_to(tmp_path / "dev/video0")
    with holder_of(tmp_path / "dev/video0") as child:
        said = why_not_opened(str(link), host)
        child.communicate("")
    assert f"(process {child.pid})" in said


def test_a_connection_of_livecams_own_is_told_as_that(tmp_path: Path) -> None:
    host = a_host(tmp_path, video0=FakeDevice())
    (tmp_path / "proc").rmdir()
    (tmp_path / "proc").symlink_to("/proc")
    with (tmp_path / "dev/video0").open("rb"):
        assert "livecam itself still has" in why_not_opened(0, host)


def test_several_holders_are_all_named(tmp_path: Path) -> None:
    host = a_host(tmp_path, video0=FakeDevice())
    for pid, name in ((9000001, "zoom"), (9000002, "pipewire")):
        process = tmp_path / f"proc/{pid}"
        (process / "fd").mkdir(parents=True)
        (process / "fd/0").symlink_to("/dev/null")
        (process / "fd/12").symlink_to(tmp_path / "dev/video0")
        (process / "comm").write_text(f"{name}\n")
    said = why_not_opened(0, host)
    assert "in use by zoom (process 9000001) and pipewire (process 9000002)" in said


def test_a_holder_that_may_not_be_seen_is_another_program(tmp_path: Path) -> None:
    host = a_host(tmp_path, video0=FakeDevice())
    (tmp_path / "proc/9000001").mkdir()  # as another user's: its `fd` cannot be listed
    said = why_not_opened(0, host)
    assert "another program probably has it" in said
    assert f"fuser -v {tmp_path}/dev/video0" in said


def test_a_device_that_only_one_may_open_is_told_as_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = a_host(tmp_path, video0=FakeDevice())
    refuse(monkeypatch, errno.EBUSY)
    assert why_not_opened(0, host) == f"another program has {tmp_path}/dev/video0"


def test_a_device_with_nothing_behind_it_is_to_be_plugged_in_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = a_host(tmp_path, video0=FakeDevice())
    refuse(monkeypatch, errno.ENODEV)
    said = why_not_opened(0, host)
    assert "No such device" in said
    assert "plug it in again" in said


# --- it is no camera -------------------------------------------------------------------------------


def test_of_a_metadata_device_the_one_with_the_pictures_is_told(tmp_path: Path) -> None:
    host = a_host(
        tmp_path,
        video0=FakeDevice("Lid", bus="usb-1"),
        video2=FakeDevice("Desk", bus="usb-2"),
        video3=FakeDevice("Desk", bus="usb-2", caps=METADATA),
    )
    assert why_not_opened(3, host) == (
        f"{tmp_path}/dev/video3 only carries metadata of Desk; use {tmp_path}/dev/video2"
    )


def test_of_a_metadata_device_without_a_known_camera_the_list_is_offered(tmp_path: Path) -> None:
    host = a_host(tmp_path, video3=FakeDevice("Desk", caps=METADATA))
    assert "`livecam cameras` lists" in why_not_opened(3, host)


def test_a_virtual_camera_that_nobody_feeds_is_told_as_that(tmp_path: Path) -> None:
    host = a_host(tmp_path, video0=FakeDevice("OBS Virtual Camera", caps=OUTPUT))
    said = why_not_opened(0, host)
    assert "(OBS Virtual Camera) is a virtual camera that no program feeds yet" in said


def test_a_codec_is_no_camera(tmp_path: Path) -> None:
    host = a_host(tmp_path, video10=FakeDevice("bcm2835-codec-decode", caps=0x4000))
    assert "is not for pictures of bcm2835-codec-decode" in why_not_opened(10, host)


def test_a_file_is_no_camera(tmp_path: Path) -> None:
    host = a_host(tmp_path)
    (tmp_path / "notes").touch()
    assert why_not_opened(str(tmp_path / "notes"), host) == f"{tmp_path}/notes is no video device"


# --- elsewhere -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("platform", "hint"),
    [
        ("darwin", "System Settings > Privacy & Security > Camera"),
        ("win32", "Settings > Privacy & security > Camera"),
        ("plan9", "not there, in use by another program, or not permitted"),
    ],
)
def test_elsewhere_the_setting_that_allows_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str, hint: str
) -> None:
    monkeypatch.setitem(sys.modules, "cv2_enumerate_cameras", None)
    assert hint in why_not_opened(0, Host(root=tmp_path, platform=platform))
    assert why_no_camera(Host(root=tmp_path, platform=platform)) is None


def test_elsewhere_a_camera_that_the_system_does_not_list_is_told_as_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = [SimpleNamespace(index=0, name="FaceTime HD")]
    package = SimpleNamespace(enumerate_cameras=lambda _: listed)
    monkeypatch.setitem(sys.modules, "cv2_enumerate_cameras", package)
    host = Host(root=tmp_path, platform="darwin")
    assert why_not_opened(2, host) == "there is none; cameras here: 0 (FaceTime HD)"
    assert "Privacy" in why_not_opened(0, host)
    listed.clear()
    assert why_not_opened(0, host) == "there is no camera here"


# --- never a traceback -----------------------------------------------------------------------------


def test_whatever_goes_wrong_with_the_search_a_sentence_comes_back(tmp_path: Path) -> None:
    def failing(descriptor: int, request: int, structure: bytearray) -> int:
        raise RuntimeError("the kernel of a nightmare")

    host = Host(root=a_host(tmp_path, video0=FakeDevice()).root, ioctl=failing, platform="linux")
    assert why_not_opened(0, host) == "it is not there, in use by another program, or not permitted"
    assert why_not_opened("no\0path", host)


def test_a_search_that_fails_shows_no_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(host: Host) -> bool:
        raise RuntimeError

    monkeypatch.setattr(camera_trouble, "_is_container", failing)
    assert why_no_camera(a_host(tmp_path)) is None


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_on_this_machine_there_is_always_a_sentence(platform: str) -> None:
    for device in (0, 987, "/dev/null", "/dev/video987", "/nowhere"):
        said = why_not_opened(device, Host(platform=platform))
        assert said
        assert "\n" not in said
        assert not said.endswith(".")
