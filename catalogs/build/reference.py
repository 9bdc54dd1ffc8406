"""What the authorization reference says each operation authorizes, and what that confirms of the rules."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path

from authorization import Authorization
from facts import FactError, Facts
from models import Operation, Service
from resources import Resources
from rules import Rule

PASS_ROLE = "iam:PassRole"
PASSED_TO = "iam:PassedToService"


class Reference:
    """The operations of `authorized/<service>.json`, and what `reference.toml` knows of their actions."""

    def __init__(self, root: Path, facts: Facts) -> None:
        self.facts = facts
        files = sorted((root / "authorized").glob("*.json"))
        self.entries = {file.stem: json.loads(file.read_text()) for file in files}
        self.known = tomllib.loads((root / "reference.toml").read_text())
        self.everywhere = self.known.pop("everywhere")
        self.forwards = tomllib.loads((root / "forwarded.toml").read_text())
        self.resources = Resources(facts.authorization, self.known.pop("resources"))
        self._check()

    def authorized(self, operation: Operation) -> list[str] | None:
        """The actions that the operation authorizes; nothing where the reference was not read."""
        entry = self.entries.get(operation.service.name, {})
        return _listed(entry).get(operation.name)

    def fact(self, operation: Operation, action: str) -> dict | None:
        """What is known of an action that the operation authorizes."""
        own = self.known.get(operation.service.name, {}).get(operation.name, {})
        prefix = action.split(":")[0]
        return own.get(action) or self.everywhere.get(action) or self.everywhere.get(f"{prefix}:*")

    def wanted(self, operation: Operation) -> list[str]:
        """The actions that a caller of the operation may need."""
        stated = self.authorized(operation) or ()
        return [action for action in stated if "never" not in (self.fact(operation, action) or {})]

    def forwarded(self, operation: Operation) -> list[str]:
        """What the service asks for with the caller's permissions, as AWS states it."""
        return self.forwards.get(operation.service.name, {}).get(operation.name, [])

    def principals(self, operation: Operation) -> list[str]:
        """The services that a role in the request may be handed to."""
        entry = self.entries.get(operation.service.name, {})
        return entry.get("passes", {}).get(operation.name, [])

    def confirm(self, operation: Operation, rules: list[Rule]) -> None:
        """Marks the rules whose action the reference states; what else is from memory is of low confidence."""
        stated = self.authorized(operation) or ()
        forwarded = self.forwarded(operation)
        for rule in rules:
            sources = rule.provenance.split(", ")
            if rule.action in stated and self._agrees(operation, rule):
                _confirm(rule, sources, "reference")
            elif rule.action in forwarded:
                _confirm(rule, sources, "forwarded")
            elif sources == ["knowledge"] and not rule.action.endswith(f":{operation.name}"):
                rule.confidence = "low"

    def differences(self, operation: Operation, rules: list[Rule]) -> list[str]:
        """What the rules say otherwise than the reference does, for people to decide."""
        strange = self.resources.differences(operation, rules)
        stated = self.authorized(operation)
        if stated is None:
            return strange
        named = {rule.action for rule in rules}
        found = [f"states {action}" for action in self.wanted(operation) if action not in named]
        certain = {rule.action for rule in rules if rule.kind in ("always", "conditional", "pass-role")}
        found += [
            f"does not state {action}"
            for action in sorted(certain - set(stated))
            if "stands" not in (self.fact(operation, action) or {})
        ]
        found += [
            f"hands roles to {', '.join(self.principals(operation))}, not to {rule.conditions.get(PASSED_TO)}"
            for rule in rules
            if rule.action == PASS_ROLE and PASS_ROLE in stated and not self._agrees(operation, rule)
        ]
        where = f"{operation.service.name}.{operation.name}"
        return strange + [f"{where}: the reference {difference}" for difference in found]

    def _agrees(self, operation: Operation, rule: Rule) -> bool:
        """Whether a role is handed to a service that the reference names, where it names any."""
        principals = self.principals(operation)
        return rule.action != PASS_ROLE or not principals or rule.conditions.get(PASSED_TO) in principals

    def _check(self) -> None:
        problems = []
        for service, entry in self.entries.items():
            known = self._operations(service)
            problems += [f"{service}.{name}: no such operation" for name in _listed(entry) if name not in known]
            actions = {action for listed in _listed(entry).values() for action in listed}
            problems += [f"{service}: no such action: {name}" for name in actions if not self._is_action(name)]
        for service, operations in self.forwards.items():
            known = self._operations(service)
            problems += [f"{service}.{name}: no such operation" for name in operations if name not in known]
            actions = {action for listed in operations.values() for action in listed}
            problems += [f"{service}: no such action: {name}" for name in actions if not self._is_action(name)]
        for service, operations in self.known.items():
            for name, actions in operations.items():
                problems += (f"{service}.{name}: {problem}" for problem in self._problems(service, name, actions))
        if problems:
            raise FactError("\n".join(sorted(problems)))

    def _problems(self, service: str, name: str, actions: dict[str, dict]) -> list[str]:
        operation = self._operations(service).get(name)
        if operation is None:
            return ["no such operation"]
        stated = self.authorized(operation) or ()
        problems = [
            f"{action}: the reference {'does not state' if action not in stated else 'states'} it"
            for action, fact in actions.items()
            if (action in stated) == ("stands" in fact)
        ]
        rules = [fact | {"action": action} for action, fact in actions.items() if not {"never", "stands"} & fact.keys()]
        return problems + self.facts.problems(operation, {"mode": "add", "rules": rules})

    def _operations(self, service: str) -> dict[str, Operation]:
        return self.facts.services[service].operations if service in self.facts.services else {}

    def _is_action(self, name: str) -> bool:
        return self.facts.authorization.action(name) is not None


def _listed(entry: dict) -> dict[str, list[str]]:
    """Operations with their actions: those of a page's table of operations, and those that only its table of actions has."""
    return entry.get("operations", {}) | entry.get("unlisted", {})


def _confirm(rule: Rule, sources: list[str], by: str) -> None:
    rule.confidence = "high"
    if sources != ["identity"] and sources != ["verb"]:
        kept = [source for source in sources if source not in ("knowledge", by)]
        rule.provenance = ", ".join([*kept, by])


def renew(root: Path, folder: Path, services: dict[str, Service], authorization: Authorization) -> int:
    """Writes `authorized/` anew from the files that AWS publishes for programs, `<prefix>.json`."""
    found: dict[str, dict] = {}
    for file in sorted(folder.glob("*.json")):
        reference = json.loads(file.read_text())
        for operation in reference.get("Operations", ()):
            for client in _clients(operation, reference["Name"], services):
                if operation["Name"] in services[client].operations:
                    _take(found.setdefault(client, {}), operation, authorization)
    (root / "authorized").mkdir(exist_ok=True)
    for client, entry in found.items():
        write_authorized(root / "authorized", client, entry | {"read": date.today().isoformat()})
    return len(found)


def _clients(operation: dict, prefix: str, services: dict[str, Service]) -> list[str]:
    """The clients that have an operation: as it says, else the one of the service's own name."""
    named = [sdk["Name"] for sdk in operation.get("SDK", ()) if sdk.get("Package") == "Boto3"]
    return [name for name in named or [prefix] if name in services]


def _take(entry: dict, operation: dict, authorization: Authorization) -> None:
    actions, principals = set(), set()
    for stated in operation.get("AuthorizedActions", ()):
        action = authorization.action(f"{stated['Service']}:{stated['Name']}")
        if action:
            actions.add(action.full)
            principals.update(stated.get("Context", {}).get(PASSED_TO, ()))
    entry.setdefault("operations", {})[operation["Name"]] = sorted(actions)
    if principals:
        entry.setdefault("passes", {})[operation["Name"]] = sorted(principals)


def write_authorized(folder: Path, client: str, entry: dict) -> None:
    """`authorized/<service>.json`, one line for each operation."""

    def section(entries: dict[str, list[str]]) -> str:
        lines = (f"    {json.dumps(name)}: {json.dumps(listed)}" for name, listed in sorted(entries.items()))
        return "{\n" + ",\n".join(lines) + "\n  }"

    head = "".join(f'  "{key}": {json.dumps(entry[key])},\n' for key in ("page", "read") if key in entry)
    kinds = [kind for kind in ("operations", "unlisted", "passes") if entry.get(kind)]
    sections = ",\n".join(f'  "{kind}": {section(entry[kind])}' for kind in kinds)
    (folder / f"{client}.json").write_text("{\n" + head + sections + "\n}\n")
