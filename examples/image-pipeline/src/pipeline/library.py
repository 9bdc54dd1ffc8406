"""The bucket in which labelled pictures are filed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from pipeline.pictures import Picture

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

UNLABELLED = "unlabelled"


class Library:
    """Files pictures under their first label."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def file(self, picture: Picture, labels: list[str]) -> str:
        """Copies a picture into the library; gives the key under which it is filed."""
        shelf = labels[0].lower() if labels else UNLABELLED
        key = f"pictures/{shelf}/{picture.name}"
        self._client.copy_object(
            Bucket=self._bucket,
            Key=key,
            CopySource={"Bucket": picture.bucket, "Key": picture.key},
            TaggingDirective="REPLACE",
            Tagging=urlencode({"shelf": shelf}),
        )
        return key

    def discard(self, picture: Picture) -> None:
        """Takes an upload away once it is filed."""
        self._client.delete_object(Bucket=picture.bucket, Key=picture.key)
