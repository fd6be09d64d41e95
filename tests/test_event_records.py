from __future__ import annotations

from livecam.event_records import as_record, event_type
from livecam.events import ClipEnded, SourceAwaited


def test_a_type_is_the_class_s_name_in_snake_case() -> None:
    assert event_type(ClipEnded(at=1.0, source="0", clip="a")) == "clip_ended"


def test_type_instant_and_source_come_first() -> None:
    record = as_record(SourceAwaited(at=1.5, source="0", message="no camera"))
    assert list(record)[:3] == ["type", "at", "source"]
    assert record == {"type": "source_awaited", "at": 1.5, "source": "0", "message": "no camera"}
