"""What a setting's text may mean: one parser per kind of value, and the sentence that says what is allowed.

A text means the same as a flag, in a variable and in the settings file; the file may use its own lists
and numbers too. A parser says nothing of a bad value but that it is none: `problems.py` finds the words.
"""

from __future__ import annotations

import difflib
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, SecretStr

from livecam import events, plugins
from livecam.event_records import event_type
from livecam.face_attributes import FACE_ATTRIBUTES, known_attributes
from livecam.faces import BoundingBox
from livecam.recording.rules import parse_rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

DETECTORS = ("auto", "rekognition", "on-device", "none")
"""Detectors that need no plugin."""

EVENT_TYPES = tuple(
    event_type(kind.__new__(kind))
    for kind in vars(events).values()
    if isinstance(kind, type) and issubclass(kind, events.Event) and kind is not events.Event
)
"""Types of events, as they are named in JSON, in the order of `events.py`."""

FINDERS = ("auto", "off")
MOST_LOOKS = 30
"""Of the on-device finder per second: a camera's frames."""
FINDER_ALLOWED = f"auto, off or a number of looks per second from 0 (excluded) to {MOST_LOOKS}"

MOST_DOLLARS = 1_000_000
"""Of a budget; more is surely a slip."""

LEAST_NOBODY_CHECK = 1.0
"""Seconds; whoever wants more wants the policy every."""
LONGEST = 86_400 * 366
"""Seconds; a longer duration is surely a slip."""

DAY = 86_400
"""Seconds."""
MOST_DAYS = 36_600
COPIES = ("annotated", "blurred")
"""What may be made of a clip beside it."""
UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
BINARY_UNITS = {"ki": 2**10, "mi": 2**20, "gi": 2**30, "ti": 2**40}
LEAST_BYTES = 10**6
"""Whoever gives less has forgotten the unit."""
MOST_BYTES = 10**18
"""More than any disk."""


@dataclass(frozen=True, slots=True)
class Form:
    """How a setting is written: metadata of its type."""

    allowed: str
    """What may be given, such as "a number of seconds"; ends the sentence "give ..."."""
    example: Any
    """A value that can be used as it is, as the settings file would hold it."""


class Refusal(ValueError):
    """A bad value that needs more words than its form: "give ..." and what follows."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return "; did you mean X?" for the known word that is most like `word`, or nothing."""
    close = difflib.get_close_matches(word.casefold(), list(known), n=1)
    return f"; did you mean {close[0]}?" if close else ""


def one_of(words: Sequence[str]) -> str:
    """Return "a, b or c"."""
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else "".join(words)


def as_number(value: object) -> object:
    """Refuse true and false, which Python takes for numbers."""
    if isinstance(value, bool):
        raise ValueError  # noqa: TRY004  pydantic asks for ValueError
    return value


def _as_source(value: object) -> object:
    """Take a camera's index for the text that it is everywhere else."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _as_size(value: object) -> object:
    """Turn "1280x720" into (1280, 720); leave everything else to the type."""
    if isinstance(value, str):
        found = re.fullmatch(r"\s*(\d{1,9})\s*[xX]\s*(\d{1,9})\s*", value)
        if not found:
            raise ValueError
        return int(found[1]), int(found[2])
    return value


def _as_box(value: object) -> BoundingBox:
    """Return the box that "L,T,W,H" or four numbers stand for; it lies inside the picture."""
    if isinstance(value, BoundingBox):
        value = (value.left, value.top, value.width, value.height)
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list | tuple) or any(isinstance(part, bool) for part in parts):
        raise ValueError
    try:
        left, top, width, height = map(float, parts)
    except (TypeError, OverflowError) as error:  # pydantic takes a ValueError only
        raise ValueError from error
    box = BoundingBox(left, top, width, height)
    slack = 1e-6  # 0.7 + 0.3 may be a little more than 1
    if not all(map(math.isfinite, (left, top, width, height))) or min(left, top) < 0:
        raise ValueError
    if min(width, height) <= 0 or max(box.right, box.bottom) > 1 + slack:
        raise ValueError
    return box


def _as_boxes(value: object) -> tuple[BoundingBox, ...]:
    """Return the boxes of a list of them, or of one text with a ";" between two."""
    if isinstance(value, str):
        return tuple(_as_box(part) for part in value.split(";") if part.strip())
    if not isinstance(value, list | tuple):
        raise ValueError  # noqa: TRY004
    if value and all(isinstance(part, int | float) for part in value):
        return (_as_box(value),)
    return tuple(_as_box(part) for part in value)


def as_texts(separator: str) -> Callable[[object], tuple[str, ...]]:
    """Return a parser of a list of texts, or of one text with separators in it."""

    def parse(value: object) -> tuple[str, ...]:
        parts = value.split(separator) if isinstance(value, str) else value
        if not isinstance(parts, list | tuple) or not all(isinstance(part, str) for part in parts):
            raise ValueError
        return tuple(part.strip() for part in parts if part.strip())

    return parse


def _as_finder(value: object) -> str | float:
    """Return "auto", "off", or a number of looks per second."""
    word = value.strip().casefold() if isinstance(value, str) else value
    if word in FINDERS:
        return str(word)
    if isinstance(word, bool) or not isinstance(word, str | int | float):
        raise ValueError  # noqa: TRY004  pydantic asks for ValueError
    try:
        rate = float(word)
    except (ValueError, OverflowError) as error:
        hint = did_you_mean(str(word), FINDERS)
        raise Refusal(f"give {FINDER_ALLOWED}{hint}") from error
    if not 0 < rate <= MOST_LOOKS:
        raise ValueError
    return rate


def _as_nobody_check(value: object) -> str | float:
    """Return "off", or seconds."""
    word = value.strip().casefold() if isinstance(value, str) else value
    if word == "off":
        return "off"
    if isinstance(word, bool) or not isinstance(word, str | int | float):
        raise ValueError  # noqa: TRY004  pydantic asks for ValueError
    try:
        seconds = float(word)
    except OverflowError as error:  # pydantic takes a ValueError only
        raise ValueError from error
    if not LEAST_NOBODY_CHECK <= seconds <= LONGEST:
        raise ValueError
    return seconds


def _as_bytes(value: object) -> int:
    """Return the bytes that "10GB", "500 MB" or a number of them stand for; units as in `UNITS`."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError  # noqa: TRY004  pydantic asks for ValueError
    found = re.fullmatch(r"\s*(\d{1,18}(?:\.\d{1,18})?)\s*([kmgt]i?)?b?\s*", str(value), re.IGNORECASE)
    if not found:
        raise ValueError
    count = round(float(found[1]) * (UNITS | BINARY_UNITS)[(found[2] or "").casefold()])
    if not LEAST_BYTES <= count <= MOST_BYTES:
        raise ValueError
    return count


def _known_rules(rules: tuple[str, ...]) -> tuple[str, ...]:
    for rule in rules:
        try:
            parse_rule(rule)
        except ValueError as error:
            raise Refusal(str(error)) from error
    return rules


def _known_copies(copies: tuple[str, ...]) -> tuple[str, ...]:
    """Return the copies in the order in which they are made, each once."""
    for copy in copies:
        if copy not in COPIES:
            raise Refusal(
                f"{copy!r} is no copy; give some of {', '.join(COPIES)}{did_you_mean(copy, COPIES)}"
            )
    return tuple(copy for copy in COPIES if copy in copies)


def _known_detector(name: str) -> str:
    if name not in DETECTORS and name not in (brought := plugins.names(plugins.DETECTORS)):
        known = [*DETECTORS, *brought]
        raise Refusal(f"give {one_of(known)}{did_you_mean(name, known)}")
    return name


def _known_sinks(sinks: tuple[str, ...]) -> tuple[str, ...]:
    for sink in sinks:
        name = sink.partition(":")[0]
        if name not in (known := plugins.names(plugins.SINKS)):
            offer = f"give {one_of(known)}" if known else "no plugin that brings a sink is installed"
            raise Refusal(f"{name!r} is not an installed sink; {offer}{did_you_mean(name, known)}")
    return sinks


def _known_events(names: tuple[str, ...]) -> tuple[str, ...]:
    if names == ("all",):
        return EVENT_TYPES
    for name in names:
        if name not in EVENT_TYPES:
            hint = did_you_mean(name, EVENT_TYPES)
            raise Refusal(f'{name!r} is no event; give "all" or some of {", ".join(EVENT_TYPES)}{hint}')
    return names


def _as_web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname or re.search(r"\s", text):
        raise ValueError
    _ = parts.port  # raises ValueError when it is no number
    return text


def _as_file(value: object) -> object:
    if isinstance(value, str) and not value.strip():
        raise ValueError
    return value


_BOX = "LEFT,TOP,WIDTH,HEIGHT in fractions of the picture from 0 to 1"

Pixels = Annotated[int, BeforeValidator(as_number), Field(ge=16, le=16384)]
Positive = Annotated[float, BeforeValidator(as_number), Field(gt=0, allow_inf_nan=False)]

Source = Annotated[
    str,
    BeforeValidator(_as_source),
    Field(min_length=1),
    Form("a camera's index or device, a file, an address, browser or demo", "0"),
]
Detector = Annotated[
    str,
    AfterValidator(_known_detector),
    Form(f"{one_of(DETECTORS)}, or the name of an installed plugin", "auto"),
]
Rate = Annotated[Positive, Field(le=120), Form("a number per second from 0 (excluded) to 120", 10)]
Seconds = Annotated[
    Positive, Field(le=LONGEST), Form(f"a number of seconds from 0 (excluded) to {LONGEST}", 60)
]
View = Annotated[Literal["auto", "window", "web", "none"], Form("auto, window, web or none", "auto")]
Size = Annotated[
    tuple[Pixels, Pixels],
    BeforeValidator(_as_size),
    Form("WIDTHxHEIGHT, each from 16 to 16384 pixels, such as 1280x720", "1280x720"),
]
Switch = Annotated[bool, Form("true or false", True)]
Region = Annotated[
    BoundingBox,
    PlainValidator(_as_box),
    Form(f"{_BOX}, such as 0.25,0,0.5,1 for the middle half", "0.25,0,0.5,1"),
]
Dollars = Annotated[
    Positive, Field(le=MOST_DOLLARS), Form(f"US dollars from 0 (excluded) to {MOST_DOLLARS:,}", 0.5)
]
Regions = Annotated[
    tuple[BoundingBox, ...],
    PlainValidator(_as_boxes),
    Form(f"{_BOX}, such as 0,0,0.2,0.3 for the top left corner; several with ; between", ["0,0,0.2,0.3"]),
]
InFlight = Annotated[
    int, BeforeValidator(as_number), Field(ge=1, le=64), Form("a whole number from 1 to 64", 2)
]
Width = Annotated[int, BeforeValidator(as_number), Field(ge=80, le=4096), Form("pixels from 80 to 4096", 640)]
Quality = Annotated[
    int, BeforeValidator(as_number), Field(ge=10, le=100), Form("a whole number from 10 to 100", 80)
]
Finder = Annotated[float | str, PlainValidator(_as_finder), Form(FINDER_ALLOWED, "auto")]
Blur = Annotated[Literal["off", "shown", "recorded", "all"], Form("off, shown, recorded or all", "all")]
Mode = Annotated[Literal["live", "aligned"], Form("live or aligned", "live")]
Attributes = Annotated[
    tuple[str, ...],
    PlainValidator(as_texts(",")),
    AfterValidator(known_attributes),
    Form(f"some of {', '.join(FACE_ATTRIBUTES)}", ["EMOTIONS"]),
]
NobodyCheck = Annotated[
    float | str, PlainValidator(_as_nobody_check), Form("off or a number of seconds from 1 on", 60)
]
Policy = Annotated[Literal["every", "changed", "smart"], Form("every, changed or smart", "smart")]
Fallback = Annotated[Literal["on-device", "none"], Form("on-device or none", "on-device")]
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^\S+( \S+)*$"), Form("a name", "default")]
AwsRegion = Annotated[
    str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-\d+$"), Form("a Region such as us-east-1", "us-east-1")
]
Output = Annotated[
    Path,
    BeforeValidator(_as_file),
    Form("the name of an .mp4 file, or for pictures of a .jpg file or a folder", "annotated.mp4"),
]
Trace = Annotated[Path, BeforeValidator(_as_file), Form("the name of a file", "trace.jsonl")]
EventFile = Annotated[Path, BeforeValidator(_as_file), Form("the name of a file", "events.jsonl")]
Table = Annotated[Path, BeforeValidator(_as_file), Form("the name of a file", "emotions.csv")]
WebAddress = Annotated[
    str,
    AfterValidator(_as_web_address),
    Form("an address that begins with http:// or https://", "https://example.com/livecam"),
]
Prices = Annotated[Path, BeforeValidator(_as_file), Form("the name of a TOML or JSON file", "prices.toml")]
Secret = Annotated[
    SecretStr, Field(min_length=1), Form("a text that only you and the receiver know", "change me")
]
EventTypes = Annotated[
    tuple[str, ...],
    PlainValidator(as_texts(",")),
    AfterValidator(_known_events),
    Form(f'"all" or some of {", ".join(EVENT_TYPES)}', ["source_troubled", "source_recovered"]),
]
Plugins = Annotated[
    tuple[str, ...],
    PlainValidator(as_texts(";")),
    AfterValidator(_known_sinks),
    Form("NAME or NAME:ARGUMENT of an installed plugin; several with ; between", []),
]
Record = Annotated[Literal["off", "all", "events"], Form("off, all or events", "events")]
Rules = Annotated[
    tuple[str, ...],
    PlainValidator(as_texts(";")),
    AfterValidator(_known_rules),
    Form(
        'rules such as "HAPPY >= 80 for 1 s", "new face" or "nobody for 10 s"; several with ; between',
        ["HAPPY >= 80 for 1 s"],
    ),
]
Segment = Annotated[
    float,
    BeforeValidator(as_number),
    Field(ge=1, le=DAY, allow_inf_nan=False),
    Form(f"a number of seconds from 1 to {DAY}", 600),
]
PreRoll = Annotated[
    float,
    BeforeValidator(as_number),
    Field(ge=0, le=60, allow_inf_nan=False),
    Form("a number of seconds from 0 to 60", 10),
]
PostRoll = Annotated[
    float,
    BeforeValidator(as_number),
    Field(ge=0, le=600, allow_inf_nan=False),
    Form("a number of seconds from 0 to 600", 10),
]
MinGap = Annotated[
    float,
    BeforeValidator(as_number),
    Field(ge=0, le=DAY, allow_inf_nan=False),
    Form(f"a number of seconds from 0 to {DAY}", 60),
]
Folder = Annotated[Path, BeforeValidator(_as_file), Form("the name of a folder", "clips")]
Days = Annotated[
    Positive, Field(le=MOST_DAYS), Form(f"a number of days from 0 (excluded) to {MOST_DAYS}", 30)
]
Bytes = Annotated[int, PlainValidator(_as_bytes), Form("a size such as 10GB or 500MB, at least 1MB", "10GB")]
Copies = Annotated[
    tuple[str, ...],
    PlainValidator(as_texts(",")),
    AfterValidator(_known_copies),
    Form(f"some of {', '.join(COPIES)}", ["annotated"]),
]
