"""How an event is written down: its type in JSON, and its object."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from livecam.events import Event


def event_type(event: Event) -> str:
    """Return the name an event has in JSON: its class name in snake_case."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(event).__name__).lower()


def as_record(event: Event) -> dict[str, Any]:
    """Return an event as a JSON-ready dict: `type`, `at` and `source` first."""
    return {"type": event_type(event)} | dataclasses.asdict(event)
