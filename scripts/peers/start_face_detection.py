"""Stored video by plain boto3: every parameter of StartFaceDetection, followed to its results.

Run as `python scripts/peers/start_face_detection.py BUCKET NAME VERSION TOPIC_ARN ROLE_ARN DEFAULT|ALL TAG`.
It knows nothing of livecam: the usual AWS variables say where it goes.
"""

from __future__ import annotations

import json
import sys
import time
import uuid

import boto3  # type: ignore[import-untyped]


def main() -> None:
    """Print the job's first page and the number of faces on all."""
    bucket, name, version, topic, role, attributes, tag = sys.argv[1:]
    client = boto3.client("rekognition")
    job = client.start_face_detection(
        Video={"S3Object": {"Bucket": bucket, "Name": name, "Version": version}},
        ClientRequestToken=uuid.uuid4().hex,
        NotificationChannel={"SNSTopicArn": topic, "RoleArn": role},
        FaceAttributes=attributes,
        JobTag=tag,
    )
    page = client.get_face_detection(JobId=job["JobId"], MaxResults=10)
    while page["JobStatus"] == "IN_PROGRESS":
        time.sleep(0.2)  # noqa: TID251  as people do
        page = client.get_face_detection(JobId=job["JobId"], MaxResults=10)
    first, faces = page, len(page.get("Faces", []))
    while token := page.get("NextToken"):
        page = client.get_face_detection(JobId=job["JobId"], MaxResults=10, NextToken=token)
        faces += len(page["Faces"])
    print(json.dumps(first, default=str))
    print(f"{page['JobStatus']}: {faces} faces", file=sys.stderr)


if __name__ == "__main__":
    main()
