"""`livecam clips report`: one page about one video that needs nothing but itself.

No script, style, picture or font comes from elsewhere, and the page's own policy forbids it. Everything that
somebody else wrote is escaped by the template engine; data for the player is JSON in an element that is not
run.
"""

from __future__ import annotations

import base64
import hashlib
import os
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from livecam import __version__
from livecam.errors import OutputError
from livecam.overlay.theme import EMOTION_COLOURS, UNSURE
from livecam.overlay.wording import ADJECTIVES, UNCLEAR
from livecam.reports import facts
from livecam.reports.inputs import Findings, ReportInputs, gather
from livecam.reports.player_data import as_script, player_data
from livecam.reports.timeline import LEFT, RIGHT, timeline_of
from livecam.whole_file import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from jinja2 import Template

    from livecam.overlay.theme import Colour

__all__ = ["ReportInputs", "build_report", "content_policy", "write_report"]

USUAL_FPS = 30.0


def write_report(inputs: ReportInputs, path: Path) -> Path:
    """Write the page, whole or not at all, for its owner alone; return its path.

    Args:
        inputs: what it is made from.
        path: replaced if it exists.

    Raises:
        OutputError: the sidecar, the results or the video cannot be read, or the page cannot be written.
    """
    page = build_report(inputs, folder=path.parent)
    write_whole(path, page.encode("utf-8", "backslashreplace"))
    return path


def build_report(inputs: ReportInputs, *, folder: Path | None = None) -> str:
    """Return the page.

    Args:
        inputs: what it is made from.
        folder: in which it will lie: a video that is too long to be put into it is named from there. None:
            as an absolute address.

    Raises:
        OutputError: the sidecar, the results or the video cannot be read.
    """
    findings = gather(inputs)
    address, problem = _video_address(inputs, findings, folder)
    style, script = _styles(), _asset("report.js")
    return _template().render(
        **_texts(inputs, findings),
        policy=content_policy(),
        style=Markup(style),  # noqa: S704  our own file
        script=Markup(script),  # noqa: S704  our own file
        data=Markup(as_script(_data(findings))),  # noqa: S704  escaped for where it stands
        video_address=address,
        video_problem=problem,
        width=findings.width,
        height=findings.height,
        duration=round(findings.duration, 3),
        left=LEFT,
        right=RIGHT,
    )


def content_policy() -> str:
    """Return the policy that every page says of itself, for a server to say it too.

    Only the page's own script and style run, told by their hashes.
    """
    return _policy(_styles(), _asset("report.js"))


def _texts(inputs: ReportInputs, findings: Findings) -> dict[str, Any]:
    persons = findings.persons
    return {
        "title": facts.plain(inputs.title),
        "summary": _summary(findings),
        "has_live": findings.header is not None,
        "has_stored": findings.results is not None,
        "has_faces": bool(persons),
        "agreement": facts.agreement_text(persons),
        "timeline": timeline_of(
            persons,
            findings.duration,
            has_live=findings.header is not None,
            has_stored=findings.results is not None,
        ),
        "legend": [(emotion.lower(), word) for emotion, word in ADJECTIVES.items()],
        "faces": facts.face_rows(persons),
        "facts": facts.video_facts(inputs, findings),
        "analysis": facts.analysis_facts(findings),
        "jobs": facts.job_rows(inputs.jobs),
        "cost": facts.cost_facts(inputs, findings),
        "damaged": findings.damaged,
        "version": __version__,
        "made_at": inputs.made_at.isoformat(sep=" ", timespec="seconds"),
    }


def _summary(findings: Findings) -> str:
    count = len(findings.persons)
    persons = "1 person" if count == 1 else f"{count} persons"
    sources = [
        *(["live labels"] if findings.header is not None else []),
        *(["stored-video results"] if findings.results is not None else []),
    ]
    told = " and ".join(sources) or "neither live labels nor stored-video results"
    return f"{persons} in {findings.duration:.1f} seconds; from {told}."


def _data(findings: Findings) -> dict[str, Any]:
    colours = {emotion.lower(): _css(colour) for emotion, colour in EMOTION_COLOURS.items()}
    return player_data(findings) | {
        "width": findings.width,
        "height": findings.height,
        "fps": (findings.video.fps if findings.video is not None else 0.0) or USUAL_FPS,
        "colours": {**colours, UNCLEAR: _css(UNSURE)},
    }


def _video_address(
    inputs: ReportInputs, findings: Findings, folder: Path | None
) -> tuple[str | None, str | None]:
    """Return where the page's video is, and what has to be said about it."""
    video, known = inputs.video, findings.video
    if video is None or known is None:
        return None, "The video is not on this machine: the boxes are drawn on an empty stage."
    if known.codec not in {"h264", "vp8", "vp9", "av1"}:
        return None, f"Browsers do not play {known.codec}: the boxes are drawn on an empty stage."
    if inputs.video_address is not None:
        return inputs.video_address, None
    if known.size <= inputs.embedded_up_to:
        return _embedded(video), None
    place = video.absolute() if folder is None else os.path.relpath(video.absolute(), folder.absolute())
    address = quote(str(place).replace(os.sep, "/"))
    # Without "./" a name with a colon would be taken for a scheme.
    return (f"file://{address}" if folder is None else f"./{address}"), (
        "The video is too large to be put into this page: it is played from its own file, and stays with the"
        " page only if both are moved together."
    )


def _embedded(video: Path) -> str:
    try:
        return f"data:video/mp4;base64,{base64.b64encode(video.read_bytes()).decode('ascii')}"
    except OSError as error:
        raise OutputError(f"{video} cannot be read: {error.strerror or error}") from error


def _policy(style: str, script: str) -> str:
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {_hash(script)}",
            f"style-src {_hash(style)}",
            "media-src data: blob: file: 'self'",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


@cache
def _styles() -> str:
    """Return the style sheet with the colours that the overlay has."""
    lines = [
        f".{emotion.lower()} {{ fill: {_css(colour)}; }}\n" for emotion, colour in EMOTION_COLOURS.items()
    ]
    return _asset("report.css") + "".join(lines)


def _css(colour: Colour) -> str:
    blue, green, red = colour
    return f"#{red:02x}{green:02x}{blue:02x}"


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_asset("report.html.j2"))


def _asset(name: str) -> str:
    # A checkout may have made CRLF of line ends, which a browser undoes before it checks a hash.
    text = resources.files("livecam.reports").joinpath("page", name).read_text("utf-8")
    return text.replace("\r\n", "\n")
