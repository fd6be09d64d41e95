"""What a clip's own files say of it, for a ledger that does not know it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from livecam.archive.sidecar import read_sidecar
from livecam.clips import Clip
from livecam.errors import OutputError

if TYPE_CHECKING:
    from livecam.archive.folder import ClipFolder
    from livecam.clips import ClipState
    from livecam.encoding.probe import VideoFacts


def clip_of(folder: ClipFolder, clip: str, state: ClipState, facts: VideoFacts | None) -> Clip:
    """Return a clip as its sidecar and its video tell of it; what neither tells comes from its id."""
    header = _header(folder, clip)
    return Clip(
        clip,
        folder.clip(clip),
        source=str(header.get("source", "")),
        reason=str(header.get("reason", "unknown")),
        state=state,
        started_at=_started_at(header.get("started_at"), clip),
        width=facts.width if facts else None,
        height=facts.height if facts else None,
        duration=facts.duration if facts else None,
        frames=facts.frames if facts else None,
        size=facts.size if facts else None,
    )


def _header(folder: ClipFolder, clip: str) -> dict[str, Any]:
    try:
        return dict(read_sidecar(folder.sidecar(clip)).header)
    except OutputError:
        return {}


def _started_at(written: object, clip: str) -> datetime:
    try:
        told = datetime.fromisoformat(str(written))
        return told.astimezone(UTC) if told.tzinfo else told.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return _from_id(clip)


def _from_id(clip: str) -> datetime:
    try:
        return datetime.strptime(clip[:15], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
    except ValueError:  # 20261399-...: it has the form of an id, and is none of ours
        return datetime(1970, 1, 1, tzinfo=UTC)
