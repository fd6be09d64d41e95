"""What is wrong with a setting, in one sentence: where it was written, and what may be given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from livecam.config import masking, values
from livecam.config.settings import Settings, choices, form

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from livecam.config.written import Written


def sentences(error: ValidationError, written: Mapping[str, Written]) -> str:
    """Return what is wrong with each setting, joined by "; ".

    Args:
        error: what the settings said of the values that were written.
        written: every value that was given, by its key.
    """
    # An element of a list has a place of its own; people are told of the setting once.
    problems = {str(problem["loc"][0]): problem for problem in reversed(error.errors())}
    return "; ".join(_sentence(written[key], problems[key]) for key in written if key in problems)


def _sentence(written: Written, problem: ErrorDetails) -> str:
    if problem["type"] == "extra_forbidden":
        return _unknown(written)
    own = problem.get("ctx", {}).get("error")
    if isinstance(own, values.Refusal):
        what = masking.safe_words(written.key, str(own))
    else:
        what = f"give {form(written.key).allowed}"
        what += values.did_you_mean(str(written.value), choices(written.key))
    return f"{written.name_and_sign} {masking.quoted(written.key, written.value)} cannot be used: {what}"


def _unknown(written: Written) -> str:
    known = sorted(Settings.model_fields)
    hint = values.did_you_mean(written.key.replace("-", "_"), known)
    if not hint and isinstance(written.value, dict):
        hint = "; settings stand above every [section]."
    return f"{written.name} is not a setting{hint or '.'} Settings: {', '.join(known)}"
