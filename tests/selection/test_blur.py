from __future__ import annotations

import pytest

from livecam.selection.blur import PATIENCE, BlurVeto


def used_to(sharpness: float = 100.0) -> BlurVeto:
    veto = BlurVeto()
    veto.look(sharpness)
    return veto


@pytest.mark.parametrize(("sharpness", "holds"), [(74.0, True), (76.0, False), (200.0, False)])
def test_it_holds_while_the_face_is_less_sharp_than_usual(sharpness: float, holds: bool) -> None:  # noqa: FBT001
    veto = used_to()
    veto.look(sharpness)
    assert veto.holds(10.0) is holds


def test_the_first_look_is_as_sharp_as_usual() -> None:
    assert not BlurVeto().holds(10.0)
    assert not used_to(1.0).holds(10.0)


def test_it_holds_for_so_long_and_no_longer() -> None:
    veto = used_to()
    veto.look(20.0)
    assert veto.holds(10.0)
    assert veto.holds(10.0 + PATIENCE - 0.01)
    assert not veto.holds(10.0 + PATIENCE)
    veto.look(20.0)
    assert not veto.holds(10.7), "a call that was put off long enough is not put off again"


def test_once_the_call_was_made_the_next_may_be_put_off_anew() -> None:
    veto = used_to()
    veto.look(20.0)
    veto.holds(10.0)
    veto.rest()
    assert veto.holds(11.0)
    assert veto.holds(11.0 + PATIENCE - 0.01)


def test_one_sharp_look_ends_the_wait() -> None:
    veto = used_to()
    veto.look(20.0)
    assert veto.holds(10.0)
    veto.look(100.0)
    assert not veto.holds(10.2)
    veto.look(20.0)
    assert veto.holds(10.5)


def test_what_is_usual_follows_slowly() -> None:
    veto = used_to()
    for _ in range(3):
        veto.look(70.0)  # mean 97.6, 95.4, 93.4
    assert veto.holds(10.0)
    for _ in range(30):
        veto.look(70.0)
    assert not veto.holds(11.0)


def test_after_a_restart_nothing_is_usual() -> None:
    veto = used_to()
    veto.look(20.0)
    veto.restart()
    assert not veto.holds(10.0)
    veto.look(20.0)
    assert not veto.holds(10.0)
