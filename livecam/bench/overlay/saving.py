"""The files of a bench run: all of them are in the folder at the end, or none."""

from __future__ import annotations

import contextlib
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from livecam.bench.overlay.filmstrip import chosen_frames, filmstrip
from livecam.bench.overlay.plot import save_plot
from livecam.bench.overlay.record import scores_csv
from livecam.errors import OutputError
from livecam.native import cv2
from livecam.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from livecam.bench.overlay.results import ClipResult
    from livecam.frames import Image

    FrameReader: TypeAlias = Callable[[ClipResult, Sequence[int]], Mapping[int, Image]]
    """Reads some frames of a clip, by index, as the methods saw them."""

RECORD = "overlay.json"
TABLE = "overlay.csv"


def make_folder(folder: Path) -> bool:
    """Make the folder before a long run, and say whether it is new.

    Raises:
        OutputError: it cannot be made, or not written to.
    """
    try:
        is_new = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise OutputError(f"--save {folder} cannot be used: {error.strerror}; name another folder") from error
    return is_new


def remove_if_empty(folder: Path) -> None:
    """Remove a folder that was made for nothing."""
    with contextlib.suppress(OSError):
        folder.rmdir()


def save(
    folder: Path,
    record: Mapping[str, Any],
    results: Sequence[ClipResult],
    read_frames: FrameReader,
    *,
    with_plots: bool = True,
) -> list[Path]:
    """Write record, scores, filmstrips and plots, and return the paths. Files of those names are replaced.

    Args:
        folder: it is there.
        record: the `livecam.bench.overlay/1` object.
        results: what was found.
        read_frames: asked once for each clip.
        with_plots: needs matplotlib.

    Raises:
        OutputError: the disk would not take one; the folder is then as it was.
    """
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".unfinished-") as name:
            unfinished = Path(name)
            (unfinished / RECORD).write_text(json.dumps(record) + "\n", encoding="utf-8")
            (unfinished / TABLE).write_text(scores_csv(results), encoding="utf-8", newline="")
            for stem, result in zip(_stems(results), results, strict=True):
                _draw(unfinished / stem, result, read_frames, with_plots=with_plots)
            return [path.replace(folder / path.name) for path in sorted(unfinished.iterdir())]
    except OSError as error:
        raise OutputError(f"--save {folder} cannot be written: {error.strerror}; name another") from error


def _draw(stem: Path, result: ClipResult, read_frames: FrameReader, *, with_plots: bool) -> None:
    """Write the pictures of one clip, which has none of a comparison when nothing is compared."""
    if with_plots:
        save_plot(result, stem.with_name(f"{stem.name}-iou.png"))
    if chosen := chosen_frames(result):
        strip = filmstrip(result, read_frames(result, chosen))
        # Not cv2.imwrite: on Windows it knows the code page's names only.
        write_whole(stem.with_name(f"{stem.name}-filmstrip.png"), cv2.imencode(".png", strip)[1].tobytes())


def _stems(results: Sequence[ClipResult]) -> list[str]:
    """Return a name for the pictures of each clip; clips of the same name are numbered."""
    stems: list[str] = []
    for result in results:
        stem = name = result.clip.replace("/", "_").replace("\\", "_")
        number = 2
        while stem in stems:
            stem, number = f"{name}-{number}", number + 1
        stems.append(stem)
    return stems
