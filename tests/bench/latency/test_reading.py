from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from livecam.bench.latency import reading
from livecam.bench.latency.reading import read_run
from livecam.bench.latency.record import as_json, as_record
from livecam.bench.latency.samples import Run
from livecam.bench.latency.statistics import find
from livecam.bench.latency.table import table_lines
from livecam.errors import UsageError
from tests.bench.latency.runs import drawn_run, sample

if TYPE_CHECKING:
    from pathlib import Path

FEW = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _record() -> dict[str, Any]:
    run = drawn_run(0, [0.3, 0.4], 3)
    failed = sample(1, 3, 0.5, outcome="ThrottlingException", faces=None, sent_at=None, bytes_sent=None)
    run = replace(run, samples=(*run.samples, failed))
    record: dict[str, Any] = json.loads(json.dumps(as_record(run, find(run))))
    return record


RECORD = _record()


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:  # noqa: ANN401
    """Return where something can be damaged."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, each in items for place in ((*path, key), *_places(each, (*path, key)))]


PLACES = [each for each in _places(RECORD) if each[0] != "findings"]


def test_a_run_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(RECORD))
    run = read_run(path)
    assert isinstance(run, Run)
    assert as_json(run) == {name: each for name, each in RECORD.items() if name not in {"schema", "findings"}}
    assert isinstance(run.conditions[0].attributes, tuple)


def test_what_a_later_version_adds_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({**RECORD, "weather": "fine"}))
    assert read_run(path).seed == 0


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is no JSON"),
        (b"\xff\xfe\x00", "is no JSON"),
        (b"[" * 100_000, "is no JSON"),
        (b'{"a": NaN}', "it holds NaN"),
        (b'{"a": 1e999}', "too great"),
        (b'{"a": 99999999999999999999999}', "too great"),
        (b"[]", "without a schema"),
        (b'{"schema": "livecam.bench.latency/2"}', "of schema 'livecam.bench.latency/2'"),
        (b'{"schema": "livecam.bench.latency/1"}', "damaged: machine: Field required"),
    ],
)
def test_what_is_no_run_is_refused_with_the_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=reason) as error:
        read_run(path)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.json cannot be read: No such file"):
        read_run(tmp_path / "none.json")
    with pytest.raises(UsageError, match="cannot be read: Is a directory"):
        read_run(tmp_path)
    with pytest.raises(UsageError, match="cannot be read"):
        read_run(tmp_path / "a\0b")


def test_a_file_that_is_far_too_large_is_not_read_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_BYTES", 10)
    (tmp_path / "a.json").write_text(json.dumps(RECORD))
    with pytest.raises(UsageError, match="larger than a run can be"):
        read_run(tmp_path / "a.json")


@pytest.mark.parametrize(
    ("place", "value", "reason"),
    [
        (("samples", 0, "condition"), 2, "sample 0 is of a condition or picture that is not there"),
        (("samples", 0, "condition"), -1, "not there"),
        (("samples", 0, "picture"), 1, "not there"),
        (("samples", 1, "ended_at"), -5.0, "sample 1 ended before it began"),
        (("samples", 1, "parts"), {"wait": -1.0}, "lasted less than no time"),
        (("samples", 1, "phase"), "later", r"samples\.1\.phase"),
        (("samples", 1, "outcome"), None, r"samples\.1\.outcome"),
        (("conditions", 0, "rate"), 0.0, "condition 0 has a width, rate"),
        (("conditions",), [], "it has no condition"),
        (("seed",), "0", "seed: Input should be a valid integer"),
    ],
)
def test_a_damaged_value_is_named(tmp_path: Path, place: tuple[Any, ...], value: object, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        read_run(_damaged(tmp_path, place, value))


@FEW
@given(
    place=st.sampled_from(PLACES),
    value=st.one_of(
        st.none(), st.booleans(), st.integers(), st.text(), st.floats(-1e6, 1e6), st.just({}), st.just([])
    ),
)
def test_whatever_is_damaged_is_refused_or_can_be_worked_with(
    tmp_path: Path, place: tuple[Any, ...], value: object
) -> None:
    try:
        run = read_run(_damaged(tmp_path, place, value))
    except UsageError as error:
        assert "\n" not in str(error)  # noqa: PT017  it need not be raised
    else:
        lines = table_lines(run, find(run))
        assert all(line.isprintable() for line in lines)


@FEW
@given(at=st.floats(0, 1), size=st.integers(0, 40), junk=st.binary(max_size=20))
def test_bytes_that_are_lost_or_put_in_are_refused_or_can_be_worked_with(
    tmp_path: Path, at: float, size: int, junk: bytes
) -> None:
    content = json.dumps(RECORD).encode()
    begin = int(at * len(content))
    path = tmp_path / "a.json"
    path.write_bytes(content[:begin] + junk + content[begin + size :])
    try:
        run = read_run(path)
    except UsageError as error:
        assert "\n" not in str(error)  # noqa: PT017  it need not be raised
    else:
        assert table_lines(run, find(run))


def _damaged(folder: Path, place: tuple[Any, ...], value: object) -> Path:
    record = json.loads(json.dumps(RECORD))
    inner = record
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    path = folder / "a.json"
    path.write_text(json.dumps(record))
    return path
