from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from livecam.bench.latency.effects import effects
from tests.bench.latency.runs import BASE, lognormal, run_of, sample


def test_what_matters_most_comes_first_and_what_does_not_matter_may_be_chance() -> None:
    rng = np.random.default_rng(0)
    conditions = [
        replace(BASE, region=region, attributes=(attributes,), quality=quality)
        for region in ("us-east-1", "eu-west-1")
        for attributes in ("DEFAULT", "ALL")
        for quality in (60, 80)
    ]
    samples = [
        sample(index, number, float(latency))
        for index, each in enumerate(conditions)
        for number, latency in enumerate(
            lognormal(
                rng, 50, 0.2 + 0.3 * (each.region == "us-east-1") + 0.05 * (each.attributes == ("ALL",))
            )
        )
    ]
    found = effects(run_of(conditions, samples), samples)
    assert [each.factor for each in found] == ["region", "attributes", "quality"]
    assert found[0].share > 0.5 > found[1].share > found[2].share
    assert found[0].medians["us-east-1"] - found[0].medians["eu-west-1"] == pytest.approx(found[0].span)
    assert found[0].span == pytest.approx(0.3, abs=0.05)
    assert found[0].p_value < 1e-6
    assert found[2].p_value > 0.01


def test_no_share_is_told_of_factors_or_levels_that_have_hardly_an_answer() -> None:
    conditions = [BASE, replace(BASE, width=320), replace(BASE, width=1280)]
    samples = [sample(index, number, 0.3 + number / 100) for index in (0, 1) for number in range(5)]
    few = [*samples, *(sample(2, number, 9.0) for number in range(4))]
    (effect,) = effects(run_of(conditions, few), few)
    assert set(effect.medians) == {"640", "320"}
    assert effects(run_of(conditions, few[:9]), few[:9]) == ()


def test_latencies_that_are_all_the_same_have_no_effect() -> None:
    conditions = [BASE, replace(BASE, width=320)]
    samples = [
        sample(index, number, 0.0, due_at=0.0, ended_at=0.25) for index in (0, 1) for number in range(9)
    ]
    (effect,) = effects(run_of(conditions, samples), samples)
    assert (effect.share, effect.p_value, effect.span) == (0.0, 1.0, 0.0)
