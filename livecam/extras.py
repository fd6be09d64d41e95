"""Packages of livecam's extras: whether they are installed, and the line that installs them."""

from __future__ import annotations

import importlib
from importlib.util import find_spec
from typing import TYPE_CHECKING

from livecam.errors import MissingDependency

if TYPE_CHECKING:
    from collections.abc import Iterable


WEB = ("starlette", "uvicorn", "prometheus_client")
"""What the extra `web` installs: the view in a browser needs all of them."""


def missing_of(modules: Iterable[str]) -> list[str]:
    """Return which of some modules are not installed; imports none of them."""
    return [module for module in modules if find_spec(module) is None]


def require_package(module: str, *, purpose: str, extra: str) -> None:
    """Check that a package can be loaded, such as before a long run.

    Args:
        module: what is imported of it.
        purpose: what it is for, as the beginning of a sentence: "the diagrams of a report need".
        extra: of livecam that it belongs to.

    Raises:
        MissingDependency: it is not installed; the sentence holds the line that installs it.
    """
    try:
        importlib.import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        raise MissingDependency(
            f"{purpose} {package}, which is not installed; run: pip install 'livecam[{extra}]'"
        ) from error
