"""A run's summary for people. Milliseconds exist here only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from livecam.overlay.wording import clock_text
from livecam.pricing import dollars

TROUBLES_TOLD = 5
"""Newest troubles of the source that are told."""
CLIPS_TOLD = 5
"""Newest clips of which it is told where they are."""


def summary_lines(summary: dict[str, Any], reason: str, *, tells_all_clips: bool = False) -> list[str]:
    """Return the lines that a run ends with.

    Args:
        summary: the `livecam.run/1` object.
        reason: why the run ended.
        tells_all_clips: tell where every clip is, not the newest only.
    """
    lines = [f"{_frames(summary)} ({reason})"]
    if calls := _calls(summary):
        lines.append(calls)
    if chosen := summary["selection"]["chosen"]:
        lines.append("sent because of: " + ", ".join(f"{reason} {count}" for reason, count in chosen.items()))
    if cost := _cost(summary):
        lines.append(cost)
    lines += _troubles(summary)
    lines += _clips(summary, most=len(summary["clips"]) if tells_all_clips else CLIPS_TOLD)
    lines += _recording(summary)
    lines += _stored(summary)
    faces = summary["tracks"]
    lines.append(f"{'1 face' if faces == 1 else f'{faces} faces'} told apart")
    return lines


def _troubles(summary: dict[str, Any]) -> list[str]:
    """Return what was wrong with the source, the newest last; how often, where it was often."""
    source = summary["source"]
    lines = []
    for trouble in source["troubles"][-TROUBLES_TOLD:]:
        lasted = "to the end" if trouble["lasted"] is None else f"for {trouble['lasted']:.1f} s"
        lines.append(f"{trouble['trouble']} {lasted}: {trouble['message']}")
    count = sum(source["times"].values())
    if count > len(lines):
        lines.insert(0, f"the source was in trouble {count} times; the newest {len(lines)}:")
    return lines


def _clips(summary: dict[str, Any], *, most: int) -> list[str]:
    """Return what became of the run's clips, the newest `most` of the recorded ones with their paths."""
    clips, total = summary["clips"], summary["recording"]["recorded"]
    paths = [clip["file"] for clip in clips if clip["state"] == "recorded"]
    told = paths[max(0, len(paths) - most) :]
    removed = sum(clip["state"] == "removed" for clip in clips)
    lines = []
    if total:
        head = f"{_count(total, 'clip')} recorded, {clock_text(summary['recording']['seconds'])} in all"
        lines = [f"{head}: {told[0]}"] if total == len(told) == 1 else [head, *told]
    if told and (older := total - removed - len(told)) > 0:
        lines.append(f"and {older} older in {Path(told[0]).parent}")
    lines += [f"clip {clip['id']}: {clip['problem']}" for clip in clips if clip["state"] == "damaged"]
    if unfinished := sum(clip["state"] in ("recording", "finalising") for clip in clips):
        are, them = ("is", "it") if unfinished == 1 else ("are", "them")
        ends = f"livecam finishes {them} when it is next started"
        lines.append(f"{_count(unfinished, 'clip')} {are} not finished yet: {ends}")
    return lines


def _recording(summary: dict[str, Any]) -> list[str]:
    """Return what was done with clips of earlier runs, and what was wrong with recording."""
    recording = summary["recording"]
    lines = []
    if salvaged := recording["salvaged"]:
        lines.append(f"{_count(salvaged, 'clip')} saved that an earlier run had left unfinished")
    if removed := recording["removed"]:
        they_were = "it was" if removed == 1 else "they were"
        lines.append(f"{_count(removed, 'clip')} deleted, as {they_were} more than is to be kept")
    if recording["trouble"]:
        lines.append(f"recording: {recording['trouble']}")
    elif recording["troubles"]:
        lines.append(f"recording was in trouble {_count(recording['troubles'], 'time')}, and recovered")
    return lines


def _stored(summary: dict[str, Any]) -> list[str]:
    """Return what became of the clips on S3."""
    uploads, jobs = summary["uploads"], summary["jobs"]
    lines = [f"{_count(uploads['stored'], 'clip')} on S3"] if uploads["stored"] else []
    lines += [f"not on S3 yet: {clip}: {why}" for clip, why in uploads["waiting"].items()]
    lines += [f"results: {job['results']}" for job in jobs if job["results"]]
    lines += [f"no results of {job['clip']}: {job['message']}" for job in jobs if job["message"]]
    if running := sum(job["status"] == "IN_PROGRESS" for job in jobs):
        lines.append(f"{_count(running, 'job')} not at the end yet: `livecam clips analyze --wait` goes on")
    return lines


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _cost(summary: dict[str, Any]) -> str:
    """Return what the run has cost; nothing where nothing is paid."""
    cost = summary.get("cost")
    if not cost:
        return ""
    hourly = cost["per_hour_usd"]
    sure = ", unconfirmed" if cost["unconfirmed"] else ""
    each = f"{cost['calls']} calls at ${cost['per_call_usd']:g} ({cost['price']}{sure})"
    parts = [f"cost {dollars(summary['cost_usd'])}: {each}"]
    if hourly is not None:
        parts.append(f"${hourly:.2f} an hour at the last minute's pace")
    if maybe := cost["maybe_charged"]:
        calls = "call" if maybe == 1 else "calls"
        parts.append(f"{maybe} more {calls} failed and may be charged")
    if cost["budget"]:
        spent = "the budget is spent" if cost["budget"]["is_spent"] else None
        parts.append(spent or f"{dollars(cost['budget']['left_usd'])} of the budget left")
    return "; ".join(parts)


def _frames(summary: dict[str, Any]) -> str:
    frames = summary["frames"]
    rate = summary["display_fps"]
    dropped = ", ".join(f"{count} dropped: {reason}" for reason, count in frames["dropped"].items())
    return (
        f"{frames['displayed']} of {frames['captured']} frames displayed"
        + (f" at {rate:.1f} fps" if rate else "")
        + (f", {dropped}" if dropped else "")
    )


def _calls(summary: dict[str, Any]) -> str:
    calls, latency, label = summary["calls"], summary["latency"], summary["capture_to_label"]
    failed = ", ".join(f"{count} {error}" for error, count in calls["failed"].items())
    parts = [f"{calls['ok']} calls answered" + (f" at {calls['rate']:.1f}/s" if calls["rate"] else "")]
    if latency["count"]:
        parts.append(f"latency p50 {latency['p50'] * 1000:.0f} ms, p95 {latency['p95'] * 1000:.0f} ms")
    if label["count"]:
        parts.append(f"from capture to label p50 {label['p50'] * 1000:.0f} ms")
    if failed:
        parts.append(f"failed: {failed}")
    parts += [f"{count} answered by {name} in its place" for name, count in calls["stood_in"].items()]
    return "; ".join(parts) if calls["ok"] or failed else ""
