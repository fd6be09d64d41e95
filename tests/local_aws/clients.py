"""Clients of the endpoint: an unmodified boto3, and a bare socket for what is on the wire."""

from __future__ import annotations

import base64
import json
import socket
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

import boto3  # type: ignore[import-untyped]
import numpy as np
from botocore.auth import SigV4Auth  # type: ignore[import-untyped]
from botocore.awsrequest import AWSRequest  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]
from botocore.credentials import Credentials  # type: ignore[import-untyped]

from livecam.local_aws.endpoint import KEY, SECRET
from livecam.native import cv2

if TYPE_CHECKING:
    from collections.abc import Iterator

Client: TypeAlias = Any
"""boto3 makes its classes at run time."""
ONE_ATTEMPT = Config(
    connect_timeout=5, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 1}
)


@cache
def _session() -> Client:
    return boto3.Session()


def client(
    service: str, url: str, *, key: str = KEY, secret: str = SECRET, token: str | None = None
) -> Client:
    """Return an unmodified boto3 client that tries once."""
    return _session().client(
        service,
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
        config=ONE_ATTEMPT,
    )


def a_jpeg(width: int = 160, height: int = 120) -> bytes:
    """Return a grey picture with a slope."""
    row = np.linspace(60, 200, width, dtype=np.uint8)
    image = np.repeat(np.tile(row, (height, 1))[:, :, None], 3, axis=2)
    _, encoded = cv2.imencode(".jpg", image)
    return encoded.tobytes()


def a_png(width: int = 160, height: int = 120) -> bytes:
    """Return a grey picture."""
    _, encoded = cv2.imencode(".png", np.full((height, width, 3), 90, np.uint8))
    return encoded.tobytes()


def signed_request(
    url: str,
    content: dict[str, Any] | None = None,
    *,
    operation: str = "DetectFaces",
    secret: str = SECRET,
    headers: dict[str, str] | None = None,
    body: bytes | None = None,
) -> bytes:
    """Return a whole HTTP request for Rekognition as it goes over the wire; `body` in the place of JSON."""
    asked = {"Image": {"Bytes": base64.b64encode(a_jpeg()).decode()}} if content is None else content
    body = json.dumps(asked).encode() if body is None else body
    request = AWSRequest(
        method="POST",
        url=url + "/",
        data=body,
        headers={"X-Amz-Target": f"RekognitionService.{operation}", "Host": url.partition("://")[2]},
    )
    SigV4Auth(Credentials(KEY, secret), "rekognition", "us-east-1").add_auth(request)
    lines = {**dict(request.headers.items()), "Content-Length": str(len(body)), **(headers or {})}
    head = "POST / HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return head.encode() + b"\r\n" + body


@contextmanager
def connected(port: int, *, timeout: float = 5.0) -> Iterator[socket.socket]:
    """Give a bare socket to the endpoint."""
    with socket.create_connection(("127.0.0.1", port), timeout) as wire:
        yield wire


def everything_from(wire: socket.socket) -> bytes:
    """Return all that comes until the other side closes."""
    received = bytearray()
    while data := wire.recv(65536):
        received += data
    return bytes(received)


def answer_from(wire: socket.socket) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers (lower case) and body of one answer."""
    file = wire.makefile("rb")
    status = int(file.readline().split()[1])
    headers: dict[str, str] = {}
    while line := file.readline().strip():
        name, _, value = line.decode().partition(": ")
        headers[name.lower()] = value
    return status, headers, file.read(int(headers.get("content-length", "0")))
