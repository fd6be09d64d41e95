"""Translates the expression model from TFLite to ONNX, in memory.

cv2.dnn loads the TFLite file but cannot run it (its weights are int8, its activations float), and a
TFLite runtime would cost 60 MB. Pictures are channels-last there and channels-first here; padding
"same" with a stride puts the odd row or column at the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from livecam.vision.onnx_writer import OnnxGraph
from livecam.vision.tflite_graph import (
    ADD,
    CONV_2D,
    DEPTHWISE_CONV_2D,
    MAX_POOL_2D,
    MEAN,
    SOFTMAX,
    Graph,
    Operator,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

INPUT, OUTPUT = "faces", "scores"


def to_onnx(graph: Graph) -> bytes:
    """Return the same network as an ONNX file; it declares a batch of one, cv2.dnn runs any.

    Raises:
        ValueError: it holds an operator that is not known here.
    """
    onnx = OnnxGraph()
    for operator in graph.operators:
        _TRANSLATIONS.get(operator.kind, _refuse)(onnx, graph, operator)
    _, rows, columns, channels = graph.tensors[graph.input].shape
    scores = graph.tensors[graph.output].shape[-1]
    return onnx.to_bytes({INPUT: (1, channels, rows, columns)}, {OUTPUT: (1, scores)})


def _name(graph: Graph, tensor: int) -> str:
    return {graph.input: INPUT, graph.output: OUTPUT}.get(tensor, f"t{tensor}")


def _weights(graph: Graph, tensor: int) -> NDArray[np.float32]:
    values = graph.tensors[tensor].values
    if values is None:
        raise ValueError(f"tensor {tensor} should be constant")
    return values.astype(np.float32)


def _pads(graph: Graph, operator: Operator, window: tuple[int, int]) -> list[int]:
    """Return top, left, bottom, right."""
    if not operator.same_padding:
        return [0, 0, 0, 0]
    sizes = zip(
        graph.tensors[operator.inputs[0]].shape[1:3],
        graph.tensors[operator.output].shape[1:3],
        operator.stride,
        window,
        strict=True,
    )
    total = [max((to - 1) * stride + reach - of, 0) for of, to, stride, reach in sizes]
    return [pad // 2 for pad in total] + [pad - pad // 2 for pad in total]


def _convolution(onnx: OnnxGraph, graph: Graph, operator: Operator) -> None:
    picture, kernel, bias = operator.inputs
    values = _weights(graph, kernel)
    is_depthwise = operator.kind == DEPTHWISE_CONV_2D
    # Ours: output, input, rows, columns. A depthwise kernel is stored as 1, rows, columns, channels.
    ours = values.transpose(3, 0, 1, 2) if is_depthwise else values.transpose(0, 3, 1, 2)
    window = (values.shape[1], values.shape[2])
    result = _name(graph, operator.output)
    raw = f"{result}_raw" if operator.relu else result
    onnx.add_weights(f"{result}_w", ours)
    onnx.add_weights(f"{result}_b", _weights(graph, bias))
    onnx.add_node(
        "Conv",
        [_name(graph, picture), f"{result}_w", f"{result}_b"],
        raw,
        kernel_shape=window,
        strides=operator.stride,
        pads=_pads(graph, operator, window),
        group=ours.shape[0] if is_depthwise else 1,
    )
    if operator.relu:
        onnx.add_node("Relu", [raw], result)


def _max_pool(onnx: OnnxGraph, graph: Graph, operator: Operator) -> None:
    onnx.add_node(
        "MaxPool",
        [_name(graph, operator.inputs[0])],
        _name(graph, operator.output),
        kernel_shape=operator.window,
        strides=operator.stride,
        pads=_pads(graph, operator, operator.window),
    )


def _add(onnx: OnnxGraph, graph: Graph, operator: Operator) -> None:
    onnx.add_node("Add", [_name(graph, tensor) for tensor in operator.inputs], _name(graph, operator.output))


def _mean(onnx: OnnxGraph, graph: Graph, operator: Operator) -> None:
    result = _name(graph, operator.output)
    onnx.add_node("GlobalAveragePool", [_name(graph, operator.inputs[0])], f"{result}_pooled")
    onnx.add_node("Flatten", [f"{result}_pooled"], result, axis=1)


def _softmax(onnx: OnnxGraph, graph: Graph, operator: Operator) -> None:
    onnx.add_node("Softmax", [_name(graph, operator.inputs[0])], _name(graph, operator.output), axis=1)


def _refuse(_onnx: OnnxGraph, _graph: Graph, operator: Operator) -> None:
    raise ValueError(f"operator {operator.kind} is not one that can be translated")


_TRANSLATIONS = {
    ADD: _add,
    CONV_2D: _convolution,
    DEPTHWISE_CONV_2D: _convolution,
    MAX_POOL_2D: _max_pool,
    MEAN: _mean,
    SOFTMAX: _softmax,
}
