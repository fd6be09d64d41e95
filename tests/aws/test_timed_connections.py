from __future__ import annotations

from types import SimpleNamespace
from typing import Any, TypeAlias

import pytest
from botocore.awsrequest import AWSHTTPConnectionPool, AWSHTTPSConnectionPool  # type: ignore[import-untyped]

from livecam.aws.timed_connections import TimedConnection, time_connections

Client: TypeAlias = Any
"""boto3 has no types."""


def client_with(pools: object) -> Client:
    manager = SimpleNamespace(pool_classes_by_scheme=pools)
    return SimpleNamespace(_endpoint=SimpleNamespace(http_session=SimpleNamespace(_manager=manager)))


def test_both_schemes_get_connections_that_mark() -> None:
    pools = {"http": AWSHTTPConnectionPool, "https": AWSHTTPSConnectionPool}
    assert time_connections(client_with(pools), lambda: None)
    for scheme, original in {"http": AWSHTTPConnectionPool, "https": AWSHTTPSConnectionPool}.items():
        timed = pools[scheme].ConnectionCls
        assert issubclass(timed, TimedConnection)
        assert issubclass(timed, original.ConnectionCls)


def test_botocores_own_classes_are_left_alone() -> None:
    pools = {"http": AWSHTTPConnectionPool}
    time_connections(client_with(pools), lambda: None)
    assert not issubclass(AWSHTTPConnectionPool.ConnectionCls, TimedConnection)


def test_what_is_timed_is_not_timed_twice() -> None:
    pools = {"http": AWSHTTPConnectionPool}
    client = client_with(pools)
    time_connections(client, lambda: None)
    first = pools["http"]
    assert time_connections(client, lambda: None)
    assert pools["http"] is first


@pytest.mark.parametrize(
    "client",
    [
        SimpleNamespace(),
        client_with(None),
        client_with({}),
        client_with({"http": object}),
        client_with({"http": SimpleNamespace(ConnectionCls=object)}),
    ],
)
def test_a_botocore_of_another_make_is_told_and_left_as_it_is(client: Client) -> None:
    before = repr(client)
    assert not time_connections(client, lambda: None)
    assert repr(client) == before
