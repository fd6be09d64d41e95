"""The faces that are known now. What a look means for one of them is decided in the looks' own files."""

from __future__ import annotations

import dataclasses
from collections import OrderedDict
from typing import TYPE_CHECKING

from livecam.selection.choice import FaceEvidence
from livecam.tracking import leaving
from livecam.tracking.answer_look import AnswerLook
from livecam.tracking.catch_up import CatchUp, filled
from livecam.tracking.convention import Convention
from livecam.tracking.finder_look import FinderLook
from livecam.tracking.label import GONE_AFTER, Label
from livecam.tracking.matching import match
from livecam.tracking.track import NEVER, Track

if TYPE_CHECKING:
    from collections.abc import Sequence

    from livecam.detections import Answer, DetectorInfo, Sighting
    from livecam.faces import BoundingBox, Emotion, Face, Movement
    from livecam.pictures import FaceLabel
    from livecam.tracking.look import Look
    from livecam.tracking.relation import Relation

MOST_FRAMES = 600
"""Frames that are remembered at most: ten seconds at 60 fps."""
MOST_SCENES = 3
"""Scenes before a cut that are remembered at most."""
LANDED = 0.3
"""Overlap from which a face that was followed to the present is one that is known there already."""


class Tracks:
    """Knows which faces are on the picture and where.

    Args:
        keep: seconds of boxes that are remembered; what is said about older frames is ignored.
        convention: what was learnt of the detector's boxes before.
        is_sure: whether every face that is found is shown at once, however unsure, as in stills.
        patience: seconds for which a face is followed that nobody has seen again.
    """

    def __init__(
        self,
        *,
        keep: float,
        convention: Convention | None = None,
        is_sure: bool = False,
        patience: float = GONE_AFTER,
    ) -> None:
        self._keep = keep
        self.patience = patience
        """Seconds for which a face is followed that nobody has seen again; any thread may set it."""
        self.labels_last = 0.0
        """Seconds for which labels stay as good as new: while a face that changes is asked about."""
        self._is_sure = is_sure
        self._tracks: list[Track] = []
        self._times: OrderedDict[int, float] = OrderedDict()
        """When the remembered frames were captured."""
        self._before: list[tuple[list[Track], OrderedDict[int, float]]] = []
        """The faces and frames of scenes before a cut: some of these pictures may be yet to be shown."""
        self._created = self._begun = 0
        self._answered_at = self._sighted_at = NEVER
        self.looked_at: float | None = None
        """When the newest frame of this scene that anybody looked at was captured; None before the first."""
        self._has_new_scene = True
        self.convention = convention or Convention()
        """How the detector's boxes lie to the finder's, as far as is known."""

    @property
    def created(self) -> int:
        """Number of faces that were ever shown."""
        return self._created

    @property
    def answered_at(self) -> float | None:
        """When the frame that the newest answer is about was captured; None before the first."""
        return None if self._answered_at == NEVER else self._answered_at

    @property
    def wants_finder(self) -> bool:
        """Whether a look of the finder would tell more than usual: a new scene, nobody, somebody unsure."""
        is_any_unsure = any(not (track.is_shown or track.is_rejected) for track in self._tracks)
        return self._has_new_scene or not self._tracks or is_any_unsure

    @property
    def frames(self) -> list[int]:
        """The frames that are remembered, oldest first."""
        return list(self._times)

    def on(self, sequence: int | None) -> list[tuple[Track, BoundingBox]]:
        """Return the faces that were known on a frame, and where."""
        if sequence is None:
            return []
        return [(track, box) for track in self._tracks if (box := track.history.at(sequence)) is not None]

    def advance(
        self,
        sequence: int,
        at: float,
        base: int | None,
        moved: Sequence[tuple[Track, BoundingBox, Movement | None]],
    ) -> None:
        """Move every face to a new frame.

        Args:
            sequence: the frame.
            at: when it was captured.
            base: the frame from which faces were followed.
            moved: the faces that were, where each was on that frame, and how it moved since. The others
                go on as before.
        """
        before_at = next(reversed(self._times.values()), at)
        base_at = before_at if base is None else self._times.get(base, before_at)
        followed = {track: (box, movement) for track, box, movement in moved}
        for track in self._tracks:
            if track in followed:
                track.follow(sequence, *followed[track], elapsed=at - base_at)
            else:
                track.glide(sequence, at - before_at)
        self._times[sequence] = at
        while at - next(iter(self._times.values())) > self._keep or len(self._times) > MOST_FRAMES:
            self._times.popitem(last=False)
        self._before = [
            scene for scene in self._before if at - next(reversed(scene[1].values())) <= self._keep
        ]
        self._tracks = [track for track in self._tracks if not leaving.is_lost(track)]
        for track in self._tracks:
            track.history.forget_before(next(iter(self._times)))

    def cut(self) -> None:
        """Drop every face and frame: what is found about them says nothing about those to come.

        What was known of them is kept for their own pictures.
        """
        if self._times:
            self._before = [*self._before, (self._tracks, self._times)][-MOST_SCENES:]
        self._tracks, self._times = [], OrderedDict()
        self.looked_at = None
        self._has_new_scene = True

    def clear(self) -> None:
        """Drop everything, and what was answered."""
        self.cut()
        self._before.clear()
        self._answered_at = self._sighted_at = NEVER

    def answered(self, answer: Answer, *, rows: float) -> list[CatchUp]:
        """Take in an answer; return the faces that have to be followed to the present.

        One about an older frame than the newest applied, or about one not remembered, is ignored.

        Args:
            answer: what a detector says of a frame.
            rows: pixels of height that the frame has when it is 320 wide.
        """
        if answer.captured_at <= self._answered_at or answer.sequence not in self._times:
            return []
        self._answered_at = answer.captured_at
        sequence, at, faces = answer.sequence, answer.captured_at, answer.detection.faces
        if answer.detector.draws_as_finder:
            return self._look(self._finder_look(sequence, at, faces, rows, detector=answer.detector))
        return self._look(
            AnswerLook(
                sequence=sequence,
                at=at,
                faces=faces,
                detector=answer.detector,
                convention=self.convention,
                learn=self._learn,
            )
        )

    def sighted(self, sighting: Sighting, *, rows: float) -> list[CatchUp]:
        """Take in a look of the finder; as `answered`."""
        if sighting.captured_at <= self._sighted_at or sighting.sequence not in self._times:
            return []
        look = self._finder_look(sighting.sequence, sighting.captured_at, sighting.faces, rows)
        return self._look(dataclasses.replace(look, appearances=sighting.appearances))

    def caught_up(
        self, request: CatchUp, path: Sequence[tuple[int, BoundingBox]], *, lost_since: int | None
    ) -> None:
        """Take in where a face has come to, and since which frame it could not be followed, if so."""
        track = request.track
        if request.is_new:
            known = self._landed_on(path[-1][1], request.others)
            if known is None:
                self._begun += 1
                track.key = self._begun
                self._tracks.append(track)
            track = known or track
            request.others.add(track)
        boxes = filled(self.frames, path)
        if track.fixed_at > request.look.at:  # the finder has set it right since
            track.history.begin_earlier(boxes)
        else:
            newest_at = next(reversed(self._times.values()))
            lost_for = 0.0 if lost_since is None else newest_at - self._times[lost_since]
            track.start_anew(boxes, lost_for)
            request.look.set_right(track)
        request.look.confirm(track, request.face)

    def shown(self, sequence: int, now: float) -> tuple[FaceLabel, ...]:
        """Return what is to be shown on a remembered frame at instant `now`; forgets the expired."""
        if sequence not in self._times:
            for tracks, times in self._before:
                if sequence in times:
                    return self._labels(tracks, sequence, now, is_newest=False)
        self._tracks = [track for track in self._tracks if not leaving.is_expired(track, now, self.patience)]
        is_newest = sequence == next(reversed(self._times), None)
        return self._labels(self._tracks, sequence, now, is_newest=is_newest)

    def suspected(self, sequence: int) -> tuple[tuple[int, BoundingBox], ...]:
        """Return by key where on a remembered frame there may be faces that are not shown."""
        return tuple(
            (track.key, box)
            for track in self._tracks
            if not leaving.is_visible(track) and (box := track.belongs_at(sequence)) is not None
        )

    def _labels(
        self, tracks: Sequence[Track], sequence: int, now: float, *, is_newest: bool
    ) -> tuple[FaceLabel, ...]:
        labels = []
        for track in tracks:
            is_visible = leaving.is_visible(track)
            box = track.shown_at(sequence, is_newest=is_newest) if is_visible else None
            if box is None or leaving.is_outside(box):
                track.stop_gliding()
                continue
            if track.track_id is None:
                self._created += 1
                track.track_id = self._created
            labels.append(
                track.label.shown(
                    track.track_id,
                    box,
                    at=now,
                    box_source=track.box_source,
                    box_opacity=leaving.opacity(track),
                    lasts=self.labels_last,
                )
            )
        return tuple(labels)

    def evidence(self) -> tuple[FaceEvidence, ...]:
        """Return what is known of each face, for who decides about calls.

        One that the detector has denied is among them: it is hidden, and asked about more and more rarely.
        """
        return tuple(
            FaceEvidence(
                key=track.key,
                answered_at=track.label.answered_at,
                appearance=track.appearance,
                seen_at=track.looked_at,
                height=track.box.height,
            )
            for track in self._tracks
            if not leaving.is_outside(track.box)
        )

    def labels(self) -> dict[int, Emotion | None]:
        """Return by key what each face is said to express at present."""
        return {track.key: track.label.emotion for track in self._tracks}

    def answered_about(self, captured_at: float) -> dict[int, Emotion | None]:
        """Return by key what the answer about the frame of that instant said of each face that it named."""
        return {
            track.key: track.label.newest for track in self._tracks if track.label.answered_at == captured_at
        }

    def _finder_look(
        self,
        sequence: int,
        at: float,
        faces: Sequence[Face],
        rows: float,
        detector: DetectorInfo | None = None,
    ) -> FinderLook:
        self._sighted_at = max(self._sighted_at, at)
        self._has_new_scene = False
        return FinderLook(
            sequence=sequence,
            at=at,
            faces=faces,
            rows=rows,
            convention=self.convention,
            learn=self._learn,
            is_sure=self._is_sure,
            detector=detector,
        )

    def _look(self, look: Look) -> list[CatchUp]:
        """Tell every face what a look means for it; return what has to be followed to the present."""
        self.looked_at = look.at if self.looked_at is None else max(self.looked_at, look.at)
        known = self.on(look.sequence)
        nearest = match([look.drawn(*each) for each in known], [face.box for face in look.faces])
        pairs = {i: j for i, j in nearest.items() if look.fits(known[i][0], look.faces[j])}
        others = {known[index][0] for index in pairs}
        requests = []
        for index, (track, _) in enumerate(known):
            if index not in pairs:
                if look.miss(track):
                    self._tracks.remove(track)
                continue
            face = look.faces[pairs[index]]
            if look.correct(track, face):
                look.confirm(track, face)
            else:
                requests.append(_request(look, face, track, others, is_new=False))
        unknown = set(range(len(look.faces))) - set(pairs.values())
        for face in (look.faces[index] for index in sorted(unknown)):
            if look.may_begin(face):
                track = Track(relation=self.convention.relation, label=Label())
                requests.append(_request(look, face, track, others, is_new=True))
        return requests

    def _landed_on(self, box: BoundingBox, others: set[Track]) -> Track | None:
        """Return the face that is known on the newest frame where one found on an older frame has come to."""
        free = [track for track in self._tracks if track not in others]
        best = max(free, key=lambda track: track.box.iou(box), default=None)
        return best if best is not None and best.box.iou(box) > LANDED else None

    def _learn(self, pair: Relation) -> None:
        self.convention = self.convention.learnt(pair)


def _request(look: Look, face: Face, track: Track, others: set[Track], *, is_new: bool) -> CatchUp:
    box = look.placed(track, face.box)
    return CatchUp(look=look, face=face, box=box, track=track, is_new=is_new, others=others)
