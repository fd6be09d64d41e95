"""The floor plan and the size limits, with file, line and what to do."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "livecam"
MODULES = sorted(PACKAGE.rglob("*.py"))
MOST_FILE_LINES = 400
MOST_BODY_LINES = 40
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "base", "manager"}
NOT_MIRRORED = {
    "__init__.py": "re-exports only",
    "__main__.py": "one call",
    "protocols.py": "shapes only; tests/contracts/ runs each plug's suite",
    "clips.py": "values only",
    "stored_video.py": "values only",
    "detections.py": "values only",
    "pictures.py": "values only",
    "found_face.py": "values only",
    "results.py": "values only",
    "choice.py": "values and shapes only",
    "look.py": "shapes only; both looks are tried by their own files' tests",
    "record_options.py": "flags only, as options.py",
    "web_options.py": "flags only, as options.py",
    "privacy_options.py": "flags only, as options.py",
    "s3_options.py": "flags only, as options.py",
    "options.py": "flags only; tests/test_docs.py compares each with its setting",
}
UNREAD = {"testing"}  # fakes: they are used by the tests, not tested


def name_of(module: Path) -> str:
    return str(module.relative_to(ROOT))


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_a_file_reads_as_one_idea(module: Path) -> None:
    lines = len(module.read_text(encoding="utf-8").splitlines())
    assert lines <= MOST_FILE_LINES, f"{name_of(module)}: {lines} lines; split it by idea"


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_a_function_fits_the_eye(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    long = [
        f"{name_of(module)}:{function.lineno} {function.name}: {_body_lines(function)} lines; split it"
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        and _body_lines(function) > MOST_BODY_LINES
    ]
    assert not long, long


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_every_module_has_its_test(module: Path) -> None:
    path = module.relative_to(PACKAGE)
    if module.name in NOT_MIRRORED or path.parts[0] in UNREAD:
        return
    test = ROOT / "tests" / path.parent / f"test_{module.name}"
    assert test.is_file(), f"{name_of(module)} needs {test.relative_to(ROOT)}"


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_there_are_no_drawers(module: Path) -> None:
    names = {part.removesuffix(".py") for part in module.relative_to(PACKAGE).parts}
    assert not names & DRAWERS, f"{name_of(module)}: name it after what it does"


def test_the_runner_is_readable_on_one_screen() -> None:
    source = (PACKAGE / "pipeline" / "runner.py").read_text(encoding="utf-8")
    code = [line for line in source.splitlines() if line.strip()]
    assert len(code) <= 110, f"pipeline/runner.py: {len(code)} lines; it should be read at a glance"


def test_import_contracts_hold() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout[-3000:]


def test_the_newest_changelog_entry_is_this_version_or_unreleased() -> None:
    version = re.search(r'__version__ = "(.+)"', (PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    headings = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert version
    assert headings[0] in ("Unreleased", version[1])


def test_decisions_have_their_four_headings() -> None:
    for record in sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md")):
        headings = re.findall(r"^## (.+)$", record.read_text(encoding="utf-8"), re.MULTILINE)
        assert headings == ["Status", "Context", "Decision", "Consequences"], record.name


def _body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body and body[-1].end_lineno else 0
