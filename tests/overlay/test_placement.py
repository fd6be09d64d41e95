from __future__ import annotations

from livecam.overlay.geometry import Area
from livecam.overlay.placement import Board, Corner, Side, choose_corner, in_corner

BOUNDS = Area(10, 10, 620, 340)
PLATE = (100, 40)
FACE = Area(270, 130, 100, 100)
TOP_LEFT_FACE = Area(20, 20, 80, 80)


def corner(faces: list[Area], preferred: Corner = Corner.TOP_LEFT) -> Corner:
    return choose_corner(PLATE, BOUNDS, faces, corners=tuple(Corner), preferred=preferred)


def test_a_plate_in_a_corner_lies_inside_the_bounds() -> None:
    assert in_corner(PLATE, Corner.TOP_LEFT, BOUNDS) == Area(10, 10, 100, 40)
    assert in_corner(PLATE, Corner.BOTTOM_RIGHT, BOUNDS) == Area(530, 310, 100, 40)


def test_the_preferred_corner_is_kept_while_it_hides_no_face() -> None:
    assert corner([FACE], Corner.BOTTOM_RIGHT) is Corner.BOTTOM_RIGHT


def test_a_face_drives_the_panel_into_a_free_corner() -> None:
    assert corner([TOP_LEFT_FACE]) is Corner.TOP_RIGHT


def test_a_panel_does_not_jump_for_a_little() -> None:
    everywhere = Area(0, 0, 640, 355)
    assert corner([everywhere]) is Corner.TOP_LEFT


def test_a_corner_that_is_not_offered_is_not_kept() -> None:
    bottom = (Corner.BOTTOM_LEFT, Corner.BOTTOM_RIGHT)
    chosen = choose_corner(PLATE, BOUNDS, [], corners=bottom, preferred=Corner.TOP_LEFT)
    assert chosen is Corner.BOTTOM_LEFT


def test_the_first_side_with_room_is_taken() -> None:
    board = Board(BOUNDS, [FACE], 4)
    assert board.beside(FACE, PLATE, (Side.ABOVE, Side.BELOW)) == (Side.ABOVE, Area(270, 86, 100, 40))
    assert board.beside(FACE, PLATE, (Side.LEFT,)) == (Side.LEFT, Area(166, 130, 100, 40))


def test_a_place_slides_along_its_side_into_the_picture() -> None:
    face = Area(590, 130, 50, 100)
    assert Board(BOUNDS, [face], 4).beside(face, PLATE, (Side.ABOVE,)) == (
        Side.ABOVE,
        Area(530, 86, 100, 40),
    )


def test_there_is_no_room_above_a_face_at_the_top() -> None:
    face = Area(270, 0, 100, 100)
    assert Board(BOUNDS, [face], 4).beside(face, PLATE, (Side.ABOVE,)) is None


def test_a_taken_place_is_not_given_twice() -> None:
    board = Board(BOUNDS, [FACE], 4)
    first = board.beside(FACE, PLATE, (Side.ABOVE,))
    assert first is not None
    board.take(first[1])
    assert not board.is_clear(first[1])
    assert board.beside(FACE, PLATE, (Side.ABOVE,)) is None


def test_the_nearest_free_place_is_found_where_no_side_is_free() -> None:
    face = Area(10, 10, 500, 340)
    board = Board(BOUNDS, [face], 4)
    board.take(Area(514, 10, 116, 200))
    near = board.nearby(face, PLATE, 1000)
    assert near is not None
    assert board.is_free(near)


def test_nothing_is_found_beyond_reach() -> None:
    board = Board(BOUNDS, [FACE, Area(200, 60, 240, 240)], 4)
    assert board.nearby(FACE, PLATE, 10) is None
    assert board.nearby(FACE, PLATE, 200) is not None


def test_where_all_is_face_a_label_lies_at_the_bottom_edge() -> None:
    everything = Area(0, 0, 640, 360)
    place = Board(BOUNDS, [everything], 4).least_bad(everything, PLATE, 700)
    assert place is not None
    assert place.bottom == BOUNDS.bottom


def test_somebody_elses_face_is_spared_first() -> None:
    own, other = Area(0, 0, 320, 360), Area(320, 0, 320, 360)
    place = Board(BOUNDS, [own, other], 4).least_bad(own, PLATE, 700)
    assert place is not None
    assert place.shared(other) == 0


def test_no_place_is_found_on_a_full_board() -> None:
    board = Board(BOUNDS, [FACE], 4)
    board.take(BOUNDS)
    assert board.least_bad(FACE, PLATE, 700) is None
