"""Faults of a camera and of streams."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from fault import Fault, simply

from tests.servers import Server, mjpeg_server, rtsp_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fault import Outage, SetUp
    from trial import Trial


def _mood(mood: str) -> SetUp:
    @contextlib.contextmanager
    def outage(trial: Trial) -> Iterator[None]:
        device = trial.work / "dev" / "video0"
        trial.mood(mood)
        if mood == "unplugged":
            device.unlink()
        yield
        device.touch()
        trial.mood("well")

    return simply(outage)


def _stream(make: Callable[[], Server], address: str, hurt: str, mend: str) -> SetUp:
    """Return the setting up of a stream whose server is hurt and mended by two of its methods."""

    @contextlib.contextmanager
    def set_up(trial: Trial) -> Iterator[Outage]:
        with make() as server:
            trial.source = address.format(server.port)

            @contextlib.contextmanager
            def outage() -> Iterator[None]:
                getattr(server, hurt)()
                yield
                getattr(server, mend)()

            yield outage

    return set_up


_RTSP, _HTTP = "rtsp://127.0.0.1:{}/cam", "http://127.0.0.1:{}/video"

AGAIN = "opening it again|trying again"
SILENT = "no picture"
FAULTS = {
    "unplugged": Fault(
        "camera unplugged, and back", _mood("unplugged"), "unplugged|plugged in", has_picture=False
    ),
    "hangs": Fault("the camera's driver hangs", _mood("hangs"), SILENT, has_picture=False),
    "frozen": Fault("the camera sends the same pixels", _mood("same"), "same picture"),
    "black": Fault("the lens is covered", _mood("black"), "black"),
    "slow": Fault("5 pictures a second instead of 30", _mood("slow"), "slow"),
    "rtsp-killed": Fault(
        "RTSP server killed, and started again",
        _stream(rtsp_server, _RTSP, "kill", "start"),
        AGAIN,
        has_picture=False,
    ),
    "rtsp-frozen": Fault(
        "RTSP server stopped, and let go on",
        _stream(rtsp_server, _RTSP, "freeze", "thaw"),
        SILENT,
        has_picture=False,
    ),
    "mjpeg-killed": Fault(
        "MJPEG server killed, and started again",
        _stream(mjpeg_server, _HTTP, "kill", "start"),
        AGAIN,
        has_picture=False,
    ),
    "mjpeg-frozen": Fault(
        "MJPEG server stopped, and let go on",
        _stream(mjpeg_server, _HTTP, "freeze", "thaw"),
        SILENT,
        has_picture=False,
    ),
}
