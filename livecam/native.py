"""The one place that imports OpenCV and PyAV: OpenCV first, both told to be quiet.

With PyAV loaded first, opening an OpenCV window spins for ever: both wheels bundle libxcb, and the
first one loaded wins (reproduced under Xvfb; the other order works). ruff's banned-api rule sends
every other module here. Never imported by `import livecam` itself: it is heavy and it sets
environment variables, which OpenCV, FFmpeg and Qt read once, when they are loaded.
"""

from __future__ import annotations

import os

from livecam.errors import MissingDependency

QUIET = {
    "OPENCV_LOG_LEVEL": "SILENT",  # four messages for every camera that is not there
    "OPENCV_FFMPEG_LOGLEVEL": "-8",  # AV_LOG_QUIET: FFmpeg's own lines ignore the level above
    "QT_LOGGING_RULES": "*.warning=false",  # "Cannot find font directory", a dozen lines
}
PROMPT = {
    # Seconds (10 by default) that a read waits for a V4L2 camera which stalled: so long it keeps the
    # device, and the next connection finds it in use.
    "OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT": "2",
}
MOST_PIXELS = 250_000_000
"""Of a still picture: what phones make has 200 million. A file of 100 kB may claim OpenCV's own 2^30, which
take it 5 GB and half a minute."""
LIMITS = {"OPENCV_IO_MAX_IMAGE_PIXELS": str(MOST_PIXELS)}
for _name, _value in (QUIET | PROMPT | LIMITS).items():
    os.environ.setdefault(_name, _value)

try:
    import cv2 as cv2
except ImportError as error:  # pragma: no cover - needs a machine without libGL
    msg = (
        f"OpenCV cannot be loaded ({error}). On Debian or Ubuntu: apt-get install libgl1 libglib2.0-0"
        " libxcb1; or install opencv-python-headless of the same version in its place (no window then)."
    )
    raise MissingDependency(msg) from error

# PyAV ignores FFmpeg's messages unless told otherwise. It must not be told: any level calls back into
# Python from FFmpeg's decoder threads, which deadlocks closing a file and can abort the process at
# its end (both seen; docs/decisions/0002).
import av as av  # noqa: E402  after cv2, see above
