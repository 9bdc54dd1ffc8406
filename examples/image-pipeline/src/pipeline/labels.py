"""What is to be seen on a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.pictures import Picture

if TYPE_CHECKING:
    from mypy_boto3_rekognition import RekognitionClient

MAX_LABELS = 10


class Labeller:
    """Asks Amazon Rekognition, which reads the picture from its bucket with the caller's permissions."""

    def __init__(self, client: RekognitionClient, min_confidence: float) -> None:
        self._client = client
        self._min_confidence = min_confidence

    def labels(self, picture: Picture) -> list[str]:
        """The names of the likeliest labels, sorted."""
        answer = self._client.detect_labels(
            Image={"S3Object": {"Bucket": picture.bucket, "Name": picture.key}},
            MaxLabels=MAX_LABELS,
            MinConfidence=self._min_confidence,
        )
        return sorted(label["Name"] for label in answer["Labels"])
