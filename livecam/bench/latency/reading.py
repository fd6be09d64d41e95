"""Reads a run that was written as `livecam.bench.latency/1`; trusts nothing in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from livecam.bench.latency.conditions import Condition
from livecam.bench.latency.record import SCHEMA
from livecam.bench.latency.samples import Run
from livecam.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.bench.latency.samples import Sample

MOST_BYTES = 1 << 30
"""A run of a million calls has less."""
GREATEST = 1 << 63
"""Of numbers, either way."""
HOW = "name a file that `livecam bench latency --save` wrote"


def read_run(path: Path) -> Run:
    """Return the run in a file. What it holds beside a run, its figures among that, is left alone.

    Raises:
        UsageError: it cannot be read, is of another kind or version, or damaged; says which and where.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a path with a null byte
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"{path} cannot be read: {reason}; {HOW}") from error
    if len(content) > MOST_BYTES:
        raise UsageError(f"{path} is larger than a run can be (1 GiB); {HOW}")
    _check_schema(path, content)
    run = _validated(path, content)
    fault = _fault(run)
    if fault is not None:
        raise UsageError(f"{path} is damaged: {fault}; {HOW}")
    return run


def _check_schema(path: Path, content: bytes) -> None:
    try:
        found = json.loads(content, parse_constant=_refuse, parse_float=_finite, parse_int=_whole)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path} is no JSON that can be used: {_first_line(error)}; {HOW}") from error
    schema = found.get("schema") if isinstance(found, dict) else None
    if schema != SCHEMA:
        told = f"of schema {str(schema)[:60]!r}" if isinstance(schema, str) else "without a schema"
        raise UsageError(f"{path} is {told}, not {SCHEMA}; {HOW}")


def _validated(path: Path, content: bytes) -> Run:
    from pydantic import TypeAdapter, ValidationError

    adapter: TypeAdapter[Run] = TypeAdapter(Run)
    # What the dataclasses name for type checkers only.
    adapter.rebuild(force=True, _types_namespace={"Mapping": Mapping, "Condition": Condition})
    try:
        return adapter.validate_json(content, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(each) for each in first["loc"]) or "the whole"
        raise UsageError(f"{path} is damaged: {place}: {first['msg']}; {HOW}") from error


def _fault(run: Run) -> str | None:
    """Return what is wrong with values that are of the right types."""
    if not run.conditions:
        return "it has no condition"
    for index, each in enumerate(run.conditions):
        if each.width < 1 or each.rate <= 0 or each.in_flight < 1:
            return f"condition {index} has a width, rate or number of calls in flight of 0 or less"
    for index, sample in enumerate(run.samples):
        if not (0 <= sample.condition < len(run.conditions) and 0 <= sample.picture < len(run.pictures)):
            return f"sample {index} is of a condition or picture that is not there"
        if not _is_possible(sample):
            return f"sample {index} ended before it began, or lasted less than no time"
    return None


def _is_possible(sample: Sample) -> bool:
    """Tell whether a call's instants follow each other; what was rounded may be a little early."""
    is_in_order = sample.due_at <= sample.ended_at and sample.began_at <= sample.ended_at
    return is_in_order and all(seconds >= -1e-3 for seconds in sample.parts.values())  # noqa: PLR2004


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"it holds {name}, which is no number")


def _finite(text: str) -> float:
    value = float(text)
    if abs(value) >= GREATEST:  # infinity, and what sums and squares would make of the very great
        raise ValueError(f"it holds {text[:20]}, which is too great")
    return value


def _whole(text: str) -> int:
    value = int(text)
    if abs(value) >= GREATEST:
        raise ValueError(f"it holds {text[:20]}..., which is too great")
    return value


def _first_line(error: Any) -> str:  # noqa: ANN401  any exception
    return str(error).split("\n", 1)[0]
