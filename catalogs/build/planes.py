"""Requests that are authorized but that no SDK operation makes, as operations of the catalog."""

from __future__ import annotations

import tomllib
from pathlib import Path

from authorization import Authorization
from facts import PARAMETER, FactError, condition_paths
from models import Operation, Service
from rules import CLASSES, Resolved, Rule


class Planes:
    """The operations that are written by hand as a whole."""

    def __init__(self, file: Path, services: dict[str, Service], authorization: Authorization) -> None:
        self.authorization = authorization
        self.prefixes: dict[str, str] = {}
        self.resolved: dict[str, dict[str, Resolved]] = {}
        problems: list[str] = []
        for name, table in tomllib.loads(file.read_text()).items():
            self.prefixes[name] = table.pop("prefix")
            service = services.setdefault(name, Service(name, {"serviceId": name}, {}))
            self.resolved[name] = {}
            for operation, entry in table.items():
                if operation in service.operations:
                    problems.append(f"{name}.{operation}: the SDK has this operation")
                    continue
                problems += (f"{name}.{operation}: {problem}" for problem in self._problems(entry))
                service.operations[operation] = _operation(service, operation, entry["parameters"])
                self.resolved[name][operation] = Resolved("actions", [_rule(fact) for fact in entry["rules"]])
            service.operations = dict(sorted(service.operations.items()))
        if problems:
            raise FactError("\n".join(problems))

    def _problems(self, entry: dict) -> list[str]:
        problems = []
        for fact in entry["rules"]:
            action = self.authorization.action(fact["action"])
            if action is None or action.full != fact["action"]:
                problems.append(f"no such action: {fact['action']}")
            if fact.get("class", "always") not in CLASSES:
                problems.append(f"no such class: {fact['class']}")
            arns = [arn for _, arn, *_ in fact["resources"]]
            whens = [fact.get("when", ""), *(when for _, _, *rest in fact["resources"] for when in rest)]
            paths = [path for arn in arns for found in PARAMETER.findall(arn) for path in found.split(",")]
            paths += [path for when in whens for path in condition_paths(when)]
            problems += [f"no such parameter: {path}" for path in paths if path not in entry["parameters"]]
        return problems


def _operation(service: Service, name: str, parameters: list[str]) -> Operation:
    """An operation whose request has nothing but these texts."""
    shape = f"{name}Plane"
    service.shapes.setdefault("PlaneText", {"type": "string"})
    members = {parameter: {"shape": "PlaneText"} for parameter in parameters}
    service.shapes[shape] = {"type": "structure", "members": members}
    return Operation(service, name, {"input": {"shape": shape}})


def _rule(fact: dict) -> Rule:
    resources = [(kind, arn, when[0] if when else "") for kind, arn, *when in fact["resources"]]
    rule = Rule(fact["action"], fact.get("class", "always"), fact.get("when", ""), resources)
    rule.narrowing, rule.provenance = fact.get("narrowing", {}), "knowledge"
    return rule
