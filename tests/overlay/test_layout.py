from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from livecam.faces import BoundingBox
from livecam.overlay.geometry import Area, in_pixels
from livecam.overlay.layout import FIRST_PLACES, Layout, Options, Places, arrange
from livecam.overlay.placement import Board, Corner, Side
from livecam.overlay.scale import scale_for
from tests.overlay.samples import BARE, STATUS, a_label, a_measure, unclear

if TYPE_CHECKING:
    from livecam.pictures import FaceLabel, Status

HD = (1280, 720)
LOUD = replace(STATUS, trouble="The camera stopped delivering", notice="Nobody is being filmed here")
NO_HUD = Options(show_hud=False)

sizes = st.tuples(st.integers(320, 3840), st.integers(240, 2160)) | st.tuples(
    st.integers(240, 1080), st.integers(320, 1920)
)
fractions = st.floats(0, 1, allow_nan=False)
boxes = st.builds(
    lambda left, top, width, height: BoundingBox(left, top, width, height).clamped(),
    fractions,
    fractions,
    st.floats(0.01, 1),
    st.floats(0.01, 1),
)
statuses = st.sampled_from([BARE, STATUS, LOUD, replace(STATUS, notice="A long notice. " * 12)])
wishes = st.builds(Options, show_bars=st.booleans(), show_hud=st.booleans())


def numbered(some_boxes: list[BoundingBox]) -> list[FaceLabel]:
    labels = [a_label(box, track_id=n + 1) for n, box in enumerate(some_boxes)]
    return [unclear(label) if n % 3 == 2 else label for n, label in enumerate(labels)]


def lay(
    faces: list[FaceLabel],
    size: tuple[int, int] = HD,
    status: Status = BARE,
    options: Options = NO_HUD,
    places: Places = FIRST_PLACES,
) -> Layout:
    return arrange(size, faces, status, measure=a_measure, options=options, places=places)


def first_words(layout: Layout) -> list[str]:
    return [plate.texts[0].text for plate in layout.labels]


@settings(max_examples=150, deadline=None)
@given(sizes, st.lists(boxes, max_size=8), statuses, wishes)
def test_no_plate_leaves_the_picture_or_lies_on_another(
    size: tuple[int, int], some_boxes: list[BoundingBox], status: Status, options: Options
) -> None:
    layout = lay(numbered(some_boxes), size, status, options)
    plates = [plate.area for plate in (*layout.labels, *layout.panels)]
    assert all(Area(0, 0, *size).contains(area) for area in plates)
    assert not [pair for pair in combinations(plates, 2) if pair[0].overlaps(pair[1])]
    assert len(layout.frames) == len(some_boxes)


@settings(max_examples=150, deadline=None)
@given(sizes, boxes, wishes)
def test_a_lone_label_never_covers_a_face_of_less_than_two_fifths_of_the_picture(
    size: tuple[int, int], box: BoundingBox, options: Options
) -> None:
    if box.area >= 0.4:
        box = replace(box, width=min(box.width, 0.63), height=min(box.height, 0.63))
    layout = lay([a_label(box)], size, options=replace(options, show_hud=False))
    assert len(layout.labels) == 1
    assert not layout.labels[0].area.overlaps(in_pixels(box, *size))


@settings(max_examples=100, deadline=None)
@given(st.lists(boxes, min_size=1, max_size=1), statuses)
def test_a_lone_label_covers_its_face_only_where_no_place_on_the_picture_is_free(
    some_boxes: list[BoundingBox], status: Status
) -> None:
    size, scale = (640, 360), scale_for(640, 360)
    layout = lay(numbered(some_boxes), size, status, Options())
    face = in_pixels(some_boxes[0], *size)
    if not layout.labels or not layout.labels[0].area.overlaps(face):
        return
    board = Board(Area(0, 0, *size).grown(-scale.gap), [face], scale.gap)
    for panel in layout.panels:
        board.take(panel.area)
    width, height = layout.labels[0].size
    everywhere = (
        Area(left, top, width, height)
        for left in range(0, size[0] - width, 3)
        for top in range(0, size[1] - height, 3)
    )
    assert not any(board.is_free(area) for area in everywhere)


def test_a_label_says_all_where_there_is_room() -> None:
    assert first_words(lay([a_label()])) == ["appears happy 83 %"]


def test_a_face_that_fills_the_picture_gets_a_short_label_at_the_bottom() -> None:
    layout = lay([a_label(BoundingBox(0, 0, 1, 1))])
    assert first_words(layout) == ["happy 83 %"]
    assert layout.labels[0].area.top > 0.9 * HD[1]


def test_labels_in_a_crowd_are_short_and_without_bars() -> None:
    crowd = [
        a_label(BoundingBox(0.05 + 0.19 * (n % 5), 0.15 + 0.22 * (n // 5), 0.05, 0.08), n + 1)
        for n in range(20)
    ]
    layout = lay(crowd, options=Options(show_bars=True))
    assert len(layout.labels) == 20
    assert set(first_words(layout)) == {"happy 83 %"}
    assert not any(plate.bars for plate in layout.labels)


def test_small_faces_in_a_group_get_short_labels() -> None:
    group = [a_label(BoundingBox(0.2 + 0.25 * n, 0.4, 0.03, 0.06), n + 1) for n in range(3)]
    assert set(first_words(lay(group))) == {"happy 83 %"}


def test_bars_stand_beside_the_face_when_asked_for() -> None:
    layout = lay([a_label()], options=Options(show_bars=True, show_hud=False))
    assert len(layout.labels[0].bars) == 8
    assert layout.labels[0].area.left >= layout.frames[0].area.right


def test_bars_are_dropped_where_they_have_no_room() -> None:
    layout = lay(
        [a_label(BoundingBox(0.02, 0.2, 0.96, 0.7))], options=Options(show_bars=True, show_hud=False)
    )
    assert not layout.labels[0].bars


def test_a_label_stays_on_its_side_when_told_where_it_was() -> None:
    below = lay([a_label()], places=Places(sides={3: Side.BELOW}))
    assert below.labels[0].area.top >= below.frames[0].area.bottom
    assert below.places.sides == {3: Side.BELOW}
    assert lay([a_label()]).places.sides == {3: Side.ABOVE}


def test_a_label_leaves_its_side_when_there_is_no_room_any_more() -> None:
    low = a_label(BoundingBox(0.4, 0.6, 0.2, 0.38))
    assert lay([low], places=Places(sides={3: Side.BELOW})).places.sides == {3: Side.ABOVE}


def test_the_hud_goes_to_a_corner_without_a_face_and_stays_there() -> None:
    in_the_corner = a_label(BoundingBox(0.02, 0.02, 0.2, 0.3))
    moved = lay([in_the_corner], status=STATUS, options=Options())
    assert moved.places.hud is Corner.TOP_RIGHT
    later = lay([a_label()], status=STATUS, options=Options(), places=moved.places)
    assert later.places.hud is Corner.TOP_RIGHT


def test_a_notice_is_shown_without_the_hud_and_trouble_is_not() -> None:
    (notice,) = lay([], status=LOUD).panels
    assert notice.texts[0].text == LOUD.notice


def test_without_faces_hud_and_notice_there_is_nothing_to_draw() -> None:
    layout = lay([])
    assert (layout.frames, layout.labels, layout.panels) == ((), (), ())


def test_what_has_faded_away_is_not_drawn() -> None:
    assert lay([replace(a_label(), opacity=0.0, box_opacity=0.0)]).frames == ()
    faded = lay([replace(a_label(), opacity=0.0)])
    assert len(faded.frames) == 1
    assert faded.labels == ()


def test_older_tracks_choose_their_place_first() -> None:
    older, newer = a_label(track_id=1), a_label(track_id=2)
    alone, together = lay([older]), lay([newer, older])
    assert together.labels[0].area == alone.labels[0].area
