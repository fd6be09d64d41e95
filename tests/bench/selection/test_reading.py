from __future__ import annotations

import numpy as np

from livecam.bench.selection.reading import Reader
from tests.bench.selection.samples import HAPPY, SAD, Model

BRIGHT, DARK = (np.full((36, 64, 3), grey, np.uint8) for grey in (200, 20))


def test_each_frame_gets_the_faces_that_were_read_on_it() -> None:
    reader = Reader(Model())
    for index in range(60):
        ((person, _),) = reader.read(index / 10, BRIGHT if index < 30 else DARK, has_cut=False)
        assert person == 1
    truth = reader.truth()
    assert [faces[0].emotion for faces in truth[:28]] == [HAPPY] * 28
    assert [faces[0].emotion for faces in truth[33:]] == [SAD] * 27


def test_after_a_cut_it_is_somebody_else() -> None:
    reader = Reader(Model())
    reader.read(0.0, BRIGHT, has_cut=False)
    reader.read(0.1, DARK, has_cut=True)
    assert [[face.person for face in faces] for faces in reader.truth()] == [[1], [2]]
