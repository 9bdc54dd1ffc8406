"""Orders in a DynamoDB table."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.conditions import Attr, Key
from botocore.exceptions import ClientError

from domain.orders import Line, Order, OrderError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

BY_CUSTOMER = "by-customer"


class DynamoOrderRepository:
    """Keeps one item for each order."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def add(self, order: Order) -> None:
        """Keeps a new order."""
        self._table.put_item(Item=_to_item(order), ConditionExpression=Attr("id").not_exists())

    def of_customer(self, customer: str, limit: int) -> list[Order]:
        """The customer's orders, the latest first."""
        page = self._table.query(
            IndexName=BY_CUSTOMER,
            KeyConditionExpression=Key("customer").eq(customer),
            ScanIndexForward=False,
            Limit=limit,
        )
        return [_from_item(item) for item in page["Items"]]

    def cancel(self, order_id: str) -> Order:
        """Marks an order as cancelled unless it is on its way."""
        try:
            answer = self._table.update_item(
                Key={"id": order_id},
                UpdateExpression="SET #status = :cancelled",
                ConditionExpression=Attr("status").eq("placed"),
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues={":cancelled": "cancelled"},
                ReturnValues="ALL_NEW",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                raise OrderError("there is no such order, or it cannot be cancelled") from error
            raise
        return _from_item(answer["Attributes"])


def _to_item(order: Order) -> dict[str, Any]:
    return {
        "id": order.id,
        "customer": order.customer,
        "placed_at": order.placed_at.isoformat(),
        "status": order.status,
        "lines": [vars(line) for line in order.lines],
    }


def _from_item(item: dict[str, Any]) -> Order:
    return Order(
        id=item["id"],
        customer=item["customer"],
        placed_at=datetime.fromisoformat(item["placed_at"]),
        status=item["status"],
        lines=[Line(line["sku"], int(line["quantity"]), line["unit_price"]) for line in item["lines"]],
    )
