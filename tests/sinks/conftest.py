from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.xvfb import virtual_display

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="package")
def display() -> Iterator[str]:
    """The name of a display that takes connections."""
    with virtual_display() as name:
        yield name
