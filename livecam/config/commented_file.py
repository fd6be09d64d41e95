"""A settings file that says everything and sets nothing: what `livecam config init` writes."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING

from livecam.config import masking
from livecam.config.settings import WITHOUT_FLAG, Settings, flag, form
from livecam.config.written import variable

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

WIDTH = 100

INTRODUCTION = """\
livecam's settings. A flag wins over its variable, a variable over this file, and this file over the default.
This file sets nothing yet: to use a setting, remove the # before its name.
`livecam config show` says what holds and where it came from."""


def commented_file() -> str:
    """Return TOML in which every setting is described and commented out.

    A line that begins with "#" and a name is a setting, one that begins with "# " is an explanation.
    """
    parts = [_as_comment(INTRODUCTION)]
    parts += [_entry(key, field) for key, field in Settings.model_fields.items()]
    return "\n".join(parts)


def _entry(key: str, field: FieldInfo) -> str:
    names = variable(key) if key in WITHOUT_FLAG else f"{flag(key)} or {variable(key)}"
    is_set = field.default is not None
    told = [
        f"{field.description}",
        f"Allowed: {form(key).allowed}.",
        f"Default: {as_toml(masking.plain(key, field.default)) if is_set else 'not set'}. Also {names}.",
    ]
    value = masking.plain(key, field.default) if is_set and field.default != () else form(key).example
    return _as_comment("\n".join(told)) + f"#{key} = {as_toml(value)}\n"


def as_toml(value: object) -> str:
    """Return a text, number, switch or list of them as TOML spells it.

    JSON's spelling is TOML's too for all of these (TOML 1.0, "String", "Integer", "Float", "Array").
    """
    return json.dumps(value, ensure_ascii=False)


def _as_comment(text: str) -> str:
    lines = [
        line
        for paragraph in text.splitlines()
        for line in textwrap.wrap(paragraph, WIDTH - 2, break_on_hyphens=False, break_long_words=False)
    ]
    return "".join(f"# {line}\n" for line in lines)
