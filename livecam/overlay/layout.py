"""What goes where on a picture: pure. In: labels and status; out: boxes and plates in pixels.

Labels never cover another plate or leave the picture, and cover no face while there is a free place:
beside their face first, then near it. Then they say less (bars, two lines, one line, one word), then
lie where they hide least, and as a last resort are left out; the box stays.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from livecam.overlay.geometry import Area, in_pixels
from livecam.overlay.hud import hud_plate, notice_plate
from livecam.overlay.labels import Form, face_frame, has_bars, label_plate
from livecam.overlay.placement import Board, Corner, Side, choose_corner, in_corner
from livecam.overlay.scale import scale_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from livecam.overlay.fitting import Measure
    from livecam.overlay.plates import FaceFrame, Plate
    from livecam.overlay.scale import Scale
    from livecam.pictures import FaceLabel, Status

CROWD = 7
"""From this many faces on every label is short."""
MOST_WITH_BARS = 4
ROOMY = 4
"""Times the text size: a face in a group must be this broad for a label of two lines; beside a
smaller one it would be taken for the neighbour's."""
FEW = 2
"""Up to this many faces are no group."""
REACH = 3
"""Times the text size: how far from its face a label is still understood, when there are several."""
LEAST_OPACITY = 0.02
"""Below it nothing is drawn."""
SIDES = (Side.ABOVE, Side.BELOW, Side.RIGHT, Side.LEFT)
SIDES_WITH_BARS = (Side.RIGHT, Side.LEFT, Side.ABOVE, Side.BELOW)
NOTICE_CORNERS = (Corner.BOTTOM_LEFT, Corner.BOTTOM_RIGHT)


@dataclass(frozen=True, slots=True)
class Options:
    """What the user wants to see."""

    show_bars: bool = False
    """All scores beside each face."""
    show_hud: bool = True
    """The state of the run; the source's notice is shown in any case."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where things were put: given to the next picture, it keeps them from jumping."""

    hud: Corner = Corner.TOP_LEFT
    notice: Corner = Corner.BOTTOM_LEFT
    sides: Mapping[int, Side] = field(default_factory=lambda: MappingProxyType({}))
    """By track id, the side of its face that a label was on."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything that is to be drawn on one picture, in order."""

    frames: tuple[FaceFrame, ...]
    labels: tuple[Plate, ...]
    panels: tuple[Plate, ...]
    """HUD and notice."""
    places: Places


FIRST_PLACES = Places()
USUAL_OPTIONS = Options()


def arrange(
    size: tuple[int, int],
    faces: Sequence[FaceLabel],
    status: Status,
    *,
    measure: Measure,
    options: Options = USUAL_OPTIONS,
    places: Places = FIRST_PLACES,
) -> Layout:
    """Return what is to be drawn on a frame.

    Args:
        size: the frame's width and height in pixels.
        faces: labels with their boxes in fractions of that frame.
        status: the state of the run.
        measure: how wide and high a text of a font size is, in pixels.
        options: what the user wants to see.
        places: the last picture's, for steadiness.
    """
    scale = scale_for(*size)
    shown = [face for face in faces if face.box_opacity >= LEAST_OPACITY]
    areas = [in_pixels(face.box, *size) for face in shown]
    bounds = Area(0, 0, *size).grown(-scale.gap)
    panels = _Panels(size, bounds, scale, measure, areas)
    notice = panels.notice(status.notice, places.notice)
    hud = panels.hud(status, places.hud, notice) if options.show_hud else None
    board = Board(bounds, areas, scale.gap)
    for panel in (notice, hud):
        if panel:
            board.take(panel[1].area)
    writer = _Labels(board, scale, measure, options, len(shown))
    labels, sides = writer.place_all(shown, areas, places.sides)
    return Layout(
        tuple(face_frame(face, area, scale) for face, area in zip(shown, areas, strict=True)),
        labels,
        tuple(panel[1] for panel in (notice, hud) if panel),
        Places(hud[0] if hud else places.hud, notice[0] if notice else places.notice, sides),
    )


@dataclass(frozen=True, slots=True)
class _Panels:
    """Places the HUD and the notice on one picture."""

    size: tuple[int, int]
    bounds: Area
    scale: Scale
    measure: Measure
    faces: Sequence[Area]

    def notice(self, text: str | None, preferred: Corner) -> tuple[Corner, Plate] | None:
        """Return the notice at the bottom, None if there is none."""
        if not text:
            return None
        plate = notice_plate(text, self.size, self.scale, self.measure)
        return self._placed(plate, self.bounds, NOTICE_CORNERS, preferred)

    def hud(
        self, status: Status, preferred: Corner, notice: tuple[Corner, Plate] | None
    ) -> tuple[Corner, Plate]:
        """Return the HUD in a corner, above the notice."""
        bounds = self.bounds
        if notice:
            room = notice[1].area.top - self.scale.gap - bounds.top
            bounds = replace(bounds, height=room)
        plate = hud_plate(status, self.size, self.scale, self.measure)
        return self._placed(plate, bounds, tuple(Corner), preferred)

    def _placed(
        self, plate: Plate, bounds: Area, corners: Sequence[Corner], preferred: Corner
    ) -> tuple[Corner, Plate]:
        corner = choose_corner(plate.size, bounds, self.faces, corners=corners, preferred=preferred)
        return corner, replace(plate, area=in_corner(plate.size, corner, bounds))


@dataclass(frozen=True, slots=True)
class _Labels:
    """Places the labels on one picture, oldest track first, so that newcomers move and not they."""

    board: Board
    scale: Scale
    measure: Measure
    options: Options
    count: int

    def place_all(
        self, faces: Sequence[FaceLabel], areas: Sequence[Area], last_sides: Mapping[int, Side]
    ) -> tuple[tuple[Plate, ...], Mapping[int, Side]]:
        """Return the labels that found a place, and on which side of their face."""
        plates: list[Plate] = []
        sides: dict[int, Side] = {}
        for face, area in sorted(zip(faces, areas, strict=True), key=lambda pair: pair[0].track_id):
            if face.opacity < LEAST_OPACITY:
                continue
            last_side = last_sides.get(face.track_id)
            side, plate = self._free(face, area, last_side)
            plate = plate or self._least_bad(face, area)
            if plate:
                self.board.take(plate.area)
                plates.append(plate)
            if side := side or last_side:
                sides[face.track_id] = side
        return tuple(plates), sides

    def _free(self, face: FaceLabel, area: Area, last_side: Side | None) -> tuple[Side | None, Plate | None]:
        """Return the label that says most of those that find a free place.

        In a group only short ones go further than right beside their face: it must be plain whose they are.
        """
        for form in self._forms(face, area):
            plate = label_plate(face, form, self.scale, self.measure)
            sides: tuple[Side, ...] = SIDES_WITH_BARS if form is Form.BARS else SIDES
            if last_side:
                sides = (last_side, *(side for side in sides if side is not last_side))
            if beside := self.board.beside(area, plate.size, sides):
                return beside[0], replace(plate, area=beside[1])
            is_plain = self.count == 1 or form in {Form.SHORT, Form.TINY}
            near = self.board.nearby(area, plate.size, self._reach) if is_plain else None
            if near:
                return None, replace(plate, area=near)
        return None, None

    def _least_bad(self, face: FaceLabel, area: Area) -> Plate | None:
        """Return a short label where it hides least; None if every place would hide another plate."""
        for form in (Form.SHORT, Form.TINY):
            plate = label_plate(face, form, self.scale, self.measure)
            if place := self.board.least_bad(area, plate.size, self._reach):
                return replace(plate, area=place)
        return None

    def _forms(self, face: FaceLabel, area: Area) -> tuple[Form, ...]:
        """Return the forms that a label may take, most telling first."""
        is_small = self.count > FEW and area.width < ROOMY * self.scale.text
        if is_small or self.count >= CROWD:
            return (Form.SHORT, Form.TINY)
        if self.options.show_bars and self.count <= MOST_WITH_BARS and has_bars(face):
            return tuple(Form)
        return (Form.FULL, Form.SHORT, Form.TINY)

    @property
    def _reach(self) -> int:
        """How far from its face a label may lie; a lone face's label is understood anywhere."""
        return max(self.board.extent) if self.count == 1 else REACH * self.scale.text
