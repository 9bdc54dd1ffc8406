"""The payment provider, whose key is a secret."""

from __future__ import annotations

import json
import urllib.request
from functools import cached_property
from typing import TYPE_CHECKING

from domain.orders import Order

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


class HttpPayments:
    """Calls the provider's HTTP API."""

    def __init__(self, secrets: SecretsManagerClient, secret: str, url: str) -> None:
        self._secrets = secrets
        self._secret = secret
        self._url = url

    def charge(self, order: Order) -> None:
        """Takes the order's total from the customer."""
        self._post("charges", order)

    def refund(self, order: Order) -> None:
        """Gives the order's total back."""
        self._post("refunds", order)

    @cached_property
    def _key(self) -> str:
        return self._secrets.get_secret_value(SecretId=self._secret)["SecretString"]

    def _post(self, path: str, order: Order) -> None:
        request = urllib.request.Request(
            f"{self._url}/{path}",
            data=json.dumps({"reference": order.id, "amount": str(order.total)}).encode(),
            headers={"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"},
            method="POST",
        )
        with urllib.request.urlopen(request, timeout=5):
            pass
