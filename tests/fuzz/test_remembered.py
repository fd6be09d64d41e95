"""What is remembered between runs: any damage is worked with, or the file is set aside and made anew."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import strategies as st

from livecam.consent import ConsentScope
from livecam.state.browser_key import LENGTH, browser_key
from livecam.state.consent import ConsentStore
from livecam.state.conventions import FARTHEST, SCHEMA, ConventionStore
from livecam.state.spend import SpendStore
from livecam.testing.clock import FakeClock
from livecam.tracking.convention import Convention
from livecam.tracking.relation import Relation
from tests.fuzz.cases import fuzzed
from tests.fuzz.damage import CHANGES, DAMAGE, Changes, Damage, Whole

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = "2026-01-01"
GIVEN = ConsentScope("https://rekognition.eu-west-1.amazonaws.com", "eu-west-1", "default")
OTHERS = (
    ConsentScope("https://rekognition.us-east-1.amazonaws.com", "us-east-1", "default"),
    ConsentScope("https://example.com", "eu-west-1", "default"),
)
ENTRY = {
    "detector": "d",
    "finder": "f",
    "count": 9,
    "dx": 0.1,
    "dy": 0.1,
    "log_width": 0.2,
    "log_height": 0.3,
}
DOCUMENT = {"schema": SCHEMA, "conventions": [ENTRY, ENTRY | {"finder": "g"}]}


def content_of(path: Path, make: Callable[[Path], object]) -> Whole:
    make(path)
    return Whole(path.read_bytes())


@pytest.fixture(scope="module")
def spend(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    path = tmp_path_factory.mktemp("spend") / "spend.sqlite3"
    return content_of(
        path, lambda at: [SpendStore(at).reserve(f"2026-01-{day:02}", 10**6, 10**9) for day in range(1, 29)]
    )


@pytest.fixture(scope="module")
def consents(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    return content_of(
        tmp_path_factory.mktemp("consent") / "consent.sqlite3", lambda at: ConsentStore(at).give(GIVEN)
    )


def damaged(path: Path, content: bytes) -> Path:
    """Put a damaged file in a place where nothing is left of the case before."""
    for left in path.parent.glob(f"{path.name}*"):
        left.unlink()
    path.write_bytes(content)
    return path


@fuzzed(40, damage=DAMAGE)
def test_a_damaged_days_cost_is_a_sum_and_goes_on(spend: Whole, damage: Damage) -> None:
    store = SpendStore(damaged(Path("spend.sqlite3"), damage.of(spend.content)), clock=FakeClock())
    before = store.spent(DAY)
    assert before >= 0
    is_reserved, after = store.reserve(DAY, 5, before + 5)
    assert is_reserved
    assert after in (before + 5, 5)  # damage may show only while it is written
    assert store.spent(DAY) == after
    assert SpendStore(store.path, clock=FakeClock()).spent(DAY) == after


@fuzzed(40, damage=DAMAGE)
def test_a_damaged_consent_is_none_that_was_not_given(consents: Whole, damage: Damage) -> None:
    store = ConsentStore(damaged(Path("consent.sqlite3"), damage.of(consents.content)), clock=FakeClock())
    assert not any(store.has(other) for other in OTHERS)
    store.has(GIVEN)
    store.give(GIVEN)
    store.give(GIVEN)
    assert store.has(GIVEN)
    assert store.revoke(GIVEN)
    assert not store.has(GIVEN)


def learnt(content: bytes) -> None:
    """See that a file of conventions is worked with, and takes a new one."""
    path = damaged(Path("box-conventions.json"), content)
    store = ConventionStore(path, clock=FakeClock())
    found = store.load("d", "f")
    if found is not None:
        relation = found.relation
        parts = (relation.dx, relation.dy, relation.log_width, relation.log_height)
        assert all(math.isfinite(part) and abs(part) <= FARTHEST for part in parts)
        assert found.count >= 1
    new = Convention(Relation(0.1, 0.2, 0.3, 0.4), 7)
    store.save("new", "f", new)
    assert store.load("new", "f") == new


@fuzzed(100, damage=DAMAGE)
def test_damaged_conventions_are_learnt_anew_or_are_what_a_relation_can_be(damage: Damage) -> None:
    learnt(damage.of(json.dumps(DOCUMENT).encode()))


@fuzzed(100, changes=CHANGES)
def test_conventions_of_any_values_are_learnt_anew_or_are_what_a_relation_can_be(changes: Changes) -> None:
    learnt(json.dumps(changes.of(DOCUMENT)).encode())


@fuzzed(30, content=st.binary(max_size=60))
def test_a_browsers_key_of_any_bytes_is_a_key(content: bytes) -> None:
    path = damaged(Path("browser-key"), content)
    path.chmod(0o600)
    key = browser_key(FakeClock(), path)
    assert len(key) == LENGTH
    assert key.isascii()
