"""GET /customers/{customer}/orders"""

from __future__ import annotations

from handlers.http import Event, Response, endpoint, order_body, response
from infrastructure.wiring import order_service


@endpoint
def handler(event: Event) -> Response:
    """Lists a customer's latest orders."""
    orders = order_service().of_customer(event["pathParameters"]["customer"])
    return response(200, [order_body(order) for order in orders])
