"""`livecam record`: clips of a source."""

from __future__ import annotations

import typer

from livecam.cli import options, privacy_options, record_options, s3_options, web_options
from livecam.errors import UsageError


def record(
    ctx: typer.Context,
    source: options.Source = None,
    wait: options.Wait = None,
    size: options.Size = None,
    fps: options.Fps = None,
    fast: options.Fast = None,
    duration: options.Duration = None,
    detector: options.Detector = None,
    rate: options.Rate = None,
    deadline: options.Deadline = None,
    roi: options.Roi = None,
    mask: options.Mask = None,
    finder: options.Finder = None,
    in_flight: options.InFlight = None,
    policy: options.Policy = None,
    nobody_check: options.NobodyCheck = None,
    budget: options.Budget = None,
    daily_budget: options.DailyBudget = None,
    prices: options.Prices = None,
    quota: options.Quota = None,
    fallback: options.Fallback = None,
    attributes: options.Attributes = None,
    width: options.Width = None,
    quality: options.Quality = None,
    region: options.Region = None,
    profile: options.Profile = None,
    endpoint_url: options.EndpointUrl = None,
    yes: options.Yes = False,
    view: options.View = None,
    host: web_options.Host = None,
    port: web_options.Port = None,
    allow_host: web_options.AllowHost = None,
    no_open: web_options.NoOpen = None,
    mode: options.Mode = None,
    mirror: options.Mirror = None,
    bars: options.Bars = None,
    record: record_options.RecordWhat = None,
    record_on: record_options.RecordOn = None,
    segment: record_options.Segment = None,
    pre_roll: record_options.PreRoll = None,
    post_roll: record_options.PostRoll = None,
    min_gap: record_options.MinGap = None,
    clip_dir: record_options.ClipDir = None,
    keep_days: record_options.KeepDays = None,
    keep_size: record_options.KeepSize = None,
    keep_free: record_options.KeepFree = None,
    copies: record_options.Copies = None,
    upload: s3_options.Upload = None,
    analyze: s3_options.Analyze = None,
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
    local_only: privacy_options.LocalOnly = None,
    blur: privacy_options.Blur = None,
    blur_outside_roi: privacy_options.BlurOutsideRoi = None,
    no_store: privacy_options.NoStore = None,
    trace: options.Trace = None,
    events: options.Events = None,
    csv: options.Csv = None,
    sink: options.Sink = None,
    webhook: options.Webhook = None,
    webhook_events: options.WebhookEvents = None,
    as_json: options.Json = False,
    log_file: options.LogFile = None,
    verbose: options.Verbose = 0,
    quiet: options.Quiet = False,
    debug: options.Debug = False,
) -> None:
    """Record a source as clips (MP4, H.264) until --duration is over or you end it.

    Picture and labels are shown as by `livecam run`, and labels are kept beside each clip.

    With --record events clips begin and end as you say. It fails when there is no clip in the end.
    """
    from livecam.cli.running import perform, settings_of
    from livecam.compose.source import are_stills

    settings = settings_of(ctx.params)
    if settings.record == "off":
        if record is not None:
            raise UsageError(
                f"--record {record}: this command records; give all or events, or use livecam run"
            )
        settings = settings.model_copy(update={"record": "all"})
    if are_stills(settings.source):
        raise UsageError(
            f"{settings.source}: clips are recorded of cameras, streams and videos, not of pictures"
        )
    raise typer.Exit(perform(settings, ctx.params, is_for_clips=True))
