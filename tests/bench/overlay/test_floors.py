"""How well boxes and labels stay on the faces, clip by clip: no change may make it worse unnoticed.

In virtual time, so that a machine always measures the same. Another one rounds the finder's network
otherwise, which is what the margins leave room for.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, TypeAlias

import pytest

from livecam.bench.overlay.conventions import OTHER
from livecam.bench.overlay.finder import Looks
from livecam.bench.overlay.methods import Parts
from livecam.bench.overlay.request import Request
from livecam.bench.overlay.simulation import simulate
from tests.bench.overlay.samples import SCORES

if TYPE_CHECKING:
    from pathlib import Path

    from livecam.bench.overlay.results import ClipResult, MethodResult, Scores
    from livecam.protocols import FaceLocator

MEASURED = """
clip                variant   method   iou    iou_all  over_50  labels_right  first_box_median  id_changes
webcam_single       S0        flow     0.946  0.929    1.000    1.000         0.360             0
webcam_single       S0        merged   0.957  0.955    1.000    1.000         0.040             0
webcam_single       S1        flow     0.906  0.890    1.000    1.000         0.360             0
webcam_single       S1        merged   0.940  0.935    1.000    1.000         0.040             0
webcam_single       S1-rate-1 flow     0.905  0.888    1.000    1.000         0.360             0
webcam_single       S1-rate-1 merged   0.936  0.932    1.000    1.000         0.040             0
expressions_single  S0        flow     0.920  0.902    1.000    1.000         0.375             0
expressions_single  S0        merged   0.935  0.933    1.000    1.000         0.042             0
expressions_single  S1        flow     0.898  0.881    1.000    1.000         0.375             0
expressions_single  S1        merged   0.931  0.927    1.000    1.000         0.042             0
multi_children      S0        flow     0.880  0.799    0.999    0.992         0.367             0
multi_children      S0        merged   0.890  0.855    1.000    0.960         0.067             0
multi_children      S1        flow     0.859  0.782    0.973    0.979         0.367             1
multi_children      S1        merged   0.880  0.842    1.000    0.959         0.067             0
multi_children      S1-x2     flow     0.845  0.720    0.959    0.977         0.367             1
multi_children      S1-x2     merged   0.846  0.797    0.995    0.982         0.083             0
multi_children      S1-shake  flow     0.896  0.753    0.995    1.000         0.550             0
multi_children      S1-shake  merged   0.898  0.793    0.994    1.000         0.517             1
signers_swap        S0        flow     0.909  0.649    1.000    1.000         0.700             0
signers_swap        S0        merged   0.915  0.881    1.000    1.000         0.067             0
signers_swap        S1        flow     0.880  0.629    1.000    1.000         0.700             0
signers_swap        S1        merged   0.885  0.842    1.000    1.000         0.067             0
signers_swap        S1-shake  flow     0.886  0.627    1.000    1.000         0.700             0
signers_swap        S1-shake  merged   0.894  0.800    1.000    1.000         0.067             0
signers_swap        S1-rate-1 flow     0.850  0.515    1.000    1.000         0.967             0
signers_swap        S1-rate-1 merged   0.860  0.814    1.000    1.000         0.067             0
crowd_enter_leave   S0        flow     0.824  0.676    0.995    0.960         0.360             1
crowd_enter_leave   S0        merged   0.818  0.714    0.995    0.981         0.160             1
crowd_enter_leave   S1        flow     0.816  0.670    0.993    0.965         0.360             1
crowd_enter_leave   S1        merged   0.814  0.704    0.993    0.985         0.160             1
crowd_enter_leave   S1-x2     flow     0.725  0.503    0.908    0.943         0.360             1
crowd_enter_leave   S1-x2     merged   0.764  0.595    0.957    0.950         0.160             1
demo                S0        flow     0.953  0.918    1.000    1.000         0.367             0
demo                S0        merged   0.946  0.939    1.000    1.000         0.067             0
demo                S1        flow     0.913  0.880    1.000    1.000         0.367             0
demo                S1        merged   0.929  0.919    1.000    1.000         0.067             0
"""
"""What was measured when these lines were written; the columns are named as in `Scores`. A test that fails
tells the line that it measured instead: if that is what was meant, it belongs here."""

MARGIN = 0.03
"""By which a share may be lower."""
SECONDS = 0.2
"""By which half of the persons may get their first box later: a look of the finder, which with boxes that are
0.2 % other sees one person of a crowd the next time only. The shares then move by 0.006 at most."""
IDS = 1
"""By which there may be more changes of ids."""
JITTER = 0.55
"""Of that of boxes that are held: what may be left of it."""

VARIANTS = {
    "S0": Request(),
    "S1": Request(convention=OTHER, noise=0.03),
    "S1-x2": Request(convention=OTHER, noise=0.03, speed=2),
    "S1-shake": Request(convention=OTHER, noise=0.03, shake=True),
    "S1-rate-1": Request(convention=OTHER, noise=0.03, rate=1.0),
}
"""Answers are 0.34 s late and two a second unless it says otherwise. S0 draws boxes as the reference does."""
DEMO_SECONDS = 10.0
"""Of the demo scene's round of 40."""

Case: TypeAlias = tuple[str, str]
"""A clip and a variant."""


def _table(text: str) -> dict[Case, dict[str, dict[str, float]]]:
    """Return what was measured, by clip and variant, then by method, then by column."""
    header, *lines = text.split("\n")[1:-1]
    columns = header.split()[3:]
    table: dict[Case, dict[str, dict[str, float]]] = {}
    for line in lines:
        clip, variant, method, *values = line.split()
        row = dict(zip(columns, map(float, values), strict=True))
        table.setdefault((clip, variant), {})[method] = row
    return table


TABLE = _table(MEASURED)


class Sights:
    """What the finder saw, kept for the variants in which it is shown the same pictures."""

    def __init__(self) -> None:
        self._locator: FaceLocator | None = None
        self._looks: dict[tuple[str, int, bool], Looks] = {}

    def of(self, clip: str, request: Request) -> Looks:
        if self._locator is None:
            self._locator = Parts().make_locator(None)
            self._locator.warm()
        return self._looks.setdefault((clip, request.speed, request.shake), Looks(self._locator))


@pytest.fixture(scope="module")
def sights() -> Sights:
    return Sights()


def play(clip: str, request: Request, media: Path, sights: Sights) -> ClipResult:
    parts = Parts(cpu=lambda: 0.0)
    if clip == "demo":
        request = dataclasses.replace(request, max_seconds=DEMO_SECONDS)
    path = None if clip == "demo" else media / f"{clip}.mp4"
    return simulate(request, path, parts=parts, looks=sights.of(clip, request))


def as_line(case: Case, result: MethodResult) -> str:
    """Return a line for the table."""
    scores = result.scores
    shares = (scores.iou, scores.iou_all, scores.over_50, scores.labels_right, scores.first_box_median)
    numbers = " ".join("nan" if share is None else f"{share:.3f}" for share in shares)
    return f"{' '.join(case)} {result.method} {numbers} {scores.id_changes}"


def shortfalls(scores: Scores, measured: dict[str, float], held: Scores) -> list[str]:
    """Return what is worse than it was, in words; nothing when all is well."""
    found = []
    for name in ("iou", "iou_all", "over_50", "labels_right"):
        share, floor = getattr(scores, name), measured[name] - MARGIN
        if share is None or share < floor:
            found.append(f"{name} is {share}, must be {floor:.3f} or more")
    latest = measured["first_box_median"] + SECONDS
    if scores.first_box_median is None or scores.first_box_median > latest:
        found.append(f"the first box takes {scores.first_box_median} s, may take {latest:.3f}")
    most = measured["id_changes"] + IDS
    if scores.id_changes > most:
        found.append(f"ids change {scores.id_changes} times, may change {most:g}")
    if scores.jitter is None or held.jitter is None or scores.jitter > JITTER * held.jitter:
        found.append(f"jitter is {scores.jitter}, may be {JITTER} of {held.jitter}")
    return found


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize("case", TABLE, ids="-".join)
def test_boxes_and_labels_stay_on_the_faces_as_well_as_they_did(
    case: Case, media: Path, sights: Sights
) -> None:
    clip, variant = case
    result = play(clip, VARIANTS[variant], media, sights)
    methods = {each.method: each for each in result.methods}
    held = methods["hold"].scores

    worse = {
        as_line(case, methods[name]): found
        for name, measured in TABLE[case].items()
        if (found := shortfalls(methods[name].scores, measured, held))
    }

    assert not worse


@pytest.mark.usefixtures("models")
def test_no_box_is_ever_shown_where_nobody_is(media: Path, sights: Sights) -> None:
    result = play("no_face_bottles", VARIANTS["S0"], media, sights)

    assert len(result.truth) == 300
    assert not any(frame.faces for method in result.methods for frame in method.shown)


def test_what_is_worse_than_it_was_is_told() -> None:
    measured = {"iou": 0.74, "iou_all": 0.72, "over_50": 0.86, "labels_right": 0.98, "first_box_median": 0.5}
    measured["id_changes"] = 1.0
    scores = dataclasses.replace(SCORES, jitter=3.0)

    assert shortfalls(scores, measured, SCORES) == []
    assert [told.split()[0] for told in shortfalls(SCORES, {**measured, "iou": 0.75}, SCORES)] == [
        "iou",
        "jitter",
    ]
    nothing = dataclasses.replace(scores, iou=None, labels_right=None, first_box_median=0.71, id_changes=3)
    assert len(shortfalls(nothing, measured, SCORES)) == 4
