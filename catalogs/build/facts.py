"""The facts written by hand or taken over from older mappings, read and checked against models and actions."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

from authorization import Authorization
from models import Operation, Service
from rules import CLASSES

#: Actions that stand for "whatever the request turns out to touch".
WILD = ("*", "ssm:*")

#: The paths of a hole: `${param:Path,Path|filter}`.
PARAMETER = re.compile(r"\$\{param:((?:\{(?:key)?\}|[^|{}])+)")


class FactError(Exception):
    """A fact that names something that does not exist."""


class Facts:
    """Additions (ours, checked strictly) and exceptions (taken over, stale ones dropped)."""

    def __init__(self, root: Path, services: dict[str, Service], authorization: Authorization) -> None:
        self.authorization = authorization
        self.services = services
        self.additions = self._spread(_load(root / "additions"))
        self.exceptions = _load(root / "exceptions")
        self.principals = tomllib.loads((root / "service_principals.toml").read_text())
        self.passing = tomllib.loads((root / "passes_role.toml").read_text())
        self._check()

    def passed_to(self, service: str, operation: str) -> str | None:
        """The service principal that a role in this request is handed to."""
        entry = self.principals.get(service)
        if isinstance(entry, dict):
            return entry.get(operation, entry.get("default"))
        return entry

    def passed_roles(self, operation: Operation) -> dict[str, str | None]:
        """The members of the request that hand a role over, with the principal that takes it, as written by hand."""
        service = operation.service.name
        stated = self.passing.get(service, {}).get(operation.name, {})
        if isinstance(stated, dict):
            return stated
        return dict.fromkeys(stated, self.passed_to(service, operation.name))

    def _spread(self, loaded: dict[str, dict]) -> dict[str, dict]:
        """An entry for `*` holds for every operation of the service that has none of its own."""
        for service, entries in loaded.items():
            if "*" in entries:
                everywhere = entries.pop("*")
                for operation in self.services[service].operations:
                    entries.setdefault(operation, everywhere)
        return loaded

    def _check(self) -> None:
        problems = []
        for service, entries in self.additions.items():
            if service not in self.services:
                problems.append(f"{service}: no such service")
                continue
            for name, entry in entries.items():
                operation = self.services[service].operations.get(name)
                if operation is None:
                    problems.append(f"{service}.{name}: no such operation")
                    continue
                problems += (f"{service}.{name}: {problem}" for problem in self.problems(operation, entry))
        for service, operations in self.passing.items():
            for name, stated in operations.items():
                known = self.services[service].operations if service in self.services else {}
                missing = [path for path in stated if name not in known or not has_path(known[name], path)]
                problems += (f"{service}.{name}: no such parameter: {path}" for path in missing)
        if problems:
            raise FactError("\n".join(problems))

    def problems(self, operation: Operation, entry: dict) -> list[str]:
        """What an entry says that cannot be."""
        problems = []
        if entry["mode"] not in ("replace", "add", "none"):
            problems.append(f"no such mode: {entry['mode']}")
        for rule in entry.get("rules", ()):
            action = rule["action"]
            if action not in WILD and not self.authorization.action(action):
                problems.append(f"no such action: {action}")
            if rule.get("class", "always") not in CLASSES:
                problems.append(f"no such class: {rule['class']}")
            resources = rule.get("resources", ())
            arns = [rule.get("arn", ""), *(resource[1] for resource in resources)]
            whens = [rule.get("when", ""), *(resource[2] for resource in resources if len(resource) > 2)]
            paths = [path for arn in arns for paths in PARAMETER.findall(arn) for path in paths.split(",")]
            paths += [path for when in whens for path in condition_paths(when)]
            problems += [f"no such parameter: {path}" for path in paths if not has_path(operation, path)]
        return problems


def condition_paths(condition: str) -> list[str]:
    """The paths that a condition asks about."""
    atoms = re.split(r"[&|]", condition) if condition else []
    return [re.split(r"!=|~\^|\^=|\$=|~|=", atom.lstrip("!?"))[0] for atom in atoms]


def has_path(operation: Operation, path: str) -> bool:
    """Whether the request has a member of that path; `*Name` asks for the name at any depth."""
    if path.startswith("*"):
        return any(member.name.lower().endswith(path[1:].lower()) for member in operation.members)
    plain = path.replace("{key}", "")
    # A map of texts has an entry of any name.
    if plain in operation.paths or plain.rpartition(".")[0] + "{}" in operation.paths:
        return True
    return any(known.startswith(plain + end) for known in operation.paths for end in ("[", "{"))


def _load(folder: Path) -> dict[str, dict]:
    return {file.stem: json.loads(file.read_text()) for file in sorted(folder.glob("*.json"))}
