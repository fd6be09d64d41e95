"""An HTTP server of JPEG pictures one after another, as cheap cameras have; it can misbehave.

It says "ready" on standard output once it can be connected to. Paths:

    /video          multipart/x-mixed-replace, for ever
    /closing        the same, closed after --frames pictures
    /freezing       the same, silent after --frames pictures, the connection kept open
    /garbage        the same, every second "picture" being random bytes or a torn JPEG
    /nothing-good   random bytes only, in parts that say image/jpeg
    /unanswering    takes the request and never answers
    /snapshot.jpg   one JPEG
    /page.html      no video at all
    /forbidden      403
    /broken         500
    /files/NAME     a file of --files, for recordings and playlists

With --user, whatever is asked for needs it (HTTP basic).
"""

from __future__ import annotations

import argparse
import base64
import http.server
import itertools
import os
import random
import shutil
import threading
from http import HTTPStatus
from pathlib import Path
from typing import Any

from livecam.native import cv2

FRAME_INTERVAL = 1 / 30
BOUNDARY = "picture"
PICTURES = 60
"""Different pictures; a bar moves through them."""


def jpegs(width: int = 320, height: int = 240) -> list[bytes]:
    """Return JPEG files of a bar that moves from left to right."""
    import numpy as np

    found = []
    for index in range(PICTURES):
        image = np.full((height, width, 3), 60, np.uint8)
        left = index * width // PICTURES
        image[:, left : left + 20] = (40, 200, 240)
        found.append(cv2.imencode(".jpg", image)[1].tobytes())
    return found


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers one request."""

    protocol_version = "HTTP/1.1"
    options: argparse.Namespace
    pictures: list[bytes]

    def do_GET(self) -> None:
        """Answer what is asked for by its path."""
        if not self._is_admitted():
            self.send_response(HTTPStatus.UNAUTHORIZED)
            self.send_header("WWW-Authenticate", 'Basic realm="camera"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        path = self.path.partition("?")[0]
        if path.startswith("/files/"):
            self._send_file(path)
        else:
            self._answers().get(path, self._not_found)()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401  the base class's names
        """Say nothing."""

    def _answers(self) -> dict[str, Any]:
        return {
            "/video": lambda: self._stream(itertools.cycle(self.pictures)),
            "/closing": lambda: self._stream(self._some()),
            "/freezing": lambda: self._stream(self._some(), is_silent_after=True),
            "/garbage": lambda: self._stream(self._between_garbage()),
            "/nothing-good": lambda: self._stream(_garbage(index) for index in itertools.count()),
            "/unanswering": lambda: threading.Event().wait(),
            "/snapshot.jpg": lambda: self._send(self.pictures[0], "image/jpeg"),
            "/page.html": lambda: self._send(b"<html><body>Log in</body></html>" * 100, "text/html"),
            "/forbidden": lambda: self.send_error(HTTPStatus.FORBIDDEN),
            "/broken": lambda: self.send_error(HTTPStatus.INTERNAL_SERVER_ERROR),
        }

    def _is_admitted(self) -> bool:
        if self.options.user is None:
            return True
        said = base64.b64encode(f"{self.options.user}:{self.options.password}".encode()).decode()
        return self.headers.get("Authorization") == f"Basic {said}"

    def _not_found(self) -> None:
        self.send_error(HTTPStatus.NOT_FOUND)

    def _some(self) -> Any:  # noqa: ANN401
        return itertools.islice(itertools.cycle(self.pictures), self.options.frames)

    def _between_garbage(self) -> Any:  # noqa: ANN401
        for index, picture in enumerate(itertools.cycle(self.pictures)):
            yield picture
            yield _garbage(index) if index % 2 else picture[: len(picture) // 2]

    def _stream(self, pictures: Any, *, is_silent_after: bool = False) -> None:  # noqa: ANN401
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={BOUNDARY}")
        self.end_headers()
        pause = threading.Event()
        try:
            for picture in pictures:
                head = f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(picture)}\r\n\r\n"
                self.wfile.write(head.encode() + picture + b"\r\n")
                pause.wait(FRAME_INTERVAL)
        except ConnectionError:
            return
        if is_silent_after:
            pause.wait()

    def _send(self, content: bytes, content_type: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _send_file(self, path: str) -> None:
        """Send a file, or the part of it that a Range header asks for."""
        file = Path(self.options.files or os.devnull) / Path(path).name
        if not file.is_file():
            self._not_found()
            return
        size = file.stat().st_size
        start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").partition("-")[0])
        self.send_response(HTTPStatus.PARTIAL_CONTENT if "Range" in self.headers else HTTPStatus.OK)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(size - start))
        self.send_header("Content-Range", f"bytes {start}-{size - 1}/{size}")
        self.end_headers()
        with file.open("rb") as stream:
            stream.seek(start)
            try:
                shutil.copyfileobj(stream, self.wfile)
            except ConnectionError:
                self.close_connection = True


def _garbage(seed: int) -> bytes:
    return random.Random(seed).randbytes(4000)  # noqa: S311  not for secrets


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--frames", type=int, default=30, help="pictures before it misbehaves")
    parser.add_argument("--files", help="folder of what is below /files/")
    parser.add_argument("--user")
    parser.add_argument("--password", default="")
    Handler.options = parser.parse_args()
    Handler.pictures = jpegs()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", Handler.options.port), Handler)
    os.write(1, b"ready\n")
    server.serve_forever()


if __name__ == "__main__":
    main()
