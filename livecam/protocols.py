"""Every plug of livecam on one screen.

A part fits by its shape and does not inherit from these; mypy proves the fit in `compose.py`.
Each plug has one suite in `tests/contracts/` that all its parts pass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from livecam.detections import Detection, DetectorInfo
    from livecam.errors import LivecamError
    from livecam.events import Event
    from livecam.faces import BoundingBox, Face, Movement
    from livecam.frames import Frame, Image, SourceInfo
    from livecam.pictures import Picture
    from livecam.stored_video import JobParameters, JobStatus, S3Place, Upload


class FrameSlot(Protocol):
    """Where a source leaves its newest frame. Never blocks longer than it was told."""

    def put(self, frame: Frame, *, patience: float = 0.0) -> None:
        """Leave a frame, waiting up to `patience` seconds before an unread one is replaced."""

    def close(self, error: LivecamError | None = None) -> None:
        """Say that no frame will follow, and why if it was not the regular end."""


class FrameSource(Protocol):
    """Something that delivers frames from a thread of its own."""

    def open(self) -> SourceInfo:
        """Open it and say what it grants.

        Raises:
            SourceUnavailable: it cannot be opened; the message says what to do.
        """

    def start(self, slot: FrameSlot) -> None:
        """Deliver frames into `slot` from now on, then close it. Returns at once."""

    def close(self) -> None:
        """Stop delivering and release the device. May be called twice, from any thread."""


class Connection(Protocol):
    """A live device or stream that is open; one thread reads it and closes it.

    `sources/live.py` makes a source of whatever can be opened into one: it watches it, says what is
    wrong with it, and opens it again.
    """

    @property
    def info(self) -> SourceInfo:
        """What was granted. A known duration means that its end is an end, not a loss."""

    def read(self) -> Image | None:
        """Block until the next picture and return it, the caller's own; None at the regular end.

        Raises:
            SourceFailed: it was lost; the message says in one sentence what was seen.
        """

    def close(self) -> None:
        """Release it. Called once, by the thread that reads."""


class FaceDetector(Protocol):
    """Something that finds faces and what they appear to express; each call has a thread of its own."""

    @property
    def info(self) -> DetectorInfo:
        """How its answers are to be labelled."""

    def warm(self) -> None:
        """Do what makes the first call slow (load models, connect). Never a paid call."""

    def detect(self, frame: Frame) -> Detection:
        """Return the faces in a frame; blocks.

        Raises:
            DetectorError: it could not answer.
        """

    def abort(self, frame: Frame) -> None:
        """End the call about this frame, if it is still running, as soon as may be."""


class FaceLocator(Protocol):
    """Something on this machine that sees quickly where faces are; used from one thread."""

    def warm(self) -> None:
        """Do what makes the first look slow.

        Raises:
            DetectorError: it cannot be used; the message says what to do.
        """

    def locate(self, frame: Frame) -> tuple[Face, ...]:
        """Return the faces of a frame: boxes and landmarks in fractions of it, confidences 0..100."""


class FaceFollower(Protocol):
    """Remembers the newest frames in small and says how faces moved between two of them; one thread."""

    def add(self, frame: Frame) -> bool:
        """Remember a frame; return whether it shows another scene than the one before (a cut)."""

    def between(self, earlier: int, later: int, boxes: Sequence[BoundingBox]) -> list[Movement | None]:
        """Return how the faces in these boxes of frame `earlier` moved until frame `later`.

        None for a face that cannot be followed, and for all if either frame is not remembered.
        """

    @property
    def effort(self) -> str:
        """How much it does to keep within its time: "full", "fewer points" or "every second frame"."""

    @property
    def is_resting(self) -> bool:
        """Whether the newest frame is to be passed over, because only every second one can be followed."""

    def clear(self) -> None:
        """Forget every frame."""


class Pacer(Protocol):
    """Spaces calls out in time; used from the event loop alone."""

    @property
    def rate(self) -> float:
        """Calls per second that it permits at present."""

    @property
    def asked(self) -> float:
        """Calls per second that are asked for: more than it permits while a service is approached gently."""

    def ask(self, rate: float) -> None:
        """Be asked for another rate from now on."""

    async def permit(self) -> None:
        """Return when the next call may be made."""

    def throttled(self, sent_at: float) -> None:
        """Permit fewer from now on: the service refused a call sent at that instant as one too many."""

    def succeeded(self) -> None:
        """Take note that a call was answered: the rate may creep back."""


class FrameSink(Protocol):
    """Something that takes finished pictures. `write` is called by the picture path."""

    def open(self, info: SourceInfo) -> None:
        """Get ready before the source starts.

        Raises:
            OutputError: it cannot be written or shown.
        """

    def write(self, picture: Picture) -> None:
        """Take a picture. Must not block: what cannot be taken is dropped and counted."""

    def close(self) -> None:
        """Finish what was taken. May be called twice."""


@runtime_checkable
class LiveView(FrameSink, Protocol):
    """A sink that people look at: it is kept up to date while the source delivers nothing."""

    def refresh(self, picture: Picture) -> None:
        """Take the newest picture again with what is to be said about it now; must not block."""


class Painter(Protocol):
    """Draws a picture's labels and HUD onto a copy of its frame."""

    def paint(self, picture: Picture) -> Image:
        """Return the annotated image, of the frame's size."""


class ClipStore(Protocol):
    """Where videos are kept for analysis: one bucket. May be used from any thread."""

    def store(
        self,
        file: Path,
        key: str,
        *,
        upload: Upload | None,
        on_upload: Callable[[Upload | None], None],
        on_bytes: Callable[[int, int], None],
    ) -> tuple[S3Place, str]:
        """Upload a file and prove that it is there whole; return its place and checksum.

        Args:
            file: to be read.
            key: of the object; one that is there with the same content is taken for done, and another one
                is not overwritten unless an upload to it was begun.
            upload: one that was begun before and is gone on with, if S3 still knows it.
            on_upload: told an upload before its first part is sent, and None when it is no more.
            on_bytes: told how many bytes are there, of how many.

        Raises:
            CloudError: it failed; what was sent is not lost, and `upload` goes on with it.
            OutputError: the file cannot be read, or changed meanwhile.
        """

    def check(self) -> None:
        """See whether the bucket is there, and where it can be analysed.

        Raises:
            CloudError: it is missing ("NoSuchBucket"), in another Region ("BucketElsewhere"), or cannot be
                looked at; what is uploaded may be taken all the same then.
        """

    def describe(self, place: S3Place) -> S3Place:
        """Return a place with the object's version and ETag.

        Raises:
            CloudError: there is no such object, or it may not be read.
        """

    def size_of(self, place: S3Place) -> int:
        """Return an object's bytes; raises as `describe`."""

    def download(self, place: S3Place, target: Path, on_bytes: Callable[[int, int], None]) -> None:
        """Fetch an object into a file, which appears when it is whole.

        Raises:
            CloudError: it cannot be fetched.
            OutputError: the file cannot be written.
        """

    def remove(self, place: S3Place, *, upload: Upload | None) -> None:
        """Delete an object with all its versions, and what was uploaded of one.

        Raises:
            CloudError: something is left, which the message names.
        """


class FaceJobs(Protocol):
    """Jobs on stored video. May be used from any thread; every method raises `CloudError`."""

    def start(self, place: S3Place, parameters: JobParameters, token: str) -> str:
        """Start a job, or find the one that this token started, and return its id.

        Raises:
            UsageError: a parameter cannot be used; the service was not asked.
        """

    def status(self, job_id: str) -> JobStatus:
        """Return how a job stands."""

    def faces(self, job_id: str) -> Iterator[Mapping[str, Any]]:
        """Yield the service's FaceDetection objects of a job that succeeded, by time, page after page."""

    def finished(self, ours: frozenset[str], timeout: float) -> frozenset[str] | None:
        """Wait for word that jobs have ended, at most `timeout` seconds; return the ids of those.

        Args:
            ours: ids of jobs that may be told of, also of those whose end is known: what is said of any
                other is left to whom it is for.
            timeout: seconds, taken for whole ones.

        Returns:
            Those of `ours` that ended, and at once when there are any; None, also at once, where nobody tells
            at present. Word can be lost, and come twice: `status` has to be asked all the same, if rarely.
        """


class EventListener(Protocol):
    """Something that is told what happened. Called from any thread; must not block."""

    def __call__(self, event: Event, /) -> None:
        """Take note of an event."""
