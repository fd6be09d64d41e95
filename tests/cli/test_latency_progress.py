from __future__ import annotations

import io

from rich.console import Console

from livecam.bench.latency.measuring import Progress
from livecam.cli.latency_progress import latency_progress, progress_text


def test_time_left_cost_and_the_last_latency_are_told() -> None:
    assert progress_text(None, 90.0) == "about 1:30 left"
    assert progress_text(Progress(50, 100, 0.05, 0.3412), 7200.0) == (
        "about 1:00:00 left, $0.050 so far, last 341 ms"
    )
    assert progress_text(Progress(0, 0, 0.0, None), 4.0) == "about 0:04 left"


def test_time_left_grows_where_calls_take_longer_than_planned() -> None:
    progress = Progress(10, 40, 0.0, None)
    assert progress_text(progress, 40.0, elapsed=10.0) == "about 0:30 left"
    assert progress_text(progress, 40.0, elapsed=100.0) == "about 5:00 left"


def test_it_is_shown_on_a_terminal_only_and_not_when_it_should_be_quiet() -> None:
    for is_terminal, is_shown in ((True, True), (True, False), (False, True)):
        console = Console(file=io.StringIO(), force_terminal=is_terminal, width=100)
        with latency_progress(is_shown=is_shown, seconds=10.0, console=console) as told:
            told(Progress(5, 10, 0.0, None))
        assert isinstance(console.file, io.StringIO)
        assert ("5/10" in console.file.getvalue()) == (is_terminal and is_shown)
