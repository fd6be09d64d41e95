"""Stands before everything: who may not ask is refused, and every answer has headers that keep it safe."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from livecam.dashboard.access import LONGEST_HEADER, cookie_name, is_own_origin

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from livecam.dashboard.access import Access

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; media-src 'self' blob:; worker-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
POLICY_HEADER = "Content-Security-Policy"
SECURITY_HEADERS = {
    POLICY_HEADER: CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
NO_TOKEN = "open the address that livecam printed: it holds the token that is missing here\n"  # noqa: S105
STRIPPED = '<!doctype html><meta http-equiv="refresh" content="0;url=/"><title>livecam</title>\n'
"""Goes on to the page. A redirect would still count as the other page's, and the cookie would be left out."""
POLICY_VIOLATION = 1008
READS = ("GET", "HEAD")


class Guard:
    """ASGI middleware that applies an `Access`.

    Args:
        app: what is guarded.
        access: its rules.
    """

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self.app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await self._request(scope, receive, _with_headers(send))

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._refusal(scope, needs_origin=True) is None:
            await self.app(scope, receive, send)
            return
        await receive()  # the opening; a close before the acceptance is answered with 403
        await send({"type": "websocket.close", "code": POLICY_VIOLATION, "reason": ""})

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        entry = self._entry(scope)
        refusal = self._refusal(scope, needs_origin=scope["method"] not in READS) if entry is None else None
        if entry is not None:
            await entry(scope, receive, send)
        elif refusal is not None:
            await PlainTextResponse(refusal, status_code=403)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _entry(self, scope: Scope) -> Response | None:
        """Return the answer to the address that was printed: the cookie, and on to the page without token."""
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if scope["path"] != "/" or scope["method"] not in READS or not self._access.is_own_host(host):
            return None
        tokens = parse_qs(scope.get("query_string", b"")[:LONGEST_HEADER].decode("latin-1")).get("t", [])
        if len(tokens) != 1 or not (self._access.is_token(tokens[0]) or self._access.takes_ticket(tokens[0])):
            return None
        site = headers.get("sec-fetch-site", "none")
        if site in ("none", "same-origin"):
            answer: Response = RedirectResponse("/", status_code=303)
        elif headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document":
            answer = HTMLResponse(STRIPPED)
        else:
            return None
        answer.set_cookie(cookie_name(host), self._access.cookie, httponly=True, samesite="strict", path="/")
        return answer

    def _refusal(self, scope: Scope, *, needs_origin: bool) -> str | None:
        """Return why a request is refused, in a sentence; None when it may pass."""
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        if len(headers.getlist("host")) != 1 or not self._access.is_own_host(host):
            return "this name of the machine is not known to livecam: start it with --allow-host NAME\n"
        # Each of them: what stands before livecam may look at another one than it does.
        is_foreign = not all(is_own_origin(each, host) for each in headers.getlist("origin"))
        if is_foreign or not {"none", "same-origin"}.issuperset(headers.getlist("sec-fetch-site")):
            return "refused: another page asked for this\n"
        if self._access.is_authorization(headers.get("authorization", "")):
            return None  # no browser sends it by itself
        if not self._has_cookie(headers.get("cookie", ""), host):
            return NO_TOKEN
        if needs_origin and origin is None:
            return "refused: no Origin; a program sends Authorization: Bearer TOKEN instead\n"
        return None

    def _has_cookie(self, header: str, host: str) -> bool:
        if len(header) > LONGEST_HEADER:
            return False
        try:
            found = SimpleCookie(header).get(cookie_name(host))
        except CookieError:
            return False
        return found is not None and self._access.is_cookie(found.value)


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            own = headers.get(POLICY_HEADER)  # a page that holds its script has a policy that lets it run
            for name, value in SECURITY_HEADERS.items():
                headers[name] = value
            headers[POLICY_HEADER] = own or CONTENT_POLICY
        await send(message)

    return sending
