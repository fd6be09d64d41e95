from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam.errors import OutputError
from livecam.reports.inputs import UNKNOWN_SIZE, ReportInputs, gather
from tests.reports.files import MADE_AT, a_detection, both_sources, write_results

if TYPE_CHECKING:
    from pathlib import Path


def test_both_sources_are_read_and_paired(tmp_path: Path) -> None:
    findings = gather(both_sources(tmp_path))
    assert [[face.name for face in person.faces] for person in findings.persons] == [["live 1", "stored 1"]]
    assert (findings.width, findings.height, findings.duration) == (1280, 720, 4.0)
    assert findings.damaged == 0


def test_live_happy_for_three_and_stored_for_two_of_four_seconds_agree_for_most_of_it(tmp_path: Path) -> None:
    (person,) = gather(both_sources(tmp_path)).persons
    # Stored changes half a sample before its first sad instant, and its last one ends at 3.75 s.
    assert person.agreement.compared == pytest.approx(3.75)
    assert person.agreement.agreed == pytest.approx(3.75 - (3 - 1.75))


def test_damaged_lines_of_both_files_are_counted(tmp_path: Path) -> None:
    inputs = both_sources(tmp_path)
    for path in (inputs.sidecar, inputs.results):
        assert path is not None
        with path.open("a") as file:
            file.write('{"torn": ')
    assert gather(inputs).damaged == 2


def test_nothing_at_all_is_a_report_too() -> None:
    findings = gather(ReportInputs(title="x", made_at=MADE_AT))
    assert (findings.persons, findings.duration) == ((), 0.0)
    assert (findings.width, findings.height) == UNKNOWN_SIZE


def test_a_video_of_ones_own_says_its_size_and_length(tmp_path: Path, media: Path) -> None:
    results = write_results(tmp_path / "r", a_detection(0.5), metadata=None)
    video = media / "multi_children.mp4"
    findings = gather(ReportInputs(title="x", made_at=MADE_AT, video=video, results=results))
    assert (findings.width, findings.height) == (1280, 720)
    assert findings.duration == pytest.approx(10.77, abs=0.01)


@pytest.mark.parametrize(
    "metadata", [None, {}, {"FrameWidth": "9", "FrameHeight": 9}, {"FrameWidth": 0, "FrameHeight": 9}]
)
def test_a_size_that_nobody_says_is_that_of_a_screen(tmp_path: Path, metadata: object) -> None:
    results = write_results(tmp_path / "r", a_detection(2.5), metadata=metadata)
    findings = gather(ReportInputs(title="x", made_at=MADE_AT, results=results))
    assert (findings.width, findings.height) == UNKNOWN_SIZE
    assert findings.duration == 2.5


def test_what_is_no_video_is_left_out(tmp_path: Path) -> None:
    video = tmp_path / "v.mp4"
    video.write_bytes(b"no video")
    assert gather(ReportInputs(title="x", made_at=MADE_AT, video=video)).video is None


def test_a_file_that_cannot_be_read_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be read"):
        gather(ReportInputs(title="x", made_at=MADE_AT, results=tmp_path / "none"))
    with pytest.raises(OutputError, match="cannot be read"):
        gather(ReportInputs(title="x", made_at=MADE_AT, sidecar=tmp_path / "none"))
