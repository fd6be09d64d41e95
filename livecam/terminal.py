r"""What may stand on a terminal: names from elsewhere are shown there, and must not steer it.

The name of a file, a camera or an S3 key, or a service's message, may hold control sequences, which clear the
screen, change its title or write to the clipboard, and marks that turn the order of letters round, so that
"\u202egpj.exe" reads as a picture. Each is shown as the escape that stands for it in Python.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any, TextIO, cast

if TYPE_CHECKING:
    from collections.abc import Iterable

# Controls but tab and line end, marks of direction, line ends that only some know, halves of a character.
_STEERING = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_COLOURED = re.compile(rf"(\x1b\[[0-9;]*m)|{_STEERING.pattern}")


def printable(text: str) -> str:
    """Return text whose control characters, but tabs and line ends, and marks of direction are escaped."""
    return _STEERING.sub(lambda found: _escaped(found[0]), text)


def one_line(text: str) -> str:
    """Return printable text in which line ends are escaped too: nobody can make two lines of one."""
    return printable(text).replace("\n", r"\n")


def guard_streams() -> None:
    """See that nothing but colours can steer the terminal through standard output and standard error."""
    sys.stdout, sys.stderr = guarded(sys.stdout), guarded(sys.stderr)


def guarded(stream: TextIO) -> TextIO:
    """Return a stream to print to, of which what is printed cannot steer a terminal."""
    return cast("TextIO", _Guarded(stream))


def unguarded(stream: TextIO) -> TextIO:
    """Return the stream to draw to, for what moves the cursor itself; its texts have to be `printable`."""
    return stream.stream if isinstance(stream, _Guarded) else stream


class _Guarded:
    """Is a text stream in all but `write`, which lets colours through (typer's help has them)."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        return self.stream.write(_COLOURED.sub(lambda found: found[1] or _escaped(found[0]), text))

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  whatever the stream has
        return getattr(self.stream, name)


def _escaped(character: str) -> str:
    return ascii(character)[1:-1]
