from __future__ import annotations

from livecam.selection.reasons import Reason, foremost


def test_the_words_are_these_and_no_others() -> None:
    speaking_for = [
        "pace",
        "scene cut",
        "new face",
        "not answered",
        "changed",
        "label old",
        "nobody for long",
    ]
    against = ["blurred", "too soon", "asked", "unchanged", "nobody"]
    assert [reason.value for reason in Reason if reason.is_for_a_call] == speaking_for
    assert [reason.value for reason in Reason if not reason.is_for_a_call] == against


def test_a_choice_says_what_its_reason_says() -> None:
    assert Reason.CHANGED.choice.is_chosen
    assert not Reason.BLURRED.choice.is_chosen
    assert Reason.BLURRED.choice.reason == "blurred"
    assert type(Reason.CHANGED.choice.reason) is str


def test_one_reason_for_a_call_outdoes_all_against() -> None:
    assert foremost([Reason.UNCHANGED, Reason.BLURRED, Reason.LABEL_OLD]) is Reason.LABEL_OLD
    assert foremost([Reason.LABEL_OLD, Reason.CHANGED, Reason.NEW_FACE]) is Reason.NEW_FACE
    assert foremost([Reason.UNCHANGED, Reason.TOO_SOON]) is Reason.TOO_SOON
