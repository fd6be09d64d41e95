from __future__ import annotations

import pytest

from livecam.bench.selection.detector import Labels, VirtualAnswer, VirtualService
from livecam.faces import Emotion
from tests.bench.selection.samples import CALM, HAPPY, SAD, a_clip

CLIP = a_clip(*[CALM] * 1000)


def service(rate: float = 2.0, latency: float = 0.34, wrong: float = 0.0, seed: int = 0) -> VirtualService:
    return VirtualService(rate=rate, latency=latency, wrong=wrong, seed=seed)


def sent_at(service: VirtualService, until: float, step: float = 0.1) -> list[float]:
    """Return when calls begin if one is made as soon as it may be."""
    found = []
    for index in range(round(until / step)):
        now = index * step
        service.take(now)
        if service.is_free(now):
            service.send(CLIP.frames[index], now)
            found.append(round(now, 3))
    return found


def test_calls_keep_the_pace() -> None:
    assert sent_at(service(), 2.1) == [0.0, 0.5, 1.0, 1.5, 2.0]
    assert len(sent_at(service(), 60.0)) == 120


def test_what_a_frame_comes_late_for_a_call_is_made_up_for_but_never_a_burst() -> None:
    every_15th = sent_at(service(), 60.0, step=1 / 15)
    assert len(every_15th) == pytest.approx(120, abs=2)
    free = service()
    free.send(CLIP.frames[0], 0.0)
    free.take(9.0)
    free.send(CLIP.frames[90], 9.0)
    free.take(9.4)
    assert not free.is_free(9.4)


def test_no_more_than_two_calls_are_under_way() -> None:
    assert sent_at(service(rate=10.0, latency=1.0), 1.0) == [0.0, 0.1]


def test_an_answer_comes_after_its_latency_and_says_what_was_true_then() -> None:
    clip = a_clip(HAPPY, CALM, CALM, CALM, CALM)
    one = service()
    one.send(clip.frames[0], 0.0)
    assert one.take(0.3) == []
    (answer,) = one.take(0.34)
    assert (answer.emotions, answer.frame.sequence) == ({0: HAPPY}, 0)
    assert one.take(0.5) == []


def test_a_share_of_the_answers_is_wrong_and_the_same_for_whoever_asks() -> None:
    def said(seed: int) -> list[Emotion]:
        one = service(wrong=0.2, seed=seed)
        found = []
        for frame in CLIP.frames:
            one.send(frame, frame.at)
            found += [answer.emotions[0] for answer in one.take(frame.at + 1)]
        return found

    wrong = sum(emotion is not CALM for emotion in said(0)) / len(CLIP.frames)
    assert wrong == pytest.approx(0.2, abs=0.04)
    assert Emotion.UNKNOWN not in said(0)
    assert said(0) == said(0)
    assert said(0) != said(1)


def test_a_label_is_steadied_and_unclear_at_first_when_answers_differ() -> None:
    labels = Labels()
    frames = a_clip(*[CALM] * 10).frames
    assert labels.of(0) is None
    labels.take(VirtualAnswer(frames[0], 0.3, {0: CALM}))
    assert labels.of(0) is CALM
    labels.take(VirtualAnswer(frames[1], 0.4, {0: SAD}))  # a tenth of a second later: too soon to believe
    assert labels.of(0) is CALM
    labels.take(VirtualAnswer(frames[9], 1.3, {0: SAD}))
    assert labels.of(0) is SAD
    assert labels.of(1) is None
