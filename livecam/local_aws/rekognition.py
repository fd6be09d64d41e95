"""The front of the service: signature, quota, request, operation, answer."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING, Any

from livecam.errors import LivecamError
from livecam.local_aws import service_model, signature
from livecam.local_aws.http_messages import Response
from livecam.local_aws.service_errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from livecam.local_aws.faults import Ruling
    from livecam.local_aws.http_messages import Request
    from livecam.local_aws.operations import Context, Operation
    from livecam.local_aws.signature import SignatureCheck

log = logging.getLogger(__name__)

TARGET_PREFIX = "RekognitionService."
CONTENT_TYPE = ("Content-Type", "application/x-amz-json-1.1")


class Rekognition:
    """Answers requests whose `x-amz-target` begins with `TARGET_PREFIX`.

    Args:
        operations: what it can do, by name.
        context_for: what they are given to work with, by the Region that a request was signed for.
        check: knows the secrets.
    """

    def __init__(
        self,
        operations: Mapping[str, Operation],
        context_for: Callable[[str], Context],
        check: SignatureCheck,
    ) -> None:
        self._operations = operations
        self._context_for = context_for
        self._check = check
        self._model = service_model.rekognition()

    async def answer(self, request: Request, operation: str, ruling: Ruling, request_id: str) -> Response:
        """Return the answer; it takes as long as the ruling says, counted from the last byte received.

        While the service stands still, it counts from the end of that.
        What is refused before the operation (signature, quota) is refused at once.
        """
        try:
            context = self._admitted(request, operation, ruling)
        except ServiceError as error:
            return _refusal(error, request_id)
        response = await self._carried_out(request, operation, ruling, context, request_id)
        begins_at = max(request.received_at, ruling.begins_at)
        remaining = begins_at + ruling.latency - context.clock.now()
        if remaining > 0:
            await asyncio.sleep(remaining)
        return response

    def _admitted(self, request: Request, operation: str, ruling: Ruling) -> Context:
        """Return what the operation works with, or raise why it is not begun."""
        scope = signature.scope_of(request)
        self._check.check(request, scope, service="rekognition")
        if operation not in self._operations:
            raise ServiceError("UnknownOperationException", f"{operation} is not served here")
        if ruling.refusal is not None:
            raise ServiceError(ruling.refusal)
        return self._context_for(scope.region)

    async def _carried_out(
        self, request: Request, operation: str, ruling: Ruling, context: Context, request_id: str
    ) -> Response:
        try:
            answer = await self._answer(request, operation, ruling, context)
        except ServiceError as error:
            return _refusal(error, request_id)
        except LivecamError as error:  # such as a missing model: told in its own sentence
            return _refusal(ServiceError("InternalServerError", str(error)), request_id)
        except Exception:
            log.exception("%s failed", operation)
            return _refusal(ServiceError("InternalServerError"), request_id)
        body = json.dumps(answer, separators=(",", ":")).encode()
        return Response(200, body, [CONTENT_TYPE, ("x-amzn-RequestId", request_id)])

    async def _answer(
        self, request: Request, operation: str, ruling: Ruling, context: Context
    ) -> dict[str, Any]:
        fault = ruling.fault
        if fault is not None and fault.kind == "error":
            raise ServiceError(fault.code, fault.message, fault.status)
        asked = self._model.read_request(operation, _json(request.body))
        answer = await self._operations[operation](asked, context)
        self._check_answer(operation, answer)
        return answer

    def _check_answer(self, operation: str, answer: Mapping[str, Any]) -> None:
        problems = self._model.problems_of_answer(operation, answer)
        if problems:
            log.error("the answer to %s is not valid: %s", operation, "; ".join(problems[:3]))
            raise ServiceError("InternalServerError", f"the answer is not valid: {problems[0]}")


def _json(body: bytes) -> Any:  # noqa: ANN401  any JSON
    try:
        content = json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:  # the latter of what is nested too deeply
        raise ServiceError("SerializationException", "the body is not JSON") from error
    if not isinstance(content, dict):
        raise ServiceError("SerializationException", "the body is not a JSON object")
    return content


def _refusal(error: ServiceError, request_id: str) -> Response:
    headers = [CONTENT_TYPE, ("x-amzn-RequestId", request_id)]
    return Response(error.status, error.body(request_id), headers, outcome=error.code)
