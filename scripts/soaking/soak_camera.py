"""The soak's camera on the network: the demo scene as MJPEG at 30 fps; it can fall silent or be lost."""

from __future__ import annotations

import http.server
import itertools
import threading
from typing import TYPE_CHECKING

from livecam.clock import SystemClock
from livecam.native import cv2
from livecam.sources.demo_scene.scene import DemoScene

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import Self

FPS = 30
SCENE_SECONDS = 10
"""Of the scene, drawn once and repeated: drawing it anew would cost as much as livecam itself."""
BOUNDARY = "picture"
CLOCK = SystemClock()


class SoakCamera:
    """Serves every connection its own stream from the scene's beginning."""

    def __init__(self) -> None:
        self._pictures = tuple(_drawn())
        self._delivers = threading.Event()
        self._delivers.set()
        self._is_there = threading.Event()
        self._is_there.set()
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._server.server_port}/video"

    def silence(self, *, is_silent: bool) -> None:
        """Send nothing on connections that stay open, or go on."""
        (self._delivers.clear if is_silent else self._delivers.set)()

    def lose(self, *, is_lost: bool) -> None:
        """Cut every connection and take none, or be there again."""
        (self._is_there.clear if is_lost else self._is_there.set)()

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, name="camera", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_there.clear()
        self._delivers.set()
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[http.server.BaseHTTPRequestHandler]:
        camera = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if not camera._is_there.is_set():
                    self.close_connection = True
                    return
                self.send_response(200)
                self.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={BOUNDARY}")
                self.end_headers()
                for part in camera._stream():
                    try:
                        self.wfile.write(part)
                    except OSError:  # livecam has closed it
                        return

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler

    def _stream(self) -> Iterator[bytes]:
        pause, began, skipped = threading.Event(), CLOCK.now(), 0
        for number, picture in enumerate(itertools.cycle(self._pictures)):
            if not self._is_there.is_set():
                return
            late = CLOCK.now() - began - (number + skipped) / FPS
            if late < 0:
                pause.wait(-late)
            if not self._delivers.is_set():
                self._delivers.wait()
                late = CLOCK.now() - began - (number + skipped) / FPS
                skipped += int(late * FPS)  # a camera does not send later what it was silent about
            yield (
                f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(picture)}\r\n\r\n".encode()
                + picture
                + b"\r\n"
            )


def _drawn() -> Iterator[bytes]:
    scene = DemoScene()
    for index in range(SCENE_SECONDS * FPS):
        _, data = cv2.imencode(".jpg", scene.render(index / FPS), [cv2.IMWRITE_JPEG_QUALITY, 80])
        yield data.tobytes()
