"""Writes an ONNX model's bytes: just enough of protobuf and of the ONNX schema for a small network.

A protobuf message is a row of fields: a key (number and wire type) and a value; messages, text and
raw bytes carry their length. The field numbers are those of the published onnx.proto.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

IR_VERSION = 8
OPSET = 13
FLOAT = 1
"""ONNX's number of the 32-bit float element type."""
ATTRIBUTE_INT, ATTRIBUTE_INTS = 2, 7
VARINT, SIZED = 0, 2
"""Wire types: a variable-length integer, and bytes with their length in front."""


@dataclass(slots=True)
class OnnxGraph:
    """Collects nodes and weights; `to_bytes` gives the model file."""

    nodes: list[bytes] = field(default_factory=list)
    weights: list[bytes] = field(default_factory=list)

    def add_node(
        self, kind: str, inputs: Sequence[str], output: str, **attributes: int | Sequence[int]
    ) -> None:
        """Append an operator; nodes must come in the order of computation."""
        body = b"".join(_sized(1, name.encode()) for name in inputs)
        body += _sized(2, output.encode()) + _sized(3, output.encode()) + _sized(4, kind.encode())
        body += b"".join(_sized(5, _attribute(name, value)) for name, value in attributes.items())
        self.nodes.append(body)

    def add_weights(self, name: str, values: NDArray[np.float32]) -> None:
        """Append a constant tensor."""
        body = b"".join(_number(1, size) for size in values.shape) + _number(2, FLOAT)
        body += _sized(8, name.encode()) + _sized(9, np.ascontiguousarray(values, "<f4").tobytes())
        self.weights.append(body)

    def to_bytes(self, inputs: Mapping[str, Sequence[int]], outputs: Mapping[str, Sequence[int]]) -> bytes:
        """Return the model file, given the shapes of its inputs and outputs."""
        graph = b"".join(_sized(1, node) for node in self.nodes) + _sized(2, b"livecam")
        graph += b"".join(_sized(5, tensor) for tensor in self.weights)
        graph += b"".join(_sized(11, _value(name, shape)) for name, shape in inputs.items())
        graph += b"".join(_sized(12, _value(name, shape)) for name, shape in outputs.items())
        opset = _sized(1, b"") + _number(2, OPSET)
        return _number(1, IR_VERSION) + _sized(2, b"livecam") + _sized(7, graph) + _sized(8, opset)


def _attribute(name: str, value: int | Sequence[int]) -> bytes:
    head = _sized(1, name.encode())
    if isinstance(value, int):
        return head + _number(3, value) + _number(20, ATTRIBUTE_INT)
    return head + b"".join(_number(8, item) for item in value) + _number(20, ATTRIBUTE_INTS)


def _value(name: str, shape: Sequence[int]) -> bytes:
    dimensions = b"".join(_sized(1, _number(1, size)) for size in shape)
    tensor = _number(1, FLOAT) + _sized(2, dimensions)
    return _sized(1, name.encode()) + _sized(2, _sized(1, tensor))


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3 | VARINT) + _varint(value)


def _sized(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | SIZED) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    out = bytearray()
    value &= (1 << 64) - 1  # negative numbers travel as their 64-bit two's complement
    while True:
        low, value = value & 0x7F, value >> 7
        out.append(low | (0x80 if value else 0))
        if not value:
            return bytes(out)
