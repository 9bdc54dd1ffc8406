"""DELETE /orders/{id}"""

from __future__ import annotations

from handlers.http import Event, Response, endpoint, order_body, response
from infrastructure.wiring import order_service


@endpoint
def handler(event: Event) -> Response:
    """Cancels an order."""
    order = order_service().cancel(event["pathParameters"]["id"])
    return response(200, order_body(order))
