from __future__ import annotations

from dataclasses import replace

from livecam.bench.comparison.circumstances import circumstances
from livecam.bench.latency.samples import Picture
from tests.bench.latency.runs import BASE, MACHINE, run_of, sample

RUN = run_of([BASE], [sample(0, 0, 0.3)])


def test_the_same_circumstances_are_not_told() -> None:
    assert circumstances(RUN, RUN) == ()


def test_what_differs_is_told_from_both_sides() -> None:
    other = run_of(
        [replace(BASE, region="us-east-1")],
        [sample(0, 0, 0.3, bytes_sent=60_000)],
        machine=replace(
            MACHINE,
            began="2026-03-02T22:00:00+01:00",
            endpoint="http://127.0.0.1:4577",
            packages={"boto3": "1.41.0"},
            load=None,
            cpus=8,
        ),
        pictures=tuple(Picture(f"{index}.jpg", 640, 480) for index in range(5)),
        ended="interrupted",
    )
    found = {each.name: (each.first, each.second) for each in circumstances(RUN, other)}
    assert found == {
        "began": ("2026-03-01T09:30:00+01:00", "2026-03-02T22:00:00+01:00"),
        "ended": ("complete", "interrupted"),
        "Region": ("eu-west-1", "us-east-1"),
        "endpoint": ("AWS's own", "http://127.0.0.1:4577"),
        "pictures": ("a.jpg (1280x720)", "0.jpg (640x480), 1.jpg (640x480), 2.jpg (640x480) and 2 more"),
        "CPUs": ("2", "8"),
        "payload, median": ("30.0 kB", "60.0 kB"),
        "load": ("0.5", "-"),
        "boto3": ("1.40.0", "1.41.0"),
        "urllib3": ("2.2.0", "-"),
    }


def test_pictures_of_about_the_same_size_are_the_same_payload() -> None:
    assert circumstances(RUN, run_of([BASE], [sample(0, 0, 0.3, bytes_sent=30_500)])) == ()


def test_an_unknown_payload_is_told_as_such() -> None:
    (found,) = circumstances(RUN, run_of([BASE], [sample(0, 0, 0.3, bytes_sent=None)]))
    assert (found.first, found.second) == ("30.0 kB", "-")
