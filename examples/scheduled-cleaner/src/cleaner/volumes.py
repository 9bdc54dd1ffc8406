"""Volumes and snapshots of the account."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_ec2.type_defs import SnapshotTypeDef, TagTypeDef, VolumeTypeDef

MADE_BY: TagTypeDef = {"Key": "made-by", "Value": "cleaner"}


class Storage:
    """Finds what is no longer needed and takes it away."""

    def __init__(self, client: EC2Client, protected_tag: str) -> None:
        self._client = client
        self._protected_tag = protected_tag

    def unused_volumes(self, created_before: datetime) -> Iterator[VolumeTypeDef]:
        """Volumes that no instance uses."""
        pages = self._client.get_paginator("describe_volumes").paginate(
            Filters=[{"Name": "status", "Values": ["available"]}]
        )
        for page in pages:
            for volume in page["Volumes"]:
                if volume["CreateTime"] < created_before and not self._is_protected(volume.get("Tags", [])):
                    yield volume

    def archive(self, volume: VolumeTypeDef) -> str:
        """Deletes a volume, once a snapshot of it is complete."""
        volume_id = volume["VolumeId"]
        snapshot = self._client.create_snapshot(
            VolumeId=volume_id,
            Description=f"{volume_id} before it was deleted",
            TagSpecifications=[{"ResourceType": "snapshot", "Tags": [MADE_BY]}],
        )
        self._client.get_waiter("snapshot_completed").wait(SnapshotIds=[snapshot["SnapshotId"]])
        self._client.delete_volume(VolumeId=volume_id)
        return volume_id

    def snapshots(self, started_before: datetime) -> Iterator[SnapshotTypeDef]:
        """Old snapshots that this program made."""
        pages = self._client.get_paginator("describe_snapshots").paginate(
            OwnerIds=["self"], Filters=[{"Name": f"tag:{MADE_BY['Key']}", "Values": [MADE_BY["Value"]]}]
        )
        for page in pages:
            for snapshot in page["Snapshots"]:
                if snapshot["StartTime"] < started_before and not self._is_protected(snapshot["Tags"]):
                    yield snapshot

    def drop(self, snapshot: SnapshotTypeDef) -> str:
        """Deletes a snapshot."""
        self._client.delete_snapshot(SnapshotId=snapshot["SnapshotId"])
        return snapshot["SnapshotId"]

    def _is_protected(self, tags: list[TagTypeDef]) -> bool:
        return any(tag["Key"] == self._protected_tag for tag in tags)
