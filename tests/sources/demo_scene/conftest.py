from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam.errors import MissingDependency
from livecam.sources.demo_scene import DemoScene, load_portrait
from tests.requirements import skip_unless

if TYPE_CHECKING:
    from livecam.frames import Image


@pytest.fixture(scope="session")
def portrait() -> Image:
    try:
        return load_portrait()
    except MissingDependency as error:
        skip_unless(False, str(error))
        raise


@pytest.fixture(scope="session")
def scene(portrait: Image) -> DemoScene:
    return DemoScene(640, 360, portrait=portrait)
