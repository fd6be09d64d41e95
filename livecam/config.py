"""Settings: command line > LIVECAM_* environment > livecam.toml > defaults. One truth, frozen.

A key has one name everywhere: `rate` is `--rate`, `LIVECAM_RATE` and `rate = 2` in livecam.toml.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import platformdirs
from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)
from pydantic_settings import TomlConfigSettingsSource as TomlSource

from livecam.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic_core import ErrorDetails

FILE_NAME = "livecam.toml"
ENV_PREFIX = "LIVECAM_"


def _as_size(value: object) -> object:
    """Turn "1280x720" into (1280, 720); leave everything else to the type."""
    if isinstance(value, str):
        found = re.fullmatch(r"\s*(\d+)\s*[xX]\s*(\d+)\s*", value)
        if not found:
            raise ValueError("a size is WIDTHxHEIGHT in pixels, such as 1280x720")
        return int(found[1]), int(found[2])
    return value


def _as_mp4(path: Path) -> Path:
    """Refuse a name that says something else than what will be in the file."""
    if path.suffix.lower() != ".mp4":
        raise ValueError("the annotated video is an MP4: give a name that ends in .mp4")
    return path


Pixels = Annotated[int, Field(ge=16, le=16384)]
# Not decoded: a variable says 1280x720 like the flag, not JSON.
Size = Annotated[tuple[Pixels, Pixels], NoDecode, BeforeValidator(_as_size)]
Seconds = Annotated[float, Field(gt=0, le=86_400 * 366, allow_inf_nan=False)]
Rate = Annotated[float, Field(gt=0, le=120, allow_inf_nan=False)]


def settings_file() -> Path:
    """Return the settings file in use: ./livecam.toml if there is one, else the user's."""
    here = Path(FILE_NAME)
    return here if here.is_file() else platformdirs.user_config_path("livecam") / FILE_NAME


class Settings(BaseSettings):
    """Everything that can be set for a run."""

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX, frozen=True, extra="forbid", env_ignore_empty=True
    )

    source: str = "0"
    """Camera index, device, video file or "demo"."""
    detector: Literal["auto", "on-device", "none"] = "auto"
    """What says which faces there are."""
    rate: Rate | None = None
    """Calls per second; None for the detector's own (on-device 10)."""
    deadline: Seconds = 3.0
    """Seconds after which a call is given up."""
    view: Literal["auto", "window", "none"] = "auto"
    """Where the live picture is shown."""
    size: Size = (1280, 720)
    """What to ask a camera for, pixels."""
    fps: Rate = 30.0
    """What to ask a camera for, frames per second."""
    fast: bool = False
    """Play a file as fast as it can be read instead of at its own pace."""
    bars: bool = False
    """Show all emotion scores as bars."""
    output: Annotated[Path, AfterValidator(_as_mp4)] | None = None
    """Annotated video to write."""
    trace: Path | None = None
    """What was shown, JSON Lines."""
    events: Path | None = None
    """What happened, JSON Lines."""
    duration: Seconds | None = None
    """Seconds from the first captured frame to the end."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  pydantic-settings' signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put the sources in order, strongest first."""
        return init_settings, env_settings, TomlSource(settings_cls, toml_file=settings_file())


def load_settings(given: Mapping[str, Any]) -> Settings:
    """Return the settings of a run.

    Args:
        given: what the command line says; keys whose value is None were not given.

    Raises:
        UsageError: a key or value that cannot be used; names it and says what is allowed.
    """
    try:
        return Settings(**{key: value for key, value in given.items() if value is not None})
    except ValidationError as error:
        raise UsageError("; ".join(_sentence(problem) for problem in error.errors())) from error
    except SettingsError as error:
        raise UsageError(f"an environment variable cannot be read: {error}") from error
    except ValueError as error:  # TOML that is none
        raise UsageError(f"{settings_file()} cannot be read: {error}") from error


def _sentence(problem: ErrorDetails) -> str:
    key = str(problem["loc"][0])
    if problem["type"] == "extra_forbidden":
        known = ", ".join(sorted(Settings.model_fields))
        return f"{key} in {settings_file()} is not a setting; settings are: {known}"
    said = problem["msg"].removeprefix("Value error, ")
    return f"{key} = {problem['input']!r} cannot be used: {said[0].lower()}{said[1:]}"
