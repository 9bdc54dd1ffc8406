"""Whether resources and conditions of rules are those that the reference lists for their actions, in the form that it gives."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase

from authorization import Action, Authorization
from feed import Resource
from models import Operation
from rules import Rule

HOLE = re.compile(r"\$\{(?!(?:Partition|Region|Account)\})(?:[^{}]|\{(?:key)?\})*\}")
#: What a hole or a star may stand for: one part of an ARN, or several.
STANDING = ("x", "x/x", "x:x", "x/x/x:x/x")


class Resources:
    """Compares rules with the table of actions."""

    def __init__(self, authorization: Authorization, stands: dict[str, str]) -> None:
        self.authorization = authorization
        self.stands = stands

    def differences(self, operation: Operation, rules: list[Rule]) -> list[str]:
        """What people have to decide."""
        found = (difference for rule in rules for difference in self._of_rule(rule))
        where = f"{operation.service.name}.{operation.name}"
        return [f"{where}: {difference}" for difference in dict.fromkeys(found)]

    def _of_rule(self, rule: Rule) -> Iterable[str]:
        action = self.authorization.action(rule.action)
        if action is None:
            return
        for key in [*rule.conditions, *rule.narrowing]:
            if not key.startswith("aws:") and not any(fnmatchcase(key, _glob(known)) for known in action.condition_keys):
                yield f"{rule.action}: has no condition key `{key}`"
        for resource in rule.resources:
            if f"{rule.action} {resource[0]}" in self.stands or f"{action.prefix}:* {resource[0]}" in self.stands:
                continue
            if difference := self._of_resource(action, resource):
                yield f"{rule.action}: {difference}"

    def _of_resource(self, action: Action, resource: Resource) -> str:
        kind, arn, _ = resource
        types = dict(action.resource_types)
        if kind == "*":
            if arn == "*" and any(types.values()):
                return "is on `*`, but every request names one of its types"
            return "takes no resource" if arn != "*" and not types else ""
        if kind not in types:
            return f"does not take `{kind}`"
        known = self.authorization.resource_types[action.prefix].get(kind)
        if known is None or any(_follows(arn, pattern) for pattern in known.arn.split(", ")):
            return ""
        return f"`{arn}` is no `{kind}`"


def _follows(template: str, pattern: str) -> bool:
    """Whether the texts of a template are among those of a type's pattern."""
    glob = _glob(pattern)
    plain = HOLE.sub("*", template)
    return any(fnmatchcase(re.sub(r"\*+", text, plain), glob) for text in STANDING)


def _glob(pattern: str) -> str:
    """A pattern of the reference with its variables as `*`."""
    return re.sub(r"\$\{\w+\}", "*", pattern)
