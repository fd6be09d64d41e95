"""`/_livecam/...`: the fault plan and the record, over HTTP, while the endpoint runs.

`GET`, `PUT` and `DELETE /_livecam/faults` read the plan, put another in force (JSON, as the TOML file) and
take all faults away. `GET` and `DELETE /_livecam/requests` read and clear the record.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from livecam.errors import UsageError
from livecam.local_aws.fault_plan import FaultPlan, plan_from
from livecam.local_aws.http_messages import Response

if TYPE_CHECKING:
    from livecam.local_aws.faults import Faults
    from livecam.local_aws.http_messages import Request
    from livecam.local_aws.record import Record

PREFIX = "/_livecam/"


class Control:
    """Answers the requests below `PREFIX`; they are not signed, and not recorded."""

    def __init__(self, faults: Faults, record: Record) -> None:
        self._faults = faults
        self._record = record

    def answer(self, request: Request) -> Response:
        """Return what was asked for, or the plan that is now in force."""
        match request.method, request.path.removeprefix(PREFIX):
            case "GET", "faults":
                pass
            case "PUT", "faults":
                try:
                    self._faults.change(plan_from(_json(request.body), "PUT"))
                except UsageError as error:
                    return _answer({"error": str(error)}, 400)
            case "DELETE", "faults":
                self._faults.change(FaultPlan())
            case "GET", "requests":
                return _answer(self._record.as_json())
            case "DELETE", "requests":
                self._record.clear()
                return _answer(self._record.as_json())
            case _:
                return _answer({"error": "there are /_livecam/faults and /_livecam/requests"}, 404)
        return _answer(self._faults.plan.model_dump(mode="json"))


def _json(body: bytes) -> Any:  # noqa: ANN401  any JSON
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:  # the latter of what is nested too deeply
        raise UsageError("PUT: the body is not JSON; send a fault plan") from error


def _answer(content: dict[str, Any], status: int = 200) -> Response:
    return Response(status, json.dumps(content).encode(), [("Content-Type", "application/json")])
