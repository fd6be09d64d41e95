"""A broken answer is an error, never "no face".

botocore takes a 200 whose body is cut short, or is no JSON, for an empty answer: it returns `{}` and
raises nothing (it tells urllib3 not to enforce the length, and reads what it cannot parse as a message).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping


_NEVER_MISSING = {"StartFaceDetection": "JobId", "GetFaceDetection": "JobStatus"}
"""What an answer of an operation always has; without it `{}` would be a job without faces."""


NOT_AS_MODELLED = (AttributeError, TypeError, KeyError, IndexError, OverflowError)
"""What botocore raises over an answer whose members are of another kind than its model says."""


class BrokenAnswer(Exception):
    """A successful answer that cannot be what the service said.

    Args:
        code: "TruncatedAnswer" or "MalformedAnswer".
        detail: what is wrong with it, as a clause without its content.
    """

    def __init__(self, code: Literal["TruncatedAnswer", "MalformedAnswer"], detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


def check_answer(response_dict: Mapping[str, Any], operation_model: Any, **_: object) -> None:  # noqa: ANN401
    """Refuse an answer that was cut short, or a success that is not of the kind that the service gives.

    For botocore's `before-parse` event: what it raises reaches the caller and is not sent again.

    Raises:
        BrokenAnswer: it was cut short, is no JSON object, lacks what is always there, or has something else
            where a list or an object belongs.
    """
    body = response_dict["body"]
    length = response_dict["headers"].get("content-length")
    if length is not None and str(length).isdecimal() and int(length) != len(body):
        raise BrokenAnswer("TruncatedAnswer", f"{len(body)} of {length} bytes came")
    if response_dict["status_code"] >= 300:  # noqa: PLR2004  an error, which botocore reads by itself
        return
    if not body:
        raise BrokenAnswer("MalformedAnswer", "it is empty")
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BrokenAnswer("MalformedAnswer", "it is no JSON") from error
    if not isinstance(answer, dict):
        raise BrokenAnswer("MalformedAnswer", f"a JSON object was expected, not {type(answer).__name__}")
    _check_members(answer, operation_model)


def _check_members(answer: Mapping[str, Any], operation_model: Any) -> None:  # noqa: ANN401  botocore's
    needed = _NEVER_MISSING.get(operation_model.name)
    if needed is not None and answer.get(needed) is None:
        raise BrokenAnswer("MalformedAnswer", f"it has no {needed}")
    for name, shape in operation_model.output_shape.members.items():
        # botocore would read an object or a text as a list, which may come out empty.
        if shape.type_name == "list" and not isinstance(answer.get(name, []), list):
            raise BrokenAnswer("MalformedAnswer", f"{name} is no list")
        if shape.type_name == "structure" and not isinstance(answer.get(name), dict | None):
            raise BrokenAnswer("MalformedAnswer", f"{name} is no object")


def not_as_modelled() -> BrokenAnswer:
    """Return what is to be said in the place of one of `NOT_AS_MODELLED`."""
    return BrokenAnswer("MalformedAnswer", "a member of it is of another kind")
