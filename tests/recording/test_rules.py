from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecam.faces import Emotion
from livecam.recording.rules import (
    EMOTIONS,
    LONGEST,
    MOST_FACES,
    CountRule,
    EmotionRule,
    NewFaceRule,
    Rule,
    parse_rule,
)

HOLDS = st.integers(0, int(LONGEST) * 1000).map(lambda milliseconds: milliseconds / 1000)
SCORES = st.one_of(st.just(0.0), st.integers(1000, 99_999).map(lambda thousandths: thousandths / 1000))
RULES = st.one_of(
    st.builds(EmotionRule, st.sampled_from(EMOTIONS), st.sampled_from([">=", ">"]), SCORES, HOLDS),
    st.just(NewFaceRule()),
    st.builds(CountRule, st.sampled_from([">=", "="]), st.integers(1, MOST_FACES), HOLDS),
    st.builds(CountRule, st.sampled_from(["<=", "<"]), st.integers(1, MOST_FACES - 1), HOLDS),
)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("HAPPY >= 80 for 1 s", EmotionRule(Emotion.HAPPY, ">=", 80, 1)),
        ("  happy  >=80%   FOR 1s ", EmotionRule(Emotion.HAPPY, ">=", 80, 1)),
        ("Happy>=80for1s", EmotionRule(Emotion.HAPPY, ">=", 80, 1)),
        ("happy ≥ 80 % for 500 ms", EmotionRule(Emotion.HAPPY, ">=", 80, 0.5)),
        ("sad => 50.5", EmotionRule(Emotion.SAD, ">=", 50.5)),
        ("FEAR > 99", EmotionRule(Emotion.FEAR, ">", 99)),
        ("calm >= 0", EmotionRule(Emotion.CALM, ">=", 0)),
        ("angry >= 100", EmotionRule(Emotion.ANGRY, ">=", 100)),
        ("new face", NewFaceRule()),
        ("New\tFaces", NewFaceRule()),
        ("nobody", CountRule("=", 0)),
        ("Nobody for 10 s", CountRule("=", 0, 10)),
        ("no one for 2 min", CountRule("=", 0, 120)),
        ("no faces for 1 hour", CountRule("=", 0, 3600)),
        ("faces = 0 for 3", CountRule("=", 0, 3)),
        ("somebody for 0.5s", CountRule(">=", 1, 0.5)),
        ("anyone for 0 s", CountRule(">=", 1)),
        ("faces >= 2", CountRule(">=", 2)),
        ("face==3", CountRule("=", 3)),
        ("faces > 1 for 2 seconds", CountRule(">", 1, 2)),
        ("faces < 3", CountRule("<", 3)),
        ("faces ≤ 3", CountRule("<=", 3)),
        ("faces =< 3", CountRule("<=", 3)),
        ("faces >= 100", CountRule(">=", 100)),
    ],
)
def test_what_users_write_is_understood(text: str, rule: Rule) -> None:
    assert parse_rule(text) == rule


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("happy>=80.0% for 1000ms", "HAPPY >= 80 for 1 s"),
        ("happy > 80.25 for 90 s", "HAPPY > 80.25 for 90 s"),
        ("no face for 2 min", "nobody for 120 s"),
        ("faces>=1", "somebody"),
        ("faces == 0 for 500 ms", "nobody for 0.5 s"),
        ("FACE<2", "faces < 2"),
        ("a new face", "new face"),
    ],
)
def test_a_rule_has_one_spelling(text: str, spelled: str) -> None:
    assert str(parse_rule(text)) == spelled


@given(RULES)
def test_a_rule_is_read_back_as_it_was_written(rule: Rule) -> None:
    assert parse_rule(str(rule)) == rule
    assert parse_rule(str(rule).lower().replace(" ", "  ")) == rule


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hapy >= 80", "'hapy' is not known; did you mean HAPPY?"),
        ("anger >= 80", "did you mean ANGRY?"),
        ("face s > 2", "did you mean faces?"),
        (
            "neutral >= 80",
            "choose from HAPPY, SAD, ANGRY, CONFUSED, DISGUSTED, SURPRISED, CALM, FEAR and faces",
        ),
        ("UNKNOWN >= 80", "choose from"),
        ("HAPPY <= 20", "compared by >= or >, not by <="),
        ("HAPPY = 20", "compared by >= or >, not by ="),
        ("HAPPY >= 120", "'120' is no score from 0 to 100"),
        ("HAPPY >= -5", "'-5' is no score from 0 to 100"),
        ("HAPPY >= 80,5", "'80,5' is no score"),
        ("HAPPY >= nan", "'nan' is no score"),
        ("HAPPY >=", "a score from 0 to 100 is missing, as in HAPPY >= 80"),
        ("HAPPY >= 0.8", "did you mean HAPPY >= 80?"),
        ("HAPPY > 100", "did you mean HAPPY >= 100?"),
        ("HAPPY", 'as in "HAPPY >= 80" (in quotes'),
        ("faces", 'as in "faces >= 2" (in quotes'),
        ("happy 80", "did you mean HAPPY >= 80?"),
        ("faces 3 for 2 s", "did you mean faces >= 3?"),
        ("nobdy for 10 s", "did you mean nobody?"),
        ("new fase", "did you mean new face?"),
        ("qwertz", 'write it as "HAPPY >= 80 for 1 s"'),
        ("", "nothing is said"),
        ("for 10 s", "nothing is said"),
        (">= 80", "does not say what is compared"),
        ("faces >=", "a number of faces is missing"),
        ("faces >= 1.5", "'1.5' is no number of faces from 0 to 100"),
        ("faces >= 101", "'101' is no number of faces from 0 to 100"),
        ("faces < 0", "never so many"),
        ("faces > 100", "never so many"),
        ("faces >= 0", "always so"),
        ("faces <= 100", "always so"),
        ("new face for 2 s", "a face is new only once"),
        ("nobody for", 'after "for" comes how long'),
        ("nobody for ten seconds", "'ten seconds' is no duration"),
        ("nobody for 10 x", "'10 x' is no duration"),
        ("nobody for -1 s", "'-1 s' is no duration"),
        ("nobody for 25 h", "'25 h' is longer than a day"),
        ("nobody for " + "9" * 5000, "is no duration"),
        ("faces >= " + "9" * 5000, "is no number of faces"),
    ],
)
def test_what_is_no_rule_is_told_with_its_text_and_what_is_allowed(text: str, said: str) -> None:
    with pytest.raises(ValueError, match="is no rule for recording") as refused:
        parse_rule(text)
    assert said in str(refused.value)
    assert str(refused.value).startswith(repr(text))
    assert "\n" not in str(refused.value)


@given(st.text(alphabet="happyface nobd>=<≥%.0189 for s-,²٣\n", max_size=25))
def test_any_text_is_a_rule_or_refused_in_a_sentence(text: str) -> None:
    try:
        rule = parse_rule(text)
    except ValueError as error:
        assert "is no rule for recording: " in str(error)  # noqa: PT017  either may come
    else:
        assert parse_rule(str(rule)) == rule


@pytest.mark.parametrize(
    ("text", "met", "not_met"),
    [
        ("faces >= 2", (2, 3), (0, 1)),
        ("faces > 2", (3,), (1, 2)),
        ("faces < 2", (0, 1), (2,)),
        ("faces <= 2", (0, 2), (3,)),
        ("faces = 2", (2,), (1, 3)),
        ("nobody", (0,), (1,)),
        ("somebody", (1, 5), (0,)),
    ],
)
def test_faces_are_counted(text: str, met: tuple[int, ...], not_met: tuple[int, ...]) -> None:
    rule = parse_rule(text)
    assert isinstance(rule, CountRule)
    assert all(map(rule.is_met_by, met))
    assert not any(map(rule.is_met_by, not_met))


def test_a_score_on_the_mark_is_enough_unless_it_must_be_above() -> None:
    assert EmotionRule(Emotion.HAPPY, ">=", 80).is_met_by(80.0)
    assert not EmotionRule(Emotion.HAPPY, ">=", 80).is_met_by(79.9)
    assert not EmotionRule(Emotion.HAPPY, ">", 80).is_met_by(80.0)
