from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from livecam.vision import tflite_graph as tfl
from livecam.vision.expression_network import OUTPUT, to_onnx
from livecam.vision.model_files import EXPRESSION_MODEL, load_verified
from livecam.vision.shaped_nets import ShapedNets

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]


def windows(
    graph: tfl.Graph, operator: tfl.Operator, picture: Floats, size: tuple[int, int], fill: float
) -> Floats:
    """All windows of an operator: rows, columns, channels, window rows, window columns."""
    rows, columns = graph.tensors[operator.output].shape[1:3]
    pads = [(0, 0)] * 3
    if operator.same_padding:
        needs = zip((rows, columns), operator.stride, size, picture.shape[:2], strict=True)
        total = [max((to - 1) * stride + reach - of, 0) for to, stride, reach, of in needs]
        pads = [(pad // 2, pad - pad // 2) for pad in total] + [(0, 0)]
    padded = np.pad(picture, pads, constant_values=fill)
    view = sliding_window_view(padded, size, axis=(0, 1))
    return np.asarray(view[:: operator.stride[0], :: operator.stride[1]], dtype=np.float32)


def convolve(graph: tfl.Graph, operator: tfl.Operator, picture: Floats) -> Floats:
    kernel, bias = (graph.tensors[index].values for index in operator.inputs[1:])
    assert kernel is not None
    assert bias is not None
    seen = windows(graph, operator, picture, (kernel.shape[1], kernel.shape[2]), 0.0)
    rule = "rscyx,yxc->rsc" if operator.kind == tfl.DEPTHWISE_CONV_2D else "rscyx,oyxc->rso"
    weights = kernel[0] if operator.kind == tfl.DEPTHWISE_CONV_2D else kernel
    result = np.einsum(rule, seen, weights) + bias
    return np.asarray(np.maximum(result, 0) if operator.relu else result, dtype=np.float32)


def compute(graph: tfl.Graph, picture: Floats) -> Floats:
    """Run a TFLite graph in plain numpy, channels last: what the translation must agree with."""
    values = {graph.input: picture}
    for step in graph.operators:
        given = values[step.inputs[0]]
        if step.kind in {tfl.CONV_2D, tfl.DEPTHWISE_CONV_2D}:
            result = convolve(graph, step, given)
        elif step.kind == tfl.MAX_POOL_2D:
            result = windows(graph, step, given, step.window, -np.inf).max(axis=(-2, -1))
        elif step.kind == tfl.ADD:
            result = given + values[step.inputs[1]]
        elif step.kind == tfl.MEAN:
            result = given.mean(axis=(0, 1))
        else:
            result = np.exp(given) / np.exp(given).sum()
        values[step.output] = result
    return values[graph.output]


def test_the_translated_network_agrees_with_the_graph_computed_in_numpy(models: Path) -> None:
    graph = tfl.read_tflite(load_verified(EXPRESSION_MODEL, models))
    nets = ShapedNets(to_onnx(graph), [OUTPUT])
    noise = np.random.default_rng(7).uniform(-1, 1, (3, 64, 64)).astype(np.float32)
    for picture in noise:
        (scores,) = nets.run(picture[None, None])
        np.testing.assert_allclose(scores[0], compute(graph, picture[..., None]), atol=1e-4)


def test_an_unknown_operator_is_refused() -> None:
    tensor = tfl.Tensor((1, 4, 4, 1), None)
    graph = tfl.Graph((tensor, tensor), (tfl.Operator(999, (0,), 1),), 0, 1)
    with pytest.raises(ValueError, match="operator 999"):
        to_onnx(graph)
