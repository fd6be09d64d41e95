"""Pages of the benchmarks that need nothing but themselves: no script, and no file from elsewhere.

Everything that somebody else wrote is escaped by the template engine.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from livecam import __version__
from livecam.whole_file import write_whole

if TYPE_CHECKING:
    from pathlib import Path

_WHOLE = 9.95
"""Milliseconds from which no part of one is told; just under ten, which 9.96 would be rounded to."""


def render_page(template: str, **values: object) -> str:
    """Return a page.

    Args:
        template: name of one in `assets/`.
        values: what it speaks of; `Markup` is put in as it is.
    """
    style = _asset("bench.css")
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    fixed = {"policy": policy, "style": Markup(style), "version": __version__}  # noqa: S704  our own file
    return _environment().get_template(template).render(fixed | values)


def write_page_file(path: Path, page: str) -> Path:
    """Write a page that is there whole or not at all, for its owner alone; return its path.

    Args:
        path: replaced if it exists.
        page: what `render_page` returned.

    Raises:
        OutputError: it cannot be written.
    """
    write_whole(path, page.encode("utf-8", "backslashreplace"))
    return path


def milliseconds(seconds: float) -> str:
    """Return a duration as a number of milliseconds for people: "341", "8.2"."""
    value = seconds * 1000
    return f"{value:,.0f}" if abs(value) >= _WHOLE else f"{value:.1f}"


def _signed(seconds: float) -> str:
    text = milliseconds(abs(seconds))
    return f"{'-' if seconds < 0 else '+'}{text}" if float(text.replace(",", "")) else "0"


@cache
def _environment() -> Environment:
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FunctionLoader(_asset),
    )
    environment.filters |= {"ms": milliseconds, "signed": _signed}
    return environment


def _asset(name: str) -> str:
    # A checkout may have made CRLF of line ends, which a browser undoes before it checks a hash.
    text = resources.files("livecam.bench").joinpath("assets", name).read_text("utf-8")
    return text.replace("\r\n", "\n")
