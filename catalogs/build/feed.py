"""Which parameters of a request name the resources of an action: resource types → whole ARN templates."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from authorization import Action, Authorization, ResourceType
from models import Operation

#: A resource of a rule: its type, its ARN template, and when it applies (empty: always).
Resource = tuple[str, str, str]

#: Where an action takes no resource.
ANY: Resource = ("*", "*", "")

#: Alternatives beyond this many are written as what their patterns have in common.
FEW = 3

PSEUDO = {"partition", "region", "account"}
VARIABLE = re.compile(r"\$\{(\w+)\}")


def normal(name: str) -> str:
    """Letters and digits, lower-cased."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


class Feeds:
    """The feeds written by hand, and the guess from names where there is none."""

    def __init__(self, file: Path, authorization: Authorization) -> None:
        self.written = tomllib.loads(file.read_text())
        self.authorization = authorization

    def resources(self, action: Action, operation: Operation) -> list[Resource]:
        """The resources of an action as the operation's request names them."""
        stated = self.stated(action.prefix, operation.name)
        if stated and action.name == operation.name and _carries(operation, stated):
            return stated
        if not action.resource_types:
            return [ANY]
        built = {}
        for name, required in action.resource_types:
            kind = self.authorization.resource_types[action.prefix].get(name)
            if kind and not self._is_unnamed(action.prefix, name):
                built[name] = (required, self._templates(action.prefix, kind, operation))
        required = [(name, templates) for name, (needed, templates) in built.items() if needed]
        optional = [(name, templates) for name, (needed, templates) in built.items() if not needed]
        if not required:
            return self._alternatives(optional, operation, is_own=action.name == operation.name)
        resources = [(name, best.arn, "") for name, templates in required if (best := _best(templates))]
        used = {_best(templates).identity for _, templates in required}
        for name, templates in optional:
            best = _best(templates)
            if best.is_complete and best.identity and best.identity not in used:
                resources.append((name, best.arn, best.identity))
        return _merge_shared(resources)

    def stated(self, prefix: str, name: str) -> list[Resource]:
        """The resources that are stated outright for an operation."""
        entry = self.written.get(prefix, {}).get(name, {})
        listed = entry.get("resources", ()) if isinstance(entry, dict) else ()
        return [(kind, arn, when[0] if when else "") for kind, arn, *when in listed]

    def _alternatives(
        self, optional: list[tuple[str, list[Template]]], operation: Operation, is_own: bool
    ) -> list[Resource]:
        """Of several types that an action may be about, the ones that the request names."""
        if not optional:
            return [ANY]
        best = [(name, _best(templates)) for name, templates in optional]
        complete = [(name, template) for name, template in best if template.is_complete and template.identity]
        if complete:
            return _named(complete, operation)
        partly = max(len(template.paths) for _, template in best)
        chosen = [(name, template) for name, template in best if len(template.paths) == partly]
        return _partly_named(chosen, operation, is_own)

    def _is_unnamed(self, prefix: str, kind: str) -> bool:
        """Whether no request names resources of this type."""
        written = self.written.get(prefix, {}).get(kind, {})
        return isinstance(written, dict) and written.get("skip", False)

    def _templates(self, prefix: str, kind: ResourceType, operation: Operation) -> list[Template]:
        written = self.written.get(prefix, {}).get(kind.name, {})
        patterns = written.get("pattern", kind.arn) if isinstance(written, dict) else kind.arn
        return [self._template(prefix, kind, pattern, operation) for pattern in patterns.split(", ")]

    def _template(self, prefix: str, kind: ResourceType, pattern: str, operation: Operation) -> Template:
        variables = [name for name in VARIABLE.findall(pattern) if name.lower() not in PSEUDO]
        if not variables and pattern.endswith("*"):
            # The reference has no name for the variable; the type's own name is the best one.
            variables = [re.sub(r"\W", "", kind.name)]
            pattern = pattern.removesuffix("*") + "${%s}" % variables[0]
        parents = {other.arn for other in self.authorization.resource_types[prefix].values()}
        template = Template(pattern, len(variables))
        expressions = {variable: self._expression(prefix, kind, variable, operation) for variable in variables}
        whole = self._whole(prefix, kind, list(expressions.values()))
        if whole:
            # An ARN is the resource, whatever the pattern's first variable is called.
            expressions = dict.fromkeys(variables) | {variables[-1]: whole}
        for variable, expression in expressions.items():
            is_last = variable == variables[-1]
            if expression:
                head = pattern.split("${%s}" % variable)[0] + "${%s}" % variable
                expression = _with_arn(expression, may_be_whole=is_last or head in parents)
            template.fill(variable, expression, is_last)
        if whole:
            template.open = 0
        return template

    def _whole(self, prefix: str, kind: ResourceType, expressions: list[str | None]) -> str | None:
        """The member with the ARN of the resource itself, where it fed a part in front of others that nothing feeds."""
        fed = [expression for expression in expressions[:-1] if expression]
        last = expressions[-1] if expressions else None
        if not fed or not fed[-1].removesuffix("[]").lower().endswith("arn") or last not in (None, fed[-1]):
            return None
        stem = re.sub("arns?$", "", normal(fed[-1]))
        name = normal(kind.name)
        others = {normal(other) for other in self.authorization.resource_types[prefix]} - {name}
        if stem in ("", "resource"):
            return fed[-1]
        is_own = name.startswith(stem) or stem.startswith(name)
        return fed[-1] if is_own and stem not in others else None

    def _expression(self, prefix: str, kind: ResourceType, variable: str, operation: Operation) -> str | None:
        """The parameter that fills a variable, with its filters."""
        table = self.written.get(prefix, {})
        for scope in (table.get(operation.name), table.get(kind.name), table):
            candidates = scope.get(variable) if isinstance(scope, dict) else None
            if isinstance(candidates, list):
                found = (_present(operation, item) for item in candidates)
                return next((item for item in found if item), None)
        return guess(variable, kind.name, operation)


class Template:
    """An ARN pattern in the middle of being filled."""

    def __init__(self, pattern: str, variables: int) -> None:
        self.arn = pattern
        self.paths: list[str] = []
        self.identity: str | None = None
        #: Whether an absent argument has a known default.
        self.has_default = False
        self.open = variables

    @property
    def is_complete(self) -> bool:
        """Whether a parameter feeds every variable."""
        return self.open == 0

    def fill(self, variable: str, expression: str | None, is_last: bool) -> None:
        """Puts a parameter, or `*`, in the place of a variable."""
        paths = expression.split("|")[0].split(",") if expression else []
        # One parameter does not name two things.
        if set(paths) & set(self.paths):
            expression = None
        hole = "${param:%s}" % expression if expression else "*"
        self.arn = self.arn.replace("${%s}" % variable, hole)
        if expression:
            self.paths += paths
            self.open -= 1
            if is_last:
                self.has_default = "|default=" in expression
                self.identity = "|".join(path.removesuffix("[]") for path in paths)


def guess(variable: str, kind: str, operation: Operation) -> str | None:
    """The parameter whose name says that it names this variable of this resource type."""
    wanted, kind = normal(variable), normal(kind)
    available = {normal(name): name for name in operation.parameters if _is_text(operation, name)}
    available |= {
        normal(name): name + "[]" for name in operation.parameters if _is_text(operation, name + "[]")
    }
    for name in _spellings(wanted, kind):
        if name in available:
            return available[name]
    if normal(operation.name).endswith(kind) or operation.name.startswith(("Tag", "Untag", "ListTags")):
        for name in ("resourcearn", "arn", "resource", "name", "id", "identifier"):
            if name in available:
                return available[name]
    return next((available[name] for name in ("resourcearn", "arn") if name in available), None)


def _spellings(variable: str, kind: str) -> list[str]:
    ends = ("name", "id", "identifier", "arn", "names", "ids", "identifiers", "arns", "")
    names = [variable, kind + variable, variable + "arn", *(kind + end for end in ends[:4]), kind]
    stem = variable
    for end in ("name", "identifier", "id", "arn"):
        if variable.endswith(end):
            stem = variable.removesuffix(end)
            break
    if stem:
        names += [stem + end for end in ends]
    names += [kind + "s", kind + "names", kind + "ids", kind + "arns"]
    if variable.startswith(kind) and len(variable) > len(kind):
        names.append(variable.removeprefix(kind))
    return names


def _carries(operation: Operation, stated: list[Resource]) -> bool:
    """Whether the request has what stated resources ask for: services that share a prefix differ in that."""
    paths = [path for _, arn, _ in stated for path in re.findall(r"\$\{param:([^|}]+)", arn)]
    return all(_is_text(operation, path) for path in paths)


def _present(operation: Operation, expression: str) -> str | None:
    """The expression with the paths that the request has, if it has any."""
    paths, *filters = expression.split("|")
    present = [path for path in paths.split(",") if _is_text(operation, path)]
    return "|".join([",".join(present), *filters]) if present else None


def _is_text(operation: Operation, path: str) -> bool:
    member = operation.paths.get(path)
    return member is not None and member.kind == "string"


def _with_arn(expression: str, may_be_whole: bool) -> str:
    """Adds the filter for arguments that are ARNs already."""
    path, *filters = expression.split("|")
    if "text" in filters:
        return "|".join([path, *(item for item in filters if item != "text")])
    if may_be_whole and not {"arn", "queue", "topic"} & set(filters):
        filters.insert(0, "arn")
    if not may_be_whole:
        filters = [item if item != "arn" else "name" for item in filters]
        if "name" not in filters:
            filters.insert(0, "name")
    return "|".join([path, *filters])


def _named(complete: list[tuple[str, Template]], operation: Operation) -> list[Resource]:
    """The types whose names the request may carry; one without any of the names is checked on `*`."""
    identities = list(dict.fromkeys(template.identity for _, template in complete))
    whens = {identity: identity if len(identities) > 1 else "" for identity in identities}
    has_default = any(template.has_default for _, template in complete)
    optional = [identity for identity in identities if not set(identity.split("|")) & _surely(operation)]
    if len(optional) == len(identities) and not has_default and not _is_list_or_tag(operation):
        whens = {identity: identity for identity in identities}
    resources = _merge_shared([(name, template.arn, whens[template.identity]) for name, template in complete])
    if all(when for _, _, when in resources):
        absent = [f"!?{path}" for identity in identities for path in identity.split("|")]
        resources.append(("*", "*", "&".join(absent)))
    return resources


def _partly_named(chosen: list[tuple[str, Template]], operation: Operation, is_own: bool) -> list[Resource]:
    """Types that the request names in part or not at all; a request that names nothing is checked on `*`."""
    plain = [(name, template.arn, "") for name, template in chosen]
    plain = plain if len(plain) <= FEW else [_common(plain)]
    paths = [path.removesuffix("[]") for _, template in chosen for path in template.paths]
    if not paths:
        creates = operation.name.startswith("Create") and operation.name != "CreateTags"
        is_open = is_own and (not operation.required or creates)
        return [ANY] if is_open and all(arn.endswith("*") for _, arn, _ in plain) else plain
    has_default = any(template.has_default for _, template in chosen)
    if has_default or set(paths) & _surely(operation) or _is_list_or_tag(operation) or plain[0][1] == "*":
        return plain
    paths = list(dict.fromkeys(paths))
    named = [(name, arn, "|".join(paths)) for name, arn, _ in plain]
    return [*named, ("*", "*", "&".join(f"!?{path}" for path in paths))]


def _surely(operation: Operation) -> set[str]:
    """Members that every request has, and members inside of others, of which nothing is known."""
    inner = {member.path for member in operation.members if member.depth}
    return inner | operation.required


def _is_list_or_tag(operation: Operation) -> bool:
    return operation.name.startswith(("Tag", "Untag", "ListTags"))


def _best(templates: list[Template]) -> Template:
    return max(templates, key=lambda template: (template.is_complete, len(template.paths)))


def _merge_shared(resources: list[Resource]) -> list[Resource]:
    """One parameter that names a resource of whatever type is one resource."""
    holes = [re.findall(r"\$\{param:([^|}]+)", arn) for _, arn, _ in resources]
    last = {hole[-1] if hole else "" for hole in holes}
    if len(resources) < 2 or len(last) > 1:
        return resources
    path = next(iter(last))
    if not normal(path).endswith(("arn", "arns", "resource", "resourceid", "target")):
        return resources
    kind, start, _ = _common(resources)
    return [(kind, start.removesuffix("*") + "${param:%s|arn}" % path, resources[0][2])]


def _common(resources: list[Resource]) -> Resource:
    """What the patterns have in common up to the end of a part, and `*`."""
    parts = [arn.split(":", 5) for _, arn, _ in resources]
    first = parts[0]
    same = [part if all(other[index] == part for other in parts) else "*" for index, part in enumerate(first[:5])]
    return ("*", ":".join([*same, "*"]), "")
