from __future__ import annotations

import io

import pytest
from rich.console import Console

from livecam.cli.progress import progress_bar


@pytest.mark.parametrize(
    ("is_terminal", "is_quiet", "is_shown"), [(1, 0, True), (0, 0, False), (1, 1, False)]
)
def test_progress_is_shown_in_a_terminal_only(is_terminal: int, is_quiet: int, *, is_shown: bool) -> None:
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=bool(is_terminal), width=80)
    with progress_bar(is_quiet=bool(is_quiet), console=console) as begin:
        told = begin("[b]clip[/b]")
        told(0, 0)
        told(3, 12)
    assert ("[b]clip[/b]" in screen.getvalue() and "3/12" in screen.getvalue()) == is_shown
    assert is_shown or not screen.getvalue()
