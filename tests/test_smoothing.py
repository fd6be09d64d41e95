import math

import pytest

from livecam.faces import Emotion, EmotionScore
from livecam.smoothing import EmotionSmoother


def scores(**confidences: float) -> list[EmotionScore]:
    return [EmotionScore(Emotion[name], value) for name, value in confidences.items()]


def test_the_first_answer_is_taken_as_it_is() -> None:
    smoother = EmotionSmoother()
    smoother.update(scores(HAPPY=80, CALM=20), at=5.0)
    assert smoother.leader == EmotionScore(Emotion.HAPPY, 80)
    assert [score.emotion for score in smoother.scores] == [Emotion.HAPPY, Emotion.CALM]


def test_before_any_answer_nobody_leads() -> None:
    assert EmotionSmoother().leader is None


def test_after_one_tau_an_old_score_weighs_one_over_e() -> None:
    smoother = EmotionSmoother(tau=0.6)
    smoother.update(scores(HAPPY=100), at=0.0)
    smoother.update(scores(CALM=100), at=0.6)
    happy = next(score for score in smoother.scores if score.emotion == Emotion.HAPPY)
    assert happy.confidence == pytest.approx(100 / math.e)


def test_the_result_depends_on_time_not_on_the_number_of_answers() -> None:
    often, seldom = EmotionSmoother(), EmotionSmoother()
    for smoother, steps in ((often, 10), (seldom, 1)):
        smoother.update(scores(HAPPY=100), at=0.0)
        for step in range(1, steps + 1):
            smoother.update(scores(CALM=100), at=step / steps)
    assert often.scores[0].confidence == pytest.approx(seldom.scores[0].confidence)


@pytest.mark.parametrize(
    ("happy", "calm", "expected"),
    [(47, 53, EmotionScore(Emotion.HAPPY, 47)), (40, 60, EmotionScore(Emotion.CALM, 60))],
)
def test_a_slight_lead_does_not_change_the_leader_and_a_clear_one_does(
    happy: float, calm: float, expected: EmotionScore
) -> None:
    smoother = EmotionSmoother(hysteresis=10)
    smoother.update(scores(HAPPY=52, CALM=48), at=0.0)
    smoother.update(scores(HAPPY=happy, CALM=calm), at=1000.0)
    assert smoother.leader == expected


def test_an_answer_about_an_older_moment_is_ignored() -> None:
    smoother = EmotionSmoother()
    smoother.update(scores(HAPPY=100), at=10.0)
    smoother.update(scores(CALM=100), at=9.0)
    assert smoother.scores == (EmotionScore(Emotion.HAPPY, 100),)


def test_an_emotion_left_out_counts_as_none_of_it() -> None:
    smoother = EmotionSmoother()
    smoother.update(scores(HAPPY=100), at=0.0)
    smoother.update(scores(), at=1000.0)
    (score,) = smoother.scores
    assert score.confidence == pytest.approx(0.0)
