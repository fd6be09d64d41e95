"""`livecam bench compare`: which of two measurements is faster, and whether that can be told."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from livecam.cli import options
from livecam.errors import UsageError

if TYPE_CHECKING:
    from livecam.bench.comparison.values import Comparison

LEAST_LEVEL, GREATEST_LEVEL = 0.5, 0.999
"""Of the intervals; beyond it, too few draws are left outside."""
NARROWEST = 60
"""Columns."""


def compare(
    first: Annotated[
        Path, typer.Argument(metavar="A.json", help="What `livecam bench latency --save` wrote.")
    ],
    second: Annotated[
        Path | None,
        typer.Argument(
            metavar="B.json",
            help="What is to be faster or slower. (default: the other conditions of A.json beside its first)",
            show_default=False,
        ),
    ] = None,
    level: Annotated[
        str | None,
        typer.Option(
            metavar="SHARE",
            help="How sure a verdict is to be, 0.5 to 0.999. (default: 0.99)",
            rich_help_panel=options.OUTPUTS,
        ),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.html",
            help="Write a page that needs nothing beside it.",
            show_default=False,
            rich_help_panel=options.OUTPUTS,
        ),
    ] = None,
    as_json: options.AsJson = False,
    verbose: options.Verbose = 0,
    quiet: options.Quiet = False,
    debug: options.Debug = False,
) -> None:
    """Compare two measurements of calls: the difference of medians and of p95, and whether it can be told.

    Conditions that are the same in both are compared, or the one condition of each, whatever it is.

    Nothing is sent, and nothing costs money.
    """
    from livecam import logs

    logs.configure(verbosity=-1 if quiet else 2 if debug else verbose)
    if html is not None and html.resolve() in {
        each.resolve() for each in (first, second) if each is not None
    }:
        raise UsageError(f"--html {html} is what is compared, and would be lost; give another file")
    comparison = compared(first, second, level=_level(level))
    if html is not None:
        from livecam.bench.comparison.page import write_page

        write_page(comparison, html)
    _print(comparison, as_json=as_json)
    if html is not None and not quiet:  # on standard error, since standard output may be JSON
        print(f"the page is {html}", file=sys.stderr)


def compared(first: Path, second: Path | None, *, level: float) -> Comparison:
    """Return the comparison of two files, or of the conditions of one.

    Raises:
        MissingDependency: scipy is not installed.
        UsageError: a file cannot be read, or there is nothing to compare.
    """
    from livecam.bench.comparison.differences import compare as runs_compared
    from livecam.bench.comparison.differences import compare_within
    from livecam.bench.latency.bootstrap import require_scipy
    from livecam.bench.latency.reading import read_run

    require_scipy()
    if second is None:
        return compare_within(read_run(first), first.name, level=level)
    return runs_compared(read_run(first), read_run(second), _names(first, second), level=level)


def _names(first: Path, second: Path) -> tuple[str, str]:
    """Return the names of two files, with their folders only where they would be the same without."""
    if first.name != second.name:
        return first.name, second.name
    return str(first), str(second)


def _level(text: str | None) -> float:
    from livecam.bench.comparison.differences import LEVEL

    if text is None:
        return LEVEL
    try:
        level = float(text)
    except ValueError:
        level = 0.0
    if not LEAST_LEVEL <= level <= GREATEST_LEVEL:
        raise UsageError(
            f"--level {text} is no share from {LEAST_LEVEL} to {GREATEST_LEVEL}; 0.99 is the usual one"
        )
    return level


def _print(comparison: Comparison, *, as_json: bool) -> None:
    from livecam.bench.comparison.record import as_record
    from livecam.bench.comparison.table import table_lines
    from livecam.bench.latency.histogram import for_encoding

    if as_json:
        print(json.dumps(as_record(comparison)), flush=True)
        return
    width = max(shutil.get_terminal_size((100, 24)).columns, NARROWEST)
    print(*for_encoding(table_lines(comparison, width), sys.stdout.encoding), sep="\n", flush=True)
