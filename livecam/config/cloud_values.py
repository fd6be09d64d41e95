"""What the settings about clips on S3 may be: as `values.py`, for places, rights and jobs."""

from __future__ import annotations

import re
import string
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PlainValidator

from livecam.config.values import Form, Refusal, did_you_mean, one_of

KEY_FIELDS = ("id", "source", "date", "time")
"""Fields of a key template, without braces."""
MOST_TAGS = 10
"""Of an S3 object (S3 user guide, "Categorizing your objects using tags")."""
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ARN = r"^arn:aws[a-z-]*:{service}:"


def _as_place(text: str) -> str:
    """Check s3://BUCKET or s3://BUCKET/PREFIX; a "/" at the end means nothing."""
    found = re.fullmatch(r"s3://([^/]+)(?:/(.*))?", text.strip())
    if not found or not _BUCKET.fullmatch(found[1]):
        raise ValueError
    prefix = (found[2] or "").strip("/")
    if any(part in ("", ".", "..") for part in prefix.split("/")) and prefix:
        raise Refusal(f"the prefix {prefix!r} has an empty part, or one of dots; give s3://BUCKET/PREFIX")
    if len(prefix) > 512 or not prefix.isprintable():  # noqa: PLR2004  a key has 1024 bytes
        raise ValueError
    return f"s3://{found[1]}/{prefix}" if prefix else f"s3://{found[1]}"


def _as_key_template(text: str) -> str:
    try:
        parts = [part for part in string.Formatter().parse(text) if part[1] is not None]
        fields = [str(name) for _, name, _, _ in parts]
    except ValueError as error:
        raise Refusal("its braces do not match; write {{ for a brace") from error
    for name in fields:
        if name not in KEY_FIELDS:
            known = ["{" + field + "}" for field in KEY_FIELDS]
            raise Refusal(f"{{{name}}} is no field; give {one_of(known)}{did_you_mean(name, KEY_FIELDS)}")
    if any(spec or conversion for _, _, spec, conversion in parts):
        raise Refusal("a field cannot be formatted; give it as {id}, without : or !")
    if any(each in ("", ".", "..") for each in text.split("/")):
        raise Refusal("it has an empty part, or one of dots, between its /; give a plain name")
    if "id" not in fields:
        raise Refusal("without {id} one clip would take the place of another; give a template with it")
    return text


def _as_tags(value: object) -> tuple[str, ...]:
    parts = value.split(";") if isinstance(value, str) else value
    if not isinstance(parts, list | tuple) or not all(isinstance(part, str) for part in parts):
        raise ValueError
    tags = [part.strip() for part in parts if part.strip()]
    for tag in tags:
        name, sign, _ = tag.partition("=")
        if not sign or not name.strip() or name.lower().startswith("aws:"):
            raise Refusal(f"{tag!r} is no tag; give NAME=VALUE")
    if len(tags) > MOST_TAGS:
        raise Refusal(f"there are {len(tags)}; an object has at most {MOST_TAGS} tags")
    return tuple(tags)


Upload = Annotated[
    str, AfterValidator(_as_place), Form("s3://BUCKET or s3://BUCKET/PREFIX", "s3://my-clips/livecam")
]
KeyTemplate = Annotated[
    str,
    AfterValidator(_as_key_template),
    Field(min_length=1, max_length=400),
    Form("a name with {id}, and {source}, {date} or {time} if you like", "{date}/{id}.mp4"),
]
StorageClass = Annotated[
    Literal["STANDARD", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "REDUCED_REDUNDANCY"],
    Form(
        "STANDARD, STANDARD_IA, ONEZONE_IA, INTELLIGENT_TIERING or REDUCED_REDUNDANCY",
        "STANDARD_IA",
    ),
]
Encryption = Annotated[Literal["bucket", "AES256", "aws:kms"], Form("bucket, AES256 or aws:kms", "AES256")]
KmsKey = Annotated[
    str,
    Field(min_length=1, max_length=2048, pattern=r"^\S+$"),
    Form("a key's id, alias or ARN", "alias/clips"),
]
Tags = Annotated[
    tuple[str, ...], PlainValidator(_as_tags), Form("NAME=VALUE; several with ; between", ["project=livecam"])
]
FaceAttributes = Annotated[Literal["ALL", "DEFAULT"], Form("ALL or DEFAULT, which has no emotions", "ALL")]
JobTag = Annotated[
    str,
    Field(pattern=r"^[a-zA-Z0-9_.\-:+=/]{1,1024}$"),
    Form("1 to 1024 letters, digits or _ . - : + = /", "livecam"),
]
TopicArn = Annotated[
    str,
    Field(pattern=_ARN.format(service="sns")),
    Form(
        "the ARN of an SNS topic",
        "arn:aws:sns:us-east-1:123456789012:AmazonRekognition-livecam",
    ),
]
RoleArn = Annotated[
    str,
    Field(pattern=_ARN.format(service="iam")),
    Form("the ARN of a role", "arn:aws:iam::123456789012:role/livecam-rekognition"),
]
QueueUrl = Annotated[
    str,
    Field(pattern=r"^https?://\S+$"),
    Form("the address of an SQS queue", "https://sqs.us-east-1.amazonaws.com/123456789012/livecam"),
]
