"""The guard cannot be taken down again: it is put up in processes of its own."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

from livecam import local_only
from livecam.errors import UsageError
from livecam.local_only import is_loopback, needs_a_connection

BEGIN = """
import asyncio, socket, threading
from livecam import local_only

def attempt(name, call):
    try:
        call()
    except local_only.ConnectionForbidden as error:
        print(name, "refused:", error)
    except OSError as error:
        print(name, "failed:", error)
    else:
        print(name, "passed")

server = socket.create_server(("127.0.0.1", 0))
local_only.forbid("--local-only")
there = server.getsockname()
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
"""


def said_by(code: str) -> list[str]:
    """Return what a process with the guard prints."""
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + textwrap.dedent(code)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("call", "what"),
    [
        ("socket.create_connection(there)", "a connection to '127.0.0.1'"),
        ("socket.socket().connect(there)", "a connection to '127.0.0.1'"),
        ("socket.socket().connect_ex(('192.0.2.1', 80))", "a connection to '192.0.2.1'"),
        ("socket.socket(socket.AF_INET6).connect(('::1', 80))", "a connection to '::1'"),
        ("udp.sendto(b'x', there)", "a message to '127.0.0.1'"),
        ("udp.sendmsg([b'x'], [], 0, there)", "a message to '127.0.0.1'"),
        ("socket.getaddrinfo('camera.example', 80)", "looking 'camera.example' up"),
        ("socket.getaddrinfo('localhost', 80)", "looking 'localhost' up"),
        ("socket.getaddrinfo(b'camera.example', 80)", "looking b'camera.example' up"),
        ("socket.gethostbyname('camera.example')", "looking 'camera.example' up"),
        ("socket.gethostbyname_ex('camera.example')", "looking 'camera.example' up"),
        ("socket.gethostbyaddr('192.0.2.1')", "looking '192.0.2.1' up"),
        ("socket.getnameinfo(('192.0.2.1', 80), 0)", "looking '192.0.2.1' up"),
        ("socket.create_server(('0.0.0.0', 0))", "listening at '0.0.0.0'"),
        ("__import__('urllib.request').request.urlopen('http://192.0.2.1/')", "looking '192.0.2.1' up"),
    ],
)
def test_nothing_goes_out(call: str, what: str) -> None:
    said = said_by(f'attempt("it", lambda: {call})\nprint(local_only.refused())')
    assert said == [f"it refused: {what} was refused: local-only is set (by --local-only)", "1"]


def test_who_connects_to_this_machine_is_answered_and_event_loops_work() -> None:
    code = """
    import os
    async def main():
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        print(server.sockets[0].getsockname()[0])
        child = await asyncio.create_subprocess_exec(
            "python3", "-c", "import socket, sys; s = socket.create_connection(('127.0.0.1', "
            + str(server.sockets[0].getsockname()[1]) + ")); print(s.recv(9).decode())")
        print(await child.wait())
    async def answer(reader, writer):
        writer.writelines([b"wel", b"come"])
        await writer.drain()
        writer.close()
    asyncio.run(main())
    one, other = socket.socketpair()
    one.send(b"x")
    print(other.recv(1), local_only.refused())
    """
    assert said_by(code) == ["127.0.0.1", "welcome", "0", "b'x' 0"]


def test_programs_of_this_machine_may_be_spoken_to_by_their_files(tmp_path: object) -> None:
    code = f"""
    place = {str(tmp_path)!r} + "/s"
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(place)
    listener.listen()
    attempt("it", lambda: socket.socket(socket.AF_UNIX).connect(place))
    """
    assert said_by(code) == ["it passed"]


def test_it_also_holds_for_threads_that_were_there_before() -> None:
    code = """
    threads = [threading.Thread(target=attempt, args=("thread", lambda: udp.connect(there)))]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    """
    assert said_by(code) == [
        "thread refused: a connection to '127.0.0.1' was refused: local-only is set (by --local-only)"
    ]


def test_what_tries_again_and_again_is_told_once_and_counted() -> None:
    code = """
    import logging, sys
    logging.basicConfig(stream=sys.stdout, format="%(message)s")
    for _ in range(3):
        try: udp.connect(there)
        except local_only.ConnectionForbidden: pass
    print(local_only.refused())
    """
    said = said_by(code)
    assert said == ["a connection to '127.0.0.1' was refused: local-only is set (by --local-only)", "3"]


def test_a_command_that_needs_a_connection_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    local_only.refuse("livecam models install")  # nothing is set here
    monkeypatch.setattr(local_only._guard, "by", "livecam.toml, line 3")
    with pytest.raises(UsageError) as refused:
        local_only.refuse("livecam models install")
    assert str(refused.value) == (
        "livecam models install needs a connection, and local-only is set (by livecam.toml, line 3)"
    )
    assert needs_a_connection("a and b", "x", are_several=True).startswith("a and b need a connection")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"])
def test_addresses_of_this_machine_alone(host: str) -> None:
    assert is_loopback(host)


EVERYWHERE = "0.0.0.0"  # noqa: S104


@pytest.mark.parametrize(
    "host", [EVERYWHERE, "::", "192.0.2.1", "localhost", "127.0.0.1.example", "", "127.1"]
)
def test_addresses_that_others_reach_and_names(host: str) -> None:
    assert not is_loopback(host)
