from __future__ import annotations

import numpy as np
import pytest

from livecam.vision.peak_decoding import decode_peaks, keep_distinct


def maps(rows: int, columns: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    shapes = ((rows, columns), (2, rows, columns), (2, rows, columns), (10, rows, columns))
    heatmap, scale, offset, points = (np.zeros(shape, dtype=np.float32) for shape in shapes)
    return heatmap, scale, offset, points


def test_a_peak_becomes_a_box_and_five_points_in_input_pixels() -> None:
    heatmap, scale, offset, points = maps(8, 10)
    heatmap[3, 5] = 0.9
    scale[:, 3, 5] = np.log([6.0, 5.0])  # 24 high, 20 wide
    offset[:, 3, 5] = (0.25, -0.5)
    points[0::2, 3, 5] = (0.4, 0.4, 0.6, 0.8, 0.8)
    points[1::2, 3, 5] = (0.3, 0.7, 0.5, 0.35, 0.65)
    boxes, located, scores = decode_peaks(heatmap, scale, offset, points, 0.5)
    np.testing.assert_allclose(boxes, [[20 - 10, 15 - 12, 20 + 10, 15 + 12]], rtol=1e-5)
    np.testing.assert_allclose(located[0, 0], [10 + 0.3 * 20, 3 + 0.4 * 24], rtol=1e-5)
    np.testing.assert_allclose(located[0, 4], [10 + 0.65 * 20, 3 + 0.8 * 24], rtol=1e-5)
    assert scores.tolist() == [pytest.approx(0.9)]


def test_neighbouring_cells_of_one_face_are_merged_into_the_best() -> None:
    heatmap, scale, offset, points = maps(16, 16)
    heatmap[8, 7:10] = (0.6, 0.8, 0.7)
    scale[:] = np.log(8.0)
    boxes, _, scores = decode_peaks(heatmap, scale, offset, points, 0.5)
    assert len(boxes) == 1
    assert scores[0] == pytest.approx(0.8)


def test_faces_come_most_certain_first() -> None:
    heatmap, scale, offset, points = maps(8, 8)
    heatmap[1, 1], heatmap[6, 6] = 0.6, 0.9
    _, _, scores = decode_peaks(heatmap, scale, offset, points, 0.5)
    assert scores.tolist() == pytest.approx([0.9, 0.6])


def test_nothing_above_the_threshold_is_no_face() -> None:
    boxes, located, scores = decode_peaks(*maps(4, 4), 0.5)
    assert boxes.shape == (0, 4)
    assert located.shape == (0, 5, 2)
    assert scores.shape == (0,)


def test_boxes_that_overlap_a_little_are_two_faces() -> None:
    boxes = np.array([[0, 0, 10, 10], [8, 0, 18, 10], [1, 1, 11, 11]], dtype=np.float32)
    assert keep_distinct(boxes, np.array([0.7, 0.8, 0.6], dtype=np.float32)) == [1, 0]
