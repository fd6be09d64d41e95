"""How the service says no: an error code, a sentence and an HTTP status."""

from __future__ import annotations

import json

STATUS_BY_CODE = {
    "InternalServerError": 500,
    "ThrottlingException": 500,
    "ServiceUnavailableException": 503,
}
"""Where it is not 400; the first two are those that botocore's model marks as the service's fault."""

DOCUMENTED_MESSAGES = {
    "AccessDeniedException": "User: arn:aws:iam::123456789012:user/test is not authorized to perform this"
    " action because no identity-based policy allows it",
    "ExpiredTokenException": "The security token included in the request is expired",
    "IdempotentParameterMismatchException": "A ClientRequestToken input parameter was reused with an"
    " operation, but at least one of the other input parameters is different from the previous call to the"
    " operation.",
    "ImageTooLargeException": "Image size is too large",
    "InternalServerError": "Internal server error",
    "InvalidImageFormatException": "Request has invalid image format",
    "InvalidPaginationTokenException": "Request has Invalid Pagination Token",
    "InvalidParameterException": "Request has invalid parameters",
    "InvalidS3ObjectException": "Unable to get object metadata from S3. Check object key, region and/or"
    " access permissions.",
    "InvalidSignatureException": "The request signature we calculated does not match the signature you"
    " provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for"
    " details.",
    "LimitExceededException": "20 open Jobs (including all pending, processing) already exist. Maximum limit"
    " is: 20",
    "ProvisionedThroughputExceededException": "Provisioned Rate exceeded.",
    "ResourceNotFoundException": "Could not find the requested resource",
    "ServiceUnavailableException": "Service Unavailable",
    "ThrottlingException": "Service Unavailable",
    "UnrecognizedClientException": "The security token included in the request is invalid.",
    "VideoTooLargeException": "Video size in bytes exceeds the maximum limit",
}
"""What is said with a code when nothing more special is known."""


class ServiceError(Exception):
    """An answer that is an error; raise it in an operation and the client sees it.

    Args:
        code: the error's name in the service's model, such as `InvalidParameterException`, or one that AWS
            answers before the service is reached, such as `ExpiredTokenException`.
        message: the sentence for people; the documented one when left out.
        status: the HTTP status; the documented one of the code when left out.
    """

    def __init__(self, code: str, message: str | None = None, status: int | None = None) -> None:
        self.code = code
        self.message = DOCUMENTED_MESSAGES.get(code, code) if message is None else message
        self.status = STATUS_BY_CODE.get(code, 400) if status is None else status
        super().__init__(f"{self.code} ({self.status}): {self.message}")

    def body(self, request_id: str) -> bytes:
        """Return the JSON body; SDKs know the error by its `__type`."""
        content = {
            "__type": self.code,
            "Code": self.code,
            "Logref": request_id,
            "Message": self.message,
        }
        return json.dumps(content).encode()
