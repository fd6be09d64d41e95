"""One cv2.dnn network per input shape.

A `Net` that has run once may answer wrongly after its input's shape changes: on OpenCV 4.14 the heatmap
was off by up to 1.0 (5.0.0 was right in our trials). Keeping a net per shape costs a little memory and
makes the whole class of mistake impossible.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

import numpy as np

from livecam.native import cv2

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

MOST_SHAPES = 4
"""Nets kept; a folder of pictures in many sizes then rebuilds the least recently used (80 ms)."""


class ShapedNets:
    """Runs an ONNX model on inputs of any shape. Not thread-safe."""

    def __init__(self, model: bytes, outputs: Sequence[str]) -> None:
        self._model = np.frombuffer(model, dtype=np.uint8)
        self._outputs = list(outputs)
        self._nets: OrderedDict[tuple[int, ...], cv2.dnn.Net] = OrderedDict()

    def run(self, blob: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        """Return the outputs for one input blob, in the order they were named."""
        net = self._net_for(blob.shape)
        net.setInput(blob)
        return [np.asarray(output, dtype=np.float32) for output in net.forward(self._outputs)]

    def _net_for(self, shape: tuple[int, ...]) -> cv2.dnn.Net:
        net = self._nets.pop(shape, None)
        if net is None:
            net = cv2.dnn.readNetFromONNX(self._model)
        self._nets[shape] = net
        if len(self._nets) > MOST_SHAPES:
            self._nets.popitem(last=False)
        return net
