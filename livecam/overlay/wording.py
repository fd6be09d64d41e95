"""The words on the picture: pure. Milliseconds and roundings exist only here.

A label says what a face *appears* to express. One that is an indication only says so in every form:
"approx." where there is room, "≈" where there is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.faces import Emotion
from livecam.pricing import dollars

if TYPE_CHECKING:
    from livecam.pictures import FaceLabel, Status

ADJECTIVES: dict[Emotion, str] = {
    Emotion.HAPPY: "happy",
    Emotion.SAD: "sad",
    Emotion.ANGRY: "angry",
    Emotion.CONFUSED: "confused",
    Emotion.DISGUSTED: "disgusted",
    Emotion.SURPRISED: "surprised",
    Emotion.CALM: "calm",
    Emotion.FEAR: "afraid",
}
UNCLEAR = "unclear"
NEW = "new"
OUTDATED = "no answer"
NOT_SCORED = "not scored"
SEPARATOR = " · "
DOT = "●"
"""What the HUD's first line begins with while a clip is recorded."""
FOLLOWING = {
    "fewer points": "following faces with fewer points",
    "every second frame": "following faces in every second frame",
}
"""What is told of each effort that is less than full, see `FaceFollower`."""
SPLIT_PARTS = 3
"""Parts of a call that the HUD tells."""
LEAST_TOLD = 0.001
"""Seconds under which a part is not worth a word."""


def is_new(face: FaceLabel) -> bool:
    """Tell whether no detector has answered about the face yet."""
    return face.age is None


def adjective(face: FaceLabel) -> str:
    """Return the one word for a face, such as "happy", "unclear", "new" or "no answer" (any more)."""
    if is_new(face):
        return NEW
    if face.is_outdated:
        return OUTDATED
    if face.emotion_source is None:
        return NOT_SCORED
    if face.unclear or face.emotion is None:
        return UNCLEAR
    return ADJECTIVES.get(face.emotion, UNCLEAR)


def claims(face: FaceLabel) -> bool:
    """Tell whether the label names an emotion at all."""
    return adjective(face) in ADJECTIVES.values()


def headline(face: FaceLabel) -> str:
    """Return what stands on a label's first line, such as "appears happy 83 %"."""
    word = adjective(face)
    return f"appears {word}{_percent(face)}" if claims(face) else word


def short(face: FaceLabel) -> str:
    """Return a label of one line, such as "happy 83 %" or "≈ happy 83 %"."""
    return f"{tiny(face)}{_percent(face)}"


def tiny(face: FaceLabel) -> str:
    """Return the shortest label, such as "happy" or "≈ happy"."""
    approximately = "≈ " if face.is_approximate and claims(face) else ""
    return f"{approximately}{adjective(face)}"


def aside(face: FaceLabel) -> str:
    """Return what stands on a label's second line, such as "#3 · 0.4 s · approx."."""
    parts = [f"#{face.track_id}"]
    if face.age:  # a label of age 0 is about this very picture, as a still's always is
        parts.append(f"{face.age:.1f} s")
    if face.is_approximate and not is_new(face):
        parts.append("approx.")
    return SEPARATOR.join(parts)


def hud_lines(status: Status) -> tuple[str, ...]:
    """Return the HUD's regular lines, most important first; trouble and notice are not among them."""
    recording = [] if status.recording is None else [f"{DOT} REC {clock_text(status.recording)}"]
    speed = [] if status.display_fps is None else [f"{status.display_fps:.1f} fps"]
    behind = [] if status.delay is None else [f"aligned, {status.delay:.2f} s behind"]
    finder = [] if status.finder_rate is None else [f"finder {status.finder_rate:.1f}/s"]
    saved = [] if status.effort is None else [FOLLOWING.get(status.effort, status.effort)]
    return (
        SEPARATOR.join([*recording, *speed, status.source, status.source_state, *behind]),
        SEPARATOR.join([f"{status.detector}: {_calls(status)}", *finder]),
        *_cost(status),
        SEPARATOR.join([*_latency(status), f"{status.dropped} dropped", *saved]),
    )


def clock_text(seconds: float) -> str:
    """Return a duration as a clock shows it, such as "0:42" or "1:02:05"; begun seconds are not counted."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _cost(status: Status) -> list[str]:
    """Return the line about money; nothing where none is spent."""
    if status.cost_usd is None:
        return []
    hourly = [] if status.cost_per_hour is None else [f"${status.cost_per_hour:.2f}/h"]
    left = [] if status.budget_usd is None else [f"{dollars(status.budget_usd)} left"]
    return [SEPARATOR.join([dollars(status.cost_usd), *hourly, *left])]


def _percent(face: FaceLabel) -> str:
    if face.confidence is None or not claims(face):
        return ""
    return f" {face.confidence:.0f} %"


def _calls(status: Status) -> str:
    asked = "" if status.asked_rate is None else f" of {status.asked_rate:g}"
    rate = [] if status.call_rate is None else [f"{status.call_rate:.1f}{asked} calls/s"]
    calls = "1 call" if status.calls == 1 else f"{status.calls} calls"
    failed = [f"{status.failed} failed"] if status.failed else []
    paused = ["sending paused"] if status.is_paused else []
    if status.pace is not None:
        paused.append(f"slowed to {status.pace:.1f}/s")
    stand_in = [f"{status.stand_in} stands in"] if status.stand_in else []
    return SEPARATOR.join([*paused, *rate, calls, *failed, *stand_in])


def _latency(status: Status) -> list[str]:
    named = (("p50", status.latency_p50), ("p95", status.latency_p95))
    known = [f"{name} {seconds * 1000:.0f} ms" for name, seconds in named if seconds is not None]
    return [f"latency {' '.join(known)}", *_split(status)] if known else []


def _split(status: Status) -> list[str]:
    """Return where the time of a call goes, largest first; nothing when it has one part only."""
    parts = sorted(status.timing, key=lambda part: -part[1])
    told = [f"{name} {seconds * 1000:.0f}" for name, seconds in parts[:SPLIT_PARTS] if seconds >= LEAST_TOLD]
    return [f"{' + '.join(told)} ms"] if len(status.timing) > 1 and told else []
