"""What the faces of still pictures appear to express: as text, and as records for `--json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from livecam.overlay import wording

if TYPE_CHECKING:
    from collections.abc import Callable

    from livecam.frames import Frame, SourceInfo
    from livecam.pictures import FaceLabel, Picture

"""Of a face that was found, but whose expression no detector has scored."""


def _never(_: int) -> str | None:
    return None


class FaceReportSink:
    """Fits `FrameSink`; says one text for each picture.

    Args:
        say: takes the text of a picture, of one line and one more for each face; None: keep the
            records only.
        failed: tells why the frame with some sequence number was not answered; None when it was. Asked
            when the picture is finished: no face and no answer are different things.
    """

    def __init__(
        self, say: Callable[[str], None] | None, *, failed: Callable[[int], str | None] = _never
    ) -> None:
        self._say = say
        self._failed = failed
        self._records: list[dict[str, Any]] = []

    @property
    def records(self) -> list[dict[str, Any]]:
        """One JSON-ready object per picture.

        `file`, `width`, `height` (pixels) and `faces`, each with `box` (left, top, width, height in
        fractions of the picture), `emotion` (null when unclear), `confidence` and `scores` (0..100),
        `unclear`, `approximate` and `source`. `faces` is null and `error` says why when the picture
        was not answered.
        """
        return list(self._records)

    @property
    def has_gaps(self) -> bool:
        """Whether a picture could not be read or was not answered."""
        return any(record["faces"] is None for record in self._records)

    def skip(self, file: str, error: str) -> None:
        """Take note of a picture that cannot be read; any thread. That is told elsewhere."""
        self._records.append({"file": file, "width": None, "height": None, "faces": None, "error": error})

    def open(self, info: SourceInfo) -> None:
        """Nothing to get ready."""

    def write(self, picture: Picture) -> None:
        """Report a picture."""
        frame = picture.frame
        error = self._failed(frame.sequence)
        file = frame.name or f"picture {frame.sequence}"
        record: dict[str, Any] = {"file": file, "width": frame.width, "height": frame.height}
        if error is None:
            record["faces"] = [_as_record(face) for face in picture.faces]
        else:
            record |= {"faces": None, "error": error}
        self._records.append(record)
        if self._say is not None:
            self._say(
                _text(file, frame, picture.faces) if error is None else f"{file}: not answered: {error}"
            )

    def close(self) -> None:
        """Nothing to finish."""


def _text(file: str, frame: Frame, faces: tuple[FaceLabel, ...]) -> str:
    count = {0: "no face", 1: "1 face"}.get(len(faces), f"{len(faces)} faces")
    said = [_words(face) for face in faces]
    width = max(map(len, said), default=0)
    lines = [
        f"{face.track_id:>3}  {words:<{width}}  at {_place(frame, face)}"
        for face, words in zip(faces, said, strict=True)
    ]
    return "\n".join([f"{file}: {count}", *lines])


def _words(face: FaceLabel) -> str:
    """Return what a face appears to express, worded as on the picture."""
    if face.emotion_source is None:
        return wording.NOT_SCORED
    approximately = f"{wording.SEPARATOR}approx." if face.is_approximate else ""
    return f"{wording.headline(face)}{approximately}"


def _place(frame: Frame, face: FaceLabel) -> str:
    """Return where a face is, in pixels of the picture."""
    left, top = round(face.box.left * frame.width), round(face.box.top * frame.height)
    width, height = round(face.box.width * frame.width), round(face.box.height * frame.height)
    return f"{left},{top}  {width}x{height} px"


def _as_record(face: FaceLabel) -> dict[str, Any]:
    box = face.box
    return {
        "box": [round(side, 5) for side in (box.left, box.top, box.width, box.height)],
        "emotion": face.emotion,
        "confidence": None if face.confidence is None else round(face.confidence, 2),
        "unclear": face.unclear,
        "approximate": face.is_approximate,
        "source": face.emotion_source or face.box_source,
        "scores": {score.emotion: round(score.confidence, 2) for score in face.scores},
    }
