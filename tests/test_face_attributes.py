from __future__ import annotations

import botocore.session  # type: ignore[import-untyped]

from livecam.face_attributes import FACE_ATTRIBUTES


def test_they_are_those_of_the_services_own_model() -> None:
    model = botocore.session.get_session().get_service_model("rekognition")
    assert tuple(model.shape_for("Attribute").enum) == FACE_ATTRIBUTES
