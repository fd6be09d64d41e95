"""Build the API reference from the docstrings: reference.py FOLDER. Run by scripts/docs."""

from __future__ import annotations

import sys
from pathlib import Path

import pdoc
import pdoc.render

import livecam

PUBLIC = (
    "clock",
    "detections",
    "errors",
    "events",
    "faces",
    "frames",
    "pictures",
    "plugins",
    "protocols",
    "sources.live",
    "testing",
)
"""What is promised beside `livecam` itself; the rest may change from one version to the next."""


def main(folder: Path) -> None:
    """Write the reference as HTML into `folder`."""
    for name in livecam.__all__:  # loaded when used, which pdoc cannot see
        setattr(livecam, name, getattr(livecam, name))
    pdoc.render.configure(docformat="google", footer_text=f"livecam {livecam.__version__}")
    pdoc.pdoc("livecam", *(f"livecam.{module}" for module in PUBLIC), output_directory=folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
