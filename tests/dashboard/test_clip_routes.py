from __future__ import annotations

import json
import re
import socket
import threading
from typing import TYPE_CHECKING

import pytest

from livecam.dashboard import clip_routes
from livecam.dashboard.clips import ClipShelf
from livecam.dashboard.guard import CONTENT_POLICY
from livecam.dashboard.side_work import SideWork
from tests.archive.samples import OPEN
from tests.dashboard.clip_samples import Recorded
from tests.dashboard.served import PATIENCE, Served
from tests.reports.files import HOSTILE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from livecam.clips import Clip

IMAGE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def recorded(tmp_path: Path) -> Iterator[Recorded]:
    yield Recorded(tmp_path / "clips")
    while OPEN:
        OPEN.pop().close(None).lock.release()


@pytest.fixture
def library(static: Path, recorded: Recorded) -> Iterator[Served]:
    running = Served(static, clips=recorded.shelf)
    yield running
    running.close()


def test_clips_are_listed(library: Served, recorded: Recorded) -> None:
    clip = recorded.film(10)
    answer = library.ask("/api/clips")
    assert answer.status == 200
    assert [each["id"] for each in json.loads(answer.data)["clips"]] == [clip.id]
    assert str(recorded.folder).encode() not in answer.data


def test_a_run_that_cannot_record_says_so(served: Served) -> None:
    listing = json.loads(served.ask("/api/clips").data)
    assert (listing["clips"], listing["problem"]) == ([], "this run cannot record, so that it has no clips")
    for path in ("/clips/20261123-073012-k3f9qa.mp4", "/clips/20261123-073012-k3f9qa/report"):
        assert served.ask(path).status == 404


def test_a_clip_is_told_with_its_marks(library: Served, recorded: Recorded) -> None:
    clip = recorded.film(40)
    told = json.loads(library.ask(f"/api/clips/{clip.id}").data)
    assert told["schema"] == "livecam.clips/1"
    assert told["clip"]["marks"][0]["text"] == "the door"


def test_a_video_is_served_whole_and_in_parts(library: Served, recorded: Recorded) -> None:
    clip = recorded.film(10)
    content = clip.file.read_bytes()
    whole = library.ask(f"/clips/{clip.id}.mp4")
    part = library.ask(f"/clips/{clip.id}.mp4", range="bytes=100-299")
    beyond = library.ask(f"/clips/{clip.id}.mp4", range=f"bytes={len(content)}-")
    assert (whole.status, whole.data) == (200, content)
    assert (whole.headers["content-type"], whole.headers["cache-control"]) == ("video/mp4", "no-store")
    assert (part.status, part.data) == (206, content[100:300])
    assert part.headers["content-range"] == f"bytes 100-299/{len(content)}"
    assert (beyond.status, beyond.headers["content-range"]) == (416, f"bytes */{len(content)}")


@pytest.mark.parametrize("path", ["/api/clips", "/api/clips/{}", "/clips/{}.mp4", "/clips/{}/report"])
def test_clips_are_for_those_with_the_cookie_and_never_for_another_page(
    library: Served, recorded: Recorded, path: str
) -> None:
    path = path.format(recorded.film(5).id)
    assert library.ask(path, cookie="").status == 403
    assert library.ask(path, origin="http://evil.example").status == 403
    assert library.ask(path, sec_fetch_site="cross-site").status == 403
    assert library.ask(path, method="POST").status == 405


@pytest.mark.parametrize(
    "path",
    [
        "/clips/../secret.txt",
        "/clips/%2e%2e%2fsecret.mp4",
        "/clips/..%2f..%2fsecret.txt/report",
        "/clips/%00.mp4",
        "/clips/.mp4",
        "/clips/last.mp4",
        "/clips/20261123-073012-k3f9qa.mp4",
        "/clips/20261123-073012-k3f9qa.jsonl",
        "/clips/.livecam/ledger.sqlite",
        "/clips/20261123-073012-k3f9qa/report/more",
        "/clips/",
        "/api/clips/..%2fsecret",
        "/api/clips/%ff",
    ],
)
def test_what_is_no_known_clip_is_told_in_a_sentence(library: Served, recorded: Recorded, path: str) -> None:
    recorded.film(5)
    # By hand: clients tidy such paths up.
    with socket.create_connection(("127.0.0.1", library.port), PATIENCE) as connection:
        head = f"GET {path} HTTP/1.1\r\nHost: {library.host}\r\nCookie: {library.cookie}\r\n"
        connection.sendall(f"{head}Connection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.split()[1] == b"404"
    if path != "/clips/../secret.txt":
        assert b"there is no such clip" in answer


def test_a_clip_that_is_being_recorded_is_told_to_be(library: Served, recorded: Recorded) -> None:
    answer = library.ask(f"/clips/{recorded.begin().id}.mp4")
    assert (answer.status, b"still being recorded" in answer.data) == (409, True)


def test_a_report_has_the_policy_that_lets_its_own_script_run_and_no_other(
    library: Served, recorded: Recorded
) -> None:
    clip = recorded.film(10)
    answer = library.ask(f"/clips/{clip.id}/report")
    policy = answer.headers["content-security-policy"]
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert re.search(r"default-src 'none'; script-src 'sha256-[^ ]+'; style-src 'sha256-[^ ]+';", policy)
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["cache-control"] == "no-store"
    assert f'src="../{clip.id}.mp4"'.encode() in answer.data
    assert str(recorded.folder).encode() not in answer.data
    assert not list(recorded.folder.glob("*.report.html"))


def test_every_other_answer_keeps_the_pages_policy(library: Served, recorded: Recorded) -> None:
    clip = recorded.film(5)
    for path in ("/", "/api/clips", f"/clips/{clip.id}.mp4", "/clips/none"):
        assert library.ask(path).headers["content-security-policy"] == CONTENT_POLICY


def test_what_others_wrote_is_text_in_a_report(library: Served, recorded: Recorded) -> None:
    clip = recorded.film(5, reason=IMAGE, marks={1: IMAGE})
    recorded.analyse(clip, state="failed", message=HOSTILE)
    page = library.ask(f"/clips/{clip.id}/report").data
    assert b"&lt;img src=x onerror=alert(1)&gt;" in page
    assert b"<img" not in page
    assert b"<script>alert(1)" not in page


def test_a_clip_of_which_nothing_is_known_has_no_report(library: Served, recorded: Recorded) -> None:
    clip = recorded.film(5)
    recorded.archive.folder.sidecar(clip.id).unlink()
    answer = library.ask(f"/clips/{clip.id}/report")
    assert (answer.status, b"nothing is known" in answer.data) == (404, True)


def test_a_damaged_sidecar_is_told_without_its_folder(library: Served, recorded: Recorded) -> None:
    clip = recorded.film(5)
    recorded.archive.folder.sidecar(clip.id).write_bytes(b"\xff\n")
    answer = library.ask(f"/clips/{clip.id}/report")
    assert (answer.status, b"no report can be made" in answer.data) == (409, True)
    assert str(recorded.folder).encode() not in answer.data


def test_the_end_of_the_server_waits_for_no_report(static: Path, recorded: Recorded) -> None:
    clip, has_begun, may_end = recorded.film(5), threading.Event(), threading.Event()

    def make(_clip: Clip, _address: str | None) -> None:
        has_begun.set()
        may_end.wait(PATIENCE)

    shelf = ClipShelf(recorded.archive, usd_per_minute=0.1, make_report=make)
    library = Served(static, clips=shelf)
    with socket.create_connection(("127.0.0.1", library.port), PATIENCE) as connection:
        head = f"GET /clips/{clip.id}/report HTTP/1.1\r\nHost: {library.host}\r\n"
        connection.sendall(f"{head}Cookie: {library.cookie}\r\n\r\n".encode())
        assert has_begun.wait(PATIENCE)
        library.close()
        assert "livecam-web" not in {thread.name for thread in threading.enumerate()}
        assert b"livecam is ending" in connection.recv(65536)
    may_end.set()


def test_while_too_much_is_asked_more_is_put_off(
    static: Path, recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clip_routes, "SideWork", lambda: SideWork(most=0))
    library = Served(static, clips=recorded.shelf)
    answer = library.ask("/api/clips")
    library.close()
    assert (answer.status, b"try again in a moment" in answer.data) == (503, True)
