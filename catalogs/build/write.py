"""Writes the catalog: one line for each operation and action, so that a change reads as what it changes."""

from __future__ import annotations

import json
from pathlib import Path

from authorization import Action, Authorization
from models import Service
from rules import Resolved


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))


def _section(entries: dict[str, object]) -> str:
    if not entries:
        return "{}"
    lines = ",\n".join(f"    {_line(name)}: {_line(value)}" for name, value in entries.items())
    return "{\n" + lines + "\n  }"


def write_service(folder: Path, service: Service, prefix: str, resolved: dict[str, Resolved]) -> None:
    """`services/<service>.json`"""
    operations = {}
    for name, answer in resolved.items():
        entry: dict[str, object] = {"parameters": service.operations[name].parameters}
        if answer.authorization != "actions":
            entry["authorization"] = answer.authorization
        if answer.rules:
            entry["rules"] = [rule.to_json() for rule in answer.rules]
        operations[name] = entry
    text = (
        "{\n"
        f'  "service": {_line(service.name)},\n'
        f'  "prefix": {_line(prefix)},\n'
        f'  "service_id": {_line(service.metadata.get("serviceId", service.name))},\n'
        f'  "operations": {_section(operations)},\n'
        f'  "paginators": {_line(service.paginators)},\n'
        f'  "waiters": {_section(dict(service.waiters))}\n'
        "}\n"
    )
    (folder / f"{service.name}.json").write_text(text)


def write_actions(folder: Path, prefix: str, authorization: Authorization) -> None:
    """`actions/<prefix>.json`"""
    actions = {action.name: _action(action) for action in authorization.actions[prefix].values()}
    types = {}
    for kind in sorted(authorization.resource_types[prefix].values(), key=lambda kind: kind.name):
        types[kind.name] = {"arn": kind.arn.split(", ")}
        if kind.condition_keys:
            types[kind.name]["condition_keys"] = list(kind.condition_keys)
    text = (
        "{\n"
        f'  "prefix": {_line(prefix)},\n'
        f'  "actions": {_section(dict(sorted(actions.items(), key=lambda item: item[0].lower())))},\n'
        f'  "resource_types": {_section(types)}\n'
        "}\n"
    )
    (folder / f"{prefix}.json").write_text(text)


def _action(action: Action) -> dict:
    """A type that the reference marks as required has a trailing `*`, as on its pages."""
    written: dict[str, object] = {"access": action.access}
    if action.resource_types:
        written["resource_types"] = [name + ("*" if required else "") for name, required in action.resource_types]
    if action.condition_keys:
        written["condition_keys"] = action.condition_keys
    if action.dependents:
        written["dependents"] = action.dependents
    return written


def write_condition_keys(file: Path, folder: Path) -> None:
    """`condition_keys.json`: the keys of services, by the type that the reference gives them."""
    types: dict[str, set[str]] = {}
    for listed in sorted(folder.glob("*.json")):
        for entry in json.loads(listed.read_text()).values():
            if not entry["key"].lower().startswith("aws:"):
                types.setdefault(entry["type"], set()).add(entry["key"])
    lists = (
        f"{_line(kind)}: [\n" + ",\n".join(f"  {_line(key)}" for key in sorted(keys)) + "\n]"
        for kind, keys in sorted(types.items())
    )
    file.write_text("{\n" + ",\n".join(lists) + "\n}\n")
