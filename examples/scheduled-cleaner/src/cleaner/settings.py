"""What operators set in Parameter Store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient


@dataclass(frozen=True)
class Settings:
    """How long things are kept and what is never touched."""

    retention_days: int
    protected_tag: str

    @classmethod
    def load(cls, client: SSMClient, path: str) -> Self:
        """Reads every parameter under a path."""
        pages = client.get_paginator("get_parameters_by_path").paginate(Path=path)
        values = {
            parameter["Name"].removeprefix(f"{path}/"): parameter["Value"]
            for page in pages
            for parameter in page["Parameters"]
        }
        return cls(retention_days=int(values["retention-days"]), protected_tag=values["protected-tag"])
