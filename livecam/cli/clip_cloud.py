"""`livecam clips upload`, `analyze` and `report`: to S3, through Rekognition Video, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from livecam.cli import options, record_options, s3_options

Videos = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="CLIP|FILE|FOLDER|s3://...",
        help="Clips (as for show), files, folders, objects on S3.",
        show_default=False,
    ),
]
Upload = Annotated[
    str | None,
    typer.Option(
        metavar="s3://BUCKET/PREFIX",
        help="Where on S3 they go; asks before the first.",
        show_default=False,
        rich_help_panel=s3_options.ON_S3,
    ),
]
Json = Annotated[
    bool,
    typer.Option("--json", help="Print what became of each video as JSON.", rich_help_panel=options.OUTPUTS),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Say what would be done and its price; send nothing.")
]
Force = Annotated[bool, typer.Option("--force", help="Send what Rekognition would refuse.")]
Transcode = Annotated[
    bool, typer.Option("--transcode", help="Send an H.264 copy of what Rekognition would refuse.")
]
Wait = Annotated[bool, typer.Option("--wait", help="Wait for the results and fetch them.")]
Anew = Annotated[bool, typer.Option("--anew", help="Analyse again what was analysed; paid again.")]


def upload(
    ctx: typer.Context,
    videos: Videos = None,
    upload: Upload = None,
    key_template: s3_options.KeyTemplate = None,
    storage_class: s3_options.StorageClass = None,
    encryption: s3_options.Encryption = None,
    kms_key: s3_options.KmsKey = None,
    tag: s3_options.Tag = None,
    keep_local: s3_options.KeepLocal = None,
    region: options.Region = None,
    profile: options.Profile = None,
    endpoint_url: options.EndpointUrl = None,
    force: Force = False,
    transcode: Transcode = False,
    dry_run: DryRun = False,
    yes: options.Yes = False,
    clip_dir: record_options.ClipDir = None,
    as_json: Json = False,
    verbose: options.Verbose = 0,
    quiet: options.Quiet = False,
    debug: options.Debug = False,
) -> None:
    """Put clips on S3, proved by checksums; without a name, all that are not there yet."""
    from livecam.cli.storing import perform

    raise typer.Exit(perform(ctx.params, is_analysed=False))


def analyze(
    ctx: typer.Context,
    videos: Videos = None,
    wait: Wait = False,
    anew: Anew = False,
    upload: Upload = None,
    key_template: s3_options.KeyTemplate = None,
    storage_class: s3_options.StorageClass = None,
    encryption: s3_options.Encryption = None,
    kms_key: s3_options.KmsKey = None,
    tag: s3_options.Tag = None,
    keep_local: s3_options.KeepLocal = None,
    face_attributes: s3_options.FaceAttributes = None,
    job_tag: s3_options.JobTag = None,
    sns_topic: s3_options.SnsTopic = None,
    role_arn: s3_options.RoleArn = None,
    queue_url: s3_options.QueueUrl = None,
    prices: options.Prices = None,
    region: options.Region = None,
    profile: options.Profile = None,
    endpoint_url: options.EndpointUrl = None,
    force: Force = False,
    transcode: Transcode = False,
    dry_run: DryRun = False,
    yes: options.Yes = False,
    clip_dir: record_options.ClipDir = None,
    as_json: Json = False,
    verbose: options.Verbose = 0,
    quiet: options.Quiet = False,
    debug: options.Debug = False,
) -> None:
    """Have Rekognition analyse videos; without a name, go on with what was begun. Paid by the minute."""
    from livecam.cli.storing import perform

    raise typer.Exit(perform(ctx.params, is_analysed=True))


def report(
    clip: Annotated[str, typer.Argument(metavar="CLIP|FILE|s3://...", help="As for analyze.")],
    output: Annotated[
        Path | None,
        typer.Option(metavar="FILE.html", help="Where to. (default: beside the video)", show_default=False),
    ] = None,
    png: Annotated[
        Path | None, typer.Option("--png", metavar="FILE.png", help="The timeline as a picture too.")
    ] = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE.csv", help="Faces of every instant too, as a table.")
    ] = None,
    jsonl: Annotated[
        Path | None, typer.Option("--jsonl", metavar="FILE.jsonl", help="The same as JSON Lines too.")
    ] = None,
    open_it: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    clip_dir: record_options.ClipDir = None,
    debug: options.Debug = False,
) -> None:
    """Write one page that shows a video with its faces, live and as Rekognition Video saw them."""
    from livecam.cli.reporting import report_of

    path = report_of(clip, clip_dir=clip_dir, output=output, png=png, csv=csv, jsonl=jsonl, is_debug=debug)
    print(path)
    if open_it:
        import webbrowser

        webbrowser.open(path.absolute().as_uri())
