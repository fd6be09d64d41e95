from __future__ import annotations

import botocore.session  # type: ignore[import-untyped]
import pytest

from livecam.face_attributes import FACE_ATTRIBUTES, known_attributes


def test_they_are_those_of_the_services_own_model() -> None:
    model = botocore.session.get_session().get_service_model("rekognition")
    assert tuple(model.shape_for("Attribute").enum) == FACE_ATTRIBUTES


def test_they_are_read_in_any_case_and_each_once() -> None:
    assert known_attributes([" emotions", "Smile", "EMOTIONS"]) == ("EMOTIONS", "SMILE")


def test_an_unknown_one_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(ValueError, match="'EMOTION': did you mean EMOTIONS"):
        known_attributes(["EMOTION"])
    with pytest.raises(ValueError, match="choose from DEFAULT, ALL"):
        known_attributes(["xyzzy"])
    with pytest.raises(ValueError, match="at least one"):
        known_attributes([])
