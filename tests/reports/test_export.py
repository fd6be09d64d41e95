from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest

from livecam.errors import OutputError
from livecam.reports.export import COLUMNS, write_csv, write_json_lines
from livecam.reports.inputs import ReportInputs, gather
from tests.reports.files import MADE_AT, both_sources

if TYPE_CHECKING:
    from pathlib import Path


def test_csv_has_a_row_per_face_and_instant_of_both_sources(tmp_path: Path) -> None:
    path = write_csv(both_sources(tmp_path), tmp_path / "x.csv")
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["source"] for row in rows] == ["live"] * 40 + ["stored"] * 8
    assert {row["person"] for row in rows} == {"1"}
    last = rows[-1]
    assert (last["time_s"], last["emotion"], last["confidence"], last["SAD"]) == (
        "3.500",
        "SAD",
        "90.00",
        "90.00",
    )
    assert (last["left"], last["unclear"], last["ANGRY"]) == ("0.40000", "false", "")
    assert rows[0]["HAPPY"] == "80.00"


def test_csv_is_of_rfc_4180(tmp_path: Path) -> None:
    content = write_csv(both_sources(tmp_path, title='a,"b'), tmp_path / "x.csv").read_bytes()
    lines = content.split(b"\r\n")
    assert lines[0].decode() == ",".join(COLUMNS)
    assert lines[1].startswith(b'"a,""b",live,0.000,1,1,HAPPY')
    assert lines[-1] == b""
    assert content.count(b"\n") == content.count(b"\r\n") == 49


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_no_cell_is_a_formula(tmp_path: Path, title: str) -> None:
    path = write_csv(both_sources(tmp_path, title=title), tmp_path / "x.csv")
    with path.open(newline="", encoding="utf-8") as file:
        assert {row["video"] for row in csv.DictReader(file)} == {f"'{title}"}


def test_json_lines_begin_with_a_header(tmp_path: Path) -> None:
    inputs = both_sources(tmp_path)
    path = write_json_lines(inputs, tmp_path / "x.jsonl", findings=gather(inputs))
    header, first, *_, last = map(json.loads, path.read_text("utf-8").splitlines())
    assert header == {"schema": "livecam.report/1", "video": "clip", "duration": 4.0, "persons": 1}
    assert first == {
        "source": "live",
        "time": 0.0,
        "person": 1,
        "face": 1,
        "emotion": "HAPPY",
        "confidence": 80.0,
        "unclear": False,
        "box": [0.4, 0.3, 0.2, 0.4],
        "scores": {"HAPPY": 80.0},
    }
    assert last["source"] == "stored"


def test_where_nobody_was_seen_there_is_a_header_only(tmp_path: Path) -> None:
    inputs = ReportInputs(title="x", made_at=MADE_AT)
    assert len(write_csv(inputs, tmp_path / "x.csv").read_text().splitlines()) == 1
    assert len(write_json_lines(inputs, tmp_path / "x.jsonl").read_text().splitlines()) == 1


def test_a_file_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        write_csv(both_sources(tmp_path), tmp_path / "nowhere" / "x.csv")
