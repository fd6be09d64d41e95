from __future__ import annotations

import pytest

from livecam.bench.selection.policies import REAL
from livecam.bench.selection.request import POLICIES
from livecam.selection.changed import Changed
from livecam.selection.every import Every
from livecam.selection.smart import Smart


@pytest.mark.parametrize("name", POLICIES)
def test_each_name_is_a_policy_of_a_run(name: str) -> None:
    kinds = {"smart": Smart, "changed": Changed}
    assert type(REAL.make_policy(name)) is kinds.get(name, Every)


def test_each_run_has_a_policy_of_its_own() -> None:
    assert REAL.make_policy("smart") is not REAL.make_policy("smart")
