"""The SDK's service models: operations, the shape of their requests, paginators and waiters."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

#: How deep a request is searched for members. Deeper members are never the ones that authorization looks at.
DEPTH = 6


@dataclass(frozen=True)
class Member:
    """A member of a request, by its path (`Entries[].EventBusName`)."""

    path: str
    name: str
    kind: str
    depth: int


@dataclass
class Operation:
    """An operation as the model describes it."""

    service: Service
    name: str
    raw: dict = field(repr=False)

    @cached_property
    def parameters(self) -> list[str]:
        """The top-level members of the request, in the order of the model."""
        shape = self.raw.get("input", {}).get("shape")
        return list(self.service.shapes[shape].get("members", {})) if shape else []

    @cached_property
    def members(self) -> list[Member]:
        """Every member of the request down to `DEPTH`, outer ones first."""
        shape = self.raw.get("input", {}).get("shape")
        if not shape:
            return []
        found = list(self._walk(shape, "", 0, frozenset()))
        return sorted(found, key=lambda member: member.depth)

    @cached_property
    def paths(self) -> dict[str, Member]:
        """The members by path."""
        return {member.path: member for member in self.members}

    @cached_property
    def required(self) -> frozenset[str]:
        """The top-level members that every request has."""
        shape = self.raw.get("input", {}).get("shape")
        return frozenset(self.service.shapes[shape].get("required", ())) if shape else frozenset()

    @property
    def documentation(self) -> str:
        """The prose without its markup."""
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", self.raw.get("documentation", "")))

    @property
    def is_unsigned(self) -> bool:
        """Whether the model says that requests carry no signature."""
        schemes = self.raw.get("auth")
        return self.raw.get("authtype") == "none" or bool(schemes and all("noAuth" in scheme for scheme in schemes))

    def _walk(self, shape_name: str, path: str, depth: int, seen: frozenset[str]) -> Iterator[Member]:
        shape = self.service.shapes[shape_name]
        if depth > DEPTH or shape_name in seen or shape["type"] != "structure":
            return
        for name, reference in shape.get("members", {}).items():
            target, inner, suffix = self._unwrap(reference["shape"])
            yield Member(path + name + suffix, name, target["type"], depth)
            if suffix:
                yield Member(path + name, name, "list" if suffix.startswith("[") else "map", depth)
            if target["type"] == "structure":
                yield from self._walk(inner, path + name + suffix + ".", depth + 1, seen | {shape_name})

    def _unwrap(self, shape_name: str) -> tuple[dict, str, str]:
        """The shape behind lists and maps, its name, and the suffix that a path needs to get there."""
        suffix = ""
        shape = self.service.shapes[shape_name]
        while shape["type"] in ("list", "map") and len(suffix) < 8:
            if shape["type"] == "list":
                shape_name, suffix = shape["member"]["shape"], suffix + "[]"
            else:
                shape_name, suffix = shape["value"]["shape"], suffix + "{}"
            shape = self.service.shapes[shape_name]
        return shape, shape_name, suffix


@dataclass
class Service:
    """A service as the model describes it."""

    name: str
    metadata: dict
    shapes: dict = field(repr=False)
    operations: dict[str, Operation] = field(default_factory=dict, repr=False)
    paginators: list[str] = field(default_factory=list, repr=False)
    waiters: dict[str, str] = field(default_factory=dict, repr=False)


def load_services(data: Path) -> dict[str, Service]:
    """The latest model of every service."""
    services = {}
    for folder in sorted(path for path in data.iterdir() if path.is_dir()):
        versions = sorted(path for path in folder.iterdir() if _read(path / "service-2.json") is not None)
        if versions:
            services[folder.name] = _service(folder.name, versions[-1])
    return services


def _service(name: str, version: Path) -> Service:
    model = _read(version / "service-2.json")
    service = Service(name, model["metadata"], model["shapes"])
    for operation, raw in model["operations"].items():
        service.operations[operation] = Operation(service, operation, raw)
    pagination = (_read(version / "paginators-1.json") or {}).get("pagination", {})
    service.paginators = sorted(name for name in pagination if name in service.operations)
    waiters = (_read(version / "waiters-2.json") or {}).get("waiters", {})
    service.waiters = {name: waiter["operation"] for name, waiter in sorted(waiters.items())}
    return service


def _read(path: Path) -> dict | None:
    packed = path.with_name(path.name + ".gz")
    if packed.exists():
        return json.loads(gzip.decompress(packed.read_bytes()))
    return json.loads(path.read_bytes()) if path.exists() else None
