"""An MP4 file that can be read up to its last whole frame whenever the writing process ends."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from livecam.errors import OutputError
from livecam.native import av
from livecam.whole_file import OWNER_ONLY

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.encoding.h264 import EncodedPacket, H264Encoder

# A fragment per frame, handed to the system at once; a plain MP4 once closed. Plain MP4 was never readable
# after a kill, a fragment per second lost up to a second.
_CONTAINER = {"movflags": "hybrid_fragmented+frag_every_frame", "flush_packets": "1"}
_BUFFER = 1 << 18
"""Bytes that go to the system in one piece: most frames, and so most kills, leave no torn one."""


class WriteFailed(OutputError):
    """The system refused to write to a file.

    Attributes:
        errno: the system's number of the error, such as ENOSPC (the disk is full) or EFBIG (the file may not
            grow further); None when it was the muxer's.
    """

    def __init__(self, message: str, *, errno: int | None = None) -> None:
        super().__init__(message)
        self.errno = errno

    @classmethod
    def of(cls, path: Path, action: str, error: OSError | av.FFmpegError) -> WriteFailed:
        """Return the error saying that `path` cannot be "written" or "finished" because of `error`."""
        errno = error.errno if isinstance(error, OSError) else None
        return cls(f"{path} cannot be {action}: {error.strerror or error}", errno=errno)


class PartFile:
    """Takes packets into one MP4 file, in the caller's thread; the first one's time becomes 0.

    Every frame is on its way to the disk when the next one is written: a process that is killed loses the
    last. The encoder may be closed, or go on with another part file, once this one is open.

    Args:
        path: the file to be, readable to its owner alone.
        encoder: the packets' encoder, which describes them.
        replaces: whether a file that is there already is written anew, with the rights that it has.

    Raises:
        WriteFailed: the file cannot be made, or it is there already.
    """

    def __init__(self, path: Path, encoder: H264Encoder, *, replaces: bool = False) -> None:
        self.path = path
        self._begin: int | None = None
        try:
            self._file = _OutputFile(path, replaces=replaces)
        except OSError as error:
            raise WriteFailed.of(path, "written", error) from error
        self._container = av.open(self._file, "w", format="mp4", options=_CONTAINER, buffer_size=_BUFFER)
        self._stream = self._container.add_stream_from_template(encoder.template)
        self._time_base = encoder.template.codec_context.time_base

    @property
    def size(self) -> int:
        """Bytes that have been written."""
        return self._file.size

    def write(self, packet: EncodedPacket) -> None:
        """Add a packet. The first must be a keyframe.

        Raises:
            WriteFailed: the file cannot be written; what it holds can be read. It can only be closed now.
        """
        if self._begin is None:
            self._begin = packet.pts
        muxed = av.Packet(packet.data)  # a new one each time: muxing writes into it
        muxed.stream = self._stream
        muxed.pts = muxed.dts = packet.pts - self._begin
        muxed.time_base = self._time_base
        muxed.is_keyframe = packet.is_key
        self._container.mux(muxed)
        if self._file.failure is not None:
            raise WriteFailed.of(self.path, "written", self._file.failure)

    def close(self) -> None:
        """Write the last frame and the index, and let go of the file. May be called twice.

        Raises:
            WriteFailed: there was no room for them. What could not be written before was told then.
        """
        had_failed = self._file.failure is not None
        try:
            self._container.close()
        finally:
            self._file.release()
        if self._file.failure is not None and not had_failed:
            raise WriteFailed.of(self.path, "finished", self._file.failure)


class _OutputFile:
    """What the muxer writes to. After the first error it takes everything and writes nothing.

    FFmpeg's own file is not used: PyAV never closes one whose header could not be written, so that a recorder
    that tries again on a full disk would run out of descriptors. Nor may an error be raised from here: at the
    second one PyAV prints a traceback.
    """

    def __init__(self, path: Path, *, replaces: bool) -> None:
        flags = os.O_CREAT | os.O_WRONLY | getattr(os, "O_BINARY", 0)
        if replaces:
            self._descriptor: int | None = os.open(path, flags | os.O_TRUNC, OWNER_ONLY)
        else:
            self._descriptor = os.open(path, flags | os.O_EXCL, OWNER_ONLY)
        self.failure: OSError | None = None
        self.size = 0
        self._at = 0

    def write(self, data: bytes) -> int:
        """Write all bytes, unless something has failed; return how many the muxer may take for written."""
        rest = memoryview(data)
        while rest and self.failure is None and self._descriptor is not None:
            try:
                rest = rest[os.write(self._descriptor, rest) :]
            except OSError as error:
                self.failure = error
        self._at += len(data) - len(rest)
        self.size = max(self.size, self._at)
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place, and return it."""
        if self._descriptor is not None:
            try:
                self._at = os.lseek(self._descriptor, offset, whence)
            except OSError as error:
                self.failure = self.failure or error
        return self._at

    def tell(self) -> int:
        """Return where the next byte is written."""
        return self._at

    def release(self) -> None:
        """Close the file. May be called twice."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is None:
            return
        try:
            os.close(descriptor)
        except OSError as error:  # some network file systems say only now that the disk is full
            self.failure = self.failure or error
