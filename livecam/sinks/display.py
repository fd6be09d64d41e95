"""Whether a window can be shown, found out without touching OpenCV's window code.

On Linux that code aborts the whole process when there is no display, and no exception can be caught
(SIGABRT without DISPLAY, with a dead one, under Wayland alone, and on Qt's offscreen platform).
"""

from __future__ import annotations

import ctypes
import os
import sys

from livecam import local_only
from livecam.native import cv2


def why_no_window() -> str | None:
    """Return why no window can be shown, in one clause; None when one can."""
    if not has_window_code():
        return "this OpenCV has no window code (opencv-python-headless)"
    if sys.platform in ("darwin", "win32"):
        # A remote login has no screen of its own; nothing cheaper is known to tell.
        return "this is a remote login" if "SSH_CONNECTION" in os.environ else None
    if not os.environ.get("DISPLAY"):
        return "no display (DISPLAY is not set)"
    if can_connect_to_x():
        return None
    why = "does not answer" + (" without a connection, and local-only is set" if local_only.set_by() else "")
    return f"the display {os.environ['DISPLAY']} {why}"


def has_window_code() -> bool:
    """Return whether OpenCV was built with windows; its headless wheel was not."""
    gui = next((line for line in cv2.getBuildInformation().splitlines() if "GUI:" in line), "GUI: NONE")
    return gui.split(":")[1].strip().upper() not in ("", "NONE", "NO")


def can_connect_to_x() -> bool:
    """Return whether the X server that DISPLAY names takes a connection (2-9 ms)."""
    name: bytes | None = None  # as DISPLAY says; TCP is tried too where its own socket does not answer
    if local_only.set_by() is not None:
        display = os.environ.get("DISPLAY", "")
        host = display.rpartition(":")[0].removeprefix("unix/")
        if host not in ("", "unix") and not host.startswith("/"):
            return False
        name = f"unix/:{display.rpartition(':')[2]}".encode() if host in ("", "unix") else display.encode()
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return False
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.POINTER(ctypes.c_int)]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(name, None)
    try:
        return not xcb.xcb_connection_has_error(connection)
    finally:
        xcb.xcb_disconnect(connection)
