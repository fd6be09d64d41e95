"""What the picture thread does for a source: a video goes on, a still waits for its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.pipeline.presenting import Presenter
from livecam.pipeline.showing import Showing
from livecam.pipeline.showing_stills import StillsShowing

if TYPE_CHECKING:
    from livecam.frames import SourceInfo
    from livecam.pipeline.runner import Runner


def show(run: Runner, info: SourceInfo) -> None:
    """Show the pictures of a run's source until it ends, or the run is stopped."""
    presenter = Presenter(picture=run.picture, sinks=run.sinks, tally=run.tally, clock=run.clock)
    if info.are_stills:
        StillsShowing(slot=run.slot, detection=run.detection, presenter=presenter, stopped=run.stopped).run()
        return
    Showing(
        info=info,
        slot=run.slot,
        detection=run.detection,
        finder=run.finder,
        selector=run.selector,
        presenter=presenter,
        clock=run.clock,
        mode=run.mode,
        duration=run.duration,
        stop=run.stop,
        stopped=run.stopped,
        publish=run.publish,
    ).run()
