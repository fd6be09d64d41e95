"""Everything that can be set for a run, in one frozen record.

The text beneath a field describes it in `livecam config init` too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, ConfigDict

from livecam.config import cloud_values, values, web_values  # noqa: TC001  pydantic reads the annotations at run time
from livecam.config.values import Form

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo


class Settings(BaseModel):
    """Everything that can be set for a run. Reads nothing by itself: `load_settings` does."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, hide_input_in_errors=True
    )

    def __repr_args__(self) -> Iterator[tuple[str, Any]]:
        """Show what is set without its secrets: a notebook prints a value by itself."""
        from livecam.config.masking import plain

        return ((name, plain(name, getattr(self, name))) for name in sorted(self.model_fields_set))

    source: values.Source = "0"
    """Camera index, device, file, folder of pictures, stream address, "browser" (a page's) or "demo"."""
    wait: values.Switch = False
    """Keep trying a source that is not there yet."""
    size: values.Size = (1280, 720)
    """What to ask a camera for, pixels."""
    fps: values.Rate = 30.0
    """What to ask a camera for, frames per second."""
    fast: values.Switch = False
    """Play a file as fast as it can be read instead of at its own pace."""
    mirror: values.Switch | None = None
    """Show the picture as a mirror would; not set: cameras yes, all else no."""
    duration: values.Seconds | None = None
    """Seconds from the first captured frame to the end; not set: no end."""
    detector: values.Detector = "auto"
    """What says which faces there are."""
    rate: values.Rate | None = None
    """Calls per second; not set: the detector's own (Rekognition 2, on-device 10)."""
    in_flight: values.InFlight = 2
    """Calls to Rekognition that may run at the same time."""
    deadline: values.Seconds = 3.0
    """Seconds after which a call is given up."""
    policy: values.Policy | None = None
    """Which frames are worth a call: every, changed or smart; not set: smart for paid calls, else every."""
    budget: values.Dollars | None = None
    """US dollars that this run may cost: then paid calls stop and the picture goes on; not set: no limit."""
    daily_budget: values.Dollars | None = None
    """US dollars that all runs with such a budget may cost together in a day (UTC); not set: no limit."""
    prices: values.Prices | None = None
    """File with prices that replace those livecam knows; not set: US East list prices."""
    quota: values.Rate | None = None
    """Calls per second that AWS allows your account; not set: the Region's own (100 or 25)."""
    nobody_check: values.NobodyCheck = 60.0
    """Seconds from one paid look at a room without anybody to the next; off: none."""
    fallback: values.Fallback = "none"
    """What answers while Rekognition cannot: on-device marks its labels as its own."""
    attributes: values.Attributes = ("EMOTIONS",)
    """What Rekognition is asked about each face; more may take longer."""
    width: values.Width = 640
    """Width of the picture that is sent, pixels; a smaller one is sent as it is."""
    quality: values.Quality = 80
    """JPEG quality of the picture that is sent."""
    region: values.AwsRegion | None = None
    """AWS Region; not set: as for every AWS tool (AWS_REGION, the profile)."""
    profile: values.Name | None = None
    """AWS profile; not set: as for every AWS tool (AWS_PROFILE, default)."""
    endpoint_url: values.WebAddress | None = None
    """Address of the service, such as a local endpoint; not set: as for every AWS tool."""
    roi: values.Region | None = None
    """Region of the unmirrored picture: only there are faces looked for and sent; not set: everywhere."""
    mask: values.Regions = ()
    """Regions of the unmirrored picture that are kept black in what is shown, recorded and sent."""
    finder: values.Finder = "auto"
    """Looks per second for faces on this machine, between the calls; auto: 5 where they are of use."""
    mode: values.Mode = "live"
    """When a picture is shown: at once, or aligned: once the answers about it may be there."""
    view: values.View = "auto"
    """Where the live picture is shown; auto: in a window where there is a display; web: in a browser."""
    host: web_values.Host = "127.0.0.1"
    """Where the browser view listens; 0.0.0.0: for other machines too."""
    port: web_values.Port = 8600
    """Port of the browser view; 0: any that is free."""
    allow_host: web_values.HostNames = ()
    """Names, beside its address, by which the browser view may be called."""
    no_open: values.Switch = False
    """Print the address of the browser view, and open no browser."""
    blur: values.Blur = "off"
    """Where faces are made unrecognisable: off, shown (all that people see), recorded (clips) or all."""
    blur_outside_roi: values.Switch = False
    """With roi and blur: leave the faces in the region as they are, and blur all that is outside it."""
    bars: values.Switch = False
    """Show all emotion scores as bars."""
    local_only: values.Switch = False
    """Open no connection and look no name up: all stays on this machine."""
    no_store: values.Switch = False
    """Write nothing of a picture or a face to a disk."""
    output: values.Output | None = None
    """Annotated video to write, or the annotated pictures."""
    record: values.Record = "off"
    """What is recorded without anything drawn on it: off, all, or events, as record_on says."""
    record_on: values.Rules = ("new face",)
    """What begins a clip when events are recorded; any of the rules."""
    segment: values.Segment = 300.0
    """Seconds after which a clip ends and the next one goes on, without a frame lost between."""
    pre_roll: values.PreRoll = 5.0
    """Seconds before an event that its clip has too."""
    post_roll: values.PostRoll = 5.0
    """Seconds for which a clip goes on after its event."""
    min_gap: values.MinGap = 0.0
    """Seconds from the end of an event's clip until an event may begin the next."""
    clip_dir: values.Folder | None = None
    """Folder of the clips; not set: livecam/clips in the user's data folder."""
    keep_days: values.Days | None = None
    """Days after which a clip is deleted; not set: it stays."""
    keep_size: values.Bytes | None = None
    """Size of all clips together above which the oldest are deleted; not set: they stay."""
    keep_free: values.Bytes = 500_000_000
    """Free disk space that recording leaves alone: it stops, and the picture goes on."""
    copies: values.Copies = ()
    """Copies made of each finished clip: annotated as it was shown, or with blurred faces."""
    upload: cloud_values.Upload | None = None
    """Where on S3 finished clips go, such as s3://BUCKET/PREFIX; not set: nowhere."""
    analyze: values.Switch = False
    """Have Rekognition analyse each clip that is uploaded; paid by the minute."""
    key_template: cloud_values.KeyTemplate = "{id}.mp4"
    """Name of a clip's object under the prefix."""
    storage_class: cloud_values.StorageClass | None = None
    """Storage class of uploaded clips; not set: STANDARD."""
    encryption: cloud_values.Encryption = "bucket"
    """How S3 encrypts clips: as the bucket says, with its own keys (AES256) or with yours (aws:kms)."""
    kms_key: cloud_values.KmsKey | None = None
    """Key for aws:kms; not set: the account's for S3."""
    tag: cloud_values.Tags = ()
    """Tags of uploaded clips."""
    keep_local: values.Switch = True
    """Whether a clip stays on this machine when it is proved to be on S3."""
    face_attributes: cloud_values.FaceAttributes = "ALL"
    """What a job of stored video tells of each face."""
    job_tag: cloud_values.JobTag | None = None
    """Tag of jobs, told in their notifications."""
    sns_topic: cloud_values.TopicArn | None = None
    """Topic that Rekognition tells of the end of jobs; together with role_arn."""
    role_arn: cloud_values.RoleArn | None = None
    """Role that lets Rekognition write to the topic."""
    queue_url: cloud_values.QueueUrl | None = None
    """SQS queue that the topic feeds; not set: jobs are asked about every few seconds."""
    trace: values.Trace | None = None
    """What was shown, JSON Lines."""
    events: values.EventFile | None = None
    """What happened, JSON Lines."""
    csv: values.Table | None = None
    """Emotions over time, one CSV table."""
    sink: values.Plugins = ()
    """Further outputs, each from an installed plugin."""
    webhook: values.WebAddress | None = None
    """Address that is sent what happens, by HTTP POST."""
    webhook_secret: values.Secret | None = None
    """What a webhook's messages are signed with. No flag: every user of a machine sees its flags."""
    webhook_events: values.EventTypes = (
        "source_troubled",
        "source_recovered",
        "detector_unavailable",
        "output_failed",
        "source_ended",
    )
    """Which events a webhook is sent."""


WITHOUT_FLAG = frozenset({"webhook_secret"})
"""Settings that are taken from the environment and the file only."""


def flag(key: str) -> str:
    """Return what a setting is called on the command line."""
    return "SOURCE" if key == "source" else f"--{key.replace('_', '-')}"


def form(key: str) -> Form:
    """Return how a setting is written.

    Raises:
        KeyError: it is not a setting, or its type does not say.
    """
    for found in _metadata(Settings.model_fields[key]):
        if isinstance(found, Form):
            return found
    raise KeyError(key)


def choices(key: str) -> tuple[str, ...]:
    """Return the only values that a setting has; nothing when they cannot be counted."""
    return tuple(each for each in get_args(Settings.model_fields[key].annotation) if isinstance(each, str))


def _metadata(field: FieldInfo) -> Iterator[Any]:
    """Yield what is noted at a field's type; of `X | None`, at X."""
    yield from field.metadata
    for part in get_args(field.annotation):
        yield from getattr(part, "__metadata__", ())
