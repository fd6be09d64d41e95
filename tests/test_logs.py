import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from livecam import logs
from livecam.errors import OutputError
from tests.requirements import skip_unless


@pytest.fixture(autouse=True)
def _root_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers[:] = []
    yield
    for handler in root.handlers:
        handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)


def test_no_handler_prints_a_secret(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    log_file = tmp_path / "livecam.log"
    logs.configure(verbosity=1, log_file=log_file)
    logging.getLogger("anyone").warning("camera at %s", "rtsp://me:hunter2@cam/")
    for written in (capsys.readouterr().err, log_file.read_text()):
        assert "rtsp://***@cam/" in written
        assert "hunter2" not in written


def test_a_traceback_is_redacted_too(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    error = ValueError("token=sesame")
    logging.getLogger("anyone").error("failed", exc_info=error)
    assert "sesame" not in capsys.readouterr().err


def test_a_name_can_neither_steer_a_terminal_nor_forge_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(log_file=tmp_path / "x.log")
    logging.getLogger("anyone").warning(
        "no such file: %s", "a\x1b[2J\u202egpj\n2026-01-01 INFO all is well \udcff"
    )
    for written in (capsys.readouterr().err, (tmp_path / "x.log").read_text()):
        assert written.count("\n") == 1
        assert r"a\x1b[2J\u202egpj\n2026-01-01 INFO all is well \udcff" in written


def test_a_log_file_is_its_owners_alone(tmp_path: Path) -> None:
    skip_unless(os.name == "posix", "rights of files as POSIX has them")
    logs.configure(log_file=tmp_path / "x.log")
    assert (tmp_path / "x.log").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("verbosity", "levels"), [(-1, "E"), (0, "WE"), (1, "IWE"), (2, "DIWE")])
def test_verbosity_decides_what_is_said(
    capsys: pytest.CaptureFixture[str], verbosity: int, levels: str
) -> None:
    logs.configure(verbosity=verbosity)
    for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
        logging.getLogger("anyone").log(level, "said-%s", logging.getLevelName(level)[0])
    said = capsys.readouterr().err
    assert [letter for letter in "DIWE" if f"said-{letter}" in said] == list(levels)


def test_a_log_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no-folder"):
        logs.configure(log_file=tmp_path / "no-folder" / "x.log")


def test_a_full_disk_costs_the_log_file_and_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    full = Path("/dev/full")
    skip_unless(full.exists(), "there is no /dev/full")
    logs.configure(log_file=full)
    for _ in range(3):
        logging.getLogger("anyone").warning("password=hunter2")
    said = capsys.readouterr().err
    assert said.count("cannot be written; going on without it") == 1
    assert "Traceback" not in said
    assert "hunter2" not in said
