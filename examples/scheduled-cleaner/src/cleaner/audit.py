"""Reports to the audit account, written as a role of that account."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import boto3

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sts import STSClient


def assume(client: STSClient, role: str) -> boto3.Session:
    """A session that acts as another role."""
    credentials = client.assume_role(RoleArn=role, RoleSessionName="cleaner")["Credentials"]
    return boto3.Session(
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )


class AuditTrail:
    """Keeps one object for each run."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def report(self, run: str, removed: dict[str, Any]) -> None:
        """Writes what a run removed."""
        self._client.put_object(
            Bucket=self._bucket,
            Key=f"cleaner/{run}.json",
            Body=json.dumps(removed).encode(),
            ContentType="application/json",
        )
