"""Ways in which bytes and JSON documents go wrong, small to print: hypothesis shows a case that fails."""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

NEAR = 300
"""Bytes from the start, where heads are; half of all damage is there."""


class Whole:
    """Bytes or a document before anything went wrong; printed briefly where a case fails."""

    def __init__(self, content: Any) -> None:  # noqa: ANN401  JSON, or bytes
        self.content = content


@dataclass(frozen=True, slots=True)
class Edit:
    """One place where bytes are lost, changed or put in."""

    place: int
    """Byte, modulo the length."""
    loses: int
    puts: bytes


@dataclass(frozen=True, slots=True)
class Damage:
    """What happened to a file."""

    edits: tuple[Edit, ...]
    end: int | None
    """Byte at which it was cut off, modulo the length; None: it was not."""

    def of(self, content: bytes) -> bytes:
        """Return what became of the content."""
        made = bytearray(content)
        for edit in self.edits:
            at = edit.place % (len(made) + 1)
            made[at : at + edit.loses] = edit.puts
        return bytes(made if self.end is None else made[: self.end % (len(made) + 1)])

    @property
    def keeps_places(self) -> bool:
        """Whether what was not touched lies where it did."""
        return all(edit.loses == len(edit.puts) for edit in self.edits)


PLACES = st.one_of(st.integers(0, NEAR), st.integers(0, 1 << 24))
JUNK = st.one_of(
    st.binary(max_size=8), st.sampled_from([b"\0" * 16, b"\xff" * 4, b"\n", b'"', b"{", b"[" * 50])
)
EDITS = st.one_of(
    st.builds(lambda place, byte: Edit(place, 1, bytes([byte])), PLACES, st.integers(0, 255)),
    st.builds(Edit, PLACES, st.integers(0, 200), JUNK),
)
DAMAGE = st.builds(
    Damage, st.lists(EDITS, max_size=6).map(tuple), st.one_of(st.none(), st.none(), st.integers(0, 1 << 24))
)
"""What happens to a file."""
FLIPS = st.builds(
    lambda edits: Damage(tuple(edits), None),
    st.lists(
        st.builds(lambda place, byte: Edit(place, 1, bytes([byte])), PLACES, st.integers(0, 255)), max_size=6
    ),
)
"""Damage after which everything lies where it did."""

TEXTS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["", " ", "\x1b[31m", "\n", "..", "../../x", "<script>", "null", "HAPPY", "x" * 3000]),
)
NUMBERS = st.one_of(
    st.integers(),
    st.floats(),
    st.sampled_from([0, -1, 101, 1e308, -1e308, math.nan, math.inf, 1 << 63, 10**400, -(10**400)]),
)
VALUES: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    NUMBERS,
    TEXTS,
    st.lists(st.one_of(NUMBERS, TEXTS), max_size=4),
    st.dictionaries(TEXTS, NUMBERS, max_size=3),
    st.just([[[[[]]]]]),
)
"""Whatever JSON can hold, and numbers that Python's JSON takes beside them."""


@dataclass(frozen=True, slots=True)
class Change:
    """One place of a document that holds another value, holds none, or is there twice."""

    place: int
    """Which one, modulo their number."""
    how: str
    """"set", "remove" or "repeat"."""
    value: Any


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened to a JSON document."""

    changes: tuple[Change, ...]

    def of(self, document: Any) -> Any:  # noqa: ANN401  JSON
        """Return what became of the document, which stays."""
        made = [copy.deepcopy(document)]
        for change in self.changes:
            places = _places(made)
            holder, key = places[change.place % len(places)]
            if change.how == "remove":
                del holder[key]
            elif change.how == "repeat" and isinstance(holder, list):
                holder.append(copy.deepcopy(holder[key]))
            else:
                holder[key] = copy.deepcopy(change.value)
            if not made:  # the whole was removed
                return None
        return made[0]


CHANGES = st.builds(
    Changes,
    st.lists(
        st.builds(
            Change,
            st.integers(0, 1 << 12),
            st.sampled_from(["set", "set", "set", "remove", "repeat"]),
            VALUES,
        ),
        min_size=1,
        max_size=4,
    ).map(tuple),
)
"""What happens to a JSON document."""


def _places(value: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401  JSON
    """Return every place of a document as what holds it and the key there."""
    if isinstance(value, dict):
        own: list[tuple[Any, Any]] = [(value, key) for key in value]
    else:
        own = [(value, index) for index in range(len(value))] if isinstance(value, list) else []
    return own + [place for holder, key in own for place in _places(holder[key])]
