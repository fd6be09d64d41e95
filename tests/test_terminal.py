from __future__ import annotations

import io

import pytest

from livecam.terminal import guarded, one_line, printable, unguarded

TITLE = "\x1b]0;owned\a"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"a{TITLE}b", r"a\x1b]0;owned\x07b"),
        ("\x1b[2J\r\x9b1A", r"\x1b[2J\r\x9b1A"),
        ("\u202egpj.exe\u2066\u200f", r"\u202egpj.exe\u2066\u200f"),
        ("two\u2028lines\x85", r"two\u2028lines\x85"),
        ("not UTF-8: \udcff", r"not UTF-8: \udcff"),
    ],
)
def test_what_would_steer_a_terminal_is_shown_as_its_escape(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize("text", ["a\tb\n", "日本の門", "Zoë\u00a0😀 👩\u200d🚀", "ábé", r"C:\x"])
def test_every_other_text_stays_as_it_is(text: str) -> None:
    assert printable(text) == text


def test_nobody_makes_two_lines_of_one() -> None:
    assert one_line("door\nlivecam: all is well") == r"door\nlivecam: all is well"


def test_only_colours_pass_a_guarded_stream() -> None:
    screen = io.StringIO()
    print(f"\x1b[1;31mError\x1b[0m {TITLE}\x1b[2K\n", end="", file=guarded(screen))
    guarded(screen).writelines(["\x1b[A\r"])
    assert screen.getvalue() == "\x1b[1;31mError\x1b[0m \\x1b]0;owned\\x07\\x1b[2K\n\\x1b[A\\r"


def test_a_guarded_stream_is_its_stream_in_all_else() -> None:
    screen = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    guard = guarded(screen)
    assert (guard.encoding, guard.buffer, guard.isatty()) == ("utf-8", screen.buffer, False)
    assert unguarded(guard) is screen
    assert unguarded(screen) is screen
