"""What people write to see a camera in a browser: every picture as JPEG into one endless HTTP answer (MJPEG).

Run as `python scripts/peers/mjpeg_page.py CLIP PORT CAPTURED.jsonl [SECONDS]`. Each viewer gets each picture,
however slow its link is. It knows nothing of livecam. Notes when each picture was captured.
"""

from __future__ import annotations

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue

import cv2  # noqa: TID251  as people do
from camera import Camera

PAGE = b"<!doctype html><title>camera</title><img id=picture src=/video width=1280 height=720>"
viewers: list[Queue[bytes]] = []


class Viewer(BaseHTTPRequestHandler):
    """Answers with the page, or with the pictures until the viewer goes."""

    def do_GET(self) -> None:
        """Answer."""
        if self.path != "/video":
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(PAGE)
            return
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=picture")
        self.end_headers()
        pictures: Queue[bytes] = Queue()
        viewers.append(pictures)
        try:
            while True:
                jpeg = pictures.get()
                self.wfile.write(b"--picture\r\nContent-Type: image/jpeg\r\n\r\n" + jpeg + b"\r\n")
        except OSError:
            viewers.remove(pictures)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main() -> None:
    """Serve the clip to its end."""
    clip, port, captured, *rest = sys.argv[1:]
    server = ThreadingHTTPServer(("127.0.0.1", int(port)), Viewer)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    camera = Camera(clip, float(rest[0]) if rest else 1e9)
    camera.start()
    with Path(captured).open("w", encoding="utf-8", buffering=1) as file:
        while True:
            ok, frame = camera.read()
            if not ok:
                break
            _, jpeg = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, 80])
            for pictures in viewers:
                pictures.put(jpeg.tobytes())
            file.write(json.dumps({"frame": camera.number, "captured_at": camera.captured_at}) + "\n")


if __name__ == "__main__":
    main()
