"""The experiment that people begin with: one DetectFaces call by plain boto3, with both times printed.

Run as `python scripts/peers/detect_faces.py PICTURE`. It knows nothing of livecam: the usual AWS variables
say where it goes.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import boto3  # type: ignore[import-untyped]


def main() -> None:
    """Print the answer and both times."""
    began = time.time()  # noqa: TID251  as people do
    client = boto3.client("rekognition")
    made = time.time()  # noqa: TID251
    answer = client.detect_faces(Image={"Bytes": Path(sys.argv[1]).read_bytes()}, Attributes=["ALL"])
    answered = time.time()  # noqa: TID251
    print(json.dumps(answer, default=str))
    print(f"client creation: {made - began:.3f} s", file=sys.stderr)
    print(f"detect_faces: {answered - made:.3f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
