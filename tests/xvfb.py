"""A display that nobody sees."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.requirements import skip_unless

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def virtual_display() -> Iterator[str]:
    """Start an X server of our own and yield its name, such as ":5"; it has no window manager."""
    skip_unless(shutil.which("Xvfb") is not None, "Xvfb is not installed")
    reading, writing = os.pipe()
    command = [
        "Xvfb",
        "-displayfd",
        str(writing),
        "-screen",
        "0",
        "1280x800x24",
        "-nolisten",
        "tcp",
        "-noreset",
    ]
    server = subprocess.Popen(
        command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(writing)
    try:
        with os.fdopen(reading, encoding="ascii") as pipe:
            number = pipe.readline().strip()
        assert number, "Xvfb did not start"
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(10)


CLOSE_BUTTON = """
import ctypes, sys
xlib = ctypes.CDLL("libX11.so.6")
xlib.XOpenDisplay.restype = ctypes.c_void_p
xlib.XInternAtom.restype = ctypes.c_ulong
xlib.XInternAtom.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
xlib.XSendEvent.argtypes = [ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_long, ctypes.c_void_p]
xlib.XCloseDisplay.argtypes = [ctypes.c_void_p]
class ClientMessage(ctypes.Structure):
    _fields_ = [("type", ctypes.c_int), ("serial", ctypes.c_ulong), ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p), ("window", ctypes.c_ulong), ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int), ("data", ctypes.c_long * 5), ("rest_of_XEvent", ctypes.c_long * 24)]
display, window = xlib.XOpenDisplay(None), int(sys.argv[1])
protocols = xlib.XInternAtom(display, b"WM_PROTOCOLS", 0)
message = ClientMessage(type=33, window=window, message_type=protocols, format=32)
message.data[0] = xlib.XInternAtom(display, b"WM_DELETE_WINDOW", 0)
assert xlib.XSendEvent(display, window, 0, 0, ctypes.byref(message))
xlib.XCloseDisplay(display)
"""


def ask_to_close(window: str, display: str) -> None:
    """Do what a window manager does when the user clicks on a window's close button."""
    environment = os.environ | {"DISPLAY": display}
    subprocess.run([sys.executable, "-c", CLOSE_BUTTON, window], env=environment, check=True, timeout=30)
