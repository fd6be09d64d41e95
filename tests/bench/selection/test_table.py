from __future__ import annotations

from livecam.bench.selection.request import Request
from livecam.bench.selection.simulation import compared
from livecam.bench.selection.table import meaning, table_lines
from tests.bench.selection.samples import CALM, HAPPY, lasting

REQUEST = Request()
RESULT = compared(lasting((None, 30), (CALM, 20), (HAPPY, 20)), REQUEST)
LINES = table_lines([RESULT])


def test_the_clip_and_its_truth_are_said_first() -> None:
    assert LINES[:3] == [
        "made-up: 640x360, 10 fps, 1.2 min, 1 change",
        "  compared with the test, exact",
        "  a look at a face costs 0.40 ms of CPU beside finding it",
    ]


def test_each_policy_has_its_scores_and_its_calls_by_activity() -> None:
    for policy in REQUEST.compared:
        assert sum(line.split()[0] == policy for line in LINES if line) >= 2
    assert "every         140      100.0   7.20     100        100   0.40  0.40     98.0" in LINES
    assert "every         120.0    120.0" in LINES


def test_reasons_are_said_of_those_that_choose() -> None:
    reasons = [line for line in LINES if "called for" in line]
    assert [line.split()[0] for line in reasons] == ["changed", "smart"]
    assert "label old" in reasons[1]


def test_it_fits_a_terminal() -> None:
    assert max(map(len, LINES)) <= 80


def test_the_meaning_is_one_sentence() -> None:
    (sentence,) = meaning(REQUEST, [RESULT])
    assert sentence.startswith("made-up: smart makes ")
    assert sentence.endswith(
        "% of the calls of a fixed 2 a second and shows 100 % of the changes that those show."
    )


def test_the_meaning_is_of_smart_or_without_it_of_the_last() -> None:
    for policies, name in ((("smart", "changed"), "smart"), (("changed", "every@1"), "every@1")):
        request = Request(policies=policies)
        (sentence,) = meaning(request, [compared(RESULT.observation, request)])
        assert sentence.startswith(f"made-up: {name} makes ")


def test_without_changes_nothing_is_claimed() -> None:
    (sentence,) = meaning(REQUEST, [compared(lasting((CALM, 5)), REQUEST)])
    assert sentence.endswith("no change was there to be seen.")
    alone = Request(policies=("every",))
    assert meaning(alone, [compared(RESULT.observation, alone)]) == []


def test_clips_stand_apart() -> None:
    both = table_lines([RESULT, RESULT])
    assert both[len(LINES)] == ""
    assert both[len(LINES) + 1 :] == LINES
