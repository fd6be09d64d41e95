from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from livecam.state import ledger_cells as cell
from livecam.state.sqlite_file import NotOurs

if TYPE_CHECKING:
    from collections.abc import Callable

NOON = datetime(2026, 11, 23, 12, 0, 0, 1, tzinfo=UTC)
GOOD: list[tuple[Callable[[object], object], object, object]] = [
    (cell.text, "", ""),
    (cell.text_or_none, None, None),
    (cell.words, "a", "a"),
    (cell.words_or_none, None, None),
    (cell.name, "a b.mp4", "a b.mp4"),
    (cell.instant, "2026-11-23T12:00:00.000001+00:00", NOON),
    (cell.instant_or_none, None, None),
    (cell.count, 0, 0),
    (cell.count, (1 << 63) - 1, (1 << 63) - 1),
    (cell.count, None, None),
    (cell.ordinal, 1, 1),
    (cell.duration, 0.5, 0.5),
    (cell.duration, 3, 3),
    (cell.duration, None, None),
    (cell.flag, 1, True),
    (cell.flag, 0, False),
]
BAD: list[tuple[Callable[[object], object], object]] = [
    (cell.text, None),
    (cell.text, b"bytes"),
    (cell.text_or_none, 1),
    (cell.words, ""),
    (cell.words_or_none, ""),
    *((cell.name, name) for name in ("", "..", ".hidden", "a/b", "a\\b", "C:x", "a\nb", None)),
    *((cell.instant, at) for at in ("yesterday", "2026-11-23T12:00:00", "2026-11-23T12:00:00+02:00", None)),
    (cell.instant_or_none, 7),
    *((cell.count, number) for number in (-1, 1.5, "1", 1 << 63)),
    *((cell.ordinal, number) for number in (0, None, 1 << 63)),
    *((cell.duration, seconds) for seconds in (-1, float("nan"), float("inf"), "1")),
    *((cell.flag, value) for value in (2, None, "yes", 1.0)),
]


@pytest.mark.parametrize(("read", "value", "expected"), GOOD)
def test_what_livecam_writes_is_read(
    read: Callable[[object], object], value: object, expected: object
) -> None:
    assert read(value) == expected


@pytest.mark.parametrize(("read", "value"), BAD)
def test_what_livecam_never_writes_is_damage(read: Callable[[object], object], value: object) -> None:
    with pytest.raises(NotOurs):
        read(value)


def test_a_word_is_one_of_those_that_are_known() -> None:
    assert cell.one_of(("waiting", "stored"), "stored", "state") == "stored"
    with pytest.raises(NotOurs, match="'lost' is no state of a video"):
        cell.one_of(("waiting", "stored"), "lost", "state of a video")


def test_what_is_written_sorts_by_time_and_is_read_again() -> None:
    elsewhere = timezone(timedelta(hours=-9))
    times = [NOON, NOON + timedelta(microseconds=1), NOON.replace(microsecond=0)]
    written = [cell.written(at.astimezone(elsewhere)) for at in times]
    assert sorted(written) == [cell.written(at) for at in sorted(times)]
    assert [cell.instant(each) for each in written] == times
    assert cell.written_or_none(None) is None


def test_text_that_utf_8_cannot_write_is_kept_as_far_as_it_goes() -> None:
    assert cell.encodable("caf\udce9") == "caf\\udce9"
    assert cell.encodable_or_none(None) is None
