from __future__ import annotations

import pytest

from livecam.config import load_settings
from livecam.errors import UsageError


@pytest.mark.parametrize(
    ("given", "uri"),
    [
        ("s3://bucket", "s3://bucket"),
        ("s3://my.bucket-1/", "s3://my.bucket-1"),
        (" s3://bucket/a/b/ ", "s3://bucket/a/b"),
    ],
)
def test_a_place_on_s3_is_a_bucket_and_perhaps_a_prefix(given: str, uri: str) -> None:
    assert load_settings({"upload": given}).upload == uri


@pytest.mark.parametrize(
    "given", ["bucket", "s3://", "s3://B", "s3://a", "https://bucket", "s3://bucket\n"[:-1] + "\x07"]
)
def test_what_is_no_place_on_s3_is_refused(given: str) -> None:
    with pytest.raises(UsageError, match="s3://BUCKET or s3://BUCKET/PREFIX"):
        load_settings({"upload": given})


@pytest.mark.parametrize("given", ["s3://bucket/../other", "s3://bucket/a//b", "s3://bucket/."])
def test_a_prefix_with_empty_parts_or_dots_is_refused(given: str) -> None:
    with pytest.raises(UsageError, match="has an empty part, or one of dots"):
        load_settings({"upload": given})


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("clip.mp4", "without {id} one clip would take the place of another"),
        ("{idd}.mp4", "{idd} is no field; give {id}, {source}, {date} or {time}; did you mean id?"),
        ("{id", "its braces do not match"),
        ("{id.x}", "is no field"),
        ("{id:d}", "a field cannot be formatted"),
        ("{id!r}", "a field cannot be formatted"),
        ("{id:{source}}", "a field cannot be formatted"),
        ("../{id}", "has an empty part, or one of dots"),
        ("/{id}", "has an empty part, or one of dots"),
    ],
)
def test_a_key_template_that_cannot_work_says_why(template: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_settings({"key_template": template})
    assert words in str(caught.value)


def test_tags_are_names_and_values() -> None:
    assert load_settings({"tag": "a=b; c=d=e"}).tag == ("a=b", "c=d=e")
    for bad in ("a", "=b", "aws:x=y", ";".join(f"t{n}=1" for n in range(11))):
        with pytest.raises(UsageError):
            load_settings({"tag": bad})
