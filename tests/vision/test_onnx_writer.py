from __future__ import annotations

import numpy as np

from livecam.vision.onnx_writer import OnnxGraph
from livecam.vision.shaped_nets import ShapedNets


def test_a_written_convolution_computes_what_it_says() -> None:
    graph = OnnxGraph()
    kernel = np.arange(9, dtype=np.float32).reshape(1, 1, 3, 3)
    graph.add_weights("kernel", kernel)
    graph.add_weights("bias", np.array([0.5], dtype=np.float32))
    graph.add_node(
        "Conv",
        ["in", "kernel", "bias"],
        "sum",
        kernel_shape=(3, 3),
        strides=(2, 2),
        pads=(0, 0, 1, 1),
        group=1,
    )
    graph.add_node("Relu", ["sum"], "out")
    model = graph.to_bytes({"in": (1, 1, 4, 4)}, {"out": (1, 1, 2, 2)})
    picture = np.arange(16, dtype=np.float32).reshape(1, 1, 4, 4)
    (out,) = ShapedNets(model, ["out"]).run(picture)
    padded = np.pad(picture[0, 0], ((0, 1), (0, 1)))
    expected = [[(padded[y : y + 3, x : x + 3] * kernel[0, 0]).sum() + 0.5 for x in (0, 2)] for y in (0, 2)]
    np.testing.assert_allclose(out[0, 0], expected, rtol=1e-5)


def test_negative_attributes_survive() -> None:
    graph = OnnxGraph()
    graph.add_node("Softmax", ["in"], "out", axis=-1)
    model = graph.to_bytes({"in": (1, 3)}, {"out": (1, 3)})
    (out,) = ShapedNets(model, ["out"]).run(np.array([[0.0, 1.0, 2.0]], dtype=np.float32))
    np.testing.assert_allclose(out.sum(), 1.0, rtol=1e-5)
    assert out[0, 2] > out[0, 1] > out[0, 0]
