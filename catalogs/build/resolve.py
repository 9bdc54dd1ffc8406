"""Operation → rules: the action of the same name where there is one, and everything that differs from that."""

from __future__ import annotations

import re

from authorization import Authorization
from extras import Extras
from facts import Facts
from feed import ANY, Feeds
from models import Operation
from reference import Reference
from rules import Resolved, Rule

NO_IAM = re.compile(r"(doesn't|does not) evaluate Identity and Access Management")
BATCHES = (re.compile(r"^Batch([A-Z]\w+)$"), re.compile(r"^(\w+)Batch$"), re.compile(r"^(\w+?)V\d$"))
NAMED = re.compile(r"(?<![\w/:.-])([a-z][a-z0-9-]{1,40}):([A-Z][A-Za-z0-9]+)\b")


class Resolver:
    """Resolves the operations of all services."""

    def __init__(
        self,
        authorization: Authorization,
        facts: Facts,
        feeds: Feeds,
        prefixes: dict[str, str],
        reference: Reference,
    ) -> None:
        self.authorization = authorization
        self.facts = facts
        self.feeds = feeds
        self.prefixes = prefixes
        self.reference = reference
        self.extras = Extras(authorization, facts, feeds, prefixes, reference)
        #: What the rules say otherwise than the authorization reference does.
        self.differences: list[str] = []

    def resolve(self, operation: Operation) -> Resolved:
        """The rules of an operation and whether IAM authorizes it at all."""
        service = operation.service.name
        addition = self.facts.additions.get(service, {}).get(operation.name)
        mode = addition["mode"] if addition else ""
        if mode == "none" or (not mode and self._is_open(operation)):
            return Resolved("none", [])
        if mode == "replace":
            main = self.extras.added(operation, addition, [])
        else:
            main = self._main(operation)
        if not main:
            return self._unknown(operation)
        if mode == "add":
            main += self.extras.added(operation, addition, main)
        main += self.extras.around(operation, main, is_curated=mode != "")
        rules = _without_doubles(main)
        self.differences += self.reference.differences(operation, rules)
        self.reference.confirm(operation, rules)
        return Resolved("actions", rules)

    def _is_open(self, operation: Operation) -> bool:
        return operation.is_unsigned or bool(NO_IAM.search(operation.documentation))

    def _main(self, operation: Operation) -> list[Rule]:
        prefix = self.prefixes[operation.service.name]
        same = self.authorization.action(f"{prefix}:{operation.name}")
        if same:
            return [Rule(same.full, resources=self.feeds.resources(same, operation))]
        if prefix == "apigateway":
            return [_gateway_rule(operation)]
        taken_over = self.facts.exceptions.get(operation.service.name, {}).get(operation.name)
        if taken_over and taken_over["mode"] == "replace":
            return self.extras.taken_over(operation, taken_over)
        return self._batch(prefix, operation) or self._documented(prefix, operation)

    def _batch(self, prefix: str, operation: Operation) -> list[Rule]:
        """`BatchX`, `XBatch` and `XV2` are checked as `X` where only that action exists."""
        for pattern in BATCHES:
            if found := pattern.match(operation.name):
                stem = found[1]
                for name in (stem, stem.removesuffix("s"), re.sub("ies$", "y", stem)):
                    if action := self.authorization.action(f"{prefix}:{name}"):
                        resources = self.feeds.resources(action, operation)
                        return [Rule(action.full, resources=resources, provenance="batch", confidence="medium")]
        return []

    def _documented(self, prefix: str, operation: Operation) -> list[Rule]:
        """The actions of the service that the operation's own documentation names."""
        rules = []
        for found in NAMED.finditer(operation.documentation):
            action = self.authorization.action(found[0])
            if action and action.prefix == prefix and action.full not in [rule.action for rule in rules]:
                resources = self.feeds.resources(action, operation)
                rules.append(Rule(action.full, resources=resources, provenance="documentation", confidence="medium"))
        return rules

    def _unknown(self, operation: Operation) -> Resolved:
        """Newer than the authorization data: the action of the same name, unverified."""
        prefix = self.prefixes[operation.service.name]
        action = f"{prefix}:{operation.name}"
        if prefix not in self.authorization.actions:
            return Resolved("unmapped", [Rule(action, resources=[ANY], provenance="unverified", confidence="low")])
        return Resolved("unverified", [Rule(action, resources=[ANY], provenance="unverified", confidence="low")])


def _gateway_rule(operation: Operation) -> Rule:
    """API Gateway's control plane is authorized by HTTP verb on the path."""
    http = operation.raw["http"]
    path = re.sub(r"^/v2(?=/)", "", http["requestUri"].split("?")[0])
    path = re.sub(r"\{(\w+)\+?\}", lambda found: "${param:%s}" % _member_at(operation, found[1]), path)
    arn = "arn:${Partition}:apigateway:${Region}::" + path
    return Rule(f"apigateway:{http['method']}", resources=[("*", arn, "")], provenance="verb")


def _member_at(operation: Operation, location: str) -> str:
    """The member that fills a label of the path; its name in the request may differ."""
    shape = operation.service.shapes[operation.raw["input"]["shape"]]
    for name, member in shape["members"].items():
        if member.get("location") == "uri" and member.get("locationName", name) == location:
            return name
    return location


def _without_doubles(rules: list[Rule]) -> list[Rule]:
    seen, kept = set(), []
    for rule in rules:
        if rule.key not in seen:
            seen.add(rule.key)
            kept.append(rule)
    return kept
