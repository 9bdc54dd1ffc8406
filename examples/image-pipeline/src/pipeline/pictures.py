"""Pictures and the table that knows them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table


@dataclass(frozen=True)
class Picture:
    """An upload."""

    bucket: str
    key: str
    size: int

    @property
    def name(self) -> str:
        """The last part of its key."""
        return PurePosixPath(self.key).name


class PictureTable:
    """Keeps one item for each picture."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def keep(self, picture: Picture, filed: str, labels: list[str]) -> None:
        """Records where a picture is filed and what is to be seen on it."""
        self._table.put_item(
            Item={"picture": filed, "upload": picture.key, "size": picture.size, "labels": labels}
        )
