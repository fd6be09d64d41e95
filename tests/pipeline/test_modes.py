from livecam.pipeline.modes import ModeSwitch


def test_it_is_live_unless_told_otherwise_and_can_be_switched() -> None:
    mode = ModeSwitch()
    assert (mode.name, mode.is_aligned) == ("live", False)
    mode.toggle()
    assert (mode.name, mode.is_aligned) == ("aligned", True)
    assert ModeSwitch("aligned").is_aligned
