"""The files of a bench of policies: all of them are in the folder at the end, or none."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from livecam.bench.selection.plot import save_plot
from livecam.bench.selection.record import scores_csv
from livecam.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from livecam.bench.selection.results import ClipResult

RECORD = "selection.json"
TABLE = "selection.csv"


def save(
    folder: Path, record: Mapping[str, Any], results: Sequence[ClipResult], *, with_plots: bool = True
) -> list[Path]:
    """Write record, scores and plots, and return the paths. Files of those names are replaced.

    Args:
        folder: it is there.
        record: the `livecam.bench.selection/1` object.
        results: what was found.
        with_plots: needs matplotlib.

    Raises:
        OutputError: the disk would not take one; the folder is then as it was.
    """
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".unfinished-") as name:
            unfinished = Path(name)
            (unfinished / RECORD).write_text(json.dumps(record) + "\n", encoding="utf-8")
            (unfinished / TABLE).write_text(scores_csv(results), encoding="utf-8", newline="")
            if with_plots:
                _plot(unfinished, results)
            return [path.replace(folder / path.name) for path in sorted(unfinished.iterdir())]
    except OSError as error:
        raise OutputError(f"--save {folder} cannot be written: {error.strerror}; name another") from error


def _plot(folder: Path, results: Sequence[ClipResult]) -> None:
    """Draw each clip; clips of the same name are numbered."""
    for result in results:
        stem = name = result.observation.clip.replace("/", "_").replace("\\", "_")
        number = 2
        while (folder / f"{stem}-tradeoff.png").exists():
            stem, number = f"{name}-{number}", number + 1
        save_plot(result, folder / f"{stem}-tradeoff.png")
