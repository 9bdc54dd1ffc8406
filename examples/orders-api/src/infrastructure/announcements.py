"""News of orders on an SNS topic."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from domain.orders import Order

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient


class SnsAnnouncer:
    """Publishes one message for each event."""

    def __init__(self, client: SNSClient, topic: str) -> None:
        self._client = client
        self._topic = topic

    def announce(self, event: str, order: Order) -> None:
        """Tells subscribers what happened; they filter by the attribute `event`."""
        self._client.publish(
            TopicArn=self._topic,
            Message=json.dumps({"event": event, "order": order.id, "total": str(order.total)}),
            MessageAttributes={"event": {"DataType": "String", "StringValue": event}},
        )
