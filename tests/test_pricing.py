from __future__ import annotations

import pytest

from livecam.errors import UsageError
from livecam.pricing import US_EAST, dollars, nano, refuse_too_small, usd


def test_a_call_is_dated_and_costs_the_first_tier() -> None:
    assert US_EAST.call("DetectFaces") == 0.0010
    assert US_EAST.as_of in US_EAST.note
    assert US_EAST.note.startswith("US East list price")


@pytest.mark.parametrize(
    ("already", "price"),
    [
        (0, 0.0010),
        (999_999, 0.0010),
        (1_000_000, 0.0008),
        (4_999_999, 0.0008),
        (5_000_000, 0.0006),
        (10**9, 0.0006),
    ],
)
def test_later_calls_of_a_month_are_cheaper(already: int, price: float) -> None:
    assert US_EAST.call(already=already) == price


@pytest.mark.parametrize(
    ("count", "cost"),
    [(0, 0), (1000, 1.0), (1_000_000, 1000), (5_200_000, 1000 + 3200 + 120), (40_000_000, 25_200)],
)
def test_a_month_is_the_sum_of_its_tiers(count: int, cost: float) -> None:
    assert US_EAST.calls(count) == pytest.approx(cost)


def test_what_nobody_read_at_aws_is_marked() -> None:
    assert US_EAST.is_confirmed("detect_faces")
    assert not US_EAST.is_confirmed("clip_minute")
    assert US_EAST.clip_minute() == 0.10


def test_an_operation_that_is_not_paid_by_the_call_has_no_price() -> None:
    with pytest.raises(KeyError):
        US_EAST.call("StartFaceDetection")


def test_the_user_s_own_prices_replace_ours_and_are_sure() -> None:
    table = US_EAST.replaced({"detect_faces": 0.0012, "clip_minute": 0, "as_of": "2026-11-01"}, "p.toml")
    assert (table.call(), table.call(already=10**7)) == (0.0012, 0.0012)
    assert table.calls(10) == pytest.approx(0.012)
    assert table.clip_minute() == 0
    assert table.is_confirmed("clip_minute")
    assert (table.as_of, table.note) == ("2026-11-01", "as p.toml says")


def test_what_a_price_file_leaves_out_stays() -> None:
    assert US_EAST.replaced({}, "p.toml") == US_EAST
    table = US_EAST.replaced({"clip_minute": 0.05, "note": "our contract"}, "p.toml")
    assert (table.call(), table.clip_minute(), table.note) == (0.0010, 0.05, "our contract")


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({"a\nb": 0.001}, r"p.toml: 'a\nb' is no price; give some of detect_faces, clip_minute"),
        ({"detect_face": 0.001}, "p.toml: detect_face is no price; give some of detect_faces, clip_minute"),
        ({"detect_faces": -0.001}, "p.toml: detect_faces = -0.001 cannot be used: give dollars from 0"),
        ({"detect_faces": "0.001"}, "detect_faces = '0.001' cannot be used"),
        ({"detect_faces": True}, "detect_faces = True cannot be used"),
        ({"detect_faces": float("nan")}, "detect_faces = nan cannot be used"),
        ({"clip_minute": 1e6}, "give dollars from 0 to 1000"),
        ({"clip_minute": [0.1]}, "clip_minute"),
        ({"clip_minute": 10**400}, "clip_minute"),
        ({"as_of": " "}, "as_of = ' ' cannot be used: give a text"),
        ({"note": 5}, "note = 5 cannot be used"),
    ],
)
def test_what_is_no_price_is_refused_in_one_sentence(record: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError) as refused:
        US_EAST.replaced(record, "p.toml")
    assert words in str(refused.value)
    assert str(refused.value).startswith("p.toml: ")
    assert refused.value.exit_code == 2


def test_sums_are_exact() -> None:
    assert sum(nano(0.001) for _ in range(500)) == nano(0.5)
    assert usd(nano(0.00085)) == 0.00085


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "$0.00"),
        (0.0004, "$0.0004"),
        (0.001, "$0.001"),
        (0.042, "$0.042"),
        (0.5, "$0.50"),
        (1234.5, "$1,234.50"),
    ],
)
def test_small_sums_are_told_with_more_digits(amount: float, text: str) -> None:
    assert dollars(amount) == text


def test_a_budget_that_pays_no_call_is_refused_to_the_bit() -> None:
    refuse_too_small("--budget", 0.001, 0.001)
    with pytest.raises(UsageError, match=r"^--budget 0.0009 cannot be used: one call costs \$0.001; give at"):
        refuse_too_small("--budget", 0.0009, 0.001)
