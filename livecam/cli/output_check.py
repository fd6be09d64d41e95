"""Nothing is written over what was recorded, nor two things into one file."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from livecam.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from livecam.archive.folder import ClipFolder


def require_free(
    folder: ClipFolder,
    outputs: Mapping[str, Path],
    *,
    inputs: Iterable[Path | None],
    own: Mapping[str, Path] | None = None,
) -> None:
    """Refuse files to be written that hold what cannot be had again; touches nothing.

    Args:
        folder: none of whose files may be written over.
        outputs: what is to be written, by what the user calls it.
        inputs: what is read; None counts for nothing.
        own: the file in the folder that is there for an output, and may be replaced.

    Raises:
        UsageError: an output is one of them, or two are the same.
    """
    read = [path for path in inputs if path is not None]
    for name, path in outputs.items():
        is_own = own is not None and name in own and _is_same(own[name], path)
        if any(_is_same(path, each) for each in read) or (folder.holds(path) and not is_own):
            raise UsageError(f"{name} {path} would write over what is kept there; give another file")
    for (name, path), (other_name, other) in itertools.combinations(outputs.items(), 2):
        if _is_same(path, other):
            raise UsageError(f"{name} and {other_name} are the same file, {path}; give another one")


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)  # links and other spellings of a name too
    except OSError:  # one of them is not there
        return one.resolve() == other.resolve()
