from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.archive.samples import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _no_clip_stays_open() -> Iterator[None]:
    yield
    while OPEN:
        OPEN.pop().close(None).lock.release()
