"""What S3's, SNS's and SQS's error codes mean, where it is not what they mean elsewhere. Tables, no logic.

They come before those of `service_errors.py`. Beside its places in braces there are {resource} (such as
s3://BUCKET/KEY), {bucket}, {elsewhere} (the Region that a bucket is in, as far as it is known) and
{its_region} (what to give with --region).
"""

from __future__ import annotations

from livecam.aws.service_errors import DENIED, REFUSED_INPUT, THROTTLED, Rule


def _user(sentence: str) -> Rule:
    return Rule("user", sentence, is_lasting=True)


ELSEWHERE = _user(
    "the bucket {bucket} is in {elsewhere} and livecam calls {region}; Rekognition reads only from its own "
    "Region: give {its_region}, or a bucket in {region}"
)
DENIED_OBJECT = _user(
    "{profile} may not call {action} on {resource}: allow it in the identity's policy and let the bucket's "
    "not deny it (what is missing reads the same without s3:ListBucket); AWS says: {detail}"
)
DENIED_KEY = _user(
    "{profile} may not use the KMS key for {resource}: allow {action} on the key, in the identity's policy "
    "and the key's; AWS says: {detail}"
)
_NOT_THERE = _user("there is no {resource}: it was deleted or never uploaded, or there is no such bucket")
_BARE_403 = _user(
    "{profile} may not call {action} on {resource}, or it does not exist: AWS says which only to who may "
    "s3:ListBucket (HTTP 403)"
)
_CHANGED_ON_THE_WAY = Rule(
    "network", "what reached {where} for {resource} was not what was sent ({code}): it is to be sent again"
)
_TOO_SLOW = Rule(
    "network",
    "{resource} reached {where} too slowly ({code}): the uplink is slow or was interrupted; the upload goes "
    "on where it ended",
)
_TOO_LARGE = _user("{resource} is too large for {where} ({code}): record shorter segments")
_REFUSED = Rule("livecam", "{where} did not accept the request about {resource} ({code}): {detail}")
_SLOWER = Rule(
    "service", "{where} asked for fewer requests about {bucket} ({code}): try again later", is_throttle=True
)
_KEY_STATE = _user(
    "the KMS key for {resource} cannot be used now ({code}): it is disabled, is to be deleted or waits for "
    "its material; enable it or give another; AWS says: {detail}"
)
_OVERWRITTEN = _user("{resource} is not what it was: it was overwritten or deleted meanwhile")
_CLASH = Rule("service", "another request is changing {resource} ({code}): try again")

S3: dict[str, Rule] = {
    "AccessDenied": DENIED_OBJECT,
    "AccessDeniedException": DENIED_OBJECT,
    "403": _BARE_403,
    "AllAccessDisabled": _user("access to the bucket {bucket} was disabled: ask AWS Support"),
    # Where it is.
    "NoSuchBucket": _user("there is no bucket {bucket}: create it in Region {region}, or give another"),
    "InvalidBucketName": _user(
        "{bucket} is no name of a bucket: 3 to 63 of a-z, 0-9, hyphens and dots, such as my-clips"
    ),
    "NoSuchKey": _NOT_THERE,
    "404": _NOT_THERE,
    "NoSuchVersion": _user("{resource} has no such version: it was deleted"),
    "405": _user("{resource} was deleted: its newest version is a delete marker"),
    "PreconditionFailed": _OVERWRITTEN,
    "412": _OVERWRITTEN,
    "InvalidObjectState": _user(
        "{resource} is archived: restore it first (`aws s3api restore-object{flag}`), and give clips a "
        "storage class that is read at once"
    ),
    "301": ELSEWHERE,
    "307": ELSEWHERE,
    "PermanentRedirect": ELSEWHERE,
    "TemporaryRedirect": ELSEWHERE,
    "Redirect": ELSEWHERE,
    "AuthorizationHeaderMalformed": ELSEWHERE,
    "BucketRegionError": ELSEWHERE,
    "IllegalLocationConstraintException": ELSEWHERE,
    "IncorrectEndpoint": ELSEWHERE,
    # What is sent.
    "NoSuchUpload": Rule(
        "service", "{where} does not know the upload of {resource} any more ({code}): it is to begin anew"
    ),
    "BadDigest": _CHANGED_ON_THE_WAY,
    "InvalidDigest": _CHANGED_ON_THE_WAY,
    "XAmzContentSHA256Mismatch": _CHANGED_ON_THE_WAY,
    "XAmzContentChecksumMismatch": _CHANGED_ON_THE_WAY,
    "IncompleteBody": _CHANGED_ON_THE_WAY,
    "RequestTimeout": _TOO_SLOW,
    "RequestTimeoutException": _TOO_SLOW,
    "408": _TOO_SLOW,
    "EntityTooLarge": _TOO_LARGE,
    "RequestEntityTooLarge": _TOO_LARGE,
    "413": _TOO_LARGE,
    "EntityTooSmall": _REFUSED,
    "InvalidPart": _REFUSED,
    "InvalidPartOrder": _REFUSED,
    "InvalidRequest": _REFUSED,
    "InvalidArgument": _REFUSED,
    "InvalidRange": _REFUSED,
    "KeyTooLongError": _user("the key of {resource} is too long: at most 1024 bytes of UTF-8"),
    "InvalidTag": _user("the tags for {resource} are not accepted: {detail}"),
    "InvalidStorageClass": _user("the storage class for {resource} is not known: give one such as STANDARD"),
    "InvalidEncryptionAlgorithmError": _user(
        "the encryption for {resource} is not known: give AES256 or aws:kms, or leave it to the bucket"
    ),
    "NotImplemented": _user("what answers at {host} does not know {action} as S3 has it: {detail}"),
    "OperationAborted": _CLASH,
    "ConditionalRequestConflict": _CLASH,
    "SlowDown": _SLOWER,
    # The key that it is encrypted with.
    "KMS.NotFoundException": _user(
        "the KMS key for {resource} does not exist in Region {region}: give the ARN of one that does; "
        "AWS says: {detail}"
    ),
    "KMS.AccessDeniedException": DENIED_KEY,
    "KMS.DisabledException": _KEY_STATE,
    "KMS.InvalidStateException": _KEY_STATE,
    "KMS.KMSInvalidStateException": _KEY_STATE,
    "KMS.KeyUnavailableException": _KEY_STATE,
    "KMS.InvalidKeyUsageException": _user(
        "the KMS key for {resource} cannot encrypt it: give a symmetric key that encrypts; AWS says: {detail}"
    ),
    "KMS.ThrottlingException": _SLOWER,
}
_NO_QUEUE = _user(
    "{where} has no such queue, or had one until a moment ago ({code}): create it a minute later"
)
_NO_TOPIC = _user("{where} has no such topic: check its ARN and Region, or create it; AWS says: {detail}")
_QUEUE_KEY = _user("{profile} cannot use the KMS key of the queue ({code}); AWS says: {detail}")

SQS: dict[str, Rule] = {
    "NonExistentQueue": _NO_QUEUE,
    "AWS.SimpleQueueService.QueueDeletedRecently": _NO_QUEUE,
    "QueueDeletedRecently": _NO_QUEUE,
    "AuthorizationError": DENIED,
    "ReceiptHandleIsInvalid": Rule("livecam", "{where} does not know the message any more ({code})"),
    "OverLimit": Rule(
        "user", "too many messages of the queue are being read ({code}): release or delete some"
    ),
    "KmsDisabled": _QUEUE_KEY,
    "KmsNotFound": _QUEUE_KEY,
    "KmsInvalidState": _QUEUE_KEY,
    "KmsInvalidKeyUsage": _QUEUE_KEY,
    "KmsThrottled": THROTTLED,
}
SNS: dict[str, Rule] = {
    "NotFound": _NO_TOPIC,
    "NotFoundException": _NO_TOPIC,
    "AuthorizationError": DENIED,
    "AuthorizationErrorException": DENIED,
    "InvalidParameter": REFUSED_INPUT,
    "InvalidParameterException": REFUSED_INPUT,
}

BY_SERVICE = {"s3": S3, "sqs": SQS, "sns": SNS}
"""By the name that stands before the colon of an action."""

FINDINGS = {
    "BucketElsewhere": ELSEWHERE,
    "OtherObject": _user(
        "there is another object at {resource}, which is not overwritten ({detail}): choose another prefix or"
        " --key-template"
    ),
    "NotWhole": Rule("network", "{resource} is not what was sent: {detail}; it is to be sent again"),
    "NotProved": _user(
        "{where} keeps no SHA-256 of {resource}, so that it cannot be proved to be whole: {detail}"
    ),
    "CutShort": Rule("network", "{resource} did not come whole: {detail}; try again"),
    "NotDeleted": _user("{resource} is not deleted whole: {detail}"),
}
"""What livecam itself finds wrong about an answer, by our names for it."""
