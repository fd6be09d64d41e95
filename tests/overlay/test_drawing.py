from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from livecam.faces import BoundingBox
from livecam.overlay.drawing import OverlayPainter
from tests.overlay.samples import BARE, STATUS, a_label, a_picture, an_image, unanswered, unclear

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from livecam.pictures import FaceLabel
    from livecam.protocols import Painter


def difference(face: FaceLabel) -> int:
    """How far a picture with that face is from the bare frame, over all pixels."""
    painted = OverlayPainter(show_hud=False).paint(a_picture(face))
    return int(np.abs(painted.astype(int) - an_image()).sum())


def test_it_fits_the_painters_plug() -> None:
    painter: Painter = OverlayPainter()
    assert painter.paint(a_picture()).dtype == np.uint8


def test_the_frame_stays_as_it_is() -> None:
    picture = a_picture(a_label(), status=STATUS)
    painted = OverlayPainter(show_bars=True).paint(picture)
    assert (picture.frame.image == an_image()).all()
    assert not np.shares_memory(painted, picture.frame.image)


def test_a_read_only_frame_can_be_painted() -> None:
    image = an_image()
    image.flags.writeable = False
    assert OverlayPainter().paint(a_picture(a_label(), image=image)).shape == image.shape


@pytest.mark.parametrize("size", [(16, 16), (320, 240), (400, 300), (1280, 720), (720, 1280)])
def test_the_size_is_kept(size: tuple[int, int]) -> None:
    image = an_image(*size)
    assert OverlayPainter(show_bars=True).paint(a_picture(a_label(), image=image)).shape == image.shape


def test_nothing_is_drawn_without_faces_and_hud() -> None:
    assert (OverlayPainter(show_hud=False).paint(a_picture()) == an_image()).all()


def test_the_hud_can_be_switched_while_running() -> None:
    painter = OverlayPainter()
    assert (painter.paint(a_picture()) != an_image()).any()
    painter.show_hud = False
    assert (painter.paint(a_picture()) == an_image()).all()


def test_bars_can_be_switched_while_running() -> None:
    painter = OverlayPainter(show_hud=False)
    without = painter.paint(a_picture(a_label()))
    painter.show_bars = True
    assert (painter.paint(a_picture(a_label())) != without).any()


def test_a_label_fades_with_its_opacity() -> None:
    amounts = [
        difference(replace(a_label(), opacity=opacity, box_opacity=opacity))
        for opacity in (1.0, 0.6, 0.2, 0.0)
    ]
    assert amounts == sorted(amounts, reverse=True)
    assert amounts[-1] == 0


def test_sure_approximate_unclear_and_new_faces_look_different() -> None:
    face = a_label()
    kinds = [face, replace(face, is_approximate=True), unclear(face), unanswered(face)]
    painter = OverlayPainter(show_hud=False)
    assert len({painter.paint(a_picture(kind)).tobytes() for kind in kinds}) == 4


def test_an_unclear_face_adds_no_colour_to_a_grey_picture() -> None:
    painted = OverlayPainter(show_hud=False).paint(a_picture(unclear(a_label()))).astype(int)
    spread = painted.max(axis=2) - painted.min(axis=2)
    assert spread.max() < 16
    coloured = OverlayPainter(show_hud=False).paint(a_picture(a_label())).astype(int)
    assert (coloured.max(axis=2) - coloured.min(axis=2)).max() > 100


def test_text_that_is_not_ascii_is_drawn() -> None:
    status = replace(BARE, source="カメラ — Küche", notice="Ünïcödé ≈ 日本語", trouble="Gerät fehlt 🎥")
    assert (OverlayPainter().paint(a_picture(status=status)) != an_image()).any()


def test_a_mirrored_picture_is_turned_and_its_boxes_with_it() -> None:
    face = a_label(BoundingBox(0.1, 0.3, 0.2, 0.4))
    painted = OverlayPainter(show_hud=False, mirror=True).paint(a_picture(face))
    turned = an_image()[:, ::-1]
    columns = np.flatnonzero((painted != turned).any(axis=(0, 2)))
    assert columns[0] > 0.6 * painted.shape[1]


def test_the_hud_stays_in_the_corner_to_which_a_face_drove_it() -> None:
    painter = OverlayPainter()
    painter.paint(a_picture(a_label(BoundingBox(0.0, 0.0, 0.3, 0.4))))
    painted = painter.paint(a_picture())
    assert (painted[:, :200] == an_image()[:, :200]).all()
    assert (painted[:100, 400:] != an_image()[:100, 400:]).any()


def test_a_plain_image_is_the_frame_unless_it_is_mirrored() -> None:
    image = an_image()
    image.flags.writeable = False
    assert (OverlayPainter().plain(image) == an_image()).all()
    assert (OverlayPainter(mirror=True).plain(image) == an_image()[:, ::-1]).all()


def test_nothing_is_drawn_on_a_plain_image() -> None:
    painter = OverlayPainter(region=BoundingBox(0.25, 0.25, 0.5, 0.5))
    assert (painter.plain(an_image()) == an_image()).all()


def outlined(region: BoundingBox, *, mirror: bool = False) -> NDArray[np.bool_]:
    """Which pixels of a bare picture the outline of a region changes; shape (360, 640)."""
    painted = OverlayPainter(show_hud=False, mirror=mirror, region=region).paint(a_picture())
    before = an_image()[:, ::-1] if mirror else an_image()
    changed: NDArray[np.bool_] = (painted != before).any(axis=2)
    return changed


def test_the_region_is_outlined_thinly_and_what_is_in_it_is_untouched() -> None:
    changed = outlined(BoundingBox(0.25, 0.25, 0.5, 0.5))
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    assert (rows[0], rows[-1], columns[0], columns[-1]) == (89, 270, 159, 480)
    assert not changed[95:265, 165:475].any()
    assert 0 < changed.mean() < 0.02


def test_the_outline_is_mirrored_with_the_picture() -> None:
    region = BoundingBox(0.125, 0.25, 0.25, 0.5)
    columns = np.flatnonzero(outlined(region, mirror=True).any(axis=0))
    assert (columns[0], columns[-1]) == (399, 560)


@pytest.mark.parametrize(
    "region",
    [
        BoundingBox(0.0, 0.0, 1.0, 1.0),
        BoundingBox(0.5, 0.5, 0.001, 0.001),
        BoundingBox(-0.5, 0.5, 2.0, 0.002),
        BoundingBox(1.5, 1.5, 0.2, 0.2),
    ],
)
def test_a_region_of_any_shape_can_be_outlined(region: BoundingBox) -> None:
    assert outlined(region).mean() < 0.02


def test_the_region_can_be_changed_while_running() -> None:
    painter = OverlayPainter(show_hud=False, region=BoundingBox(0.25, 0.25, 0.5, 0.5))
    assert (painter.paint(a_picture()) != an_image()).any()
    painter.region = None
    assert (painter.paint(a_picture()) == an_image()).all()
