"""Orders and what may be done with them. Knows nothing of AWS."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Protocol


class OrderError(Exception):
    """An order that cannot be placed or changed."""


@dataclass(frozen=True)
class Line:
    """A number of pieces of one product."""

    sku: str
    quantity: int
    unit_price: Decimal


@dataclass(frozen=True)
class Order:
    """What a customer bought."""

    customer: str
    lines: Sequence[Line]
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    placed_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    status: str = "placed"

    @property
    def total(self) -> Decimal:
        """What the customer pays."""
        return sum((line.unit_price * line.quantity for line in self.lines), Decimal(0))


class OrderRepository(Protocol):
    """Where orders are kept."""

    def add(self, order: Order) -> None: ...

    def of_customer(self, customer: str, limit: int) -> list[Order]: ...

    def cancel(self, order_id: str) -> Order: ...


class Announcer(Protocol):
    """Tells others what happened to an order."""

    def announce(self, event: str, order: Order) -> None: ...


class Payments(Protocol):
    """Moves money."""

    def charge(self, order: Order) -> None: ...

    def refund(self, order: Order) -> None: ...


class OrderService:
    """The use cases."""

    def __init__(self, orders: OrderRepository, announcer: Announcer, payments: Payments) -> None:
        self._orders = orders
        self._announcer = announcer
        self._payments = payments

    def place(self, order: Order) -> Order:
        """Charges the customer and keeps the order."""
        if not order.lines:
            raise OrderError("an order needs a line")
        self._payments.charge(order)
        self._orders.add(order)
        self._announcer.announce("order.placed", order)
        return order

    def of_customer(self, customer: str, limit: int = 25) -> list[Order]:
        """The customer's latest orders."""
        return self._orders.of_customer(customer, limit)

    def cancel(self, order_id: str) -> Order:
        """Cancels an order that was not shipped and pays the money back."""
        order = self._orders.cancel(order_id)
        self._payments.refund(order)
        self._announcer.announce("order.cancelled", order)
        return order
