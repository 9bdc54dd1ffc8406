"""Puts the service together, once for each execution environment."""

from __future__ import annotations

import os
from functools import cache

import boto3

from domain.orders import OrderService
from infrastructure.announcements import SnsAnnouncer
from infrastructure.payments import HttpPayments
from infrastructure.repository import DynamoOrderRepository


@cache
def order_service() -> OrderService:
    """The service over AWS."""
    session = boto3.Session()
    table = session.resource("dynamodb").Table(os.environ["ORDERS_TABLE"])
    return OrderService(
        orders=DynamoOrderRepository(table),
        announcer=SnsAnnouncer(session.client("sns"), topic=os.environ["ORDER_EVENTS_TOPIC"]),
        payments=HttpPayments(
            session.client("secretsmanager"),
            secret=os.environ["PAYMENTS_SECRET"],
            url=os.environ["PAYMENTS_URL"],
        ),
    )
