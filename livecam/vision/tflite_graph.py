"""Reads a TensorFlow Lite file: its tensors and the operators between them. Only numpy and struct.

A TFLite file is a FlatBuffer: a table begins with a signed distance back to its "vtable", which gives
each field's place in the table (0: left out, use the default); vectors and sub-tables are reached by
an unsigned distance forward. The field numbers are those of TensorFlow's published schema.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAGIC = b"TFL3"

# Operators, by their number in the schema.
ADD, CONV_2D, DEPTHWISE_CONV_2D, MAX_POOL_2D, SOFTMAX, MEAN = 0, 3, 4, 17, 25, 40

# Element types, by their number in the schema.
ELEMENT_TYPES: dict[int, np.dtype[Any]] = {0: np.dtype("<f4"), 2: np.dtype("<i4"), 9: np.dtype("i1")}


@dataclass(frozen=True, slots=True, eq=False)
class Tensor:
    """A tensor of the graph."""

    shape: tuple[int, ...]
    """Batch, rows, columns, channels for pictures; output, rows, columns, input for weights."""
    values: NDArray[np.float32] | NDArray[np.int32] | None
    """Its constant content, quantised values already scaled back; None when it is computed."""


@dataclass(frozen=True, slots=True)
class Operator:
    """One step of the graph."""

    kind: int
    inputs: tuple[int, ...]
    """Indexes of tensors; for convolutions picture, weights, bias."""
    output: int
    same_padding: bool = False
    """Whether the output keeps the input's size (over the stride), padded at the end first."""
    stride: tuple[int, int] = (1, 1)
    """Down, across."""
    window: tuple[int, int] = (1, 1)
    """Rows, columns, of a pooling."""
    relu: bool = False
    """Whether negative results become 0."""


@dataclass(frozen=True, slots=True)
class Graph:
    """A whole model with one input and one output."""

    tensors: tuple[Tensor, ...]
    operators: tuple[Operator, ...]
    """In the order of computation."""
    input: int
    output: int


class _Table:
    """A FlatBuffer table: typed access to its fields by number."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data = data
        self._at = at
        self._vtable = at - int(struct.unpack_from("<i", data, at)[0])
        self._fields = (int(struct.unpack_from("<H", data, self._vtable)[0]) - 4) // 2

    def _place(self, number: int) -> int:
        if number >= self._fields:
            return 0
        offset = int(struct.unpack_from("<H", self._data, self._vtable + 4 + 2 * number)[0])
        return self._at + offset if offset else 0

    def _follow(self, place: int) -> int:
        return place + int(struct.unpack_from("<I", self._data, place)[0])

    def number(self, number: int, kind: str, default: int = 0) -> int:
        place = self._place(number)
        return int(struct.unpack_from("<" + kind, self._data, place)[0]) if place else default

    def table(self, number: int) -> _Table | None:
        place = self._place(number)
        return _Table(self._data, self._follow(place)) if place else None

    def tables(self, number: int) -> list[_Table]:
        start, length = self._vector(number)
        return [_Table(self._data, self._follow(start + 4 * index)) for index in range(length)]

    def array(self, number: int, dtype: str) -> NDArray[np.generic]:
        start, length = self._vector(number)
        return np.frombuffer(self._data, np.dtype(dtype), length, start)

    def integers(self, number: int) -> tuple[int, ...]:
        return tuple(int(value) for value in self.array(number, "<i4").tolist())

    def _vector(self, number: int) -> tuple[int, int]:
        place = self._place(number)
        if not place:
            return 0, 0
        start = self._follow(place)
        return start + 4, int(struct.unpack_from("<I", self._data, start)[0])


def read_tflite(data: bytes) -> Graph:
    """Return the graph in a TFLite file that has one sub-graph, one input and one output.

    Raises:
        ValueError: it is no such file.
    """
    if data[4:8] != MAGIC:
        raise ValueError("not a TensorFlow Lite file")
    try:
        return _read_graph(_Table(data, int(struct.unpack_from("<I", data)[0])))
    except (struct.error, LookupError, ValueError) as error:
        raise ValueError(f"not a TensorFlow Lite file of the expected form ({error})") from error


def _read_graph(model: _Table) -> Graph:
    # Newer writers use field 3, older ones the signed byte in field 0.
    kinds = [max(code.number(0, "b"), code.number(3, "i")) for code in model.tables(1)]
    buffers = model.tables(4)
    (subgraph,) = model.tables(2)
    (entry,) = subgraph.integers(1)
    (result,) = subgraph.integers(2)
    return Graph(
        tensors=tuple(_read_tensor(tensor, buffers) for tensor in subgraph.tables(0)),
        operators=tuple(_read_operator(operator, kinds) for operator in subgraph.tables(3)),
        input=entry,
        output=result,
    )


def _read_tensor(table: _Table, buffers: list[_Table]) -> Tensor:
    shape = table.integers(0)
    content = buffers[table.number(2, "I")].array(0, "u1")
    if not content.size:
        return Tensor(shape, None)
    raw = np.frombuffer(content.tobytes(), ELEMENT_TYPES[table.number(1, "b")]).reshape(shape)
    if raw.dtype == np.int32:
        return Tensor(shape, raw.astype(np.int32))
    quantisation = table.table(4)
    if raw.dtype != np.int8 or quantisation is None:
        return Tensor(shape, raw.astype(np.float32))
    scales = quantisation.array(2, "<f4").astype(np.float32)
    zeros = quantisation.array(3, "<i8").astype(np.float32)
    along = [1] * len(shape)
    along[quantisation.number(6, "i")] = -1
    return Tensor(shape, (raw.astype(np.float32) - zeros.reshape(along)) * scales.reshape(along))


def _read_operator(table: _Table, kinds: list[int]) -> Operator:
    kind = kinds[table.number(0, "I")]
    inputs, (output,) = table.integers(1), table.integers(2)
    options = table.table(4)
    if options is None or kind not in {CONV_2D, DEPTHWISE_CONV_2D, MAX_POOL_2D}:
        return Operator(kind, inputs, output)
    is_pool = kind == MAX_POOL_2D
    activation_field = {CONV_2D: 3, DEPTHWISE_CONV_2D: 4, MAX_POOL_2D: 5}[kind]
    return Operator(
        kind,
        inputs,
        output,
        same_padding=options.number(0, "b") == 0,
        stride=(options.number(2, "i"), options.number(1, "i")),
        window=(options.number(4, "i"), options.number(3, "i")) if is_pool else (1, 1),
        relu=options.number(activation_field, "b") == 1,
    )
