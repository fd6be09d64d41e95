"""Settings to parts: the only room that names implementations; mypy proves here that each fits its plug."""

from livecam.compose.detector import Permission
from livecam.compose.run import Parts, Run, compose

__all__ = ["Parts", "Permission", "Run", "compose"]
