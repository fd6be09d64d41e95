from __future__ import annotations

from livecam.bench.pipeline.figures import STAGES, Round
from livecam.bench.pipeline.request import Request
from livecam.bench.pipeline.table import MEANINGS, meaning, table_lines
from tests.bench.pipeline.samples import a_camera

GOOD, BAD = a_camera(), a_camera(fps=11.04, cores=1.5)


def test_a_row_for_each_round_and_each_stage() -> None:
    lines = table_lines(Request(record=True), [Round((GOOD,)), Round((GOOD, BAD))])
    assert lines[0] == "demo scene, 1280x720, 30 fps, drawn, recorded; 10 s each"
    rows = {line.split()[0]: line.split() for line in lines if line}
    assert rows["1"] == ["1", "30.0", "4.0", "9.0", "12.0", "20.0", "0.27"]
    assert rows["2"] == ["2", "11.0", "4.0", "9.0", "12.0", "20.0", "1.77"]
    assert rows["draw"][-2:] == ["1.00", "1.00"]
    assert rows["together"] == ["together", "9.00", "9.00"]
    assert max(map(len, lines)) <= 80


def test_every_stage_has_a_meaning() -> None:
    assert tuple(MEANINGS) == STAGES


def test_what_is_done_with_the_pictures_is_told() -> None:
    assert ", drawn, in a window;" in table_lines(Request(view="window"), [Round((GOOD,))])[0]
    assert ", not drawn;" in table_lines(Request(view="none"), [Round((GOOD,))])[0]


def test_the_meaning_is_how_many_cameras_are_carried() -> None:
    one, two = Round((GOOD,)), Round((GOOD, GOOD))
    kind = "of 1280x720 at 30 fps at >= 29 fps."
    assert meaning([one, two]) == f"this machine carries at least 2 cameras {kind}"
    assert meaning([one, Round((GOOD, BAD))]) == f"this machine carries 1 camera {kind}"
    assert meaning([Round((BAD,))]).endswith(
        "does not carry one camera of 1280x720 at 30 fps: 11.0 fps were displayed."
    )
    assert "does not carry 2 cameras of" in meaning([Round((GOOD, BAD))])


def test_of_nothing_there_is_no_table() -> None:
    assert table_lines(Request(), []) == []
    assert meaning([]) == "nothing was measured to its end."
