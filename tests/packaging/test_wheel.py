"""livecam built, installed into an empty environment and run there, away from the checkout."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import livecam
from tests.command_line import environment
from tests.requirements import skip_unless
from tests.sources.fakes import write_clip

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT = 280.0
"""Seconds for one step: two builds, or an installation over a slow line."""
FRAMES = 10
NOT_FOR_SHIPPING = {".jpg", ".png", ".mp4", ".onnx", ".tflite", ".env", ".jsonl"}

# The fixtures build and install once for the module; whichever test asks first waits for them.
pytestmark = pytest.mark.timeout(600)


def run(command: Sequence[str | Path], cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as somebody would who has no checkout."""
    env = environment(cwd)
    env.pop("PYTHONPATH", None)
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )


def succeed(command: Sequence[str | Path], cwd: Path) -> str:
    result = run(command, cwd)
    assert result.returncode == 0, (result.stdout + result.stderr)[-3000:]
    return result.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("packaging")


@pytest.fixture(scope="module")
def source(folder: Path) -> Path:
    """Return a copy of what would be committed: nothing that only lies about here may be needed."""
    skip_unless(shutil.which("git") is not None, "git is not installed")
    listed = run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], ROOT)
    skip_unless(listed.returncode == 0, "this is no git checkout, so nobody can say which files belong to it")
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            copy = folder / "source" / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, copy)
    return folder / "source"


@pytest.fixture(scope="module")
def built(source: Path, folder: Path) -> Path:
    """Return a folder with the sdist and the wheel that was built from it."""
    probe = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--dest",
        "probe",
        "setuptools>=77",
    ]
    skip_unless(run(probe, folder).returncode == 0, "no package index gave setuptools, which builds livecam")
    succeed([sys.executable, "-m", "build", "--outdir", folder / "dist", source], folder)
    return folder / "dist"


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def programs(wheel: Path, folder: Path) -> Path:
    """Return the folder of programs of an environment that holds the wheel and what it asks for."""
    place = folder / "environment"
    succeed([sys.executable, "-m", "venv", "--without-pip", place], folder)
    # Its own pip would only cost seconds; this one installs into it and leaves nothing else there.
    pip: list[str | Path] = [sys.executable, "-m", "pip", "--python", place / "bin" / "python"]
    succeed([*pip, "install", "--quiet", "--disable-pip-version-check", wheel], folder)
    succeed([*pip, "check"], folder)
    return place / "bin"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    assert ROOT not in tmp_path.parents
    return tmp_path


def members(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_the_package_its_licences_and_nothing_else(wheel: Path, source: Path) -> None:
    package = {str(path.relative_to(source)) for path in (source / "livecam").rglob("*") if path.is_file()}
    about = f"livecam-{livecam.__version__}.dist-info/"
    names = members(wheel)
    assert {name for name in names if not name.startswith(about)} == package
    assert {"livecam/py.typed", "livecam/vision/models.lock"} <= names
    assert {f"{about}licenses/LICENSE", f"{about}licenses/NOTICE"} <= names


def test_the_wheel_is_the_same_when_it_is_not_built_from_the_sdist(
    wheel: Path, source: Path, folder: Path
) -> None:
    succeed([sys.executable, "-m", "build", "--wheel", "--outdir", folder / "direct", source], folder)
    (direct,) = (folder / "direct").glob("*.whl")
    assert members(direct) == members(wheel)


def test_the_sdist_holds_what_builds_livecam_and_no_tests_or_pictures(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "README.md", "LICENSE", "NOTICE", "livecam/vision/models.lock"} <= names
    assert not {name for name in names if name.startswith(("tests", "docs", "scripts"))}
    assert not {name for name in names if Path(name).suffix in NOT_FOR_SHIPPING}


def test_the_installed_command_says_its_version(programs: Path, elsewhere: Path) -> None:
    assert livecam.__version__ in succeed([programs / "livecam", "--version"], elsewhere)


def test_the_installed_command_has_help(programs: Path, elsewhere: Path) -> None:
    assert "livecam" in succeed([programs / "livecam", "--help"], elsewhere)


def test_the_installed_library_is_the_wheel_s(programs: Path, elsewhere: Path) -> None:
    said = succeed([programs / "python", "-c", "import livecam; print(livecam.__file__)"], elsewhere)
    assert Path(said.strip()).is_relative_to(programs.parent)


def test_the_installed_command_runs_on_a_clip(programs: Path, elsewhere: Path) -> None:
    clip = write_clip(elsewhere / "clip.mp4", [index / 10 for index in range(FRAMES)])
    flags = ["--detector", "none", "--view", "none", "--json", "--fast"]
    summary = json.loads(succeed([programs / "livecam", "run", clip, *flags], elsewhere))
    assert summary["schema"] == "livecam.run/1"
    assert summary["frames"] == {"captured": FRAMES, "displayed": FRAMES, "dropped": {}}


def test_the_installed_command_records_a_clip_and_reports_on_it(programs: Path, elsewhere: Path) -> None:
    clip = write_clip(elsewhere / "clip.mp4", [index / 10 for index in range(FRAMES)])
    flags = ["--detector", "none", "--view", "none", "--fast", "--clip-dir", "clips"]
    succeed([programs / "livecam", "record", clip, *flags], elsewhere)
    page = succeed([programs / "livecam", "clips", "report", "last", "--clip-dir", "clips"], elsewhere)
    assert "<canvas" in Path(page.strip()).read_text(encoding="utf-8")


def test_the_installed_command_ends_with_1_and_a_sentence_when_there_is_no_such_clip(
    programs: Path, elsewhere: Path
) -> None:
    result = run([programs / "livecam", "run", "missing.mp4", "--view", "none"], elsewhere)
    assert (result.returncode, result.stdout) == (1, "")
    assert "missing.mp4" in result.stderr
    assert "Traceback" not in result.stderr
