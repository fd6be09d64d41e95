"""An RTSP server of a moving test picture, for the tests; Debian's Python runs it, which has GStreamer.

It says "ready" on standard output once it can be connected to.
"""

from __future__ import annotations

import argparse
import os
from typing import Any

import gi  # type: ignore[import-not-found]

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import Gio, GLib, Gst, GstRtsp, GstRtspServer  # type: ignore[import-not-found]  # noqa: E402

ROLE = "viewer"
_MOVING = "videotestsrc is-live=true pattern=smpte horizontal-speed=4"
_STILL = "filesrc location={picture} ! jpegdec ! imagefreeze is-live=true ! videoconvert ! videoscale"
# "sliced-threads" comes with "zerolatency", and then the payloader loses some of the slices (1.22).
_ENCODED = (
    " ! video/x-raw,format=I420,width={width},height={height},framerate={fps}/1"
    " ! x264enc tune=zerolatency sliced-threads=false speed-preset=ultrafast bitrate=1500"
    " key-int-max={keyframe_every}"
    " ! rtph264pay name=pay0 pt=96 config-interval=-1"
)


def wanted() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--path", default="/cam")
    parser.add_argument("--width", type=int, default=640)
    parser.add_argument("--height", type=int, default=360)
    parser.add_argument("--fps", type=int, default=30)
    parser.add_argument("--keyframe-every", type=int, default=30, help="frames")
    parser.add_argument("--picture", help="JPEG file to show instead of moving bars")
    parser.add_argument("--user", help="with --password: what a client must say")
    parser.add_argument("--password", default="")
    parser.add_argument("--udp-only", action="store_true", help="refuse to send over TCP")
    parser.add_argument("--certificate", help="PEM file of certificate and key: speak TLS")
    return parser.parse_args()


def pipeline(options: argparse.Namespace) -> str:
    """Return GStreamer's description of the stream."""
    return (
        "( "
        + (_STILL if options.picture else _MOVING).format(**vars(options))
        + _ENCODED.format(**vars(options))
        + " )"
    )


def guard(options: argparse.Namespace, server: Any, factory: Any) -> None:  # noqa: ANN401  gi has no types
    """Ask for a password, speak TLS, or both."""
    auth = GstRtspServer.RTSPAuth()
    if options.certificate:
        auth.set_tls_certificate(Gio.TlsCertificate.new_from_file(options.certificate))
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", ROLE)
    if options.user:
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic(options.user, options.password), token)
    else:
        auth.set_default_token(token)
    permissions = GstRtspServer.RTSPPermissions()
    permissions.add_permission_for_role(ROLE, "media.factory.access", True)
    permissions.add_permission_for_role(ROLE, "media.factory.construct", True)
    factory.set_permissions(permissions)
    server.set_auth(auth)


def main() -> None:
    """Serve until killed."""
    options = wanted()
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(str(options.port))
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(pipeline(options))
    factory.set_shared(True)
    if options.udp_only:
        factory.set_protocols(GstRtsp.RTSPLowerTrans.UDP)
    if options.user or options.certificate:
        guard(options, server, factory)
    server.get_mount_points().add_factory(options.path, factory)
    if not server.attach(None):
        raise SystemExit(f"port {options.port} is taken")
    os.write(1, b"ready\n")
    GLib.MainLoop().run()


if __name__ == "__main__":
    main()
