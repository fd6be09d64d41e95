"""What requests and answers must be, by botocore's own model of the service.

botocore's validator looks at types and lower bounds only; here upper bounds, patterns, enums, NaN and
booleans given for numbers count too. Only botocore's data are read, not its code.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

from livecam.local_aws.service_errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Shape = dict[str, Any]

SIZED_ELSEWHERE = frozenset({"ImageBlob"})
"""Shapes whose upper bound has an error of its own, which the operation answers."""


class ServiceModel:
    """The shapes of one service's operations.

    Args:
        model: the content of botocore's `service-2.json`.
    """

    def __init__(self, model: Mapping[str, Any]) -> None:
        self._shapes: dict[str, Shape] = dict(model["shapes"])
        self._operations: dict[str, Any] = dict(model["operations"])

    def knows(self, operation: str) -> bool:
        """Say whether the service has an operation of this name."""
        return operation in self._operations

    def read_request(self, operation: str, content: Any) -> dict[str, Any]:  # noqa: ANN401  any JSON
        """Return a request as the operation gets it: blobs decoded, members that are not known left out.

        Args:
            operation: its name.
            content: what the body's JSON holds.

        Raises:
            ServiceError: a member has another type (`SerializationException`), is missing or breaks a
                constraint (`InvalidParameterException`).
        """
        shape = self._operations[operation]["input"]["shape"]
        request = self._decoded(shape, content)
        problem = next(self._problems(shape, request, ""), None)
        if problem is not None:
            raise ServiceError("InvalidParameterException", f"Request has invalid parameters: {problem}")
        return dict(request)

    def problems_of_answer(self, operation: str, answer: Mapping[str, Any]) -> list[str]:
        """Return what is wrong with an answer; nothing when it is valid."""
        return list(self._problems(self._operations[operation]["output"]["shape"], answer, ""))

    def _decoded(self, name: str, value: Any) -> Any:  # noqa: ANN401  any JSON
        if value is None:
            return None
        shape = self._shapes[name]
        kind = shape["type"]
        if not _has_type(kind, value, blob=str):
            raise ServiceError("SerializationException", f"{name} is expected to be a {kind}")
        if kind == "structure":
            members = shape["members"]
            return {
                key: self._decoded(members[key]["shape"], each)
                for key, each in value.items()
                if key in members and each is not None
            }
        if kind == "list":
            return [self._decoded(shape["member"]["shape"], each) for each in value]
        return _decoded_blob(name, value) if kind == "blob" else value

    def _problems(self, name: str, value: Any, where: str) -> Iterator[str]:  # noqa: ANN401  any JSON
        shape = self._shapes[name]
        kind = shape["type"]
        if not _has_type(kind, value, blob=bytes):
            yield f"{where or name} is {value!r:.40}, which is no {kind}"
        elif kind == "structure":
            yield from self._problems_of_structure(shape, value, where)
        elif kind == "list":
            yield from _out_of_range(shape, len(value), f"the length of {where}")
            for index, each in enumerate(value):
                yield from self._problems(shape["member"]["shape"], each, f"{where}[{index}]")
        else:
            bounds = {**shape, "max": math.inf} if name in SIZED_ELSEWHERE else shape
            yield from _CHECKS[kind](bounds, value, where)

    def _problems_of_structure(self, shape: Shape, value: Mapping[str, Any], where: str) -> Iterator[str]:
        members = shape["members"]
        prefix = f"{where}." if where else ""
        for key in shape.get("required", ()):
            if key not in value:
                yield f"{prefix}{key} is missing"
        for key, each in value.items():
            if key in members:
                yield from self._problems(members[key]["shape"], each, f"{prefix}{key}")
            else:
                yield f"{prefix}{key} is not known"


@cache
def rekognition() -> ServiceModel:
    """Return the model of Rekognition that the installed botocore has."""
    from botocore.loaders import Loader  # type: ignore[import-untyped]

    return ServiceModel(Loader().load_service_model("rekognition", "service-2"))


_TYPES: dict[str, tuple[type, ...]] = {
    "structure": (dict,),
    "list": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "timestamp": (int, float),
}


def _has_type(kind: str, value: object, *, blob: type) -> bool:
    expected = (blob,) if kind == "blob" else _TYPES[kind]
    return isinstance(value, expected) and (kind == "boolean" or not isinstance(value, bool))


def _decoded_blob(name: str, text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ServiceError("SerializationException", f"{name} is not base64") from error


def _out_of_range(shape: Shape, value: float, what: str) -> Iterator[str]:
    if "min" in shape and value < shape["min"]:
        yield f"{what} is {value}, below {shape['min']}"
    if "max" in shape and value > shape["max"]:
        yield f"{what} is {value}, above {shape['max']}"


def _check_string(shape: Shape, value: str, where: str) -> Iterator[str]:
    yield from _out_of_range(shape, len(value), f"the length of {where}")
    if "enum" in shape and value not in shape["enum"]:
        yield f"{where} is {value!r}, which is none of {', '.join(shape['enum'])}"
    if "pattern" in shape and not re.fullmatch(shape["pattern"], value):
        yield f"{where} is {value!r:.80}, which does not match {shape['pattern']}"


def _check_number(shape: Shape, value: float, where: str) -> Iterator[str]:
    # Compared, since an int may be too large to become a float; NaN is within nothing.
    if not abs(value) <= sys.float_info.max:
        yield f"{where} is {value}"
    yield from _out_of_range(shape, value, where)


def _check_blob(shape: Shape, value: bytes, where: str) -> Iterator[str]:
    yield from _out_of_range(shape, len(value), f"the length of {where}")


def _check_nothing(_shape: Shape, _value: object, _where: str) -> Iterator[str]:
    return iter(())


_CHECKS: dict[str, Callable[[Shape, Any, str], Iterator[str]]] = {
    "string": _check_string,
    "boolean": _check_nothing,
    "blob": _check_blob,
    **dict.fromkeys(("integer", "long", "float", "double", "timestamp"), _check_number),
}
