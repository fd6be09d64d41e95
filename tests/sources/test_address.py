from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecam.sources import address

MARK = "Hunter2"
HOSTS = st.sampled_from(
    ["cam.local", "192.168.1.9:554", "[fe80::1%25eth0]:8554", "[2001:db8::7]", "höhle.example"]
)
NOISE = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=8)
"""Anything a user may have typed around the secret, the characters that end a URL's parts included."""


@pytest.mark.parametrize(
    ("url", "seen"),
    [
        ("rtsp://me:pw@cam.local:8554/door", "rtsp://cam.local:8554/door"),
        ("RTSP://cam.local/door", "rtsp://cam.local/door"),
        ("rtsp://me:p@w:x@cam.local/door", "rtsp://cam.local/door"),
        ("http://cam/video?user=me&pwd=pw#pw", "http://cam/video"),
        ("http://cam?pwd=pw", "http://cam"),
        ("rtsp://me@[fe80::1%25eth0]:554/a", "rtsp://[fe80::1%25eth0]:554/a"),
        ("udp://@239.1.1.1:5000", "udp://239.1.1.1:5000"),
        ("rtsp://cam:554/user=me_password=pw_channel=1_stream=0.sdp", "rtsp://cam:554/user=me_password=***"),
        ("rtsp://me:pass/word@cam/door", "rtsp://***"),
        ("rtsp://me:12/34@cam/door", "rtsp://***"),
        ("rtsp://me:pa?ss@cam/door", "rtsp://***"),
        ("http://cam/@me/live", "http://***"),
        ("rtsp://me:secret/door", "rtsp://***"),
        ("rtsp://cam/a\nb\x1b[31m", "rtsp://cam/a?b?[31m"),
        ("rtsp:/me:pw@cam", "***"),
        ("", "***"),
    ],
)
def test_a_url_is_shown_without_what_is_secret_in_it(url: str, seen: str) -> None:
    assert address.shown(url) == seen


@given(
    user=NOISE, before=NOISE, after=NOISE, host=HOSTS, path=st.sampled_from(["", "/", "/cam/1", "?a=b", "#x"])
)
def test_no_password_is_ever_shown(user: str, before: str, after: str, host: str, path: str) -> None:
    url = f"rtsp://{user}:{before}{MARK}{after}@{host}{path}"
    assert MARK not in address.shown(url)
    assert MARK not in address.source_id(url)
    assert MARK not in (address.host(url) or "")


@given(before=NOISE, after=NOISE, host=HOSTS)
def test_no_user_name_is_ever_shown(before: str, after: str, host: str) -> None:
    url = f"http://{before}{MARK}{after}@{host}/video"
    assert MARK not in address.shown(url) + address.source_id(url)


@given(
    before=NOISE, after=NOISE, host=HOSTS, path=st.sampled_from(["", "/", "/cam"]), mark=st.sampled_from("?#")
)
def test_no_query_is_ever_shown(before: str, after: str, host: str, path: str, mark: str) -> None:
    url = f"https://{host}{path}{mark}{before}{MARK}{after}"
    assert MARK not in address.shown(url) + address.source_id(url)


@given(st.text())
def test_what_is_shown_is_one_printable_line(text: str) -> None:
    assert address.shown(text).isprintable()
    assert address.shown(f"rtsp://{text}").isprintable()


@pytest.mark.parametrize(
    ("url", "source"),
    [
        ("rtsp://me:pw@cam.local:8554/door", "cam.local:8554/door"),
        ("rtsp://cam.local/", "cam.local"),
        ("rtsp://me:pa/ss@cam", "rtsp"),
        ("udp://@:1234", ":1234"),
        ("rtsp://cam/" + "x" * 100, "cam/" + "x" * 60),
        ("nothing", "stream"),
    ],
)
def test_an_id_is_short_and_stable(url: str, source: str) -> None:
    assert address.source_id(url) == source


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("rtsp://me:pw@cam.local:8554/door", "cam.local"),
        ("rtsp://[fe80::1]:554/a", "fe80::1"),
        ("rtsp://me:pa/ss@cam/door", None),
        ("udp://@:1234", None),
    ],
)
def test_the_host_is_told_where_it_is_clear(url: str, host: str | None) -> None:
    assert address.host(url) == host


@pytest.mark.parametrize(
    ("url", "does"),
    [
        ("rtsp://me:pw@cam", True),
        ("rtsp://me@cam", True),
        ("rtsp://cam/@x", False),
        ("udp://@239.1.1.1:5000", False),
        ("nothing", False),
    ],
)
def test_a_url_names_a_user_or_does_not(url: str, does: bool) -> None:  # noqa: FBT001
    assert address.names_a_user(url) is does


def test_a_stream_key_is_not_shown() -> None:
    assert address.shown("rtmp://live.example/app/sk_12345?x=1") == "rtmp://live.example/app/***"
    assert "sk_12345" not in address.source_id("rtmps://live.example/app/sk_12345")
    assert address.shown("rtmp://live.example") == "rtmp://live.example"
