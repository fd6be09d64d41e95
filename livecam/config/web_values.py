"""What the settings about the view in a browser may be: as `values.py`."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from livecam.config.values import Form, as_number, as_texts

Port = Annotated[
    int, BeforeValidator(as_number), Field(ge=0, le=65535), Form("a port from 0 (any) to 65535", 8600)
]
Host = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9.:_-]{1,253}$"), Form("a name or an address of this machine", "127.0.0.1")
]
HostNames = Annotated[
    tuple[Host, ...], BeforeValidator(as_texts(",")), Form("names of this machine", ["camera.example"])
]
