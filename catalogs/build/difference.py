"""What a build changes of the committed catalog, operation by operation, for people to review."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path


def read(folder: Path) -> dict[str, dict]:
    """The operations in a folder of services, by `service.Operation`."""
    found = {}
    for file in sorted(folder.glob("*.json")):
        for name, operation in json.loads(file.read_text())["operations"].items():
            found[f"{file.stem}.{name}"] = operation
    return found


def changes(before: dict[str, dict], after: dict[str, dict]) -> list[str]:
    """A line for each operation that differs, and below it the rules that went and came."""
    lines = []
    for name in sorted(before.keys() | after.keys()):
        old, new = _rules(before.get(name)), _rules(after.get(name))
        gone = [f"  - {rule}" for rule in old if rule not in new]
        come = [f"  + {rule}" for rule in new if rule not in old]
        if gone or come:
            lines += [name, *gone, *come]
    return lines


def _rules(operation: dict | None) -> list[str]:
    if operation is None:
        return []
    listed = [_rule(rule) for rule in operation.get("rules", ())]
    return listed or [f"authorization: {operation.get('authorization', 'actions')}"]


def _rule(rule: dict) -> str:
    """A rule in the order in which it is read: what, when, on what, with what, and how sure that is."""
    when = f" when {rule['when']}" if "when" in rule else ""
    context = "".join(f" with {key}={value}" for key, value in rule.get("conditions", {}).items())
    sureness = ", ".join([rule.get("provenance", "identity"), *([rule["confidence"]] if "confidence" in rule else [])])
    return f"{rule['action']} {rule.get('class', 'always')}{when} on {', '.join(_resources(rule))}{context} ({sureness})"


def _resources(rule: dict) -> Iterable[str]:
    for _, arn, *when in rule["resources"]:
        yield arn + (f" when {when[0]}" if when else "")
