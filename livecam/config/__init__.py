"""Settings: command line > LIVECAM_* environment > livecam.toml > defaults. One truth, frozen.

A key has one name everywhere: `rate` is `--rate`, `LIVECAM_RATE` and `rate = 2` in livecam.toml.
"""

from livecam.config.loading import load_settings
from livecam.config.settings import Settings

__all__ = ["Settings", "load_settings"]
