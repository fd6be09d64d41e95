"""`livecam run`: the live monitor."""

from __future__ import annotations

import typer

from livecam.cli import options, privacy_options, record_options, s3_options, web_options


def run(
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
    dry_run: options.DryRun = False,
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
    record: record_options.Record = None,
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
    output: options.Output = None,
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
    """Show a live picture with what each face appears to express."""
    from livecam.cli.running import perform, settings_of

    if dry_run:
        from livecam.cli.estimating import estimate

        raise typer.Exit(estimate(settings_of(ctx.params), ctx.params))
    raise typer.Exit(perform(settings_of(ctx.params), ctx.params))
