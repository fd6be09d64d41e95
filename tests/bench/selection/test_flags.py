from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from livecam.bench.selection.flags import request_from
from livecam.bench.selection.request import Request
from livecam.errors import ModelMissing, UsageError

if TYPE_CHECKING:
    from pathlib import Path

PRICE = 0.002


@pytest.mark.usefixtures("models")
def test_without_flags_the_defaults_hold() -> None:
    assert request_from([], {}, price_usd=PRICE) == Request(price_usd=PRICE)
    assert request_from(["demo"], {"rate": None}, price_usd=PRICE) == Request(price_usd=PRICE)


@pytest.mark.usefixtures("models")
def test_every_flag_sets_its_value() -> None:
    given = {
        "policy": "Smart, every@1,smart",
        "rate": "4",
        "latency": "800ms",
        "wrong": "0.05",
        "minutes": "2.5",
        "variant": " Always ",
        "seed": "7",
    }
    assert request_from([], given, price_usd=PRICE) == Request(
        policies=("smart", "every@1"),
        rate=4.0,
        latency=0.8,
        wrong=0.05,
        minutes=2.5,
        variant="always",
        seed=7,
        price_usd=PRICE,
    )


@pytest.mark.usefixtures("models")
def test_clips_are_files_and_have_no_variant(tmp_path: Path) -> None:
    clip = tmp_path / "a.mp4"
    clip.touch()
    assert request_from([str(clip)], {}, price_usd=PRICE).clips == (clip,)
    with pytest.raises(UsageError, match=r"clip gone\.mp4 is not a file"):
        request_from(["gone.mp4"], {}, price_usd=PRICE)
    with pytest.raises(UsageError, match="--variant is of the office scene"):
        request_from([str(clip)], {"variant": "still"}, price_usd=PRICE)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("policy", "magic"),
        ("policy", ","),
        ("rate", "often"),
        ("rate", "0"),
        ("latency", "soon"),
        ("wrong", "2"),
        ("wrong", "10%"),
        ("minutes", "0"),
        ("minutes", "long"),
        ("minutes", "nan"),
        ("variant", "holiday"),
        ("seed", "x"),
    ],
)
@pytest.mark.usefixtures("models")
def test_a_bad_value_is_named(name: str, text: str) -> None:
    with pytest.raises(UsageError, match=name) as caught:
        request_from([], {name: text}, price_usd=PRICE)
    assert text in str(caught.value) or "range" in str(caught.value)


def test_without_the_finders_model_there_is_nothing_to_measure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LIVECAM_MODELS", str(tmp_path / "none"))
    with pytest.raises(ModelMissing, match="livecam models install"):
        request_from([], {}, price_usd=PRICE)
