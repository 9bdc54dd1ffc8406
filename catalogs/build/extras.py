"""What an operation needs besides its own action: roles handed over, tags, dependents, facts written by hand."""

from __future__ import annotations

import re
from collections.abc import Iterable

from authorization import Action, Authorization
from facts import WILD, Facts
from feed import ANY, Feeds, Resource, normal
from models import Operation
from reference import Reference
from rules import Rule

PASS_ROLE = "iam:PassRole"
ROLE_ARN = "arn:${Partition}:iam::${Account}:role/"
ROLE_MEMBER = re.compile(r"role(_?arn)?$", re.IGNORECASE)
NOT_A_ROLE = re.compile(r"session|policy|linked|resourceType", re.IGNORECASE)
TAG_MEMBERS = ("Tags", "tags", "TagList", "tagList", "TagSpecifications", "TagSet", "tagSpecifications")
CREATING = ("Create", "Run", "Register", "Put", "Start", "Import", "Request", "Allocate", "Copy", "Submit", "Publish")
TAG_ACTIONS = ("TagResource", "AddTagsToResource", "CreateTags", "AddTags", "TagResources")
KEY_ARN = "arn:${Partition}:kms:${Region}:${Account}:key/*"


class Extras:
    """Adds to an operation's own action what else is checked."""

    def __init__(
        self,
        authorization: Authorization,
        facts: Facts,
        feeds: Feeds,
        prefixes: dict[str, str],
        reference: Reference,
    ) -> None:
        self.reference = reference
        self.authorization = authorization
        self.facts = facts
        self.feeds = feeds
        self.prefixes = prefixes

    def added(self, operation: Operation, entry: dict, main: list[Rule]) -> list[Rule]:
        """The rules of an entry written by hand."""
        provenance = ", ".join(entry["sources"])
        rules = []
        for fact in entry["rules"]:
            for path, when in _concrete(operation, fact):
                rule = self._from_fact(operation, fact, path, when, provenance, entry["confidence"])
                action = self.authorization.action(rule.action)
                if main and action and _is_tagging(action) and not {"arn", "resources"} & fact.keys():
                    rule.resources = self._tagged(operation, action, main[0])
                rules.append(rule)
        return rules

    def taken_over(self, operation: Operation, entry: dict) -> list[Rule]:
        """The rules of an entry taken over from an older mapping: possible only, unless the request shows them."""
        rules = []
        for fact in entry["rules"]:
            action = self.authorization.action(fact["action"])
            if action is None:
                continue
            is_main = entry["mode"] == "replace" and action.prefix == self.prefixes[operation.service.name]
            kind = "always" if is_main else "state"
            resources = self._resources(operation, action)
            rule = Rule(action.full, kind, fact.get("when", ""), resources, provenance="map2022", confidence="medium")
            rules.append(rule)
        return rules

    def around(self, operation: Operation, main: list[Rule], is_curated: bool) -> list[Rule]:
        """Roles, tags and dependents of the main rules that are not stated yet."""
        known = {rule.action for rule in main}
        rules = []
        stated_of = {name: fact for name in self.reference.wanted(operation) if (fact := self.reference.fact(operation, name))}
        for name in sorted(stated_of.keys() - known):
            rules.append(self._stated(operation, name, stated_of[name]))
        known |= stated_of.keys()
        wanted = self._dependents(operation, main)
        stated = self.facts.passed_roles(operation) if PASS_ROLE not in known else {}
        if stated:
            rules += self._passes(stated, "knowledge", "high")
        elif PASS_ROLE in wanted and PASS_ROLE not in known:
            rules += self._pass_role(operation, wanted[PASS_ROLE])
        for name, provenance in wanted.items():
            action = self.authorization.action(name)
            if name in known or name == PASS_ROLE or action is None or _is_tagging(action):
                continue
            resources = self._resources(operation, action)
            rules.append(Rule(name, "state", "", resources, provenance=provenance, confidence="medium"))
        rules += self._tagging(operation, main, known)
        return rules + self._stated_tagging(operation, main, known | {rule.action for rule in rules})

    def _stated(self, operation: Operation, name: str, fact: dict) -> Rule:
        """The rule of an action that the reference states and of which more is known."""
        return self._from_fact(operation, fact | {"action": name}, "", fact.get("when", ""), "reference", "high")

    def _dependents(self, operation: Operation, main: list[Rule]) -> dict[str, str]:
        """Dependent actions with where they are stated."""
        wanted = dict.fromkeys(self.reference.forwarded(operation), "forwarded")
        wanted |= dict.fromkeys(self.reference.wanted(operation), "reference")
        taken_over = self.facts.exceptions.get(operation.service.name, {}).get(operation.name, {})
        if taken_over.get("mode") == "add":
            wanted |= {fact["action"]: "map2022" for fact in taken_over["rules"]}
        for rule in main:
            action = self.authorization.action(rule.action)
            if action and rule.kind in ("always", "conditional"):
                wanted |= dict.fromkeys(action.dependents, "dependent")
        return wanted

    def _pass_role(self, operation: Operation, provenance: str) -> list[Rule]:
        """One rule for each member of the request that hands a role over."""
        paths = role_paths(operation)
        confidence = "medium" if provenance == "map2022" else "high"
        if not paths:
            resources: list[Resource] = [("role", ROLE_ARN + "*", "")]
            condition = self._passed_to(operation)
            return [Rule(PASS_ROLE, "state", "", resources, condition, provenance=provenance, confidence="medium")]
        return self._passes(dict.fromkeys(paths, self._principal(operation)), provenance, confidence)

    def _principal(self, operation: Operation) -> str | None:
        """The service that a role in the request is handed to: as written by hand, unless the reference knows better."""
        stated = self.reference.principals(operation)
        written = self.facts.passed_to(operation.service.name, operation.name)
        return stated[0] if len(stated) == 1 else written

    def _passes(self, paths: dict[str, str | None], provenance: str, confidence: str) -> list[Rule]:
        rules = []
        for path, principal in paths.items():
            arn = ROLE_ARN + "${param:%s|arn}" % path
            rule = Rule(PASS_ROLE, "pass-role", path.split("[]")[0] if path.endswith("[]") else path)
            rule.resources = [("role", arn, "")]
            rule.conditions = {"iam:PassedToService": principal} if principal else {}
            rule.provenance, rule.confidence = provenance, confidence
            rules.append(rule)
        return rules

    def _tagging(self, operation: Operation, main: list[Rule], known: set[str]) -> list[Rule]:
        """Tags given while creating are checked against the tagging action too."""
        member = next((name for name in TAG_MEMBERS if name in operation.parameters), None)
        if member is None or not operation.name.startswith(CREATING) or not main:
            return []
        own = self.authorization.action(main[0].action)
        action = own and self._tag_action(own, operation)
        stated = [self.authorization.action(name) for name in known]
        if action is None or any(other and _is_tagging(other) for other in stated):
            return []
        resources = self._tagged(operation, action, main[0])
        return [Rule(action.full, "conditional", member, resources, provenance="tag-on-create", confidence="medium")]

    def _stated_tagging(self, operation: Operation, main: list[Rule], known: set[str]) -> list[Rule]:
        """Tagging that the reference states of an operation of which tags are not told from its name."""
        member = next((name for name in TAG_MEMBERS if name in operation.parameters), "")
        rules = []
        for name in self.reference.wanted(operation):
            action = self.authorization.action(name)
            if name not in known and action and _is_tagging(action):
                kind = "conditional" if member and not action.name.startswith("Untag") else "state"
                resources = self._tagged(operation, action, main[0])
                rules.append(Rule(name, kind, member, resources, provenance="reference"))
        return rules

    def _tagged(self, operation: Operation, action: Action, main: Rule) -> list[Resource]:
        """What is tagged while it is created is what is created."""
        kinds = {name for name, _ in action.resource_types}
        same = [resource for resource in main.resources if resource[0] in kinds or resource[0] == "*"]
        stated = self.feeds.stated(action.prefix, "tag-on-create")
        if stated and "TagSpecifications" in operation.parameters:
            return stated
        created = [kind for kind in sorted(kinds) if normal(kind) in normal(operation.name)]
        if created and all(resource == ANY for resource in same):
            pattern = self.authorization.resource_types[action.prefix][created[-1]].arn
            return [(created[-1], _starred_pattern(pattern), "")]
        return [resource for resource in same if resource != ANY] or self._resources(operation, action)

    def _tag_action(self, own: Action, operation: Operation) -> Action | None:
        stated = [self.authorization.action(name) for name in self.reference.wanted(operation)]
        if tagging := next((action for action in stated if action and _is_tagging(action)), None):
            return tagging
        stem = re.sub("^(Create|Import|Upload)", "", operation.name)
        names = (f"Tag{stem}", *TAG_ACTIONS)
        found = (self.authorization.action(f"{own.prefix}:{name}") for name in names)
        return next((action for action in found if action and action.full != own.full), None)

    def _from_fact(
        self, operation: Operation, fact: dict, path: str, when: str, provenance: str, confidence: str
    ) -> Rule:
        name = fact["action"]
        action = None if name in WILD else self.authorization.action(name)
        rule = Rule(action.full if action else name, fact.get("class", "always"), when)
        if "resources" in fact:
            rule.resources = [_resource(part) for part in fact["resources"]]
        elif "arn" in fact:
            arn = re.sub(r"\$\{param:\*\w+", "${param:" + path.replace("\\", ""), fact["arn"]) if path else fact["arn"]
            rule.resources = [(self._type_of(action, arn), arn, "")]
        else:
            rule.resources = self._resources(operation, action) if action else [ANY]
        if rule.action == PASS_ROLE:
            rule.conditions = fact.get("conditions", self._passed_to(operation))
        else:
            rule.conditions = fact.get("conditions", {})
        rule.narrowing, rule.note = fact.get("narrowing", {}), fact.get("note", "")
        rule.provenance, rule.confidence = fact.get("source", provenance), fact.get("confidence", confidence)
        return rule

    def _passed_to(self, operation: Operation) -> dict[str, str]:
        principal = self._principal(operation)
        return {"iam:PassedToService": principal} if principal else {}

    def _resources(self, operation: Operation, action: Action) -> list[Resource]:
        """An action of the service itself is fed from the request; another service's names are not in it."""
        if action.prefix == self.prefixes[operation.service.name]:
            return self.feeds.resources(action, operation)
        if not action.resource_types:
            return [ANY]
        if action.prefix == "kms":
            return [("key", KEY_ARN, "")]
        kinds = sorted((name for name, _ in action.resource_types), key=lambda name: name.startswith("accesspoint"))
        types = self.authorization.resource_types[action.prefix]
        return [(kind, _starred_pattern(types[kind].arn), "") for kind in kinds[:1] if kind in types] or [ANY]

    def _type_of(self, action: Action | None, arn: str) -> str:
        """The resource type whose pattern an ARN template follows."""
        if action is None or arn == "*":
            return "*"
        types = self.authorization.resource_types[action.prefix]
        shape = _shape(arn)
        named = [name for name, _ in action.resource_types]
        for name in named:
            if name in types and any(_shape(pattern) == shape for pattern in types[name].arn.split(", ")):
                return name
        return named[0] if len(named) == 1 else "*"


def role_paths(operation: Operation) -> list[str]:
    """The members that hold a role's ARN or name."""
    return [
        member.path
        for member in operation.members
        if member.kind == "string" and ROLE_MEMBER.search(member.name) and not NOT_A_ROLE.search(member.name)
    ]


def _concrete(operation: Operation, fact: dict) -> Iterable[tuple[str, str]]:
    """A fact about `*Name` is one about every member of that name."""
    when = fact.get("when", "")
    if not when.startswith("*"):
        return [("", when)]
    wanted = normal(when[1:])
    paths = [member.path for member in operation.members if normal(member.name).endswith(wanted)]
    return [(path, path) for path in paths]


def _resource(part: list[str] | str) -> Resource:
    if isinstance(part, str):
        return (part, "*", "")
    return (part[0], part[1], part[2] if len(part) > 2 else "")


def _starred_pattern(pattern: str) -> str:
    first = pattern.split(", ")[0]
    return re.sub(r"\$\{(?!(?:Partition|Region|Account)\})\w+\}", "*", first)


def _shape(arn: str) -> str:
    """An ARN with every hole as `*`, so that templates and patterns compare."""
    return re.sub(r"\*+", "*", re.sub(r"\$\{(?!(?:Partition|Region|Account)\})[^}]*(?:\{(?:key)?\}[^}]*)?\}", "*", arn))


def _is_tagging(action: Action) -> bool:
    return action.access == "Tagging"
