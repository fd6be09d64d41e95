"""What a report says in words: facts, faces and costs as rows of text. Pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from livecam.overlay.wording import ADJECTIVES, clock_text
from livecam.pricing import CLIP_MINUTE, dollars
from livecam.recording.disk_room import size_text
from livecam.redaction import redact
from livecam.reports.seen import Traits
from livecam.reports.timeline import chosen

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from livecam.faces import Emotion
    from livecam.reports.inputs import Findings, ReportInputs
    from livecam.reports.persons import Person
    from livecam.reports.seen import SeenFace
    from livecam.stored_video import Job

LONGEST_TEXT = 300
"""Characters of anybody's text that are shown."""
NOT_SAID = "-"
_HIDDEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Kinds of characters that are not shown but change how others are, such as the order of reading."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a list of facts."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class FaceRow:
    """One line of the table of faces."""

    person: int
    name: str
    first: str
    last: str
    seconds: str
    appears: str
    """The emotion that was named for longest, and for which share of the time it was there."""
    emotion: str
    """Class of that emotion's look; empty for none."""
    confidence: str
    traits: str


def plain(text: str) -> str:
    """Return anybody's text without secrets and without characters that trick the eye."""
    shown = "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in _HIDDEN else c for c in text)
    shown = redact(shown)
    return shown if len(shown) <= LONGEST_TEXT else f"{shown[:LONGEST_TEXT]}..."


def video_facts(inputs: ReportInputs, findings: Findings) -> list[Fact]:
    """Return what is known of the video."""
    clip, header, video = inputs.clip, findings.header or {}, findings.video
    facts = [Fact("File", plain(inputs.video.name))] if inputs.video is not None else []
    began = clip.started_at.isoformat(sep=" ", timespec="seconds") if clip else header.get("started_at")
    if began:
        facts.append(Fact("Began", plain(began)))
    facts.append(Fact("Length", f"{clock_text(findings.duration)} ({findings.duration:.1f} s)"))
    if video is not None:
        picture = f"{video.codec}, {video.width} x {video.height}, {video.fps:.1f} frames a second"
        facts += [Fact("Picture", picture), Fact("Size", size_text(video.size))]
    for name, key in (("Source", "source"), ("Recorded because of", "reason"), ("Notice", "notice")):
        text = (getattr(clip, key, None) if clip else None) or header.get(key)
        if isinstance(text, str) and text:
            facts.append(Fact(name, plain(text)))
    return facts


def analysis_facts(findings: Findings) -> list[Fact]:
    """Return what the results say of their job; nothing where there are none."""
    results = findings.results
    if results is None:
        return []
    place = f"s3://{results.text('bucket') or '?'}/{results.text('key') or '?'}"
    told = [
        ("Job", results.text("job_id")),
        ("Video on S3", place),
        ("Version", results.text("version")),
        ("Face attributes", results.text("attributes")),
        ("Tag", results.text("tag")),
        ("Submitted", results.text("submitted_at")),
        ("Fetched", results.text("fetched_at")),
    ]
    entries = sum(len(face.moments) for face in findings.stored)
    instants = len({moment.time for face in findings.stored for moment in face.moments})
    return [
        *(Fact(name, plain(text)) for name, text in told if text),
        Fact("Faces", f"{entries} entries at {instants} sampled instants, linked to {len(findings.stored)}"),
    ]


def cost_facts(inputs: ReportInputs, findings: Findings) -> list[Fact]:
    """Return what the analysis costs by the price table; nothing where the video was not analysed."""
    minutes = _minutes(inputs.jobs, findings)
    if minutes is None:
        return []
    price = inputs.prices
    note = "" if price.is_confirmed(CLIP_MINUTE) else "; not confirmed by AWS"
    sum_text = f"{minutes:.2f} minutes at {dollars(price.clip_minute())} ({plain(price.note)}{note})"
    return [Fact("Stored video", f"{dollars(minutes * price.clip_minute())}: {sum_text}")]


def _minutes(jobs: Sequence[Job], findings: Findings) -> float | None:
    known = [job.minutes for job in jobs if job.minutes is not None]
    if known:
        return sum(known)
    return None if findings.results is None else (findings.results.duration or findings.duration) / 60


def job_rows(jobs: Sequence[Job]) -> list[tuple[str, str, str, str, str]]:
    """Return attempt, state, id, when it began and ended, and the message of each job."""
    return [
        (
            str(job.attempt),
            job.state,
            plain(job.job_id or NOT_SAID),
            f"{_instant(job.began_at)} to {_instant(job.ended_at)}",
            plain(job.message or NOT_SAID),
        )
        for job in jobs
    ]


def face_rows(persons: Sequence[Person]) -> list[FaceRow]:
    """Return the table of faces: each person's, of both sources."""
    return [_face_row(person.number, face) for person in chosen(persons) for face in person.faces]


def agreement_text(persons: Iterable[Person]) -> str | None:
    """Return in a sentence how far the two sources agree, over all persons; None where they never meet."""
    met = [person.agreement for person in persons if person.agreement.compared]
    compared = sum(agreement.compared for agreement in met)
    if not compared:
        return None
    agreed = sum(agreement.agreed for agreement in met)
    return (
        f"Where both name an emotion ({compared:.1f} s, all persons together), they name the same one for"
        f" {100 * agreed / compared:.0f} % of the time."
    )


def _instant(instant: datetime | None) -> str:
    return "?" if instant is None else instant.isoformat(sep=" ", timespec="seconds")


def _face_row(person: int, face: SeenFace) -> FaceRow:
    emotion, seconds = _dominant(face)
    named = [span for span in face.spans if span.emotion is emotion and span.confidence is not None]
    weight = sum(span.seconds for span in named)
    mean = sum((span.confidence or 0.0) * span.seconds for span in named) / weight if weight else None
    share = f", {100 * seconds / face.seconds:.0f} % of its time" if face.seconds else ""
    return FaceRow(
        person=person,
        name=face.name,
        first=f"{face.first:.1f} s",
        last=f"{face.last:.1f} s",
        seconds=f"{face.seconds:.1f} s",
        appears="nothing claimed" if emotion is None else f"{ADJECTIVES[emotion]}{share}",
        emotion="" if emotion is None else emotion.lower(),
        confidence=NOT_SAID if mean is None or emotion is None else f"{mean:.0f} %",
        traits=_traits_text(face.traits),
    )


def _dominant(face: SeenFace) -> tuple[Emotion | None, float]:
    """Return the emotion that was named for longest, and for how many seconds."""
    seconds: dict[Emotion, float] = {}
    for span in face.spans:
        if span.emotion is not None:
            seconds[span.emotion] = seconds.get(span.emotion, 0.0) + span.seconds
    return max(seconds.items(), key=lambda item: item[1], default=(None, 0.0))


def _traits_text(traits: Traits) -> str:
    if traits == Traits():
        return NOT_SAID
    parts = [] if traits.age is None else [f"looks {traits.age[0]} to {traits.age[1]} years old"]
    parts += [] if traits.smiling is None else [f"smiles at {100 * traits.smiling:.0f} % of instants"]
    parts += ["wears glasses"] if (traits.eyeglasses or 0.0) > 0.5 else []  # noqa: PLR2004  mostly
    parts += [] if traits.face_confidence is None else [f"a face: {traits.face_confidence:.0f} %"]
    return ", ".join(parts)
