"""`/api/clips`, `/clips/ID.mp4`, `/clips/ID/report`: what is known of clips, their videos and reports."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from livecam.dashboard.clip_video import video_answer
from livecam.dashboard.clips import NO_CLIP, NotServed, listed
from livecam.dashboard.side_work import SideWork, TooBusy

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from livecam.dashboard.clips import ClipShelf
    from livecam.dashboard.parts import DashboardParts

Result = TypeVar("Result")

NOTHING_RECORDED = "this run cannot record, so that it has no clips"
ENDING = "livecam is ending\n"
BUSY = "too much is asked at once; try again in a moment\n"
REPORT_ALONE = "frame-ancestors 'none'"
"""Said of a report beside its own policy, which lets nothing but its own script run, told by its hash.

No sandbox: its video would not be served to another origin, and one of this origin is none."""


def clip_routes(parts: DashboardParts) -> list[Route]:
    """Return the routes of clips, which there may be none of: see `DashboardParts.clips`."""
    clips = _Clips(parts)
    return [
        Route("/api/clips", clips.listing),
        Route("/api/clips/{clip:path}", clips.details),
        Route("/clips/{clip}.mp4", clips.video),
        Route("/clips/{clip}/report", clips.report),
        Route("/clips/{clip:path}", clips.nothing),
    ]


class _Clips:
    """The routes; each takes a request and returns its answer."""

    def __init__(self, parts: DashboardParts) -> None:
        self._shelf = parts.clips
        self._closing = parts.hub.closing
        self._side = SideWork()

    async def listing(self, _request: Request) -> Response:
        if self._shelf is None:
            return JSONResponse(listed([], problem=NOTHING_RECORDED))
        try:
            return JSONResponse(await self._do(self._shelf.listing))
        except NotServed as error:
            return _as_json(error)

    async def details(self, request: Request) -> Response:
        clip = request.path_params["clip"]
        try:
            return JSONResponse(await self._of_shelf(lambda shelf: shelf.details(clip)))
        except NotServed as error:
            return _as_json(error)

    async def video(self, request: Request) -> Response:
        clip = request.path_params["clip"]
        try:
            return video_answer(request, *await self._of_shelf(lambda shelf: shelf.open_video(clip)))
        except NotServed as error:
            return _as_text(error)

    async def report(self, request: Request) -> Response:
        clip = request.path_params["clip"]
        try:
            page = await self._of_shelf(lambda shelf: shelf.report(clip))
        except NotServed as error:
            return _as_text(error)
        policy = f"{page.policy}; {REPORT_ALONE}"
        return Response(page.content, media_type="text/html", headers={"Content-Security-Policy": policy})

    async def nothing(self, _request: Request) -> Response:
        return _as_text(NotServed(404, NO_CLIP))

    async def _of_shelf(self, ask: Callable[[ClipShelf], Result]) -> Result:
        shelf = self._shelf
        if shelf is None:
            raise NotServed(404, NO_CLIP)
        return await self._do(lambda: ask(shelf))

    async def _do(self, work: Callable[[], Result]) -> Result:
        """Return what a piece of work returns; the end of the server does not wait for it."""
        working = asyncio.ensure_future(self._side.do(work))
        closing = asyncio.ensure_future(self._closing.wait())
        try:
            await asyncio.wait({working, closing}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                raise NotServed(503, ENDING)
            return working.result()
        except TooBusy as error:
            raise NotServed(503, BUSY) from error
        finally:
            working.cancel()
            closing.cancel()


def _as_text(error: NotServed) -> Response:
    return PlainTextResponse(str(error), status_code=error.status)


def _as_json(error: NotServed) -> Response:
    return JSONResponse({"ok": False, "error": str(error).strip()}, status_code=error.status)
