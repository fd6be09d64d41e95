"""What a user writes in a grammar of ours: rules, places on S3, names of objects, prices, fault plans."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from livecam.compose.cost import prices_of
from livecam.compose.storage import place_for
from livecam.config import load_settings
from livecam.errors import LivecamError
from livecam.local_aws.fault_plan import FaultPlan, read_plan
from livecam.recording.rules import parse_rule
from tests.fuzz.cases import assert_told, fuzzed
from tests.fuzz.damage import CHANGES, DAMAGE, TEXTS, Changes, Damage

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LONGEST_KEY = 1024
"""Bytes of an object's key (S3 user guide, "Naming Amazon S3 objects")."""

RULE_WORDS = st.one_of(
    st.sampled_from(
        [
            "HAPPY",
            "happy",
            "FEAR",
            "UNKNOWN",
            "faces",
            "face",
            "nobody",
            "somebody",
            "new",
            "a",
            "no",
            "one",
            "for",
            "1",
            "s",
            "10",
            "ms",
            "0.5",
            "80",
            "100",
            "1e3",
            ">=",
            "<=",
            ">",
            "<",
            "=",
            "==",
            "=>",
            "≥",
            "%",
            "٣",
            "²",
            "999999999",
            ".5",
            "5.",
            "min",
            "h",
        ]
    ),
    TEXTS,
)
PLACE_WORDS = st.one_of(
    st.sampled_from(
        ["s3://", "bucket", "a.b-c", "/", "//", "..", ".", "films", "é", "x" * 600, " ", "%2e", "\\"]
    ),
    TEXTS,
)
TEMPLATE_WORDS = st.one_of(
    st.sampled_from(
        (
            "{id} {source} {date} {time} / .. . {{ }} { } {id!r} {id:9} {0} {} {id.x} "
            + "é" * 200
            + " "
            + "{source}" * 50
        ).split()
    ),
    TEXTS,
)
PRICES = {"detect_faces": 0.001, "clip_minute": 0.1, "as_of": "2026-10-07", "note": "ours"}
PLAN = {
    "latency": {"seconds": 0.1, "sigma": 0.3, "by_region": {"eu-west-1": 0.2}},
    "stall": {"every": 10, "seconds": 2},
    "quota": {"per_second": 5, "operations": {"DetectFaces": 3}, "burst": 2},
    "faults": [{"kind": "error", "share": 0.1, "operation": "DetectFaces", "code": "ThrottlingException"}],
    "uplink": 1000,
    "seed": 3,
}


@fuzzed(100, words=st.lists(RULE_WORDS, max_size=8))
def test_a_rule_is_refused_or_is_the_one_that_its_spelling_says(words: list[str]) -> None:
    text = " ".join(words)
    try:
        rule = parse_rule(text)
    except ValueError as error:
        assert str(error).startswith(f"{text!r} is no rule for recording: ")  # noqa: PT017  it need not be raised
    else:
        assert parse_rule(str(rule)) == rule
        assert load_settings({"record_on": [text]}).record_on


@fuzzed(
    200, words=st.lists(PLACE_WORDS, max_size=5), template=st.lists(TEMPLATE_WORDS, max_size=5), name=TEXTS
)
def test_an_object_gets_a_key_that_s3_takes_within_its_prefix(
    words: list[str], template: list[str], name: str
) -> None:
    upload = "s3://clips" + "".join(words) if len(words) % 2 else "".join(words)
    try:
        settings = load_settings({"upload": upload, "key_template": "".join(template)})
    except LivecamError as error:
        assert_told(error)
        return
    place = place_for(settings, name, source=name * 50, began_at=NOON)
    other = place_for(settings, f"{name[:100]}-2", source=name * 50, began_at=NOON)
    assert place.key != other.key
    assert not {"", ".", ".."} & set(place.key.split("/"))
    assert len(place.key.encode()) <= LONGEST_KEY
    prefix = str(settings.upload).removeprefix(f"s3://{place.bucket}").removeprefix("/")
    assert place.key.startswith(prefix)


def priced(content: bytes, suffix: str) -> None:
    """See that a price file is refused by its name, or gives prices that can be."""
    path = Path(f"prices{suffix}")
    path.write_bytes(content)
    try:
        table = prices_of(load_settings({"prices": path}))
    except LivecamError as error:
        assert_told(error, str(path))
    else:
        assert 0 <= table.call("DetectFaces") <= 1000
        assert 0 <= table.clip_minute() <= 1000


@fuzzed(100, changes=CHANGES)
def test_a_price_file_of_any_values_is_refused_or_holds_prices(changes: Changes) -> None:
    priced(json.dumps(changes.of(PRICES)).encode(), ".json")


@fuzzed(60, damage=DAMAGE, digits=st.sampled_from(["0.001", "1" * 5000, "1_0", "0x10", "inf", "nan"]))
def test_a_damaged_price_file_is_refused_or_holds_prices(damage: Damage, digits: str) -> None:
    text = f'detect_faces = {digits}\nclip_minute = 0.1\nas_of = "2026-10-07"\nnote = "ours"\n'
    priced(damage.of(text.encode()), ".toml")


def planned(content: bytes) -> FaultPlan | None:
    """Return the plan in a file; None where it was refused by its name."""
    path = Path("faults.toml")
    path.write_bytes(content)
    try:
        return read_plan(path)
    except LivecamError as error:
        assert_told(error, str(path))
        return None


TOML_PLAN = b"""\
uplink = 1000
seed = 3
[latency]
seconds = 0.1
sigma = 0.3
[quota]
per_second = 5
operations = { DetectFaces = 3 }
[[faults]]
kind = "error"
share = 0.1
"""


@fuzzed(100, damage=DAMAGE, bomb=st.sampled_from([b"", b"seed = " + b"9" * 5000, b"seed = " + b"[" * 50_000]))
def test_a_damaged_fault_plan_is_refused_or_is_what_it_says(damage: Damage, bomb: bytes) -> None:
    plan = planned(bomb + b"\n" + damage.of(TOML_PLAN))
    if plan is not None:
        assert FaultPlan.model_validate(plan.model_dump()) == plan


@fuzzed(100, changes=CHANGES)
def test_a_fault_plan_of_any_values_is_refused_or_is_what_it_says(changes: Changes) -> None:
    from livecam.local_aws.fault_plan import plan_from

    values: Any = changes.of(PLAN)
    try:
        plan = plan_from(values, "PUT")
    except LivecamError as error:
        assert_told(error)
    else:
        json.dumps(plan.model_dump(mode="json"), allow_nan=False)
        assert plan_from(plan.model_dump(mode="json"), "PUT") == plan
