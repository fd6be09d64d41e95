from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.vision.model_files import EXPRESSION_MODEL, load_verified
from livecam.vision.tflite_graph import (
    ADD,
    CONV_2D,
    DEPTHWISE_CONV_2D,
    MAX_POOL_2D,
    MEAN,
    SOFTMAX,
    Graph,
    read_tflite,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def graph(models: Path) -> Graph:
    return read_tflite(load_verified(EXPRESSION_MODEL, models))


def test_the_expression_model_has_four_residual_blocks(graph: Graph) -> None:
    kinds = Counter(operator.kind for operator in graph.operators)
    assert kinds == {CONV_2D: 15, DEPTHWISE_CONV_2D: 8, MAX_POOL_2D: 4, ADD: 4, MEAN: 1, SOFTMAX: 1}


def test_the_expression_model_takes_a_grey_square_and_gives_seven_scores(graph: Graph) -> None:
    assert graph.tensors[graph.input].shape == (1, 64, 64, 1)
    assert graph.tensors[graph.output].shape == (1, 7)


def test_the_expression_model_has_58_thousand_weights(graph: Graph) -> None:
    constants = [tensor.values for tensor in graph.tensors if tensor.values is not None]
    assert 55_000 < sum(values.size for values in constants) < 60_000


def test_quantised_weights_are_scaled_back_per_channel(graph: Graph) -> None:
    scaled = [tensor for tensor in graph.tensors if tensor.shape == (128, 1, 1, 128)]
    assert len(scaled) == 1
    values = scaled[0].values
    assert values is not None
    assert values.dtype == np.float32
    # Each output channel uses the whole int8 range, so 127 steps reach its own largest weight.
    largest = np.abs(values).max(axis=(1, 2, 3))
    steps = values / (largest / 127).reshape(-1, 1, 1, 1)
    assert np.abs(steps - steps.round()).max() < 1e-3
    assert largest.std() > 0


def test_poolings_keep_the_size_over_the_stride(graph: Graph) -> None:
    pools = [operator for operator in graph.operators if operator.kind == MAX_POOL_2D]
    assert {(pool.window, pool.stride, pool.same_padding) for pool in pools} == {((3, 3), (2, 2), True)}


@pytest.mark.parametrize("content", [b"", b"\x08\0\0\0ONNX", b"\xff\xff\0\0TFL3", b"\x08\0\0\0TFL3\0\0\0\0"])
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="not a TensorFlow Lite file"):
        read_tflite(content)
