from __future__ import annotations

import pytest

from livecam.local_aws.http_messages import MalformedRequest, Response, parse_head

HEAD = b"PUT /a%20b?x=1 HTTP/1.1\r\nHost: 127.0.0.1:1\r\nX-Amz-Meta: a: b \r\n\r\n"


def test_a_head_is_taken_apart() -> None:
    request = parse_head(HEAD, 7.0)
    assert (request.method, request.target, request.path) == ("PUT", "/a%20b?x=1", "/a%20b")
    assert request.header("x-amz-meta") == "a: b"
    assert request.header("absent") == ""
    assert request.arrived_at == 7.0


@pytest.mark.parametrize(
    ("line", "is_kept"),
    [(b"", True), (b"Connection: close\r\n", False), (b"Connection: keep-alive\r\n", True)],
)
def test_a_connection_is_kept_unless_the_client_says_no(line: bytes, *, is_kept: bool) -> None:
    assert parse_head(b"GET / HTTP/1.1\r\n" + line + b"\r\n", 0.0).keeps_alive is is_kept


def test_http_1_0_does_not_keep_its_connection() -> None:
    assert not parse_head(b"GET / HTTP/1.0\r\n\r\n", 0.0).keeps_alive


@pytest.mark.parametrize(
    "head",
    [b"GET /\r\n\r\n", b"GET / HTTP/2\r\n\r\n", b"GET / HTTP/1.1\r\nno colon\r\n\r\n", b"\x16\x03\r\n\r\n"],
)
def test_what_is_not_http_is_refused(head: bytes) -> None:
    with pytest.raises(MalformedRequest):
        parse_head(head, 0.0)


def test_a_head_says_how_long_the_body_is_unless_it_was_said() -> None:
    assert Response(200, b"abc").head() == b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"
    assert b"Content-Length: 9\r\n" in Response(200, b"", [("Content-Length", "9")]).head()
    assert Response(599, b"").head().startswith(b"HTTP/1.1 599 \r\n")
    assert b"Content-Length" not in Response(204, b"").head()
