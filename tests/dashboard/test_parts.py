from __future__ import annotations

from dataclasses import fields

import pytest

from livecam.dashboard.parts import DashboardParts
from tests.dashboard.served import make_parts


def test_a_view_is_not_mirrored_unless_it_is_said() -> None:
    made = make_parts(mirror=True)
    given = {each.name: getattr(made, each.name) for each in fields(made) if each.name != "mirror"}
    assert made.mirror()
    assert not DashboardParts(**given).mirror()


def test_what_is_needed_must_be_given() -> None:
    with pytest.raises(TypeError, match="'hub'"):
        DashboardParts()  # type: ignore[call-arg]
