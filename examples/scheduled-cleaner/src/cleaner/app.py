"""Takes unused volumes and old snapshots away, and reports what was done to the audit account."""

from __future__ import annotations

import logging
import os
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3

from cleaner.audit import AuditTrail, assume
from cleaner.settings import Settings
from cleaner.volumes import Storage

logger = logging.getLogger()
logger.setLevel(logging.INFO)


def handler(event: dict[str, Any], context: Any) -> dict[str, int]:
    """One nightly run."""
    session = boto3.Session()
    settings = Settings.load(session.client("ssm"), os.environ["SETTINGS_PATH"])
    storage = Storage(session.client("ec2"), protected_tag=settings.protected_tag)
    oldest = datetime.now(UTC) - timedelta(days=settings.retention_days)

    volumes = [storage.archive(volume) for volume in storage.unused_volumes(created_before=oldest)]
    snapshots = [storage.drop(snapshot) for snapshot in storage.snapshots(started_before=oldest)]

    audit_session = assume(session.client("sts"), os.environ["AUDIT_ROLE"])
    trail = AuditTrail(audit_session.client("s3"), os.environ["AUDIT_BUCKET"])
    trail.report(event["id"], {"volumes": volumes, "snapshots": snapshots})
    logger.info("removed %d volumes and %d snapshots", len(volumes), len(snapshots))
    return {"volumes": len(volumes), "snapshots": len(snapshots)}
