"""Every example runs as its reader would run it, outside the checkout."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbclient
import nbformat
import pytest

from livecam.errors import MissingDependency
from livecam.sources.demo_scene.portrait import load_portrait
from tests.requirements import installed_models, skip_unless

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SAYS = {
    "print_emotions.py": r"face 1  appears calm",
    "async_monitor.py": "demo scene: 1280x720",
    "own_source.py": "pictures of 640x360",
    "own_detector.py": "a spot on",
    "own_sink.py": "calm",
}
NEEDS_NO_SOURCE = ("own_source.py",)


@pytest.fixture
def _demo() -> None:
    installed_models()
    try:
        load_portrait()
    except MissingDependency as error:
        skip_unless(False, str(error))


def test_every_example_is_run() -> None:
    assert {path.name for path in EXAMPLES.glob("*.py")} == set(SAYS)


@pytest.mark.usefixtures("_demo")
@pytest.mark.parametrize("name", SAYS)
def test_an_example_runs_and_says_what_it_should(name: str, tmp_path: Path) -> None:
    arguments = ["--seconds", "2"] if name in NEEDS_NO_SOURCE else ["--source", "demo", "--seconds", "2"]
    result = subprocess.run(
        [sys.executable, "-W", "error", EXAMPLES / name, *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert SAYS[name] in result.stdout


@pytest.mark.usefixtures("_demo")
@pytest.mark.filterwarnings("ignore")  # of the notebook's own machinery
def test_the_notebook_runs_to_its_end_and_shows_what_it_promises(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    notebook = nbformat.read(EXAMPLES / "notebook.ipynb", as_version=4)
    client = nbclient.NotebookClient(
        notebook, timeout=50, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    )
    client.execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert sum("image/png" in output.get("data", {}) for output in outputs) == 2
    assert any("pictures with a labelled face" in output.get("text", "") for output in outputs)


def test_the_notebook_is_kept_without_outputs() -> None:
    notebook = nbformat.read(EXAMPLES / "notebook.ipynb", as_version=4)
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells)
