from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

from livecam.reports import player_data as room
from livecam.reports.inputs import gather
from livecam.reports.player_data import as_script, player_data
from tests.reports.files import HOSTILE, both_sources

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_each_moment_has_a_time_a_box_and_what_is_claimed(tmp_path: Path) -> None:
    data = player_data(gather(both_sources(tmp_path)))
    (face,) = data["stored"]["faces"]
    assert (face["name"], face["person"]) == ("stored 1", 1)
    assert face["times"] == [0, 500, 1000, 1500, 2000, 2500, 3000, 3500]
    assert face["boxes"][:4] == [4000, 3000, 2000, 4000]
    assert [data["words"][index] for index in face["emotions"][3:5]] == ["happy", "sad"]
    assert face["scores"] == [90] * 8


def test_a_box_may_be_drawn_between_two_instants_that_follow_each_other(tmp_path: Path) -> None:
    data = player_data(gather(both_sources(tmp_path)))
    assert (data["stored"]["hold"], data["live"]["hold"]) == (0.75, 0.3)


def test_of_too_many_moments_some_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_MOMENTS", 15)
    data = player_data(gather(both_sources(tmp_path)))
    assert data["live"]["faces"][0]["times"][:3] == [0, 300, 600]
    assert data["live"]["hold"] > 0.4


def test_without_a_claim_there_is_no_emotion(tmp_path: Path) -> None:
    findings = gather(both_sources(tmp_path))
    face = findings.live[0]
    moments = tuple(dataclasses.replace(moment, emotion=None, confidence=None) for moment in face.moments)
    findings = dataclasses.replace(findings, live=(dataclasses.replace(face, moments=moments),))
    assert set(player_data(findings)["live"]["faces"][0]["emotions"]) == {-1}


def test_no_text_can_end_the_element_it_stands_in() -> None:
    script = as_script({"text": HOSTILE + "\u2028<!--"})
    assert not set("<>&\u2028") & set(script)
    assert json.loads(script) == {"text": HOSTILE + "\u2028<!--"}
