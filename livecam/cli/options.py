"""The flags that several commands share.

Values are texts here: `config/` alone says what is allowed, and names the value when it is not.
Defaults live there too and are repeated in the help, since loading them takes longer than helping.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

SOURCE = "Source"
DETECTION = "Detection"
REKOGNITION = "Rekognition"
COST = "Cost"
PICTURE = "Picture"
OUTPUTS = "Outputs"
MESSAGES = "Messages"
PRIVACY = "Privacy"


def offer(*words: str) -> Callable[[str], list[str]]:
    """Return what completes a half-typed value."""

    def complete(incomplete: str) -> list[str]:
        return [word for word in words if word.startswith(incomplete)]

    return complete


def _offer_detectors(incomplete: str) -> list[str]:
    from livecam import plugins

    return offer("auto", "rekognition", "on-device", "none", *plugins.names(plugins.DETECTORS))(incomplete)


Source = Annotated[
    str | None,
    typer.Argument(
        help="Camera index or device, video, picture, folder of pictures, stream address, browser (the camera"
        " of whoever opens the page), or demo (a scene that needs no camera). (default: 0)",
        show_default=False,
        autocompletion=offer("browser", "demo"),
    ),
]
Wait = Annotated[
    bool | None,
    typer.Option("--wait", help="Keep trying a source that is not there yet.", rich_help_panel=SOURCE),
]
Size = Annotated[
    str | None,
    typer.Option(
        metavar="WxH", help="Pixels to ask a camera for. (default: 1280x720)", rich_help_panel=SOURCE
    ),
]
Fps = Annotated[
    str | None,
    typer.Option(
        metavar="NUMBER", help="Frames per second to ask a camera for. (default: 30)", rich_help_panel=SOURCE
    ),
]
Fast = Annotated[
    bool | None,
    typer.Option("--fast", help="Play a file as fast as it can be read.", rich_help_panel=SOURCE),
]
Duration = Annotated[
    str | None,
    typer.Option(
        metavar="SECONDS",
        help="Seconds from the first frame to the end. (default: no end)",
        rich_help_panel=SOURCE,
    ),
]
Detector = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="What finds faces: auto, rekognition, on-device, none or a plugin's name. (default: auto)",
        autocompletion=_offer_detectors,
        rich_help_panel=DETECTION,
    ),
]
Rate = Annotated[
    str | None,
    typer.Option(
        metavar="NUMBER",
        help="Detector calls per second. (default: Rekognition 2, on-device 10)",
        rich_help_panel=DETECTION,
    ),
]
Deadline = Annotated[
    str | None,
    typer.Option(
        metavar="SECONDS",
        help="Seconds after which a call is given up. (default: 3)",
        rich_help_panel=DETECTION,
    ),
]
Roi = Annotated[
    str | None,
    typer.Option(
        metavar="L,T,W,H",
        help="Look for faces only here: left, top, width, height in fractions (0-1) of the unmirrored"
        " picture. (default: everywhere)",
        rich_help_panel=DETECTION,
    ),
]
Mask = Annotated[
    list[str] | None,
    typer.Option(
        metavar="L,T,W,H",
        help="Keep this part black in what is shown, recorded and sent; as --roi; may be repeated.",
        show_default=False,
        rich_help_panel=DETECTION,
    ),
]
Finder = Annotated[
    str | None,
    typer.Option(
        metavar="NUMBER",
        help="Looks per second for faces on this machine, so that boxes stay on them between calls: a number,"
        " auto (5 where it is of use) or off. (default: auto)",
        autocompletion=offer("auto", "off"),
        rich_help_panel=DETECTION,
    ),
]
InFlight = Annotated[
    str | None,
    typer.Option(
        metavar="NUMBER",
        help="Calls that may run at the same time. (default: 2)",
        rich_help_panel=REKOGNITION,
    ),
]
Policy = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Which frames are worth a call: every, as the rate allows; changed, when a face did; smart,"
        " which learns what a change is. (default: smart for paid calls, else every)",
        autocompletion=offer("every", "changed", "smart"),
        rich_help_panel=REKOGNITION,
    ),
]
Budget = Annotated[
    str | None,
    typer.Option(
        metavar="USD",
        help="What this run may cost: then paid calls stop, and the picture goes on.",
        rich_help_panel=COST,
    ),
]
DailyBudget = Annotated[
    str | None,
    typer.Option(
        metavar="USD",
        help="What all runs with such a budget may cost together in a UTC day.",
        rich_help_panel=COST,
    ),
]
Prices = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="TOML or JSON with your prices.",
        show_default=False,
        rich_help_panel=COST,
    ),
]
Quota = Annotated[
    str | None,
    typer.Option(
        metavar="NUMBER",
        help="Calls per second that AWS allows your account.",
        rich_help_panel=COST,
    ),
]
DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run",
        help="Estimate what it would cost from a minute of the source, or --duration; nothing is sent.",
        rich_help_panel=COST,
    ),
]
NobodyCheck = Annotated[
    str | None,
    typer.Option(
        metavar="SECONDS|off",
        help="How often a room without anybody is looked at. (default: 60)",
        rich_help_panel=REKOGNITION,
    ),
]
Fallback = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="What answers while Rekognition cannot: on-device or none. (default: none)",
        autocompletion=offer("on-device", "none"),
        rich_help_panel=REKOGNITION,
    ),
]
Attributes = Annotated[
    str | None,
    typer.Option(
        metavar="A,B",
        help="What is asked about each face. (default: EMOTIONS)",
        rich_help_panel=REKOGNITION,
    ),
]
Width = Annotated[
    str | None,
    typer.Option(
        metavar="PIXELS",
        help="Width of the picture that is sent. (default: 640)",
        rich_help_panel=REKOGNITION,
    ),
]
Quality = Annotated[
    str | None,
    typer.Option(
        metavar="NUMBER",
        help="JPEG quality of the picture that is sent, 10 to 100. (default: 80)",
        rich_help_panel=REKOGNITION,
    ),
]
Region = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="AWS Region, such as us-east-1.",
        rich_help_panel=REKOGNITION,
    ),
]
Profile = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="AWS profile.",
        rich_help_panel=REKOGNITION,
    ),
]
EndpointUrl = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="Address of the service, such as that of livecam local-aws.",
        rich_help_panel=REKOGNITION,
    ),
]
Yes = Annotated[
    bool,
    typer.Option(
        "--yes", help="Agree, for this run, to send pictures to AWS and to pay.", rich_help_panel=REKOGNITION
    ),
]
View = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Live picture: auto (a window where there is a display), window, web (in a browser) or none."
        " (default: auto)",
        autocompletion=offer("auto", "window", "web", "none"),
        rich_help_panel=PICTURE,
    ),
]
Mode = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="live, or aligned: the picture is held back until the answers about it may be there."
        " (default: live)",
        autocompletion=offer("live", "aligned"),
        rich_help_panel=PICTURE,
    ),
]
Mirror = Annotated[
    bool | None,
    typer.Option(
        "--mirror/--no-mirror",
        help="Show the picture as a mirror would. (default: cameras on, all else off)",
        show_default=False,
        rich_help_panel=PICTURE,
    ),
]
Bars = Annotated[
    bool | None, typer.Option("--bars", help="Show all scores as bars.", rich_help_panel=PICTURE)
]
Output = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE.mp4",
        help="Write the annotated picture to this MP4 (H.264); for pictures a .jpg or a folder.",
        show_default=False,
        rich_help_panel=OUTPUTS,
    ),
]
Trace = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE.jsonl",
        help="Write one JSON line per displayed frame.",
        show_default=False,
        rich_help_panel=OUTPUTS,
    ),
]
Events = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE.jsonl",
        help="Write one JSON line per thing that happened.",
        show_default=False,
        rich_help_panel=OUTPUTS,
    ),
]
Csv = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE.csv",
        help="Write emotions over time as a table.",
        show_default=False,
        rich_help_panel=OUTPUTS,
    ),
]
Sink = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME[:ARG]",
        help="Write to an installed plugin; may be repeated.",
        show_default=False,
        rich_help_panel=OUTPUTS,
    ),
]
Webhook = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="Send what happens to this http or https address; signed with LIVECAM_WEBHOOK_SECRET.",
        rich_help_panel=OUTPUTS,
    ),
]
WebhookEvents = Annotated[
    str | None,
    typer.Option(
        metavar="A,B",
        help="Event types to send, or all. (default: source_troubled, source_recovered,"
        " detector_unavailable, output_failed, source_ended)",
        rich_help_panel=OUTPUTS,
    ),
]
Json = Annotated[
    bool,
    typer.Option("--json", help="Print the summary as JSON, and nothing else.", rich_help_panel=OUTPUTS),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print one JSON object, and nothing else.", rich_help_panel=OUTPUTS)
]
LogFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Add what happens to this file, a line each; at 10 MB it is set aside, five times.",
        show_default=False,
        rich_help_panel=MESSAGES,
    ),
]
Verbose = Annotated[
    int,
    typer.Option(
        "-v",
        "--verbose",
        count=True,
        show_default=False,
        help="Say more; twice: all.",
        rich_help_panel=MESSAGES,
    ),
]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Say errors only.", rich_help_panel=MESSAGES)]
Debug = Annotated[
    bool, typer.Option("--debug", help="Show tracebacks and all messages.", rich_help_panel=MESSAGES)
]
