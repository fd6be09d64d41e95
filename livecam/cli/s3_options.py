"""The flags about clips on S3 and their analysis; texts, as in `options.py`."""

from __future__ import annotations

from typing import Annotated

import typer

from livecam.cli.options import offer

ON_S3 = "Clips on S3"


def _text(metavar: str, help_: str, *offered: str) -> object:
    return typer.Option(
        metavar=metavar,
        help=help_,
        show_default=False,
        autocompletion=offer(*offered) if offered else None,
        rich_help_panel=ON_S3,
    )


def _switch(help_: str) -> object:
    return typer.Option(help=help_, show_default=False, rich_help_panel=ON_S3)


Upload = Annotated[
    str | None, _text("s3://BUCKET/PREFIX", "Upload each clip when it is finished; asks before the first.")
]
Analyze = Annotated[bool | None, _switch("Have Rekognition analyse each uploaded clip; paid by the minute.")]
KeyTemplate = Annotated[
    str | None,
    _text("NAME", "Object's name: {id}, {source}, {date}, {time}. (default: {id}.mp4)", "{date}/{id}.mp4"),
]
StorageClass = Annotated[
    str | None,
    _text("CLASS", "Storage class of uploaded clips.", "STANDARD", "STANDARD_IA", "INTELLIGENT_TIERING"),
]
Encryption = Annotated[
    str | None,
    _text(
        "HOW",
        "bucket, AES256 (S3's keys) or aws:kms (yours). (default: bucket)",
        "bucket",
        "AES256",
        "aws:kms",
    ),
]
KmsKey = Annotated[str | None, _text("KEY", "Key for aws:kms: its id, alias or ARN.")]
Tag = Annotated[list[str] | None, _text("NAME=VALUE", "Tag of uploaded clips; may be repeated.")]
KeepLocal = Annotated[
    bool | None,
    _switch("Keep a clip on this machine when it is proved to be on S3. (default: True)"),
]
FaceAttributes = Annotated[
    str | None,
    _text(
        "ALL|DEFAULT",
        "What jobs tell of each face; DEFAULT has no emotions. (default: ALL)",
        "ALL",
        "DEFAULT",
    ),
]
JobTag = Annotated[str | None, _text("TAG", "Tag of jobs, told in their notifications.")]
SnsTopic = Annotated[str | None, _text("ARN", "Topic that is told when a job has ended; with --role-arn.")]
RoleArn = Annotated[str | None, _text("ARN", "Role that lets Rekognition write to the topic.")]
QueueUrl = Annotated[str | None, _text("URL", "Queue that the topic feeds; else jobs are asked about.")]
