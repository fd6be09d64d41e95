"""Commands about clips on S3 in this process, an endpoint that has S3, and a clip folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from livecam.cli import commands
from livecam.errors import LivecamError
from tests.analysis.samples import a_clip, film
from tests.archive.samples import an_archive

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from livecam.archive.archive import Archive
    from livecam.clips import Clip
    from tests.aws.bucket import Bucket


@dataclass(frozen=True, slots=True)
class Said:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def record(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.out)
        assert told.pop("schema") == "livecam.clips/1"
        return told

    @property
    def video(self) -> dict[str, Any]:
        (video,) = self.record["videos"]
        found: dict[str, Any] = video
        return found


@dataclass
class CloudCli:
    """`livecam clips` with an account at the local endpoint."""

    folder: Path
    bucket: Bucket
    capsys: pytest.CaptureFixture[str]

    @property
    def archive(self) -> Archive:
        return an_archive(self.folder / "clips")

    @property
    def place(self) -> str:
        return f"s3://{self.bucket.name}/films"

    def __call__(self, *arguments: str | Path) -> Said:
        """Run `livecam clips` as its entry would; an error is a sentence and an exit code."""
        self.capsys.readouterr()
        command = ["clips", *map(str, arguments), "--clip-dir", str(self.folder / "clips")]
        try:
            code = int(commands.app(command, standalone_mode=False) or 0)
            return Said(code, *self.capsys.readouterr())
        except LivecamError as error:
            out, err = self.capsys.readouterr()
            return Said(error.exit_code, out, f"{err}livecam: {error}\n")

    def clip(self) -> Clip:
        return a_clip(self.archive, pictures=10)

    def file(self, name: str = "film.mp4", content: bytes | None = None) -> Path:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(film(pictures=30) if content is None else content)
        return path

    def upload(self, *what: str | Path) -> Said:
        return self("upload", *what, "--upload", self.place, "--json")

    def analyze(self, *what: str | Path) -> Said:
        return self("analyze", *what, "--upload", self.place, "--wait", "--json")

    def keys(self) -> list[str]:
        listed = self.bucket.s3.list_objects_v2(Bucket=self.bucket.name)
        return [each["Key"] for each in listed.get("Contents", ())]

    def requests(self) -> int:
        return len(self.bucket.running.requests())
