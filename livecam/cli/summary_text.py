"""A run's summary for people. Milliseconds exist here only."""

from __future__ import annotations

from typing import Any

TROUBLES_TOLD = 5
"""Newest troubles of the source that are told."""


def summary_lines(summary: dict[str, Any], reason: str) -> list[str]:
    """Return the lines that a run ends with.

    Args:
        summary: the `livecam.run/1` object.
        reason: why the run ended.
    """
    lines = [f"{_frames(summary)} ({reason})"]
    if calls := _calls(summary):
        lines.append(calls)
    lines += _troubles(summary)
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
