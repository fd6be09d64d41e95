"""What a bench of the display path found, for programs: the object of `--json`. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from livecam import __version__
from livecam.bench.pipeline.figures import EVEN, most_carried
from livecam.sources import address

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from livecam.bench.pipeline.figures import CameraFigures, Round
    from livecam.bench.pipeline.request import Request

SCHEMA = "livecam.bench.pipeline/1"
DIGITS = 5
"""After the point."""


def as_record(
    request: Request, rounds: Sequence[Round], *, machine: Mapping[str, Any], ended: str = "complete"
) -> dict[str, Any]:
    """Return the `livecam.bench.pipeline/1` object.

    Args:
        request: what was run.
        rounds: that came to their end.
        machine: where it was.
        ended: "complete" or "interrupted".
    """
    return {
        "schema": SCHEMA,
        "version": __version__,
        "ended": ended,
        "machine": dict(machine),
        "request": request.as_json() | {"source": _shown(request.source)},
        "carried_from": round(EVEN, DIGITS),
        "carried": most_carried(rounds),
        "rounds": [
            {
                "runners": each.runners,
                "is_carried": each.is_carried,
                "cameras": [_of_camera(camera) for camera in each.cameras],
            }
            for each in rounds
        ],
    }


def _shown(source: str) -> str:
    return address.shown(source) if "://" in source else source


def _of_camera(figures: CameraFigures) -> dict[str, Any]:
    told = figures.as_json() | {"cpu_ms_total": figures.cpu_ms_total, "is_carried": figures.is_carried}
    return {name: _rounded(value) for name, value in told.items()}


def _rounded(value: Any) -> Any:  # noqa: ANN401  JSON
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    return round(value, DIGITS) if isinstance(value, float) else value
