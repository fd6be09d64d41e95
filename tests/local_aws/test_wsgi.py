from __future__ import annotations

from typing import TYPE_CHECKING, Any

from livecam.local_aws.http_messages import Request
from livecam.local_aws.wsgi import call, environ

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Start = "Callable[[str, list[tuple[str, str]]], None]"


def a_request(method: str = "PUT", body: bytes = b"abc") -> Request:
    headers = [("Host", "127.0.0.1:9"), ("Content-Type", "text/x"), ("X-A", "1"), ("X-A", "2")]
    return Request(method, "/b/%C3%BC%20x?versionId=1", headers, 0.0, 0.0, body)


class Application:
    """Answers what it is told, and notes whether its answer was closed."""

    def __init__(self, status: str, headers: list[tuple[str, str]], *parts: bytes) -> None:
        self._answer = status, headers
        self._parts = parts
        self.is_closed = False

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Application:
        start_response(*self._answer)
        return self

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._parts)

    def close(self) -> None:
        self.is_closed = True


def test_the_environment_is_as_pep_3333_says() -> None:
    values = environ(a_request(), scheme="http", port=9)
    assert values["PATH_INFO"].encode("latin-1").decode() == "/b/ü x"
    assert (values["QUERY_STRING"], values["RAW_URI"]) == ("versionId=1", "/b/%C3%BC%20x?versionId=1")
    assert (values["CONTENT_LENGTH"], values["CONTENT_TYPE"]) == ("3", "text/x")
    assert (values["HTTP_X_A"], values["HTTP_HOST"]) == ("1,2", "127.0.0.1:9")
    assert values["wsgi.input"].read() == b"abc"


def test_an_answer_is_put_together_and_closed() -> None:
    application = Application("404 Not Found", [("Content-Length", "9"), ("Connection", "x")], b"a", b"b")
    response = call(application, a_request(), scheme="http", port=9)
    assert (response.status, response.body, response.headers) == (404, b"ab", [])
    assert response.outcome == "HTTP 404"
    assert application.is_closed


def test_an_answer_to_head_has_no_body_and_keeps_its_length() -> None:
    application = Application("200 OK", [("Content-Length", "9")], b"")
    response = call(application, a_request("HEAD", b""), scheme="http", port=9)
    assert (response.body, response.headers, response.outcome) == (b"", [("Content-Length", "9")], "ok")


def test_an_answer_that_may_have_no_body_has_none() -> None:
    assert call(Application("204 No Content", [], b"x"), a_request(), scheme="http", port=9).body == b""
