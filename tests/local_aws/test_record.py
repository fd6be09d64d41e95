from __future__ import annotations

import dataclasses

from livecam.local_aws.record import MOST_KEPT, Entry, Record

ENTRY = Entry("id", "DetectFaces", 1.0, 1.5, 1.75, 1.8, 100, 50, 200, "ok")


def test_the_service_time_is_from_the_last_byte_in_to_the_first_byte_out() -> None:
    assert ENTRY.service_time == 0.25
    assert dataclasses.replace(ENTRY, answered_at=None).service_time is None
    assert dataclasses.replace(ENTRY, received_at=None).service_time is None


def test_the_record_is_bounded_and_counts_on() -> None:
    record = Record()
    for _ in range(MOST_KEPT + 1):
        record.add(ENTRY)
    assert len(record.entries()) == MOST_KEPT
    assert record.as_json()["total"] == MOST_KEPT + 1
    record.clear()
    assert record.as_json() == {"total": 0, "requests": []}


def test_json_has_every_field_and_the_service_time() -> None:
    record = Record()
    record.add(ENTRY)
    (found,) = record.as_json()["requests"]
    assert found == dataclasses.asdict(ENTRY) | {"service_time": 0.25}
