"""POST /orders"""

from __future__ import annotations

import json
from decimal import Decimal

from domain.orders import Line, Order
from handlers.http import Event, Response, endpoint, order_body, response
from infrastructure.wiring import order_service


@endpoint
def handler(event: Event) -> Response:
    """Places the order in the request's body."""
    body = json.loads(event["body"])
    lines = [Line(line["sku"], int(line["quantity"]), Decimal(line["unit_price"])) for line in body["lines"]]
    order = order_service().place(Order(customer=body["customer"], lines=lines))
    return response(201, order_body(order))
