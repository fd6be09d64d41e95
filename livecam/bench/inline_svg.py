"""matplotlib's diagrams as SVG that may stand in a page: its text is the page's, its ground the page's.

Ink becomes the page's own (`currentColor`), so that a diagram can be read in light and in dark. Styles become
attributes, since the pages' policy allows no others than the one style sheet. The same diagram gives the same
text every time. matplotlib is loaded here, without pyplot: no display is looked for.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from markupsafe import Markup

from livecam.extras import require_package

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

INK = "#123456"
"""Stands for the page's own colour of text until it is replaced."""
WIDTH = 8.6
"""Inches of every diagram."""
COLOURS = ("#1f83c9", "#d55e00", "#009e73", "#b565a7", "#a97b00", "#6b7f99")
"""Near Okabe and Ito's palette; each has a contrast of 3 against white and against a dark page."""
_NAMESPACE = re.compile(r"\{[^}]*\}")
_FONT = re.compile(r"(?:(\d+|bold)\s+)?([\d.]+)px")
_SETTINGS: dict[Any, Any] = {  # matplotlib's type of the keys is a list of all of them
    "svg.fonttype": "none",
    "svg.hashsalt": "livecam",
    "font.size": 9.0,
    "text.parse_math": False,  # a label may hold what matplotlib would take for a formula
    "axes.unicode_minus": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlelocation": "left",
    "path.simplify": False,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    **dict.fromkeys(
        ("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color", "grid.color"), INK
    ),
    "grid.alpha": 0.25,
    "legend.frameon": False,
}


@dataclass(frozen=True, slots=True)
class Diagram:
    """One diagram of a page."""

    title: str
    caption: str
    """What is seen, and how it is to be read."""
    svg: Markup


def require_matplotlib() -> None:
    """Check that a report can be made, before a long run.

    Raises:
        MissingDependency: matplotlib is not installed; the sentence holds the line that installs it.
    """
    require_package("matplotlib.figure", purpose="the diagrams of a report need", extra="bench")


def diagram(title: str, caption: str, draw: Callable[[Axes], None], *, height: float) -> Diagram:
    """Return a diagram.

    Args:
        title: its heading; also what is read aloud in place of it.
        caption: what is seen, and how it is to be read.
        draw: draws it.
        height: in inches; it is `WIDTH` wide.

    Raises:
        MissingDependency: matplotlib is not installed.
    """
    require_matplotlib()
    import matplotlib as mpl
    from matplotlib.figure import Figure

    content = io.BytesIO()
    with mpl.rc_context(_SETTINGS):
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        draw(figure.add_subplot())
        metadata = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(content, format="svg", metadata=metadata)
    svg = Markup(_for_a_page(content.getvalue(), title))  # noqa: S704  written anew, its texts escaped
    return Diagram(title, caption, svg)


def _for_a_page(svg: bytes, alt: str) -> str:
    root = ET.fromstring(svg)  # noqa: S314  what matplotlib has just written
    for parent in list(root.iter()):
        for child in [each for each in parent if each.tag.endswith(("metadata", "style"))]:
            parent.remove(child)
    prefix = "-".join(re.findall(r"\w+", alt.lower())) + "-"
    referenced = set(re.findall(rb"#([\w-]+)", svg))
    for element in root.iter():
        element.tag = _NAMESPACE.sub("", element.tag)
        attributes = {_NAMESPACE.sub("", name): value for name, value in element.attrib.items()}
        attributes = {name: _own(name, value, prefix) for name, value in attributes.items()}
        styles = attributes.pop("style", "")
        if element.attrib.get("id", "").encode() not in referenced:
            attributes.pop("id", None)
        element.attrib.clear()
        element.attrib.update(attributes | _presentation(styles))
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    # As matplotlib's own style sheet has it.
    root.attrib |= {"role": "img", "aria-label": alt, "stroke-linejoin": "round", "stroke-linecap": "butt"}
    return ET.tostring(root, encoding="unicode")


def _own(name: str, value: str, prefix: str) -> str:
    """Return an attribute's value with names that no other diagram of a page has."""
    if name == "id":
        return prefix + value
    if name == "href" and value.startswith("#"):
        return f"#{prefix}{value[1:]}"
    return value.replace("url(#", f"url(#{prefix}") if value.startswith("url(#") else value


def _presentation(styles: str) -> dict[str, str]:
    """Return a style's properties as the attributes that mean the same."""
    found: dict[str, str] = {}
    for each in filter(None, map(str.strip, styles.split(";"))):
        name, _, value = (part.strip() for part in each.partition(":"))
        if name == "font":
            if size := _FONT.search(value):
                found["font-size"] = size[2]
                found |= {"font-weight": size[1]} if size[1] else {}
        elif name not in ("font-family", "text-align"):  # the page's own font
            found[name] = "currentColor" if value == INK else value
    return found
