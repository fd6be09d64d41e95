from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import stat
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from livecam.errors import OutputError
from livecam.reports.clip_report import ReportInputs, build_report, content_policy, write_report
from tests.reports.files import (
    HOSTILE,
    MADE_AT,
    a_detection,
    a_live_face,
    both_sources,
    write_results,
    write_sidecar,
)
from tests.requirements import skip_unless

if TYPE_CHECKING:
    from pathlib import Path

REMOTE = re.compile(r"(?:src|href|action)=\"(?!data:|\./)|url\((?!#)|@import|https?:")
VOID = {"meta", "input", "link", "br", "img"}


class Page(HTMLParser):
    """Reads a page: its elements, their attributes and texts; and whether every one is closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts.setdefault(self._open[-1], []).append(data)

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def policy(self) -> str:
        return next(str(meta["content"]) for meta in self.of("meta") if "http-equiv" in meta)


def test_a_page_has_player_timelines_table_facts_and_cost(tmp_path: Path) -> None:
    page = build_report(both_sources(tmp_path))
    for words in (
        "1 person in 4.0 seconds; from live labels and stored-video results.",
        "Person 1: live 1, stored 1, same for 67 % of 3.8 s",
        "appears happy 80 %",
        "happy, 75 % of its time",
        "s3://b/clip.mp4",
        "not confirmed by AWS",
        "EU AI Act",
    ):
        assert words in page
    assert {"canvas", "svg", "table", "dl"} <= {tag for tag, _ in Page(page).elements}


def test_nothing_comes_from_elsewhere_and_the_policy_says_so(tmp_path: Path) -> None:
    text = build_report(both_sources(tmp_path))
    assert REMOTE.search(text) is None
    policy = Page(text).policy
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


def test_the_policy_lets_this_very_script_and_style_run(tmp_path: Path) -> None:
    page = Page(build_report(both_sources(tmp_path)))
    for kind, text in (("script", page.texts["script"][-1]), ("style", "".join(page.texts["style"]))):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in page.policy


def test_no_element_has_a_handler_or_a_style_of_its_own(tmp_path: Path) -> None:
    for _, attributes in Page(build_report(both_sources(tmp_path))).elements:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]


def test_hostile_texts_are_text(tmp_path: Path) -> None:
    sidecar = write_sidecar(
        tmp_path / "s",
        (0.0, [a_live_face()]),
        source=HOSTILE,
        reason=HOSTILE,
        notice=HOSTILE,
        started_at=HOSTILE,
    )
    results = write_results(
        tmp_path / "r",
        a_detection(0),
        **dict.fromkeys(("job_id", "key", "tag", "bucket", "version"), HOSTILE),
    )
    text = build_report(
        ReportInputs(
            title=HOSTILE, made_at=MADE_AT, sidecar=sidecar, results=results, video=tmp_path / HOSTILE[:9]
        )
    )
    page = Page(text)
    assert len(page.of("script")) == 2
    assert "alert" not in "".join(page.texts["script"])
    assert HOSTILE in "".join(page.texts["title"])
    assert HOSTILE in page.texts["dd"]


def test_the_data_is_read_back_from_the_page(tmp_path: Path) -> None:
    page = Page(build_report(both_sources(tmp_path)))
    data = json.loads(page.texts["script"][0])
    assert page.of("script")[0] == {"type": "application/json", "id": "data"}
    assert (data["width"], data["height"], data["fps"]) == (1280, 720, 30.0)
    assert data["colours"]["happy"] == "#f0e442"


def test_without_results_the_page_says_so(tmp_path: Path) -> None:
    sidecar = write_sidecar(tmp_path / "s", (0.0, [a_live_face()]), (0.1, [a_live_face()]))
    page = build_report(ReportInputs(title="x", made_at=MADE_AT, sidecar=sidecar))
    assert "There are no results of stored video" in page
    assert "There are no live labels" not in page
    assert "Cost" not in page


def test_without_a_sidecar_the_page_says_so(tmp_path: Path) -> None:
    results = write_results(tmp_path / "r", a_detection(0))
    page = build_report(ReportInputs(title="x", made_at=MADE_AT, results=results))
    assert "There are no live labels" in page
    assert "The video is not on this machine" in page


def test_a_video_in_which_nobody_was_seen_has_a_page() -> None:
    page = build_report(ReportInputs(title="x", made_at=MADE_AT))
    assert "No face was seen in it." in page
    assert Page(page).of("table") == []


def test_a_video_is_put_into_the_page(tmp_path: Path, media: Path) -> None:
    video = media / "no_face_bottles.mp4"
    (element,) = Page(build_report(ReportInputs(title="x", made_at=MADE_AT, video=video))).of("video")
    assert element["src"] is not None
    kind, content = element["src"].split(",", 1)
    assert kind == "data:video/mp4;base64"
    assert base64.b64decode(content) == video.read_bytes()


def test_a_large_video_stays_beside_the_page(tmp_path: Path, media: Path) -> None:
    video = tmp_path / "a:b #1?.mp4"
    skip_unless(os.name == "posix", "Windows has no such names")
    video.symlink_to(media / "no_face_bottles.mp4")
    (tmp_path / "out").mkdir()
    path = write_report(
        ReportInputs(title="x", made_at=MADE_AT, video=video, embedded_up_to=1000),
        tmp_path / "out" / "r.html",
    )
    page = Page(path.read_text("utf-8"))
    assert page.of("video")[0]["src"] == "./../a%3Ab%20%231%3F.mp4"
    assert "too large to be put into this page" in "".join(page.texts["p"])


def test_a_server_that_shows_the_page_plays_the_video_itself_and_says_its_policy(
    tmp_path: Path, media: Path
) -> None:
    video = media / "expressions_single.mp4"
    text = build_report(both_sources(tmp_path, video=video, video_address="../clip.mp4"))
    page = Page(text)
    assert [element["src"] for element in page.of("video")] == ["../clip.mp4"]
    assert "too large" not in text
    assert page.policy == content_policy()


def test_the_page_is_written_whole_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "r.html"
    path.write_text("older")
    inputs = both_sources(tmp_path)
    assert write_report(inputs, path) == path
    assert path.read_text("utf-8") == build_report(inputs)
    assert not (tmp_path / "r.html.part").exists()
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_page_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written: No such file or directory; name another file"):
        write_report(both_sources(tmp_path), tmp_path / "nowhere" / "r.html")


def test_half_a_surrogate_pair_in_a_name_is_no_reason_to_fail(tmp_path: Path) -> None:
    inputs = both_sources(tmp_path, title="caf\udce9")
    assert "caf\N{REPLACEMENT CHARACTER}" in write_report(inputs, tmp_path / "r.html").read_text("utf-8")
