"""What each exception of botocore means to a user: whose it is, and what to do. A table, no logic.

By class name, so that a class which an older botocore lacks does no harm; a subclass that is not here is
what its nearest listed base is. Places in braces are those of `service_errors.py`.
"""

from __future__ import annotations

from livecam.aws.service_errors import EXPIRED, Rule

_LOGIN = "run `aws sso login{flag}`"
_UNEXPECTED = Rule(
    "livecam", "botocore refused livecam's call of {action} ({code}): {detail}", is_lasting=True
)
_BAD_SETTING = Rule(
    "user",
    "a setting for AWS cannot be used ({code}): {detail}; look into the AWS configuration file and the "
    "variables that begin with AWS_",
    is_lasting=True,
)
_NOT_WHOLE = Rule("network", "the connection to {host} broke while the answer came")


def _user(sentence: str) -> Rule:
    return Rule("user", sentence, is_lasting=True)


LIBRARY_ERRORS: dict[str, Rule] = {
    # Who calls.
    "NoCredentialsError": _user(
        "no AWS credentials were found; run `aws configure{flag}` or `aws sso login{flag}`, "
        "or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    ),
    "PartialCredentialsError": _user(
        "the AWS credentials of {profile} are incomplete: {missing} is missing in {provider}"
    ),
    # What a credential process prints is not repeated: it may hold anything.
    "CredentialRetrievalError": _user(
        "the AWS credentials of {profile} could not be fetched from {provider}: see what "
        "`aws sts get-caller-identity{flag}` says"
    ),
    "TokenRetrievalError": _user("the SSO session of {profile} could not be renewed: " + _LOGIN),
    "SSOError": _user("the SSO session of {profile} could not be used: " + _LOGIN),
    "SSOTokenLoadError": _user("{profile} is not signed in to SSO: " + _LOGIN),
    "UnauthorizedSSOTokenError": _user("the SSO session of {profile} has expired: " + _LOGIN),
    "PendingAuthorizationExpiredError": _user("the sign-in to SSO was not finished in time: " + _LOGIN),
    "LoginError": _user("the sign-in of {profile} could not be used: run `aws login{flag}`"),
    "LoginRefreshRequired": _user("the sign-in of {profile} has expired: run `aws login{flag}`"),
    "LoginTokenLoadError": _user("{profile} is not signed in: run `aws login{flag}`"),
    "LoginAuthorizationCodeError": _user("the sign-in of {profile} was not finished: run `aws login{flag}`"),
    "LoginInsufficientPermissions": _user(
        "{profile} may not renew its sign-in: its identity needs signin:CreateOAuth2Token"
    ),
    "NoAuthTokenError": _user("no token was found for {profile}; " + _LOGIN),
    "UnknownTokenProviderError": _BAD_SETTING,
    "UnknownCredentialError": _BAD_SETTING,
    "RefreshWithMFAUnsupportedError": _user(
        "the session of {profile} needs a new MFA code, which livecam cannot ask for: get a session with "
        "`aws sts get-session-token{flag}` or sign in again"
    ),
    "MetadataRetrievalError": _user(
        "the metadata service of this instance or container gave no credentials; attach a role to it, or set "
        "AWS_EC2_METADATA_DISABLED=true and give others"
    ),
    "InvalidIMDSEndpointError": _BAD_SETTING,
    "InvalidIMDSEndpointModeError": _BAD_SETTING,
    # Files and settings.
    "ProfileNotFound": _user(
        "there is no AWS profile {profile_name}: see `aws configure list-profiles`, and give one with "
        "--profile or AWS_PROFILE"
    ),
    "ConfigParseError": _user("the AWS configuration file {path} cannot be read: mend or remove it"),
    "ConfigNotFound": _user("the AWS configuration file {path} is not there: see AWS_CONFIG_FILE"),
    "InvalidConfigError": _BAD_SETTING,
    "InfiniteLoopConfigError": _user(
        "the AWS profiles take their credentials from each other in a circle (source_profile): "
        "see ~/.aws/config"
    ),
    "MissingDependencyException": _user("AWS credentials need a further package: {detail}"),
    "InvalidDefaultsMode": _BAD_SETTING,
    "InvalidProxiesConfigError": _BAD_SETTING,
    "InvalidRetryConfigurationError": _BAD_SETTING,
    "InvalidEndpointConfigurationError": _BAD_SETTING,
    "InvalidEndpointDiscoveryConfigurationError": _BAD_SETTING,
    "InvalidSTSRegionalEndpointsConfigError": _BAD_SETTING,
    "InvalidChecksumConfigError": _BAD_SETTING,
    # Where to.
    "NoRegionError": _user(
        "no AWS Region is set: give one with --region, AWS_REGION or AWS_DEFAULT_REGION, or run "
        "`aws configure{flag}`; such as eu-west-1"
    ),
    "InvalidRegionError": _user("{region} is no AWS Region: give one such as eu-west-1 with --region"),
    "UnknownRegionError": _user("{region} is no AWS Region: give one such as eu-west-1 with --region"),
    "ServiceNotInRegionError": _user("{where} is not offered there: give another --region"),
    "BaseEndpointResolverError": _user("no endpoint is known for {where}: check --region and --endpoint-url"),
    "EndpointProviderError": _user("no endpoint is known for {where}: check --region and --endpoint-url"),
    # The way there.
    "EndpointConnectionError": Rule(
        "network",
        "{host} cannot be reached: check the network, or --region and --endpoint-url if it never worked",
    ),
    "ConnectTimeoutError": Rule(
        "network", "{host} did not take the connection in time: check the network, VPN and firewall"
    ),
    "ConnectionError": Rule("network", "{host} cannot be reached: check the network"),
    "ReadTimeoutError": Rule("network", "{where} took the request and did not answer in time"),
    "ConnectionClosedError": Rule("network", "{host} closed the connection before it had answered"),
    "SSLError": Rule("network", "the secured connection to {host} broke"),
    "ProxyConnectionError": Rule(
        "user", "the proxy on the way to {host} cannot be reached: check HTTPS_PROXY, HTTP_PROXY and NO_PROXY"
    ),
    "HTTPClientError": _NOT_WHOLE,
    "ResponseStreamingError": _NOT_WHOLE,
    "IncompleteReadError": _NOT_WHOLE,
    "CapacityNotAvailableError": Rule("service", "botocore held the call back for {where}", is_throttle=True),
    "ChecksumError": _NOT_WHOLE,
    "FlexibleChecksumError": _NOT_WHOLE,
    "AwsChunkedWrapperError": _UNEXPECTED,
    "UnseekableStreamError": _UNEXPECTED,
    # botocore itself, or how livecam uses it.
    "DataNotFoundError": Rule(
        "livecam",
        "the installed botocore does not know {action}: run `pip install --upgrade boto3`",
        is_lasting=True,
    ),
    "ParamValidationError": _UNEXPECTED,
    "ValidationError": _UNEXPECTED,
    "MissingParametersError": _UNEXPECTED,
    "ApiVersionNotFoundError": _UNEXPECTED,
    "UnknownServiceStyle": _UNEXPECTED,
    "UnknownClientMethodError": _UNEXPECTED,
    "UndefinedModelAttributeError": _UNEXPECTED,
    "UnsupportedServiceProtocolsError": _UNEXPECTED,
    "UnknownSignatureVersionError": _UNEXPECTED,
    "UnsupportedSignatureVersionError": _UNEXPECTED,
    "InvalidExpressionError": _UNEXPECTED,
    "InvalidHostLabelError": _UNEXPECTED,
    "MD5UnavailableError": _UNEXPECTED,
    "PaginationError": _UNEXPECTED,
    "OperationNotPageableError": _UNEXPECTED,
    "WaiterError": _UNEXPECTED,
    "WaiterConfigError": _UNEXPECTED,
    "StubResponseError": _UNEXPECTED,
    # S3's, for clips.
    "InvalidDNSNameError": _BAD_SETTING,
    "InvalidS3AddressingStyleError": _BAD_SETTING,
    "InvalidS3UsEast1RegionalEndpointConfigError": _BAD_SETTING,
    "UnsupportedS3ArnError": _BAD_SETTING,
    "UnsupportedS3ControlArnError": _BAD_SETTING,
    "UnsupportedOutpostResourceError": _BAD_SETTING,
    "UnsupportedS3ConfigurationError": _BAD_SETTING,
    "UnsupportedS3AccesspointConfigurationError": _BAD_SETTING,
    "UnsupportedS3ControlConfigurationError": _BAD_SETTING,
}

SEVERAL = {
    "no name": Rule(
        "network",
        "the name {host} cannot be resolved: is this machine online, and does {region} have the service "
        "(check --region and --endpoint-url)?",
    ),
    "nothing local": Rule(
        "network",
        "nothing listens at {endpoint}: start it with `livecam local-aws`, or leave out --endpoint-url",
    ),
    "certificate": _user(
        "the certificate of {host} cannot be trusted: if a proxy looks into TLS or the endpoint is your own, "
        "give its authority with AWS_CA_BUNDLE=FILE; check this machine's clock too"
    ),
    "endpoint": _user(
        "the endpoint {endpoint} is no address: give it as https://HOST or http://127.0.0.1:PORT with "
        "--endpoint-url or AWS_ENDPOINT_URL"
    ),
    "still expired": EXPIRED,
    "broken": Rule("service", "the answer of {where} cannot be used, {detail}; it does not count as no face"),
}
"""What one class of botocore's may mean, told apart in `error_mapping.py`."""

UNKNOWN = Rule(
    "livecam", "the call of {action} failed unexpectedly ({code}): {detail}; run with --debug and report it"
)
