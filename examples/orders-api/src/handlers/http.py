"""What the handlers of the HTTP API share."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from domain.orders import Order, OrderError

Event = dict[str, Any]
Response = dict[str, Any]

logger = logging.getLogger()
logger.setLevel(logging.INFO)


def endpoint(handle: Callable[[Event], Response]) -> Callable[[Event, Any], Response]:
    """Turns a function of the event into a handler that answers mistakes with their reason."""

    @wraps(handle)
    def handler(event: Event, context: Any) -> Response:
        try:
            return handle(event)
        except (OrderError, KeyError, ValueError) as error:
            logger.info("request %s refused: %s", context.aws_request_id, error)
            return response(400, {"message": str(error)})

    return handler


def response(status: int, body: Any) -> Response:
    """An answer in JSON."""
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps(body),
    }


def order_body(order: Order) -> dict[str, Any]:
    """An order as clients see it."""
    return {
        "id": order.id,
        "customer": order.customer,
        "placed_at": order.placed_at.isoformat(),
        "status": order.status,
        "total": str(order.total),
    }
